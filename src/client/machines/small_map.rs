//! A map for a few entries: a list that is searched from its beginning, in order of insertion. Each
//! kind of map of the standard library adds kilobytes to the WASM.

#[derive(Debug)]
pub struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> SmallMap<K, V> {
    pub fn get(&self, key: &K) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value of this key; the default value is inserted if there is none.
    pub fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let found = self.0.iter().position(|(known, _)| *known == key);
        let at = found.unwrap_or_else(|| {
            self.0.push((key, V::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub fn insert(&mut self, key: K, value: V) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.0.push((key, value)),
        }
    }

    pub fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        self.0.retain(|(key, value)| keep(key, value));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Returns all entries and empties the map.
    pub fn take(&mut self) -> Vec<(K, V)> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_value() {
        let mut map = SmallMap::default();
        map.insert("a", 1);
        map.insert("b", 2);
        map.insert("a", 3);
        *map.entry("c") += 4;
        *map.entry("b") += 5;
        assert_eq!((map.get(&"a"), map.get(&"d")), (Some(&3), None));
        map.retain(|key, _| *key != "a");
        assert_eq!(map.take(), [("b", 7), ("c", 4)]);
        assert_eq!(map.iter().count(), 0);
    }
}

//! Reads values out of a JSON tree, like serde_json's own reader, but only in the form in which
//! they are written: a struct from an object, a list from an array. serde's readers accept more
//! forms and have a sentence for each mistake. Fewer of both make the WASM smaller.

use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::{Map, Value, map, value::Number};

/// The tree from which a value is read.
pub struct Tree(pub Value);

/// The input is no JSON, or its tree does not fit the type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unreadable {
    /// The innermost field that is missing or has another type.
    field: String,
}

impl Unreadable {
    pub(super) fn at(mut self, field: &str) -> Self {
        if self.field.is_empty() {
            self.field.push_str(field);
        }
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not as expected: ")?;
        f.write_str(&self.field)
    }
}

impl std::error::Error for Unreadable {}

/// None of these says more than the field: a sentence about the value found there would bring code
/// for formatting numbers and more into the WASM.
impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::default()
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::default()
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::default().at(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::default().at(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::default().at(field)
    }
}

impl Tree {
    fn object(self) -> Result<ObjectReader, Unreadable> {
        match self.0 {
            Value::Object(fields) => Ok(ObjectReader::from(fields)),
            _ => Err(Unreadable::default()),
        }
    }

    fn array(self) -> Result<ArrayReader, Unreadable> {
        match self.0 {
            Value::Array(items) => Ok(ArrayReader(items.into_iter())),
            _ => Err(Unreadable::default()),
        }
    }

    fn text(self) -> Result<String, Unreadable> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(Unreadable::default()),
        }
    }

    fn integer(self) -> Result<i64, Unreadable> {
        self.0.as_i64().ok_or_default()
    }

    fn variant(self) -> Result<VariantReader, Unreadable> {
        match self.0 {
            Value::String(name) => Ok(VariantReader { name, content: Value::Null }),
            Value::Object(fields) => {
                let (name, content) = fields.into_iter().next().ok_or_default()?;
                Ok(VariantReader { name, content })
            }
            _ => Err(Unreadable::default()),
        }
    }
}

trait OrDefault<T> {
    fn ok_or_default(self) -> Result<T, Unreadable>;
}

impl<T> OrDefault<T> for Option<T> {
    fn ok_or_default(self) -> Result<T, Unreadable> {
        self.ok_or_else(Unreadable::default)
    }
}

fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Unreadable> {
    match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => visitor.visit_i64(integer),
        (_, Some(integer)) => visitor.visit_u64(integer),
        _ => visitor.visit_f64(number.as_f64().unwrap_or_default()),
    }
}

macro_rules! read {
    ($($as:ident: $visit:ident of $content:ident;)*) => {
        $(
            fn $as<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
                visitor.$visit(self.$content()?)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(it) => number(&it, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(ArrayReader(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(ObjectReader::from(fields)),
        }
    }

    read! {
        deserialize_i8: visit_i64 of integer;
        deserialize_i16: visit_i64 of integer;
        deserialize_i32: visit_i64 of integer;
        deserialize_i64: visit_i64 of integer;
        deserialize_u8: visit_i64 of integer;
        deserialize_u16: visit_i64 of integer;
        deserialize_u32: visit_i64 of integer;
        deserialize_char: visit_string of text;
        deserialize_str: visit_string of text;
        deserialize_string: visit_string of text;
        deserialize_identifier: visit_string of text;
        deserialize_seq: visit_seq of array;
        deserialize_map: visit_map of object;
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.0.as_u64().ok_or_default()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(self.0.as_f64().ok_or_default()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or_default()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Unreadable::default()) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    /// JSON has no bytes of its own.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }
}

struct ArrayReader(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for ArrayReader {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Tree(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct ObjectReader {
    rest: map::IntoIter,
    /// The field whose name was read last.
    name: String,
    value: Value,
}

impl From<Map<String, Value>> for ObjectReader {
    fn from(fields: Map<String, Value>) -> Self {
        Self { rest: fields.into_iter(), name: String::new(), value: Value::Null }
    }
}

impl ObjectReader {
    fn next(&mut self) -> Option<Tree> {
        let (name, value) = self.rest.next()?;
        self.value = value;
        self.name.clone_from(&name);
        Some(Tree(Value::String(name)))
    }
}

impl<'de> MapAccess<'de> for ObjectReader {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        self.next().map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        seed.deserialize(Tree(self.value.take())).map_err(|wrong| wrong.at(&self.name))
    }
}

/// A variant with its content, which is `null` for a unit variant.
struct VariantReader {
    name: String,
    content: Value,
}

impl<'de> EnumAccess<'de> for VariantReader {
    type Error = Unreadable;
    type Variant = Tree;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Tree), Unreadable> {
        let name: StringDeserializer<Unreadable> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Tree(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Tree {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.0.is_null() { Ok(()) } else { Err(Unreadable::default()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        One(u8),
        Two(i64, String),
        Fields { a: Option<bool> },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        kinds: Vec<Kind>,
        big: u64,
        part: f64,
        pair: (char, ()),
        nothing: Option<String>,
        #[serde(default)]
        more: bool,
    }

    #[test]
    fn values_are_read_as_serde_json_writes_them() {
        let fields = Kind::Fields { a: Some(true) };
        let all = All {
            kinds: vec![Kind::Plain, Kind::One(255), Kind::Two(-1, "中".into()), fields],
            big: u64::MAX,
            part: 0.5,
            pair: ('x', ()),
            nothing: None,
            more: true,
        };
        let mut tree = serde_json::to_value(&all).expect("a tree");
        tree["unknown"] = json!([{}]);
        assert_eq!(All::deserialize(Tree(tree)), Ok(all));
    }

    #[test]
    fn an_unreadable_field_is_named() {
        let read = |tree| Vec::<All>::deserialize(Tree(tree)).expect_err("no such").to_string();
        assert_eq!(read(json!([{}])), "not as expected: kinds");
        assert_eq!(read(json!([{ "kinds": ["Other"] }])), "not as expected: kinds");
        assert_eq!(read(json!([{ "kinds": [{ "One": 256 }] }])), "not as expected: kinds");
        assert_eq!(read(json!([{ "kinds": [], "big": -1 }])), "not as expected: big");
        assert_eq!(read(json!([[]])), "not as expected: ");
    }
}

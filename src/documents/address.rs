//! The address of a plain page: what it asks for, and what a refused form brought back in it.

use leptos::server_fn::error::ServerFnUrlError;

use crate::error::KithError;

/// The path and the query that a page was asked for with.
#[derive(Debug, Clone, Default)]
pub struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    pub fn new(path: &str, query: &str) -> Self {
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { path: path.to_string(), query }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// What stands under this name in the query; nothing if that is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.last(name).filter(|value| !value.is_empty())
    }

    /// A form that is refused once more leads back with both errors, the new one behind the old.
    fn last(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The number that stands under this name.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The form (by its path) that was refused and led back here, and why.
    pub fn refused(&self) -> Option<(&str, KithError)> {
        let error = self.get("__err")?;
        Some((self.get("__path")?, ServerFnUrlError::<KithError>::decode_err(error)))
    }

    /// What was typed into a field of a form that was refused.
    pub fn typed(&self, form: &str, field: &str) -> Option<String> {
        let of_this_form = self.get("__err").is_some() && self.get("__path") == Some(form);
        self.last(field).filter(|_| of_this_form).map(str::to_string)
    }
}

/// Returns `path` with this query, without what is empty in it.
pub fn link(path: &str, query: &[(&str, &str)]) -> String {
    let said = query.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    if query.is_empty() { path.to_string() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let written = link("/admin/people", &[("search", "李 & Öz%"), ("sort", ""), ("page", "2")]);
        let (path, query) = written.split_once('?').expect("a query");
        let address = Address::new(path, query);
        assert_eq!(address.path(), "/admin/people");
        assert_eq!(address.get("search"), Some("李 & Öz%"));
        assert_eq!((address.get("sort"), address.number("page")), (None, Some(2)));
        assert_eq!(link("/admin", &[("page", "")]), "/admin");
    }

    #[test]
    fn what_was_typed_belongs_to_the_form_that_was_refused() {
        let refused = Address::new("/admin", "__path=%2Fapi%2Fone&__err=abc&name=&other=x");
        assert_eq!(refused.typed("/api/one", "name"), Some(String::new()));
        assert_eq!(refused.typed("/api/two", "name"), None);
        let again = Address::new("/admin", "__path=a&__err=x&__path=%2Fapi%2Ftwo&__err=y&name=n");
        assert_eq!(again.get("__path"), Some("/api/two"));
        assert_eq!(again.typed("/api/two", "name").as_deref(), Some("n"));
        assert_eq!(Address::new("/admin", "name=x").typed("/api/one", "name"), None);
    }
}

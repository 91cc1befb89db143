//! The address of a page: its path and query. A refused form leads back to its page with the error
//! in the query; the server knows what it had submitted.

use leptos::server_fn::error::ServerFnUrlError;

use crate::error::KithError;
use crate::ui::view::form_error::SubmittedFields;

/// A path and its query.
#[derive(Debug, Clone, Default)]
pub struct PageAddress {
    path: String,
    query: Vec<(String, String)>,
    submitted: SubmittedFields,
}

impl PageAddress {
    pub fn new(path: &str, query: &str) -> Self {
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { path: path.to_string(), query, submitted: SubmittedFields::default() }
    }

    /// The same address, to which a refused form has led with these fields.
    pub fn with_submitted(self, submitted: SubmittedFields) -> Self {
        Self { submitted, ..self }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of this name in the query; `None` if it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.last(name).filter(|value| !value.is_empty())
    }

    /// The last value of this name. A form that is refused twice leads back with both errors, the
    /// new one behind the old.
    fn last(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of this name as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The path of the form that was refused and led back here, with the error.
    pub fn refused(&self) -> Option<(&str, KithError)> {
        let error = self.get("__err")?;
        Some((self.get("__path")?, ServerFnUrlError::<KithError>::decode_err(error)))
    }

    /// The submitted text of a field of a form, if that form was refused and led back here.
    pub fn submitted_text(&self, form: &str, field: &str) -> Option<String> {
        let of_this_form = self.get("__err").is_some() && self.get("__path") == Some(form);
        self.submitted.get(field).filter(|_| of_this_form).map(str::to_string)
    }
}

/// Returns `path` with a query of the pairs that have a value.
pub fn link(path: &str, query: &[(&str, &str)]) -> String {
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_string() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_address_reads_back_with_the_same_values() {
        let written = link("/admin/people", &[("search", "李 & Öz%"), ("sort", ""), ("page", "2")]);
        let (path, query) = written.split_once('?').expect("a query");
        let address = PageAddress::new(path, query);
        assert_eq!(address.path(), "/admin/people");
        assert_eq!(address.get("search"), Some("李 & Öz%"));
        assert_eq!((address.get("sort"), address.number("page")), (None, Some(2)));
        assert_eq!(link("/admin", &[("page", "")]), "/admin");
    }

    #[test]
    fn typed_text_comes_back_only_for_the_form_that_was_refused() {
        let typed = [("name", ""), ("other", "x")].map(|(n, v)| (n.to_string(), v.to_string()));
        let typed = SubmittedFields(typed.to_vec());
        let refused = PageAddress::new("/admin", "__path=%2Fapi%2Fone&__err=abc&name=old");
        let refused = refused.with_submitted(typed.clone());
        assert_eq!(refused.submitted_text("/api/one", "name"), Some(String::new()));
        assert_eq!(refused.submitted_text("/api/one", "bio"), None);
        assert_eq!(refused.submitted_text("/api/two", "name"), None);
        let again = PageAddress::new("/admin", "__path=a&__err=x&__path=%2Fapi%2Ftwo&__err=y");
        assert_eq!(again.get("__path"), Some("/api/two"));
        assert_eq!(again.submitted_text("/api/two", "name"), None, "it is kept no longer");
        let again = again.with_submitted(typed.clone());
        assert_eq!(again.submitted_text("/api/two", "other").as_deref(), Some("x"));
        let accepted = PageAddress::new("/admin", "").with_submitted(typed);
        assert_eq!(accepted.submitted_text("/api/one", "other"), None);
    }
}

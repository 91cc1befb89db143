//! What a device chose, kept in cookies: the server reads them from the request and the page from
//! the document, so that both render the same and nothing flashes.

use leptos::leptos_dom::helpers::is_server;
use leptos::prelude::use_context;

use crate::client::browser;

/// What a request tells of its device; the server provides it to every page.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// The header `Cookie`.
    pub cookies: String,
    /// The header `Accept-Language`.
    pub languages: String,
}

impl Device {
    /// The device that asks, on the server.
    pub fn asking() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value of a cookie that holds a choice.
    pub fn choice(&self, name: &str) -> Option<&str> {
        value(&self.cookies, name)
    }
}

/// The value of a cookie that holds a choice.
pub fn choice(name: &str) -> Option<String> {
    let cookies = if is_server() { Device::asking().cookies } else { browser::cookies() };
    value(&cookies, name).map(str::to_string)
}

fn value<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let cookies = "kith_theme_old=light; kith_theme=dark;kith_language=zh";
        assert_eq!(value(cookies, "kith_theme"), Some("dark"));
        assert_eq!(value(cookies, "kith_language"), Some("zh"));
        assert_eq!(value(cookies, "theme"), None);
        assert_eq!(value("", "kith_theme"), None);
    }
}

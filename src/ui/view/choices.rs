//! The choices of a device, kept in cookies. The server reads them from the request and the page
//! from the document, so that both render the same and nothing flashes.

use leptos::leptos_dom::helpers::is_server;
use leptos::prelude::use_context;

use crate::client::browser;

/// The headers of a request that describe its device; the server provides them to every page.
#[derive(Debug, Clone, Default)]
pub struct DeviceHeaders {
    /// The header `Cookie`.
    pub cookies: String,
    /// The header `Accept-Language`.
    pub languages: String,
}

impl DeviceHeaders {
    /// The headers of the request that is being answered; empty in the browser.
    pub fn of_request() -> Self {
        use_context().unwrap_or_default()
    }

    /// The value of a cookie that holds a choice.
    pub fn choice(&self, name: &str) -> Option<&str> {
        value(&self.cookies, name)
    }
}

/// The value of a cookie that holds a choice, on either half.
pub fn choice(name: &str) -> Option<String> {
    let cookies =
        if is_server() { DeviceHeaders::of_request().cookies } else { browser::cookies() };
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
    fn a_cookie_with_a_longer_name_is_not_taken_for_the_choice() {
        let cookies = "kith_theme_old=light; kith_theme=dark;kith_language=zh";
        assert_eq!(value(cookies, "kith_theme"), Some("dark"));
        assert_eq!(value(cookies, "kith_language"), Some("zh"));
        assert_eq!(value(cookies, "theme"), None);
        assert_eq!(value("", "kith_theme"), None);
    }
}

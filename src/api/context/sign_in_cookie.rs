//! The cookie that carries a sign-in's token.

use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use http::{HeaderMap, HeaderValue, header, request};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::service::accounts::{SignedIn, is_token};

/// The cookie's name on plain http. Earlier versions of Kith used it on https, too, so it is still
/// accepted there. It has not the protection of the other name.
const NAME: &str = "kith_sign_in";

/// The cookie's name on https. Because of the prefix, browsers take the cookie only from this very
/// host, over https and for all paths: neither another host of the domain nor a page on plain http
/// can put a cookie of their own in its place.
const HTTPS_NAME: &str = "__Host-kith_sign_in";

/// Maximum number of tokens of one request that are looked up.
const TOKENS_MAX: usize = 8;

/// Browsers keep no cookie for longer than this. Only the server knows whether the sign-in is still
/// valid, because that depends on its last use.
const MAX_AGE: Duration = Duration::days(400);

/// The token of a sign-in. It has no `Debug`: a log must never show it.
#[derive(Clone)]
pub struct SignInToken {
    pub text: String,
    /// Whether it came in the cookie for plain http.
    pub has_http_name: bool,
}

/// Returns the tokens in a request's cookies, those of the better protected name first. There may
/// be several, because others can set a cookie of the same name for a longer path. What has not the
/// form of a token is left out.
pub fn tokens(headers: &HeaderMap) -> Vec<SignInToken> {
    let mut found: Vec<SignInToken> = Vec::new();
    for name in [HTTPS_NAME, NAME] {
        for text in values(headers, name) {
            if is_token(&text) && found.iter().all(|other| other.text != text) {
                found.push(SignInToken { text, has_http_name: name == NAME });
            }
        }
    }
    found.truncate(TOKENS_MAX);
    found
}

fn values(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(move |cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_string())
}

pub(super) fn set(signed_in: &SignedIn) {
    if signed_in.secure {
        respond_with(secure(&signed_in.token));
        let request = use_context::<request::Parts>();
        if request.is_some_and(|request| values(&request.headers, NAME).next().is_some()) {
            respond_with(removed(NAME));
        }
    } else {
        respond_with(complete(Cookie::build((NAME, signed_in.token.clone())).max_age(MAX_AGE)));
    }
}

/// Removes the cookie under both names: an upgrade may have left one under the other.
pub(super) fn clear() {
    if super::kith().is_ok_and(|kith| kith.has_secure_cookies()) {
        respond_with(removed(HTTPS_NAME).secure(true));
    }
    respond_with(removed(NAME));
}

/// Returns the headers that move a token from the name for plain http to that for https.
pub fn moved_to_https(token: &SignInToken) -> Vec<HeaderValue> {
    let cookies = [secure(&token.text), removed(NAME)];
    cookies.into_iter().filter_map(header_value).collect()
}

fn secure(token: &str) -> CookieBuilder<'static> {
    complete(Cookie::build((HTTPS_NAME, token.to_string())).max_age(MAX_AGE).secure(true))
}

fn removed(name: &'static str) -> CookieBuilder<'static> {
    complete(Cookie::build((name, "")).max_age(Duration::ZERO))
}

fn complete(cookie: CookieBuilder<'static>) -> CookieBuilder<'static> {
    cookie.http_only(true).same_site(SameSite::Lax).path("/")
}

fn header_value(cookie: CookieBuilder<'_>) -> Option<HeaderValue> {
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}

fn respond_with(cookie: CookieBuilder<'_>) {
    if let (Some(response), Some(value)) = (use_context::<ResponseOptions>(), header_value(cookie))
    {
        response.append_header(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token of this letter.
    fn token(letter: &str) -> String {
        letter.repeat(42) + "A"
    }

    fn found(cookies: &[String]) -> Vec<(String, bool)> {
        let mut headers = HeaderMap::new();
        for cookies in cookies {
            headers.append(header::COOKIE, cookies.parse().expect("a header"));
        }
        tokens(&headers).into_iter().map(|token| (token.text, token.has_http_name)).collect()
    }

    #[test]
    fn all_tokens_are_found_among_other_cookies() {
        let (one, two, three) = (token("a"), token("b"), token("c"));
        let cookies = [
            format!("a=1; kith_sign_in=junk; kith_sign_in={two}; b=2; kith_sign_in={two}"),
            format!("__Host-kith_sign_in={one}; kith_sign_in={three}; kith_sign_in="),
        ];
        assert_eq!(found(&cookies), [(one, false), (two, true), (three, true)]);
        assert!(found(&["kith_sign_in".into()]).is_empty());
    }

    #[test]
    fn one_request_costs_few_lookups() {
        let letters =
            ('a'..='z').map(|letter| format!("kith_sign_in={}", token(&letter.to_string())));
        let cookies = letters.collect::<Vec<_>>().join("; ");
        assert_eq!(found(&[cookies]).len(), TOKENS_MAX);
    }

    #[test]
    fn moved_cookie_is_for_this_host_alone() {
        let token = SignInToken { text: token("a"), has_http_name: true };
        let [moved, old] = &moved_to_https(&token)[..] else { panic!("two cookies") };
        let moved = moved.to_str().expect("text");
        assert!(moved.starts_with(&format!("__Host-kith_sign_in={};", token.text)), "{moved}");
        assert!(moved.contains("; Secure") && moved.contains("; Path=/"), "{moved}");
        assert!(!moved.contains("Domain"), "{moved}");
        assert!(old.to_str().expect("text").starts_with("kith_sign_in=;"), "{old:?}");
    }
}

//! The cookie that carries a sign-in's token.

use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};
use http::{HeaderMap, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::service::accounts::SignedIn;

const NAME: &str = "kith_sign_in";

/// Browsers keep no cookie for longer than this. Only the server knows whether the sign-in is still
/// valid, because that depends on its last use.
const MAX_AGE: Duration = Duration::days(400);

/// Returns the token in a request's cookies.
pub fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == NAME)
        .map(|cookie| cookie.value().to_string())
}

pub(super) fn set(signed_in: &SignedIn) {
    respond_with(
        Cookie::build((NAME, signed_in.token.clone())).max_age(MAX_AGE).secure(signed_in.secure),
    );
}

pub(super) fn clear() {
    respond_with(Cookie::build((NAME, "")).max_age(Duration::ZERO));
}

fn respond_with(cookie: CookieBuilder<'_>) {
    let cookie = cookie.http_only(true).same_site(SameSite::Lax).path("/").build();
    if let (Some(response), Ok(value)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie.to_string()))
    {
        response.append_header(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; kith_sign_in=abc; b=2"));
        assert_eq!(token(&headers).as_deref(), Some("abc"));
    }
}

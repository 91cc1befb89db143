//! What the server provides to every page and server function: the state, who is asking, and
//! the way back to their browser.

use std::net::IpAddr;

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::By;
use crate::service::accounts::SignedIn;
use crate::service::{self, Caller, Kith};

/// The cookie that carries a sign-in's token.
pub const COOKIE: &str = "kith_sign_in";

/// As long as browsers keep any cookie. Whether the sign-in still counts, which depends on when
/// it was used last, only the server knows.
const COOKIE_LIVES: cookie::time::Duration = cookie::time::Duration::days(400);

/// Where a request comes from, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub address: IpAddr,
    /// What the browser says of itself.
    pub device: String,
    pub caller: Option<Caller>,
}

/// Returns the state of this server.
pub fn kith() -> Result<Kith> {
    use_context::<Kith>().ok_or(KithError::Internal)
}

/// Returns where this request comes from.
pub fn visitor() -> Result<Visitor> {
    use_context::<Visitor>().ok_or(KithError::Internal)
}

/// Returns who is asking, by their sign-in alone.
pub fn caller() -> Result<Caller> {
    visitor()?.caller.ok_or(KithError::Unauthorised)
}

/// Returns who is asking, if it is the one for whom the page was made; another tab may have
/// signed in as somebody else.
pub fn caller_for(user: UserId) -> Result<Caller> {
    let caller = caller()?;
    if caller.user == user { Ok(caller) } else { Err(KithError::WrongUser) }
}

/// Returns the caller as somebody who may use the administration; to others there is none.
pub async fn administrator() -> Result<By> {
    kith()?.administrator(caller()?).await
}

/// The same, if it is the one for whom the page was made.
pub async fn administrator_for(user: UserId) -> Result<By> {
    let by = administrator().await?;
    caller_for(user).map(|_| by)
}

/// Returns a password to tell somebody, another one each time.
pub fn suggested_password() -> String {
    service::suggested_password()
}

/// Returns the token in a request's cookies.
pub fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(std::result::Result::ok)
        .find(|cookie| cookie.name() == COOKIE)
        .map(|cookie| cookie.value().to_string())
}

/// Sets the sign-in's cookie and sends a plain form's browser to where it wanted to go.
pub fn arrive(signed_in: &SignedIn, back: Option<&str>) {
    set_cookie(
        Cookie::build((COOKIE, signed_in.token.clone()))
            .max_age(COOKIE_LIVES)
            .secure(signed_in.secure),
    );
    go_back(back);
}

/// Sends a plain form's browser to where a one-time password is replaced; says whether it was one.
pub fn choose_password(username: &str, back: Option<&str>) -> bool {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", username)
        .append_pair("back", same_site_path(back.unwrap_or_default()))
        .finish();
    redirect_form(&format!("/new-password?{query}"))
}

/// Takes the cookie back and sends a plain form's browser to the sign-in page.
pub fn leave() {
    set_cookie(Cookie::build((COOKIE, "")).max_age(cookie::time::Duration::ZERO));
    redirect_form("/sign-in");
}

/// Sends the browser on to `path` if a plain form brought it here, and says whether one did. A page
/// that called by script stays where it is: the router would take it along at once, from under
/// whatever it still does.
pub fn redirect_form(path: &str) -> bool {
    let by_form =
        use_context::<http::request::Parts>().is_some_and(|parts| wants_page(&parts.headers));
    if by_form {
        leptos_axum::redirect(path);
    }
    by_form
}

/// Sends a plain form's browser back to where it says.
pub fn go_back(back: Option<&str>) {
    redirect_form(same_site_path(back.unwrap_or_default()));
}

/// Whether the answer goes to a person (a form was submitted) and not to a script.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Returns `path` if it is one of this site, and `/` for anything that could lead elsewhere
/// (`//host`, `/\host`, a scheme, a control character).
pub fn same_site_path(path: &str) -> &str {
    let second = path.chars().nth(1);
    let stays = path.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if stays { path } else { "/" }
}

fn set_cookie(cookie: cookie::CookieBuilder<'_>) {
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
    fn only_paths_of_this_site_are_gone_back_to() {
        assert_eq!(same_site_path("/chats/user-3?a=b"), "/chats/user-3?a=b");
        for elsewhere in
            ["", "chats", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"]
        {
            assert_eq!(same_site_path(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; kith_sign_in=abc; b=2"));
        assert_eq!(token(&headers).as_deref(), Some("abc"));
    }
}

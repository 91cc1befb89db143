//! Sends the browser of a plain form on to its next page. A page that called by script stays where
//! it is.

use http::{HeaderMap, header, request};
use leptos::prelude::use_context;

use super::{same_site_path, sign_in_cookie};
use crate::service::accounts::SignedIn;

/// Sets the sign-in's cookie and redirects a form to `back`.
pub fn finish_sign_in(signed_in: &SignedIn, back: Option<&str>) {
    sign_in_cookie::set(signed_in);
    redirect_back(back);
}

/// Removes the cookie and redirects a form to the sign-in page.
pub fn finish_sign_out() {
    sign_in_cookie::clear();
    redirect_form("/sign-in");
}

/// Redirects a form to the page that replaces a one-time password. Returns whether it was a form.
pub fn redirect_to_new_password(username: &str, back: Option<&str>) -> bool {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("username", username)
        .append_pair("back", same_site_path(back.unwrap_or_default()))
        .finish();
    redirect_form(&format!("/new-password?{query}"))
}

/// Redirects a form to `back`, the path that it asked for.
pub fn redirect_back(back: Option<&str>) {
    redirect_form(same_site_path(back.unwrap_or_default()));
}

/// Redirects a form to `path`. Returns whether it was a form. A call by script gets no redirect:
/// the page's router would follow it at once, while the page is still at work.
pub fn redirect_form(path: &str) -> bool {
    let by_form = use_context::<request::Parts>().is_some_and(|parts| wants_page(&parts.headers));
    if by_form {
        leptos_axum::redirect(path);
    }
    by_form
}

/// Whether a plain form sent this request: its answer goes to a person, not to a script.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

//! Errors on their way out, in one place: the HTTP status of a failed call, and for a plain form
//! the way back to its page with everything that was typed.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};

use crate::api::context::wants_page;
use crate::error::KithError;

/// Maximum size of a request, in bytes: the longest message, percent-encoded, with room to spare.
pub const REQUEST_MAX: usize = 128 * 1024;

/// Maximum size of a serialised error, in bytes.
const ERROR_MAX: usize = 16 * 1024;

/// Whether this is the address of a server function, where no page is rendered.
pub fn is_call(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// Gives the answer of a failed call to `uri` the status of its meaning. Server functions answer
/// 500 to everything.
pub async fn status(uri: &Uri, response: Response) -> Response {
    let failed = response.headers().contains_key(SERVER_FN_ERROR_HEADER)
        && response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !failed {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, ERROR_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let error = KithError::de(bytes.clone());
    parts.status =
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if parts.status.is_server_error() {
        tracing::warn!(path = uri.path(), %error, "a call failed");
    }
    let json = HeaderValue::from_static("application/json");
    parts.headers.insert(header::CONTENT_TYPE, json);
    if let KithError::TooMany(seconds) = error {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A plain form that failed goes back to its page with `__err` in the address; this adds what was
/// typed, except passwords, and keeps the way on this site.
pub async fn forms(request: Request, next: Next) -> Response {
    let is_form = is_call(request.uri()) && wants_page(request.headers());
    if !is_form {
        return next.run(request).await;
    }
    let endpoint = request.uri().path().to_string();
    let (parts, body) = request.into_parts();
    let Ok(typed) = to_bytes(body, REQUEST_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut response = next.run(Request::from_parts(parts, Body::from(typed.clone()))).await;
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    if let Some(back) = location.filter(|location| location.contains("__err=")) {
        let back = with_typed(back, &endpoint, &typed);
        if let Ok(location) = HeaderValue::from_str(&back) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    response
}

/// Returns the path of `location` with the typed fields in its query.
fn with_typed(location: &str, endpoint: &str, typed: &[u8]) -> String {
    let uri = location.parse::<Uri>().unwrap_or_default();
    let typed: Vec<_> =
        form_urlencoded::parse(typed).filter(|(name, _)| !name.contains("password")).collect();
    // Without a Referer the way back is the home page, which has none of the forms.
    let path = match (uri.path(), endpoint) {
        ("/", "/api/sign_in") => "/sign-in",
        ("/", "/api/register") => "/register",
        ("/", "/api/choose_password") => "/new-password",
        (path, _) => path,
    };
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(name, _)| typed.iter().all(|(other, _)| other != name));
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(query).extend_pairs(&typed);
    format!("{path}?{}", out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_except_passwords() {
        let back = with_typed(
            "http://kith.example/sign-in?back=%2Fchats&username=old&__err=abc",
            "/api/sign_in",
            b"username=%E6%9D%8E&password=secret",
        );
        assert_eq!(back, "/sign-in?back=%2Fchats&__err=abc&username=%E6%9D%8E");
    }

    #[test]
    fn without_a_referer_the_form_is_found_all_the_same() {
        let back = with_typed("/?__err=abc", "/api/register", b"username=ann");
        assert_eq!(back, "/register?__err=abc&username=ann");
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        let back = with_typed("https://evil.example/x?__err=abc", "/api/sign_in", b"");
        assert_eq!(back, "/x?__err=abc");
    }
}

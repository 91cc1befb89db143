//! What is the same for all calls: the limits of a request's body, the HTTP status of a failed
//! call, and for a plain form the way back to its page, which gets everything that was typed.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use tokio::time::timeout;

use crate::api::context::{Visitor, wants_page};
use crate::error::KithError;
use crate::service::{FormFields, FormSender, Kith};
use crate::ui::view::form_error::SubmittedFields;

/// Maximum size of a request, in bytes: the longest message, percent-encoded, with room to spare.
pub const REQUEST_MAX: usize = 128 * 1024;

/// Maximum size of a serialised error, in bytes.
const ERROR_MAX: usize = 16 * 1024;

/// Maximum number of fields of a form that is kept. Kith's own have fewer than ten; a body has room
/// for 65,000 empty ones, each of which takes 48 bytes of memory.
const FIELDS_MAX: usize = 64;

/// The field of an address that names what was typed, in the memory of the server.
const FORM_ID: &str = "__form";

/// Fields that a form has from the address of its page, and that stay there.
const OF_THE_PAGE: [&str; 3] = ["back", "invite", "setup"];

/// Whether this is the address of a server function, where no page is rendered.
pub fn is_call(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// Reads the whole body of a call. `Err` is the answer to one that is too large, or that did not
/// arrive within this time.
pub async fn read_body(request: Request, within: Duration) -> Result<Request, Response> {
    if !is_call(request.uri()) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match timeout(within, to_bytes(body, REQUEST_MAX)).await {
        Ok(Ok(body)) => Ok(Request::from_parts(parts, Body::from(body))),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, Json(KithError::TryAgain)).into_response()),
    }
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

/// A plain form that failed goes back to its page with `__err` in the address. This keeps the way
/// on this site, and what was typed, except passwords, in memory: the address gets the id of that.
pub async fn forms(kith: &Kith, request: Request, next: Next) -> Response {
    let is_form = is_call(request.uri()) && wants_page(request.headers());
    if !is_form {
        return next.run(request).await;
    }
    let endpoint = request.uri().path().to_string();
    let sender = sender(&request);
    let (parts, body) = request.into_parts();
    let Ok(typed) = to_bytes(body, REQUEST_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut response = next.run(Request::from_parts(parts, Body::from(typed.clone()))).await;
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    if let Some(back) = location.filter(|location| location.contains("__err=")) {
        let typed = typed_fields(&typed);
        let back = way_back(back, &endpoint, &typed);
        let back = match sender {
            Some(sender) => format!("{back}&{FORM_ID}={}", kith.keep_typed(sender, typed)),
            None => back,
        };
        if let Ok(location) = HeaderValue::from_str(&back) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    response
}

/// Gives the request for a page what the refused form submitted that led to it.
pub fn with_submitted(kith: &Kith, mut request: Request) -> Request {
    let query = request.uri().query().filter(|_| *request.method() == Method::GET);
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let id = pairs.find(|(name, _)| name == FORM_ID).map(|(_, id)| id.into_owned());
    if let (Some(id), Some(sender)) = (id, sender(&request))
        && let Some(fields) = kith.take_typed(&sender, &id)
    {
        request.extensions_mut().insert(SubmittedFields(fields));
    }
    request
}

fn sender(request: &Request) -> Option<FormSender> {
    let visitor = request.extensions().get::<Visitor>()?;
    Some(FormSender::of(visitor.caller, visitor.address))
}

/// Returns the typed fields without passwords; none of a form with too many.
fn typed_fields(form: &[u8]) -> FormFields {
    let fields = form_urlencoded::parse(form).filter(|(name, _)| !name.contains("password"));
    let fields: FormFields =
        fields.take(FIELDS_MAX + 1).map(|(name, value)| (name.into(), value.into())).collect();
    if fields.len() > FIELDS_MAX { FormFields::new() } else { fields }
}

/// Returns the path of `location` with its query, without fields that were typed.
fn way_back(location: &str, endpoint: &str, typed: &[(String, String)]) -> String {
    let uri = location.parse::<Uri>().unwrap_or_default();
    // Without a Referer the way back is the home page, which has none of the forms.
    let path = match (uri.path(), endpoint) {
        ("/", "/api/sign_in") => "/sign-in",
        ("/", "/api/register") => "/register",
        ("/", "/api/choose_password") => "/new-password",
        (path, _) => path,
    };
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(name, _)| name != FORM_ID && typed.iter().all(|(other, _)| other != name));
    let of_page = typed.iter().filter(|(name, _)| OF_THE_PAGE.contains(&name.as_str()));
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(query).extend_pairs(of_page);
    format!("{path}?{}", out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(location: &str, endpoint: &str, form: &[u8]) -> String {
        way_back(location, endpoint, &typed_fields(form))
    }

    #[test]
    fn what_was_typed_does_not_come_into_the_address() {
        let back = back(
            "http://kith.example/sign-in?back=%2Fchats&username=old&__form=1&__err=abc",
            "/api/sign_in",
            b"username=%E6%9D%8E&password=secret&back=%2Fchats",
        );
        assert_eq!(back, "/sign-in?__err=abc&back=%2Fchats");
    }

    #[test]
    fn passwords_are_not_kept() {
        let form = b"username=ann&password=one&new_password=two";
        assert_eq!(typed_fields(form), [("username".to_string(), "ann".to_string())]);
    }

    #[test]
    fn forms_with_thousands_of_fields_are_not_kept() {
        assert_eq!(typed_fields("=&".repeat(65_000).as_bytes()), []);
        assert_eq!(typed_fields("a=b&".repeat(FIELDS_MAX).as_bytes()).len(), FIELDS_MAX);
    }

    #[test]
    fn without_a_referer_the_form_is_found_all_the_same() {
        let back = back("/?__err=abc", "/api/register", b"username=ann&invite=token");
        assert_eq!(back, "/register?__err=abc&invite=token");
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        let back = back("https://evil.example/x?__err=abc", "/api/sign_in", b"");
        assert_eq!(back, "/x?__err=abc");
    }
}

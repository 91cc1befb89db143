//! Identifies the visitor of each request. Pages that need a sign-in redirect other visitors to the
//! sign-in page, which leads back.

use axum::extract::Request;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, StatusCode, header};

use crate::api::context::{SignInToken, Visitor, moved_to_https, same_site_path, tokens};
use crate::error::Result;
use crate::service::{Caller, Kith};
use crate::ui::{access, paths};

use super::address;
use super::site::Site;

/// Puts the [`Visitor`] into the request's extensions, and the [`SignInToken`] that identified the
/// caller. `Err` is the answer for a visitor who may not see the page, usually a redirect.
pub async fn identify(site: &Site, mut request: Request) -> Result<Request, Response> {
    let headers = request.headers();
    let (caller, token) = match find_caller(&site.kith, headers).await {
        Ok(found) => found.unzip(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status());
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Err(status.into_response());
        }
    };
    let device = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let visitor = Visitor {
        address: address::of(request.extensions(), headers, &site.trusted_proxies),
        device: device.unwrap_or_default().to_string(),
        caller,
    };

    let asks_page = request.method() == Method::GET;
    let path = request.uri().path();
    if asks_page && visitor.caller.is_none() && access::needs_sign_in(path) {
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
        let sign_in = paths::with_back(paths::SIGN_IN, Some(same_site_path(wanted)));
        return Err(Redirect::to(&sign_in).into_response());
    }
    if asks_page && visitor.caller.is_some() && access::is_for_strangers(path) {
        return Err(Redirect::to("/").into_response());
    }
    if let Some(token) = token {
        request.extensions_mut().insert(token);
    }
    request.extensions_mut().insert(visitor);
    Ok(request)
}

/// Returns the caller of a request. Of several cookies the first valid one counts, so that nobody
/// is kept signed out by a cookie that another site of the domain has set.
async fn find_caller(kith: &Kith, headers: &HeaderMap) -> Result<Option<(Caller, SignInToken)>> {
    for token in tokens(headers) {
        if let Some(caller) = kith.caller(&token.text).await? {
            return Ok(Some((caller, token)));
        }
    }
    Ok(None)
}

/// Returns the caller's token if its cookie should have the name for https, and has not.
pub fn misnamed_token(site: &Site, request: &Request) -> Option<SignInToken> {
    let token = request.extensions().get::<SignInToken>();
    token.filter(|token| site.https && token.has_http_name).cloned()
}

/// Moves the sign-in to the cookie for https. Only with a document: the answer of a held call may
/// come after another tab has signed in as somebody else.
pub fn rename_cookie(token: &SignInToken, response: &mut Response) {
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_document = kind.is_some_and(|kind| kind.starts_with("text/html"));
    if !is_document || headers.contains_key(header::SET_COOKIE) {
        return;
    }
    for cookie in moved_to_https(token) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

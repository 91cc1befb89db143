//! Identifies the visitor of each request. Pages that need a sign-in redirect other visitors to the
//! sign-in page, which leads back.

use axum::extract::Request;
use axum::response::{IntoResponse, Redirect, Response};
use http::{Method, StatusCode, header};

use crate::api::context::{Visitor, same_site_path, token};
use crate::ui::{access, paths};

use super::address;
use super::site::Site;

/// Puts the [`Visitor`] into the request's extensions. `Err` is the answer for a visitor who may
/// not see the page, usually a redirect.
pub async fn identify(site: &Site, mut request: Request) -> Result<Request, Response> {
    let headers = request.headers();
    let caller = match token(headers) {
        Some(token) => match site.kith.caller(&token).await {
            Ok(caller) => caller,
            Err(error) => {
                let status = StatusCode::from_u16(error.status());
                let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return Err(status.into_response());
            }
        },
        None => None,
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
    request.extensions_mut().insert(visitor);
    Ok(request)
}

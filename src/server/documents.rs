//! Answers with documents: pages that the server renders alone, without the application.

use std::future::Future;

use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;

use crate::documents::{PageRequest, render_page};
use crate::ui::plain_style_paths;

use super::site::Site;

/// Answers with the document that the request asks for. Without one, the answer is the same "not
/// found" page as at any other address: nobody may learn that `/admin` exists.
pub async fn page_or<Missing>(
    missing: impl FnOnce(Request) -> Missing,
    site: Site,
    context: impl Fn(),
    request: Request,
) -> Response
where
    Missing: Future<Output = Response>,
{
    let (parts, body) = request.into_parts();
    let wanted = PageRequest {
        path: parts.uri.path().to_string(),
        query: parts.uri.query().unwrap_or_default().to_string(),
        submitted: parts.extensions.get().cloned().unwrap_or_default(),
        styles: plain_style_paths(&site.leptos),
        origin: origin(&site, &parts.headers),
    };
    // The contexts must live until the page is loaded and rendered.
    let owner = Owner::new_root(None);
    let rendered = owner.with(|| {
        provide_context(parts.clone());
        context();
        ScopedFuture::new_untracked(render_page(wanted))
    });
    if let Some(page) = rendered.await {
        let status = StatusCode::from_u16(page.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return (status, Html(page.html)).into_response();
    }
    let mut response = missing(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Returns the origin of this Kith: the configured one, else the one in this request.
fn origin(site: &Site, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match &site.public_url {
        Some(url) => url.trim_end_matches('/').to_string(),
        None => format!("http://{}", host.unwrap_or_default()),
    }
}

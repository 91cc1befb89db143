//! The headers of answers: what a page may load, and what may be cached.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use leptos::nonce::Nonce;

use super::answers::is_call;
use super::site::Site;

/// The usual protections of a document. Browsers ignore them elsewhere.
const DOCUMENT_HEADERS: [(HeaderName, &str); 4] = [
    (header::X_FRAME_OPTIONS, "DENY"),
    // `no-referrer` would make browsers send `Origin: null` with forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
];

/// Makes a nonce for a page (a call renders nothing and needs none) and sets the answer's headers.
pub async fn protect(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let nonce = (!is_call(request.uri())).then(Nonce::new);
    if let Some(nonce) = &nonce {
        request.extensions_mut().insert(nonce.clone());
    }
    let is_build = request.uri().path().starts_with("/pkg/");
    let is_post = request.method() == Method::POST;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_document = is_document(headers);
    if is_post && !is_document {
        // The answer of a call stays small. Caches do not keep answers to POST, and no page takes
        // one for a script.
        headers.remove(header::VARY);
        return response;
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if site.https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
    // Only files from the disk have `Last-Modified`; everything else is private to a person. Built
    // files keep their names when they change; the others (pictures) hardly ever change.
    let caching = match (headers.contains_key(header::LAST_MODIFIED), is_build) {
        (false, _) => "no-store",
        (true, true) => "no-cache",
        (true, false) => "max-age=3600",
    };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(caching));
    if is_document {
        for (name, value) in DOCUMENT_HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(nonce) = &nonce
            && let Ok(policy) = HeaderValue::from_str(&policy(nonce, site.reload_port))
        {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

fn is_document(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"))
}

/// Allows nothing from other sites, and only scripts and styles that the server wrote.
/// `reload_port` is the socket of `cargo leptos watch`.
fn policy(nonce: &Nonce, reload_port: Option<u32>) -> String {
    let reload = reload_port.map(|port| format!(" ws://127.0.0.1:{port} ws://localhost:{port}"));
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'{}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        reload.unwrap_or_default()
    )
}

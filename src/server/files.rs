//! The files of the site. With the feature `embed` they come from the binary, else from the disk,
//! so that a change shows without a new build of the server.

use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use leptos::config::LeptosOptions;
use tower::ServiceExt;
use tower_http::services::ServeDir;

// build.rs writes `HASH`, the hash of the site's content, and `FILES`.
include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The folder of the built files. No page has a path under it.
const BUILT: &str = "/pkg/";

const A_YEAR: &str = "public, max-age=31536000, immutable";
/// For files that keep their names when they change.
const AN_HOUR: &str = "public, max-age=3600";

/// An embedded file, compressed at build time. `br` and `gzip` are `None` where they would not be
/// smaller.
struct File {
    name: &'static str,
    content_type: &'static str,
    body: &'static [u8],
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Returns the names of the built files, as Leptos needs them. `None` when no site is embedded.
pub fn embedded() -> Option<LeptosOptions> {
    let folder = format!("pkg/{HASH}");
    (!FILES.is_empty())
        .then(|| LeptosOptions::builder().output_name("kith").site_pkg_dir(folder).build())
}

/// Answers with the file that the request asks for, or with the "not found" page. A missing file
/// under `/pkg/` gets a bare 404: it may be a script of an older build, and a page is no script.
pub async fn file_or<Page>(
    page: impl FnOnce(Request) -> Page,
    root: Arc<str>,
    request: Request,
) -> Response
where
    Page: Future<Output = Response>,
{
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let file = match FILES {
            [] => from_disk(&root, request.uri().clone()).await,
            _ => from_binary(FILES, &request),
        };
        if let Some(file) = file {
            return file;
        }
    }
    if request.uri().path().starts_with(BUILT) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = page(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

async fn from_disk(root: &str, uri: Uri) -> Option<Response> {
    let mut wanted = Request::new(Body::empty());
    *wanted.uri_mut() = uri;
    let found = ServeDir::new(root).append_index_html_on_directories(false).oneshot(wanted).await;
    found.ok().filter(|found| found.status() == StatusCode::OK).map(IntoResponse::into_response)
}

fn from_binary(files: &[File], request: &Request) -> Option<Response> {
    let name = request.uri().path();
    let file = files.iter().find(|file| file.name == name)?;
    let packed = [("br", file.br), ("gzip", file.gzip)];
    let chosen = packed.into_iter().find_map(|(coding, body)| {
        body.filter(|_| accepts(request.headers(), coding)).map(|body| (coding, body))
    });
    let mut response = Body::from(chosen.map_or(file.body, |(_, body)| body)).into_response();
    let headers = response.headers_mut();
    let caching = if name.contains(HASH) { A_YEAR } else { AN_HOUR };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    if let Some((coding, _)) = chosen {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if packed.iter().any(|(_, body)| body.is_some()) {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Some(response)
}

/// Whether the browser accepts this coding, by its name or by `*`, with a quality above zero.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let mut by_star = false;
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    for part in values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default();
        let refused = words.any(|word| {
            word.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
        });
        if name.eq_ignore_ascii_case(coding) {
            return !refused;
        }
        by_star |= name == "*" && !refused;
    }
    by_star
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &[File] = &[File {
        name: "/pkg/kith.js",
        content_type: "text/javascript",
        body: b"identity",
        br: Some(b"br"),
        gzip: Some(b"gzip"),
    }];

    fn coding_for(accepted: &'static str) -> Option<String> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = "/pkg/kith.js?x".parse().expect("an address");
        let accepted = HeaderValue::from_static(accepted);
        request.headers_mut().insert(header::ACCEPT_ENCODING, accepted);
        let response = from_binary(SITE, &request).expect("a file");
        assert_eq!(response.headers()[header::VARY], "accept-encoding");
        let coding = response.headers().get(header::CONTENT_ENCODING)?;
        Some(coding.to_str().expect("a name").to_string())
    }

    #[test]
    fn the_smallest_accepted_coding_is_sent() {
        assert_eq!(coding_for("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(coding_for("GZIP;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(coding_for("br;q=0, *").as_deref(), Some("gzip"));
        assert_eq!(coding_for("br;q=0.000, gzip; q=0"), None);
        assert_eq!(coding_for("identity"), None);
        assert_eq!(coding_for(""), None);
    }
}

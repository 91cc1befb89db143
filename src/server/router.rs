//! The one list of routes and the one list of layers.

use std::any::Any;
use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use axum::{Json, Router};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Version, header};
use leptos::nonce::Nonce;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::body::Limited;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::trace::TraceLayer;

use crate::api::context::Visitor;
use crate::error::KithError;
use crate::model::SOCKET_PATH;
use crate::ui::shell;
use crate::ui::view::choices::DeviceHeaders;
use crate::ui::view::form_error::SubmittedFields;
use crate::ui::{App, paths};

use super::site::Site;
use super::{answers, documents, files, guard, headers, web_socket};

/// Minimum size of an answer that is compressed, in bytes. A batch with one message is smaller.
const COMPRESS_FROM: u64 = 1024;

/// Brotli's scale, and gzip's: nearly as small as the best, for a small part of the time.
const COMPRESS_LEVEL: i32 = 5;

/// Returns the whole application. Fails when the public URL is no origin.
pub fn app(site: Site) -> Result<Router, tower_http::csrf::ConfigError> {
    let mut same_site = CsrfLayer::new();
    if let Some(url) = &site.public_url {
        same_site = same_site.add_trusted_origin(url)?;
    }
    let kith = site.kith.clone();
    let context = move || {
        provide_context(kith.clone());
        if let Some(parts) = use_context::<Parts>() {
            if !answers::is_call(&parts.uri) {
                provide_context(device(&parts.headers));
            }
            if let Some(visitor) = parts.extensions.get::<Visitor>() {
                provide_context(visitor.clone());
            }
            if let Some(submitted) = parts.extensions.get::<SubmittedFields>() {
                provide_context(submitted.clone());
            }
            if let Some(nonce) = parts.extensions.get::<Nonce>() {
                provide_context(nonce.clone());
            }
        }
    };
    let options = LeptosOptions::clone(&site.leptos);
    let root = options.site_root.clone();
    let page = move || shell(options.clone());
    // The answer to every address without a route. The page says that it does not exist.
    let missing = render_app_async_with_context(context.clone(), page.clone());
    let plain = {
        let (site, context, missing) = (site.clone(), context.clone(), missing.clone());
        let plain = move |request: Request| {
            documents::page_or(missing.clone(), site.clone(), context.clone(), request)
        };
        any(plain)
    };
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Precise(COMPRESS_LEVEL))
        .compress_when(SizeAbove::new(COMPRESS_FROM).and(is_made_for_one_request));
    // One `ServiceBuilder` for all layers: each `.layer` of a router wraps every route, and a
    // request clones every wrapper. The first layer in the list runs first.
    let layers = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(from_fn_with_state(site.clone(), headers::protect))
        .layer(compression)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(same_site.clone())
        .layer(RequestBodyLimitLayer::new(answers::REQUEST_MAX))
        .map_request(|request: http::Request<Limited<Body>>| request.map(Body::new))
        .layer(from_fn_with_state(site.clone(), with_visitor));
    let mut router = Router::new();
    if site.kith.offers_websocket() {
        router = router.route(SOCKET_PATH, same_site_only(&same_site));
    }
    let router = router
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route(paths::NEW_PASSWORD, plain.clone())
        .route(&format!("{}{{token}}", paths::JOIN), plain.clone())
        .route(paths::ADMINISTRATION, plain.clone())
        .route(&format!("{}/{{*rest}}", paths::ADMINISTRATION), plain)
        // `leptos_routes_with_context` also adds a route for each server function in `crate::api`.
        // These two answer all other calls.
        .route("/api/", any(no_such_call))
        .route("/api/{*rest}", any(no_such_call))
        .leptos_routes_with_context(&site, generate_route_list(App), context, page)
        .fallback(move |request: Request| files::file_or(missing.clone(), root.clone(), request))
        .layer(layers)
        .with_state(site);
    Ok(router)
}

/// Reads the request's body, identifies the visitor, and gives a failed call its HTTP status. One
/// middleware does all three, because each middleware clones the services behind it for every
/// request.
async fn with_visitor(State(site): State<Site>, request: Request, next: Next) -> Response {
    // The body comes first: a sign-in may end while the rest of a call is on its way, and must not
    // act any more.
    let request = match answers::read_body(request, site.body_timeout).await {
        Ok(request) => request,
        Err(answer) => return answer,
    };
    let request = match guard::identify(&site, request).await {
        Ok(request) => request,
        Err(answer) => return answer,
    };
    let request = answers::with_submitted(&site.kith, request);
    let misnamed = guard::misnamed_token(&site, &request);
    let uri = request.uri().clone();
    let mut response = answers::status(&uri, answers::forms(&site.kith, request, next).await).await;
    if let Some(token) = misnamed {
        guard::rename_cookie(&token, &mut response);
    }
    response
}

/// The layer against requests from other sites lets every GET pass, and a WebSocket is opened with
/// a GET. So this route runs the layer with the method set to POST, and sets it back after it.
fn same_site_only(same_site: &CsrfLayer) -> MethodRouter<Site> {
    async fn as_method(State(method): State<Method>, mut request: Request, next: Next) -> Response {
        *request.method_mut() = method;
        next.run(request).await
    }
    get(web_socket::open)
        .layer::<_, Infallible>(from_fn_with_state(Method::GET, as_method))
        .layer::<_, Infallible>(same_site.clone())
        .layer(from_fn_with_state(Method::POST, as_method))
}

/// The cookies and languages of a request. A browser may send several cookie headers.
fn device(headers: &HeaderMap) -> DeviceHeaders {
    let texts = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    DeviceHeaders {
        cookies: texts(header::COOKIE).collect::<Vec<_>>().join("; "),
        languages: texts(header::ACCEPT_LANGUAGE).collect::<Vec<_>>().join(","),
    }
}

/// The log's entry for a request: never its query, headers or body, nor the token in the path of a
/// group's join link.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let path = if path.starts_with(paths::JOIN) { paths::JOIN } else { path };
    tracing::info_span!("request", method = %request.method(), path)
}

/// For monitors: 200 while the database answers and the writer is at work, else 503.
async fn healthz(State(site): State<Site>) -> Response {
    match site.kith.check().await {
        Ok(()) => "ok\n".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// For load balancers: 200 while Kith can read and write and is not shutting down, else 503 with
/// the reason.
async fn readyz(State(site): State<Site>) -> Response {
    match site.kith.ready().await {
        Ok(()) => "ok\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

/// Whether this is a document or a call's answer. Files were compressed when they were built.
fn is_made_for_one_request(
    _: StatusCode,
    _: Version,
    headers: &HeaderMap,
    _: &http::Extensions,
) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

async fn no_such_call() -> Response {
    (StatusCode::NOT_FOUND, Json(KithError::NotFound)).into_response()
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    // The panic itself is in the log, by the process's panic hook.
    (StatusCode::INTERNAL_SERVER_ERROR, Json(KithError::Internal)).into_response()
}

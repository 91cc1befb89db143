//! A browser as the server sees it: requests with a cookie, and answers.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use kith::error::KithError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::RwLock;
use tower::ServiceExt;

/// The host that the tests' requests name.
pub const HOST: &str = "kith.test";

/// While an application lists its routes, Leptos loads no data for pages in the whole process, and
/// a page that another test renders just then would wait for ever. So the two keep apart; a server
/// lists its routes once, before it serves.
pub static RENDERING: RwLock<()> = RwLock::const_new(());

const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody's browser, signed in or not.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// Sent with every request; the cookie among them.
    headers: HeaderMap,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(HOST));
        Self { router, headers }
    }

    /// The same, sending one more header.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        let value = value.parse().expect("a header's value");
        other.headers.insert(HeaderName::from_static(name), value);
        other
    }

    /// The same, with the cookie that this answer set.
    pub fn signed_in_by(&self, answer: &Answer) -> Self {
        let cookie = answer.cookie().expect("a cookie is set");
        self.with("cookie", cookie.split(';').next().expect("a cookie's pair"))
    }

    /// The same cookie and headers, at another Kith.
    pub fn at(&self, other: &Self) -> Self {
        Self { router: other.router.clone(), headers: self.headers.clone() }
    }

    /// Calls a function behind a form as a script does.
    pub async fn call(&self, name: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(name, fields)).await
    }

    /// Submits a form as a page without scripts does.
    pub async fn submit(&self, name: &str, fields: &[(&str, &str)], page: &str) -> Answer {
        let mut request = self.form(name, fields);
        let referer = format!("http://{HOST}{page}").parse().expect("an address");
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html,*/*"));
        request.headers_mut().insert(header::REFERER, referer);
        self.send(request).await
    }

    /// Calls a function with a JSON body.
    pub async fn ask(&self, name: &str, body: &Value) -> Answer {
        self.send(self.json(name, body)).await
    }

    /// Loads a page.
    pub async fn visit(&self, path: &str) -> Answer {
        let mut request = self.request(Method::GET, path, "", Body::empty());
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html,*/*"));
        let _no_routes_are_listed = RENDERING.read().await;
        self.send(request).await
    }

    /// Returns the request of a form.
    pub fn form(&self, name: &str, fields: &[(&str, &str)]) -> Request<Body> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(name, FORM, body)
    }

    /// Returns the request of a JSON call.
    pub fn json(&self, name: &str, body: &Value) -> Request<Body> {
        self.post(name, "application/json", body.to_string())
    }

    fn post(&self, name: &str, kind: &str, body: String) -> Request<Body> {
        let length = body.len();
        let mut request = self.request(Method::POST, &format!("/api/{name}"), kind, body.into());
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        request
    }

    /// Returns any request, with this browser's headers.
    pub fn request(&self, method: Method, path: &str, kind: &str, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if !kind.is_empty() {
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().expect("a kind"));
        }
        request
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole answer");
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The value of a call that succeeded.
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    /// A call that succeeded and says nothing.
    pub fn done(&self) {
        self.ok::<()>();
    }

    /// Why a call failed; its status must be the one that goes with that.
    pub fn error(&self) -> KithError {
        let error: KithError = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no error: {} {}", self.status, self.text()));
        assert_eq!(self.status.as_u16(), error.status(), "{error:?}");
        error
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a plain header"))
    }

    /// The sign-in's cookie as it was set, with its attributes.
    pub fn cookie(&self) -> Option<String> {
        let is_sign_in =
            |cookie: &String| cookie.trim_start_matches("__Host-").starts_with("kith_sign_in=");
        self.cookies().into_iter().find(is_sign_in)
    }

    /// All cookies that were set, with their attributes.
    pub fn cookies(&self) -> Vec<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies.map(|value| value.to_str().expect("a plain cookie").to_string()).collect()
    }

    /// The path that the browser is sent on to.
    pub fn sent_on_to(&self) -> &str {
        assert!(self.status.is_redirection(), "{} {}", self.status, self.text());
        self.header("location")
    }
}

/// Sends a request over a real connection of its own.
pub async fn over(address: SocketAddr, mut request: Request<Body>) -> Answer {
    let uri = format!("http://{address}{}", request.uri());
    *request.uri_mut() = uri.parse().expect("an address");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("the server answers");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a whole answer").to_bytes();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// Writes a request to a bare connection, and reads nothing.
pub async fn bare(address: SocketAddr, request: Request<Body>) -> TcpStream {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let mut text = format!("{} {} HTTP/1.1\r\n", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().expect("a plain header")));
    }
    text.push_str("\r\n");
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    connection.write_all(text.as_bytes()).await.expect("the head is written");
    connection.write_all(&body).await.expect("the body is written");
    connection
}

//! Which plain page an address shows.

use leptos::prelude::*;

use crate::ui::paths::{JOIN, NEW_PASSWORD};

use super::{Address, Reader, administration, document, join, new_password};

/// What the server knows of a request for a plain page.
#[derive(Debug, Clone)]
pub struct PageRequest {
    pub path: String,
    pub query: String,
    /// The paths of the style sheets.
    pub styles: [String; 2],
    /// How browsers reach this Kith: for links that are passed on.
    pub origin: String,
}

/// A page that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    pub status: u16,
    pub html: String,
}

/// What stands in a document.
pub struct Content {
    pub status: u16,
    pub title: String,
    pub body: AnyView,
}

/// Returns the page; nothing where there is none for whoever asks.
pub async fn page(asked: PageRequest) -> Option<Plain> {
    let address = Address::new(&asked.path, &asked.query);
    let reader = Reader::asking(address, asked.origin);
    let locale = reader.locale;
    provide_context(reader.clone());
    let content = match reader.address.path() {
        NEW_PASSWORD => new_password::content(),
        path if path.starts_with(JOIN) => join::content(&reader).await?,
        _ => administration::content(&reader).await?,
    };
    let html = document(locale, asked.styles, &content.title, content.body);
    Some(Plain { status: content.status, html })
}

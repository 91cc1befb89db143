//! Renders the page that an address names.

use leptos::prelude::*;

use crate::ui::paths::{JOIN, NEW_PASSWORD};
use crate::ui::view::form_error::SubmittedFields;

use super::{PageAddress, PageContext, administration, document, join, new_password};

/// A request for a page, as the server knows it.
#[derive(Debug, Clone)]
pub struct PageRequest {
    pub path: String,
    pub query: String,
    /// What the refused form submitted that led to this page.
    pub submitted: SubmittedFields,
    /// The paths of the style sheets.
    pub styles: [String; 2],
    /// The origin at which browsers reach this Kith: for links that people pass on.
    pub origin: String,
}

/// A page that is ready to be sent, with its HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPage {
    pub status: u16,
    pub html: String,
}

/// Renders the page; `None` if there is no page at this path for this caller.
pub async fn render_page(request: PageRequest) -> Option<RenderedPage> {
    let address = PageAddress::new(&request.path, &request.query);
    let address = address.with_submitted(request.submitted);
    let page = PageContext::of_request(address, request.origin);
    let locale = page.locale;
    provide_context(page.clone());
    let content = match page.address.path() {
        NEW_PASSWORD => new_password::content(),
        path if path.starts_with(JOIN) => join::content(&page).await?,
        _ => administration::content(&page).await?,
    };
    let html = document(locale, request.styles, &content.title, content.body);
    Some(RenderedPage { status: content.status, html })
}

//! The context in which a page is rendered: language, address, and the origin of this Kith.

use leptos::prelude::*;

use crate::ui::i18n::Locale;
use crate::ui::text::language;

use super::PageAddress;

/// The context of a page; it does not change while the page is rendered.
#[derive(Debug, Clone)]
pub struct PageContext {
    pub locale: Locale,
    pub address: PageAddress,
    /// The origin at which browsers reach this Kith: for links that people pass on.
    pub origin: String,
}

impl PageContext {
    /// Reads the language from the request around.
    pub fn of_request(address: PageAddress, origin: String) -> Self {
        Self { locale: language::of_request(), address, origin }
    }
}

/// Returns the context of the page that is being rendered.
pub fn page_context() -> PageContext {
    expect_context()
}

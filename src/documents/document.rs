//! The document around a plain page: the style sheet of all pages, in the language and the colours
//! of whoever reads it.

use leptos::prelude::*;

use crate::ui::i18n::Locale;
use crate::ui::text::language::{self, locale_name};
use crate::ui::view::markup::escaped;
use crate::ui::view::theme::Theme;

use super::Address;

/// What a plain page is rendered for; it stays as it is from beginning to end.
#[derive(Debug, Clone)]
pub struct Reader {
    pub locale: Locale,
    pub address: Address,
    /// How browsers reach this Kith: for links that are passed on.
    pub origin: String,
}

impl Reader {
    /// The one who asks, on the server.
    pub fn asking(address: Address, origin: String) -> Self {
        Self { locale: language::asked(), address, origin }
    }
}

/// Returns whom the page around is rendered for.
pub fn reader() -> Reader {
    expect_context()
}

/// Returns the whole document. There is nothing in it that a strict policy would not allow.
pub fn document(locale: Locale, styles: [String; 2], title: &str, body: AnyView) -> String {
    let title = escaped(&format!("{title} · Kith"));
    let view = view! {
        <!DOCTYPE html>
        <html lang=locale_name(locale) data-theme=Theme::asked().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover"
                />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {styles.map(|path| view! { <link rel="stylesheet" href=path /> })}
                // As a child it would end with the mark of a view, which browsers show here.
                <title inner_html=title></title>
            </head>
            <body>{body}</body>
        </html>
    };
    view.to_html()
}

//! The HTML document around a page, in the reader's language and theme.

use html_escape::encode_text;
use leptos::prelude::*;

use crate::ui::i18n::Locale;
use crate::ui::text::language::locale_name;
use crate::ui::view::theme::Theme;

/// The content of a document, with its HTTP status.
pub struct PageContent {
    pub status: u16,
    pub title: String,
    pub body: AnyView,
}

/// Returns the whole document. It has no script and no inline style, so that the strictest content
/// security policy allows it.
pub fn document(locale: Locale, styles: [String; 2], title: &str, body: AnyView) -> String {
    let title = encode_text(&format!("{title} · Kith")).into_owned();
    let view = view! {
        <!DOCTYPE html>
        <html lang=locale_name(locale) data-theme=Theme::of_request().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover"
                />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {styles.map(|path| view! { <link rel="stylesheet" href=path /> })}
                // As a child, the title would end with Leptos' marker comment, which browsers show.
                <title inner_html=title></title>
            </head>
            <body>{body}</body>
        </html>
    };
    view.to_html()
}

//! The HTML document around the page, as the server sends it.

use leptos::prelude::*;
use leptos_meta::MetaTags;
use leptos_router::location::RequestUrl;

use crate::ui::later::{self, begins_with_later};

use super::app::App;

const VIEWPORT: &str = "width=device-width, initial-scale=1, viewport-fit=cover, \
    interactive-widget=resizes-content";

/// The whole document. Scripts carry the nonce that the server provides; there are no inline
/// styles and handlers, so that the strictest content security policy fits. The head names all
/// files of the page, so that the browser fetches them at once and not one after another.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let built = format!("/{}", options.site_pkg_dir);
    let style = style_path(&options);
    let url = use_context::<RequestUrl>().and_then(|url| url.parse().ok());
    let later = url.filter(|url| begins_with_later(url.path())).map(|_| {
        let path = format!("{built}/{}", later::FILE);
        view! {
            <link
                rel="preload"
                r#as="fetch"
                type="application/wasm"
                crossorigin="anonymous"
                href=path
            />
        }
    });
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content=VIEWPORT />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" id="kith" href=style />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <link rel="modulepreload" href=format!("{built}/{}", later::LOADER) />
                {later}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Returns the path of the style sheet of all pages.
fn style_path(options: &LeptosOptions) -> String {
    format!("/{}/{}.css", options.site_pkg_dir, options.output_name)
}

/// Returns the paths of the style sheets of documents: that of all pages, then their own, compiled
/// from `style/administration.scss`.
pub fn plain_style_paths(options: &LeptosOptions) -> [String; 2] {
    [style_path(options), format!("/{}/administration.css", options.site_pkg_dir)]
}

//! The document around the page, as the server sends it.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::app::App;

/// The whole document. Scripts carry the nonce that the server provides; there are no styles
/// and no handlers in it, so that the strictest policy fits. It asks at once for all that the
/// page needs: nothing is found out about only when something else has come.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" id="kith" href=style />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

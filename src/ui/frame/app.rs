//! The root of the page: language, theme, and the routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::client::browser;
use crate::ui::later::{Later, later};
use crate::ui::pages::not_found::NotFound;
use crate::ui::paths::ContactTab;
use crate::ui::text::language::Language;
use crate::ui::text::time::{Hydrated, Today};
use crate::ui::view::theme::{ThemeChoice, ThemeOnRoot};

use super::second_file::SECOND_FILE;
use super::signed_in::SignedIn;

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let theme = ThemeChoice::from_cookie();
    provide_context(theme);
    let hydrated = Hydrated(RwSignal::new(false));
    provide_context(hydrated);
    provide_context(Today::tracked());
    provide_context(SECOND_FILE);
    // An effect runs in the browser alone, and only after hydration.
    Effect::new(move |_| {
        hydrated.0.set(true);
        browser::keep_focus();
        browser::mark_hydrated();
    });

    view! {
        <Title text="Kith" />
        <ThemeOnRoot choice=theme />
        <Language>
            <Router>
                <Pages />
            </Router>
        </Language>
    }
}

/// All routes. The pages of a signed-in user share one parent, which keeps the session cache when
/// the page changes and reads from the address which page to show. Each document is rendered in
/// one piece (`SsrMode::Async`): it must be complete without JavaScript.
#[component]
fn Pages() -> impl IntoView {
    let start = || view! { <Redirect path=ContactTab::default().path(None) /> };
    let sign_in = || later(Later::SignIn);
    let register = || later(Later::Register);
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=start />
            <Route path=path!("/sign-in") view=sign_in ssr=SsrMode::Async />
            <Route path=path!("/register") view=register ssr=SsrMode::Async />
            <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                <Route path=path!("/chats/:contact?") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/chats/:contact/profile") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/friends/:contact?") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/friends/:contact/profile") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/groups/:contact?") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/groups/:contact/profile") view=|| () ssr=SsrMode::Async />
                <Route path=path!("/settings") view=|| () ssr=SsrMode::Async />
            </ParentRoute>
        </Routes>
    }
}

//! What stands around every page of the administration: the ways to the others and back to the
//! chats, and what came of the last form.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{Refusal, reader};
use crate::error::KithError;
use crate::ui::i18n::td_string;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::paths::Tab;
use crate::ui::text::errors::sentence_in;

use super::place::{AdminPage, Confirmation};

#[component]
pub fn Frame(place: AdminPage, heading: String, children: Children) -> impl IntoView {
    let locale = reader().locale;
    let links = AdminPage::MAIN.map(|main| {
        let current = (main == place.main()).then_some("page");
        view! {
            <li>
                <a href=main.path() aria-current=current>
                    {main.title(locale)}
                </a>
            </li>
        }
    });
    view! {
        <div class="administration">
            <header class="admin-header">
                <a class="admin-back" href=Tab::default().path(None)>
                    {icon(Icon::Back)}
                    <span>{td_string!(locale, chats)}</span>
                </a>
                <p class="admin-name">{td_string!(locale, administration)}</p>
                <nav aria-label=td_string!(locale, administration)>
                    <ul>{links.collect_view()}</ul>
                </nav>
            </header>
            <main class="admin-page">
                <h1>{heading}</h1>
                <Outcome />
                {children()}
            </main>
        </div>
    }
}

/// What came of the form that led here.
#[component]
fn Outcome() -> impl IntoView {
    let reader = reader();
    let locale = reader.locale;
    if let Some((form, error)) = reader.address.refused() {
        let names_somebody = [api::AdminAddMember::PATH, api::AdminCreateGroup::PATH];
        let why = match error {
            KithError::NotFound if names_somebody.contains(&form) => {
                td_string!(locale, admin_nobody_called_so).to_string()
            }
            error => sentence_in(locale, &error),
        };
        return view! { <Refusal why /> }.into_any();
    }
    let done = reader.address.get("done").and_then(Confirmation::named);
    let said = |done: Confirmation| view! { <p class="admin-done" role="status">{done.sentence(locale)}</p> };
    done.map(said).into_any()
}

/// In the place of what could not be loaded.
#[component]
pub fn Failed(why: String) -> impl IntoView {
    let reader = reader();
    view! {
        <Refusal why />
        <p>
            <a href=reader.address.path().to_string()>{td_string!(reader.locale, try_again)}</a>
        </p>
    }
}

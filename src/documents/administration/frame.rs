//! The frame of every page of the administration: links to the other pages and to the chats, and
//! the result of the last form.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{Refusal, page_context};
use crate::error::KithError;
use crate::ui::i18n::td_string;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::paths::ContactTab;
use crate::ui::text::errors::sentence_in;

use super::admin_page::AdminPage;
use super::confirmation::Confirmation;

#[component]
pub fn Frame(page: AdminPage, heading: String, children: Children) -> impl IntoView {
    let locale = page_context().locale;
    let links = AdminPage::SECTIONS.map(|section| {
        let current = (section == page.section()).then_some("page");
        view! {
            <li>
                <a href=section.path() aria-current=current>
                    {section.title(locale)}
                </a>
            </li>
        }
    });
    view! {
        <div class="administration">
            <header class="admin-header">
                <a class="admin-back" href=ContactTab::default().path(None)>
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
                <FormResult />
                {children()}
            </main>
        </div>
    }
}

/// The result of the form that led here.
#[component]
fn FormResult() -> impl IntoView {
    let page = page_context();
    let locale = page.locale;
    if let Some((form, error)) = page.address.refused() {
        let names_a_person = [api::AdminAddMember::PATH, api::AdminCreateGroup::PATH];
        let why = match error {
            KithError::NotFound if names_a_person.contains(&form) => {
                td_string!(locale, admin_nobody_called_so).to_string()
            }
            error => sentence_in(locale, &error),
        };
        return view! { <Refusal why /> }.into_any();
    }
    let done = page.address.get("done").and_then(Confirmation::from_word);
    let confirm = |done: Confirmation| {
        view! { <p class="admin-done" role="status">{done.sentence(locale)}</p> }
    };
    done.map(confirm).into_any()
}

/// Replaces content that could not be loaded.
#[component]
pub fn Failed(why: String) -> impl IntoView {
    let page = page_context();
    view! {
        <Refusal why />
        <p>
            <a href=page.address.path().to_string()>{td_string!(page.locale, try_again)}</a>
        </p>
    }
}

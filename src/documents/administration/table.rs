//! The parts that the tables share: the search, the count, the pages, and the link to a person.

use leptos::prelude::*;

use crate::documents::page_context;
use crate::model::Person;
use crate::ui::i18n::td_string;
use crate::ui::parts::icon::{Icon, icon};

use super::admin_page::AdminPage;

/// The search, a form that leads back to its table.
#[component]
pub fn Search(page: AdminPage, label: &'static str, search: String) -> impl IntoView {
    let locale = page_context().locale;
    view! {
        <form class="admin-search" role="search" action=page.path()>
            <label class="search-box">
                {icon(Icon::Search)} <span class="visually-hidden">{label}</span>
                <input type="search" name="search" value=search placeholder=label />
            </label>
            <button type="submit">{td_string!(locale, admin_search)}</button>
        </form>
    }
}

/// The number of rows on all pages.
#[component]
pub fn Total(count: i64) -> impl IntoView {
    let locale = page_context().locale;
    let words = match count {
        0 => td_string!(locale, admin_nothing_found).to_string(),
        count => td_string!(locale, admin_total, count = count),
    };
    view! { <p class="admin-total">{words}</p> }
}

/// Links to the pages before and after this one; `path` returns the path of a page.
#[component]
pub fn Pages(page: i64, pages: i64, path: impl Fn(i64) -> String) -> impl IntoView {
    let locale = page_context().locale;
    let link = |to: i64, rel: &'static str, word: &'static str| {
        let href = path(to);
        (1..=pages).contains(&to).then(|| view! { <a class="button" href=href rel=rel>{word}</a> })
    };
    let before = link(page - 1, "prev", td_string!(locale, admin_page_before));
    let after = link(page + 1, "next", td_string!(locale, admin_page_after));
    (pages > 1).then(|| {
        view! {
            <nav class="admin-pages" aria-label=td_string!(locale, admin_pages)>
                {before}
                <span>{td_string!(locale, admin_page_of, page = page, pages = pages)}</span>
                {after}
            </nav>
        }
    })
}

/// A person's names, with a link to the account.
#[component]
pub fn PersonLink(person: Person) -> impl IntoView {
    if person.deleted {
        return view! { <span>{td_string!(page_context().locale, deleted_account)}</span> }
            .into_any();
    }
    let at = format!("@{}", person.username);
    view! {
        <a href=AdminPage::Person(person.id).path()>{person.display_name}</a>
        " "
        <span class="admin-username">{at}</span>
    }
    .into_any()
}

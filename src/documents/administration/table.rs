//! What the tables share: the box to search in, the pages, and how a person is named.

use leptos::prelude::*;

use crate::documents::reader;
use crate::model::Person;
use crate::ui::i18n::td_string;
use crate::ui::parts::icon::{Icon, icon};

use super::place::AdminPage;

/// Looks for rows, by a form that leads to the table itself.
#[component]
pub fn Search(place: AdminPage, label: &'static str, search: String) -> impl IntoView {
    let locale = reader().locale;
    view! {
        <form class="admin-search" role="search" action=place.path()>
            <label class="search-box">
                {icon(Icon::Search)} <span class="visually-hidden">{label}</span>
                <input type="search" name="search" value=search placeholder=label />
            </label>
            <button type="submit">{td_string!(locale, admin_search)}</button>
        </form>
    }
}

/// How many rows there are in all.
#[component]
pub fn Total(count: i64) -> impl IntoView {
    let locale = reader().locale;
    let words = match count {
        0 => td_string!(locale, admin_nothing_found).to_string(),
        count => td_string!(locale, admin_total, count = count),
    };
    view! { <p class="admin-total">{words}</p> }
}

/// The way to the pages before and after this one; `path` returns a page's address.
#[component]
pub fn Pages(page: i64, pages: i64, path: impl Fn(i64) -> String) -> impl IntoView {
    let locale = reader().locale;
    let way = |to: i64, rel: &'static str, word: &'static str| {
        let href = path(to);
        (1..=pages).contains(&to).then(|| view! { <a class="button" href=href rel=rel>{word}</a> })
    };
    let before = way(page - 1, "prev", td_string!(locale, admin_page_before));
    let after = way(page + 1, "next", td_string!(locale, admin_page_after));
    (pages > 1).then(|| {
        view! {
            <nav class="admin-pages" aria-label=td_string!(locale, admin_pages)>
                {before} <span>{td_string!(locale, admin_page_of, page = page, pages = pages)}</span>
                {after}
            </nav>
        }
    })
}

/// Somebody, with the way to all about them.
#[component]
pub fn PersonLink(person: Person) -> impl IntoView {
    if person.deleted {
        return view! { <span>{td_string!(reader().locale, deleted_account)}</span> }.into_any();
    }
    let at = format!("@{}", person.username);
    view! {
        <a href=AdminPage::Person(person.id).path()>{person.display_name}</a>
        " "
        <span class="admin-username">{at}</span>
    }
    .into_any()
}

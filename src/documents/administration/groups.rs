//! The table of all groups, with a search and in pages.

use leptos::prelude::*;

use crate::documents::{UtcTime, link, page_context};
use crate::model::administration::{GroupRow, TablePage};
use crate::ui::i18n::td_string;

use super::admin_page::AdminPage;
use super::table::{Pages, PersonLink, Search, Total};

#[component]
pub fn GroupsPage(search: String, groups: TablePage<GroupRow>) -> impl IntoView {
    let locale = page_context().locale;
    let rows = groups.rows.into_iter().map(|row| view! { <Row row /> }).collect_view();
    let page_path = {
        let search = search.clone();
        move |page: i64| {
            let page = if page > 1 { page.to_string() } else { String::new() };
            link(&AdminPage::Groups.path(), &[("search", &search), ("page", &page)])
        }
    };
    view! {
        <div class="admin-tools">
            <Search page=AdminPage::Groups label=td_string!(locale, admin_find_group) search />
            <a class="button" href=AdminPage::NewGroup.path()>
                {td_string!(locale, new_group)}
            </a>
        </div>
        <Total count=groups.total />
        <table class="admin-table" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{td_string!(locale, group_name)}</th>
                    <th role="columnheader" scope="col">{td_string!(locale, owner_role)}</th>
                    <th role="columnheader" scope="col">{td_string!(locale, members)}</th>
                    <th role="columnheader" scope="col">{td_string!(locale, admin_activity)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pages page=groups.page pages=groups.pages path=page_path />
    }
}

#[component]
fn Row(row: GroupRow) -> impl IntoView {
    let locale = page_context().locale;
    let GroupRow { group, owner, activity } = row;
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a href=AdminPage::Group(group.id).path()>{group.name}</a>
            </th>
            <td role="cell" data-label=td_string!(locale, owner_role)>
                <PersonLink person=owner />
            </td>
            <td role="cell" data-label=td_string!(locale, members) class="admin-number">
                {format!("{} / {}", group.members, group.max_members)}
            </td>
            <td role="cell" data-label=td_string!(locale, admin_activity)>
                <UtcTime at=activity />
            </td>
        </tr>
    }
}

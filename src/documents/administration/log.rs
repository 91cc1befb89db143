//! The audit log: who did what and when. No page changes it.

use leptos::prelude::*;

use crate::documents::{UtcTime, link, page_context};
use crate::model::administration::{AuditEntry, TablePage};
use crate::ui::i18n::td_string;

use super::admin_page::AdminPage;
use super::audit_line::audit_line;
use super::table::{Pages, Total};

#[component]
pub fn LogPage(log: TablePage<AuditEntry>) -> impl IntoView {
    let locale = page_context().locale;
    let rows = log.rows.into_iter().map(|AuditEntry { at, by, act, .. }| {
        let by = match by {
            Some(username) => format!("@{username}"),
            None => td_string!(locale, admin_operator).to_string(),
        };
        view! {
            <tr role="row">
                <td role="cell">
                    <UtcTime at />
                </td>
                <td role="cell">{by}</td>
                <td role="cell">{audit_line(locale, &act)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let page_path = |page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        link(&AdminPage::Log.path(), &[("page", &page)])
    };
    view! {
        <Total count=log.total />
        <table class="admin-table admin-log" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{td_string!(locale, admin_when)}</th>
                    <th role="columnheader" scope="col">{td_string!(locale, admin_by)}</th>
                    <th role="columnheader" scope="col">{td_string!(locale, admin_what)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pages page=log.page pages=log.pages path=page_path />
    }
}

//! The table of all accounts, with a search, sortable columns and pages.

use leptos::prelude::*;

use crate::documents::{PageAddress, UtcTime, link, page_context};
use crate::model::UserId;
use crate::model::administration::{Account, AccountOrder, AccountQuery, TablePage};
use crate::ui::i18n::{Locale, td_string};

use super::admin_page::AdminPage;
use super::table::{Pages, Search, Total};

const ORDERS: [(AccountOrder, &str); 4] = [
    (AccountOrder::DisplayName, "display_name"),
    (AccountOrder::Username, "username"),
    (AccountOrder::Created, "created"),
    (AccountOrder::LastSeen, "last_seen"),
];

/// Reads the query of the table from an address.
pub fn query(address: &PageAddress) -> AccountQuery {
    let word = address.get("sort");
    let order = ORDERS.into_iter().find(|(_, known)| Some(*known) == word);
    AccountQuery {
        search: address.get("search").unwrap_or_default().to_string(),
        order: order.map(|(order, _)| order).unwrap_or_default(),
        descending: address.get("down").is_some(),
        page: address.number("page").unwrap_or(1),
    }
}

/// Returns the path that shows this query.
fn path(query: &AccountQuery) -> String {
    let order = ORDERS.into_iter().find(|(order, _)| *order == query.order);
    let sort = order.filter(|(order, _)| *order != AccountOrder::default()).map(|(_, word)| word);
    let page = if query.page > 1 { query.page.to_string() } else { String::new() };
    let down = if query.descending { "1" } else { "" };
    let pairs = [
        ("search", query.search.as_str()),
        ("sort", sort.unwrap_or_default()),
        ("down", down),
        ("page", &page),
    ];
    link(&AdminPage::People.path(), &pairs)
}

#[component]
pub fn PeoplePage(me: UserId, query: AccountQuery, people: TablePage<Account>) -> impl IntoView {
    let locale = page_context().locale;
    let rows = people.rows.into_iter().map(|account| view! { <Row me account /> }).collect_view();
    let head = ORDERS.map(|(order, _)| sortable(locale, &query, order));
    let page_path = {
        let query = query.clone();
        move |page| path(&AccountQuery { page, ..query.clone() })
    };
    view! {
        <div class="admin-tools">
            <Search
                page=AdminPage::People
                label=td_string!(locale, admin_find_person)
                search=query.search
            />
            <a class="button" href=AdminPage::NewPerson.path()>
                {td_string!(locale, admin_new_person)}
            </a>
        </div>
        <Total count=people.total />
        <table class="admin-table admin-people" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    {head.collect_view()}
                    <th role="columnheader" scope="col">{td_string!(locale, admin_devices)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pages page=people.page pages=people.pages path=page_path />
    }
}

fn column(locale: Locale, order: AccountOrder) -> &'static str {
    match order {
        AccountOrder::Username => td_string!(locale, username),
        AccountOrder::DisplayName => td_string!(locale, display_name),
        AccountOrder::Created => td_string!(locale, admin_created),
        AccountOrder::LastSeen => td_string!(locale, last_seen),
    }
}

/// The head of a column. A click sorts by this column, or reverses the order. Times start with the
/// newest.
fn sortable(locale: Locale, query: &AccountQuery, order: AccountOrder) -> impl IntoView + use<> {
    let is_chosen = query.order == order;
    let by_time = matches!(order, AccountOrder::Created | AccountOrder::LastSeen);
    let descending = if is_chosen { !query.descending } else { by_time };
    let href = path(&AccountQuery { order, descending, page: 1, ..query.clone() });
    let sorted = match query.descending {
        true => "descending",
        false => "ascending",
    };
    view! {
        <th role="columnheader" scope="col" aria-sort=is_chosen.then_some(sorted)>
            <a href=href>{column(locale, order)}</a>
        </th>
    }
}

#[component]
fn Row(me: UserId, account: Account) -> impl IntoView {
    let locale = page_context().locale;
    let marks = account_marks(me, &account);
    let Account { person, created, last_seen, sign_ins, .. } = account;
    let seen = match last_seen {
        Some(at) => view! { <UtcTime at /> }.into_any(),
        None => td_string!(locale, admin_never).into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <a href=AdminPage::Person(person.id).path()>{person.display_name}</a>
                " "
                {marks}
            </th>
            <td role="cell" data-label=column(locale, AccountOrder::Username)>
                {person.username}
            </td>
            <td role="cell" data-label=column(locale, AccountOrder::Created)>
                <UtcTime at=created />
            </td>
            <td role="cell" data-label=column(locale, AccountOrder::LastSeen)>
                {seen}
            </td>
            <td role="cell" data-label=td_string!(locale, admin_devices) class="admin-number">
                {sign_ins}
            </td>
        </tr>
    }
}

/// Short labels of an account: you, administrator, disabled, one-time password.
pub fn account_marks(me: UserId, account: &Account) -> impl IntoView + use<> {
    let locale = page_context().locale;
    let marks = [
        (account.person.id == me, "", td_string!(locale, you)),
        (account.administrator, "", td_string!(locale, admin_administrator)),
        (account.disabled, " admin-mark-off", td_string!(locale, admin_disabled)),
        (account.one_time_until.is_some(), "", td_string!(locale, one_time_password)),
    ];
    let shown = marks.into_iter().filter(|(applies, ..)| *applies);
    shown
        .map(|(_, class, words)| {
            view! {
                <span class=format!("admin-mark{class}")>{words}</span>
                " "
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_query_reads_back_as_the_same_query() {
        for order in ORDERS.map(|(order, _)| order) {
            let asked = AccountQuery { search: "李 a&b".into(), order, descending: true, page: 3 };
            let path = path(&asked);
            let (_, written) = path.split_once('?').expect("a query");
            assert_eq!(query(&PageAddress::new("", written)), asked);
        }
        assert_eq!(path(&query(&PageAddress::default())), "/admin/people");
    }
}

//! The state of this Kith in numbers.

use leptos::prelude::*;

use crate::client::machines::clock::{Moment, iso};
use crate::documents::page_context;
use crate::model::Timestamp;
use crate::model::administration::Overview;
use crate::ui::i18n::td_string;

#[component]
pub fn OverviewPage(overview: Overview) -> impl IntoView {
    let locale = page_context().locale;
    let facts = [
        (td_string!(locale, admin_people), overview.people.to_string()),
        (td_string!(locale, admin_active), overview.active.to_string()),
        (td_string!(locale, admin_disabled_people), overview.disabled.to_string()),
        (td_string!(locale, groups), overview.groups.to_string()),
        (td_string!(locale, admin_held), overview.held.to_string()),
        (td_string!(locale, admin_database), readable_size(overview.database_bytes)),
    ];
    let facts = facts.map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! {
        <dl class="admin-facts">{facts.collect_view()}</dl>
        <MessagesADay days=overview.messages />
        <p class="admin-total">{td_string!(locale, admin_build, build = overview.build)}</p>
    }
}

/// A table, which screen readers can read, with a bar beside each number.
#[component]
fn MessagesADay(days: Vec<(Timestamp, i64)>) -> impl IntoView {
    let locale = page_context().locale;
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or_default().max(1);
    let rows = days.into_iter().rev().map(|(day, count)| {
        let date = Moment::utc(day).date_text();
        let long = format!("{:.1}", count as f64 / most as f64 * 100.0);
        view! {
            <tr>
                <th scope="row">
                    <time datetime=iso(day)>{date}</time>
                </th>
                <td class="admin-bar">
                    <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                        <rect width=long height="1" />
                    </svg>
                </td>
                <td class="admin-number">{count}</td>
            </tr>
        }
    });
    view! {
        <section class="settings-section" aria-labelledby="messages-a-day">
            <h2 id="messages-a-day">{td_string!(locale, admin_messages_a_day)}</h2>
            <table class="admin-days" aria-labelledby="messages-a-day">
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="field-hint">{td_string!(locale, admin_days_of_utc)}</p>
        </section>
    }
}

/// Returns a number of bytes with a unit.
fn readable_size(bytes: i64) -> String {
    let mut size = bytes as f64;
    for unit in ["B", "kB", "MB"] {
        if size < 1000.0 {
            return if unit == "B" { format!("{size} B") } else { format!("{size:.1} {unit}") };
        }
        size /= 1000.0;
    }
    format!("{size:.1} GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_decimal_and_a_decimal_unit() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (4_096, "4.1 kB"),
            (7_500_000, "7.5 MB"),
            (12_000_000_000, "12.0 GB"),
        ] {
            assert_eq!(readable_size(bytes), text);
        }
    }
}

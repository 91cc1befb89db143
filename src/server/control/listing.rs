//! Accounts and registration as text: a table for operators, JSON for programs.

use cookie::time::OffsetDateTime;

use crate::error::{KithError, Result};
use crate::model::Timestamp;
use crate::model::administration::{
    Account, AccountQuery, AdminActor, RegistrationLink, RegistrationMode, RegistrationState,
};
use crate::service::Kith;

/// The last column is not padded: the width of a name on a terminal is hard to know.
const COLUMNS: [&str; 7] = ["USERNAME", "ROLE", "STATE", "DEVICES", "LAST SEEN", "CREATED", "NAME"];

/// Returns the accounts that match `search`, sorted by username.
pub async fn users(kith: &Kith, search: String, json: bool) -> Result<String> {
    let mut query = AccountQuery { search, page: 1, ..AccountQuery::default() };
    let mut all = Vec::new();
    loop {
        let found = kith.accounts(AdminActor::Operator, query.clone()).await?;
        all.extend(found.rows);
        if query.page >= found.pages {
            break;
        }
        query.page += 1;
    }
    if json {
        return serde_json::to_string(&all)
            .map(|json| json + "\n")
            .map_err(|_| KithError::Internal);
    }
    let head = COLUMNS.map(String::from);
    Ok(table(&std::iter::once(head).chain(all.iter().map(row)).collect::<Vec<_>>()))
}

fn row(account: &Account) -> [String; COLUMNS.len()] {
    let state = match account {
        Account { disabled: true, .. } => "disabled",
        Account { one_time_until: Some(_), .. } => "one-time password",
        _ => "active",
    };
    [
        account.person.username.clone(),
        if account.administrator { "administrator".into() } else { "person".into() },
        state.into(),
        account.sign_ins.to_string(),
        account.last_seen.map_or_else(|| "-".into(), minute),
        minute(account.created),
        account.person.display_name.clone(),
    ]
}

/// Pads the columns by bytes: all but the last are ASCII.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: Vec<usize> =
        (0..N).map(|n| rows.iter().map(|row| row[n].len()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        for (cell, width) in row[..N - 1].iter().zip(&widths) {
            text += &format!("{cell:width$}  ");
        }
        text += &row[N - 1];
        text.push('\n');
    }
    text
}

/// Returns who may register, and the valid links.
pub fn registration(state: &RegistrationState, url: &str) -> String {
    let mode = match state.mode {
        RegistrationMode::Open => "Everybody may make an account.\n",
        RegistrationMode::Closed => "Nobody may make an account.\n",
        RegistrationMode::ByLink => "Whoever has a link may make an account.\n",
    };
    let links = state.links.iter().map(|made| link(made, url));
    std::iter::once(mode.to_string()).chain(links).collect()
}

pub fn link(link: &RegistrationLink, url: &str) -> String {
    let RegistrationLink { token, until, left, .. } = link;
    let accounts = if *left == 1 { "account" } else { "accounts" };
    format!("{url}/register?invite={token}  ({left} {accounts}, until {} UTC)\n", minute(*until))
}

/// Returns a warning where registration does not depend on links.
pub fn link_warning(mode: RegistrationMode) -> &'static str {
    match mode {
        RegistrationMode::ByLink => "",
        RegistrationMode::Open => "Everybody may make an account, also without it.\n",
        RegistrationMode::Closed => {
            "The link does nothing as long as nobody may make an account: \
             kith admin registration by-link\n"
        }
    }
}

/// Returns a time in UTC, to the minute.
fn minute(Timestamp(ms): Timestamp) -> String {
    let Ok(at) = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1_000)) else {
        return "-".into();
    };
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_pads_all_columns_but_the_last() {
        let row = |a: &str, b: &str, c: &str| [a.to_string(), b.to_string(), c.to_string()];
        let text = table(&[row("ONE", "TWO", "LAST"), row("longer", "2", "王美丽")]);
        assert_eq!(text, "ONE     TWO  LAST\nlonger  2    王美丽\n");
    }

    #[test]
    fn times_are_shown_to_the_minute() {
        assert_eq!(minute(Timestamp(1_795_346_999_999)), "2026-11-22 11:29");
        assert_eq!(minute(Timestamp(0)), "1970-01-01 00:00");
    }
}

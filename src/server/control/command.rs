//! The commands of `kith admin` as data: what clap parses is also what the socket carries.

use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::model::limits::{LINK_DAYS_MAX, LINK_USES_MAX};

/// A command with the password that it needs. The password is no argument, because everybody on the
/// machine can see those. Never shown or logged.
#[derive(Serialize, Deserialize)]
pub struct Request {
    pub command: AdminCommand,
    pub password: Option<String>,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminCommand {
    /// Make an account; the first one is the administrator's
    ///
    /// The password is asked for on a terminal, or read as one line from standard input.
    CreateUser {
        username: String,
        /// The name that others see [default: the username]
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// Make this account an administrator's
        #[arg(long)]
        administrator: bool,
        /// They must choose another password when they sign in, within seven days
        #[arg(long)]
        one_time: bool,
    },
    /// Set somebody's password, and sign them out everywhere
    ///
    /// The password is asked for on a terminal, or read as one line from standard input.
    SetPassword {
        username: String,
        /// They must choose another password when they sign in, within seven days
        #[arg(long)]
        one_time: bool,
    },
    /// Sign somebody out everywhere and do not let them sign in again
    Disable { username: String },
    /// Let somebody sign in again
    Enable { username: String },
    /// Make somebody an administrator
    MakeAdmin { username: String },
    /// Make an administrator an ordinary user
    UnmakeAdmin { username: String },
    /// Sign somebody out on all their devices
    SignOut { username: String },
    /// Delete an account: its messages stay, under "deleted account"
    DeleteUser {
        username: String,
        /// Confirm: this cannot be undone
        #[arg(long, required = true)]
        for_good: bool,
    },
    /// List all accounts
    ListUsers {
        /// Only accounts whose username, or a word of the display name, begins with this text
        #[arg(long, value_name = "TEXT", default_value = "")]
        search: String,
        /// As JSON, with everything about each account
        #[arg(long)]
        json: bool,
    },
    /// Show or choose who may make an account
    Registration {
        #[arg(value_enum, default_value_t = RegistrationCommand::Show)]
        mode: RegistrationCommand,
    },
    /// Make or revoke a link with which people may make an account
    RegistrationLink {
        #[command(subcommand)]
        link: LinkCommand,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationCommand {
    /// Show the current setting and the valid links
    Show,
    /// Everybody
    Open,
    /// Nobody
    Closed,
    /// Everybody who has a link
    ByLink,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkCommand {
    /// Make a link and print it
    Create {
        /// How many accounts may be made with the link: 1 to 1000
        #[arg(
            long,
            value_name = "N",
            default_value_t = 1,
            value_parser = clap::value_parser!(i64).range(1..=LINK_USES_MAX)
        )]
        uses: i64,
        /// For how many days the link is valid: 1 to 90
        #[arg(
            long,
            value_name = "N",
            default_value_t = 7,
            value_parser = clap::value_parser!(i64).range(1..=LINK_DAYS_MAX)
        )]
        days: i64,
    },
    /// Revoke a link
    Revoke {
        /// The link, or the part of it after `invite=`
        link: String,
    },
}

impl AdminCommand {
    pub fn needs_password(&self) -> bool {
        matches!(self, Self::CreateUser { .. } | Self::SetPassword { .. })
    }

    /// Whether this may be the first command in an empty data folder.
    pub fn may_be_first(&self) -> bool {
        matches!(self, Self::CreateUser { .. })
    }
}

//! `kith admin`: what an operator does without a browser. A Kith that runs does it itself, so that
//! its pages hear of it; else this process opens the database.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::acts::{self, Request};
use super::password;
use super::socket::{self, Unanswered};
use crate::model::limits::{LINK_DAYS_MAX, LINK_USES_MAX};
use crate::server::Config;
use crate::server::folder::{Folder, FolderError};
use crate::server::run::{policy, system_clock};
use crate::service::Kith;

/// How long to wait for a Kith that starts or ends, or for another command.
const PATIENCE: Duration = Duration::from_secs(15);
const TRY_EVERY: Duration = Duration::from_millis(50);

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
    /// Sign somebody out everywhere and let them sign in no more
    Disable { username: String },
    /// Let somebody sign in again
    Enable { username: String },
    /// Make somebody an administrator
    MakeAdmin { username: String },
    /// Make an administrator an ordinary person
    UnmakeAdmin { username: String },
    /// Sign somebody out on all their devices
    SignOut { username: String },
    /// Delete an account: what they wrote stays, under "deleted account"
    DeleteUser {
        username: String,
        /// It cannot be taken back
        #[arg(long, required = true)]
        for_good: bool,
    },
    /// List all accounts
    ListUsers {
        /// Only those whose username, or a word of whose display name, begins so
        #[arg(long, value_name = "TEXT", default_value = "")]
        search: String,
        /// As JSON, with everything that is known of them
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
    /// Say how it is, and which links hold
    Show,
    /// Everybody
    Open,
    /// Nobody
    Closed,
    /// Whoever has a link
    ByLink,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkCommand {
    /// Make a link and print it
    Create {
        /// How many accounts may be made with it: 1 to 1000
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=LINK_USES_MAX))]
        uses: i64,
        /// For how many days it holds: 1 to 90
        #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=LINK_DAYS_MAX))]
        days: i64,
    },
    /// Make a link useless
    Revoke {
        /// The link, or what stands after `invite=` in it
        link: String,
    },
}

impl AdminCommand {
    fn needs_password(&self) -> bool {
        matches!(self, Self::CreateUser { .. } | Self::SetPassword { .. })
    }

    /// Whether it may be the first thing that is ever done in a folder.
    fn may_begin(&self) -> bool {
        matches!(self, Self::CreateUser { .. })
    }
}

/// Has the command carried out and prints what comes of it.
pub async fn run(config: &Config, command: AdminCommand) -> Result<(), Box<dyn Error>> {
    let there = config.database.is_some() || config.data.join("kith.db").exists();
    if !there && !command.may_begin() {
        return Err(super::no_kith_in(&config.data).into());
    }
    let password = command.needs_password().then(password::read).transpose()?;
    let request = Request { command, password };
    let deadline = Instant::now() + PATIENCE;
    loop {
        match Folder::take(&config.data) {
            Ok(_folder) => return carry_out(config, request).await,
            Err(FolderError::Held(_)) => {}
            Err(FolderError::File(path, error)) if error.kind() == ErrorKind::PermissionDenied => {
                let path = path.display();
                let why = "run this as the user that Kith runs as, or as root";
                return Err(format!("{path}: {error}: {why}").into());
            }
            Err(error) => return Err(error.into()),
        }
        match socket::ask(&config.data, &request).await {
            Ok(output) => return print(&output),
            Err(Unanswered::Nobody(_)) if Instant::now() < deadline => sleep(TRY_EVERY).await,
            Err(error) => return Err(why(config, error).into()),
        }
    }
}

/// Opens the database, whose folder is ours, for this one command.
async fn carry_out(config: &Config, request: Request) -> Result<(), Box<dyn Error>> {
    let kith = Kith::open(policy(config), system_clock).await?;
    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.address));
    print(&acts::carry_out(&kith, request, &url).await?)
}

/// Fails, and does not panic, when whoever reads has seen enough.
fn print(output: &str) -> Result<(), Box<dyn Error>> {
    Ok(std::io::stdout().write_all(output.as_bytes())?)
}

fn why(config: &Config, error: Unanswered) -> String {
    let data = config.data.display();
    match error {
        Unanswered::Nobody(error) => format!(
            "a Kith runs on the data folder {data}, but its socket there cannot be reached \
             ({error}): its log says why; or end it and try again"
        ),
        Unanswered::Lost(error) => format!(
            "the Kith on the data folder {data} did not answer ({error}): \
             look whether it was done before you try again"
        ),
        Unanswered::Refused(why) => why,
    }
}

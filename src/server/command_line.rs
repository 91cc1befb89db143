//! The command line: `kith serve`, and what an operator does without a browser.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::Config;
use super::run::{self, policy, system_clock};
use crate::model::administration::By;
use crate::service::Kith;
use crate::service::accounts::NewAccount;
use crate::store;

/// Kith, a self-hosted messenger.
#[derive(Debug, Parser)]
#[command(name = "kith", version)]
struct CommandLine {
    /// The configuration file [default: ./Leptos.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until asked to end (the default)
    Serve,
    /// Copy the whole SQLite database to a new file, also while Kith runs
    Backup { file: PathBuf },
    /// Manage accounts
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an account; the first one is the administrator's. The password is read from standard
    /// input
    CreateUser {
        username: String,
        /// The name that others see [default: the username]
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// Make this account an administrator's
        #[arg(long)]
        administrator: bool,
    },
}

/// Does what the command line says.
pub async fn start() -> Result<(), Box<dyn Error>> {
    let line = CommandLine::parse();
    let config = Config::read(line.config.as_deref())?;
    run::log(&config);
    match line.command {
        None | Some(Command::Serve) => run::serve(config).await,
        Some(Command::Backup { file }) => {
            store::backup(config.database.as_deref(), &config.data, &file).await?;
            println!("copied to {}", file.display());
            Ok(())
        }
        Some(Command::Admin { command }) => admin(config, command).await,
    }
}

async fn admin(config: Config, command: Admin) -> Result<(), Box<dyn Error>> {
    let kith = Kith::open(policy(&config), system_clock).await?;
    match command {
        Admin::CreateUser { username, display_name, administrator } => {
            let account = NewAccount {
                display_name: display_name.unwrap_or_else(|| username.clone()),
                password: read_password()?,
                username,
            };
            let id = kith.create_user(By::Operator, account, administrator, false).await?;
            println!("made user {id}");
        }
    }
    Ok(())
}

/// Reads one line. A password among the arguments would be seen by everybody on the machine.
fn read_password() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("Password (shown as you type): ");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_string())
}

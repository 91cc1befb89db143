//! The command line: `kith serve`, and the operator's commands.

mod admin;
mod check;
mod demo;
mod password;

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::config::Config;
use super::control::command::AdminCommand;
use super::{logging, run};
use crate::store;
use demo::Demo;

/// Kith, a self-hosted messenger.
#[derive(Debug, Parser)]
#[command(name = "kith", version, after_help = EXAMPLES)]
struct CommandLine {
    /// The configuration file [default: ./Leptos.toml or ./kith.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  kith demo                                     try it, on data that is thrown away
  kith --config /etc/kith/kith.toml             serve
  kith admin create-user ann --administrator    make an account
  kith backup kith-2026-11-22.db                copy the database, also while Kith serves

KITH_… variables override the configuration file: KITH_DATA=/var/lib/kith kith check";

const ADMIN_EXAMPLES: &str = "\
A Kith that runs on the data folder executes these commands itself; otherwise they open the
database. Run them as the user that Kith runs as, or as root.

Examples:
  kith admin create-user ann --display-name \"Ann Baker\" --administrator
  pwgen 16 1 | tee /dev/tty | kith admin set-password bob --one-time
  kith admin list-users --search b
  kith admin registration by-link
  kith admin registration-link create --uses 20 --days 14";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until asked to end (the default)
    Serve,
    /// Manage accounts, and who may make one
    #[command(after_help = ADMIN_EXAMPLES)]
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Copy the whole SQLite database to a new file, also while Kith serves
    ///
    /// The copy has no sign-ins: after a restore, everybody signs in again.
    Backup {
        file: PathBuf,
        /// Keep the sign-ins; a restore then revives those that were ended since
        #[arg(long)]
        keep_sign_ins: bool,
    },
    /// Check the configuration and the database, without changing anything
    Check,
    /// Serve a dozen people who talk in two languages, on data that is thrown away
    ///
    /// On a free port, or at KITH_ADDRESS. Reads no configuration file without --config.
    Demo(Demo),
}

/// Runs the command that the arguments name.
pub async fn start() -> Result<(), Box<dyn Error>> {
    let line = CommandLine::parse();
    let file = line.config.as_deref();
    let config = match &line.command {
        Some(Command::Demo(_)) => Config::read_for_demo(file)?,
        _ => Config::read(file)?,
    };
    logging::start(&config);
    match line.command {
        None | Some(Command::Serve) => run::serve(config).await,
        Some(Command::Admin { command }) => admin::run(&config, command).await,
        Some(Command::Backup { file, keep_sign_ins }) => {
            let url = config.database.as_deref();
            store::backup(url, &config.data, &file, keep_sign_ins).await?;
            println!("copied to {}", file.display());
            Ok(())
        }
        Some(Command::Check) => check::run(file, &config).await,
        Some(Command::Demo(demo)) => demo.run(config).await,
    }
}

//! The command line: `kith serve`, and what an operator does without a browser.

mod acts;
mod admin;
mod check;
mod demo;
mod listing;
mod password;
pub mod socket;

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use super::Config;
use super::run;
use crate::store;
use admin::AdminCommand;
use demo::Demo;

/// Kith, a self-hosted messenger.
#[derive(Debug, Parser)]
#[command(name = "kith", version, after_help = EXAMPLES)]
struct CommandLine {
    /// The configuration file [default: ./Leptos.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  kith demo                                     try it, on data that is thrown away
  kith --config /etc/kith/Leptos.toml           serve
  kith admin create-user ann --administrator    make an account
  kith backup kith-2026-11-22.db                copy the database, also while Kith serves

KITH_… variables go over the configuration file: KITH_DATA=/var/lib/kith kith check";

const ADMIN_EXAMPLES: &str = "\
While a Kith runs on the data folder it carries these commands out itself; otherwise they open the
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
    Backup { file: PathBuf },
    /// Look whether configuration and database are as they should be, and change nothing
    Check,
    /// Serve a dozen people who talk in two languages, on data that is thrown away
    ///
    /// On a free port, or where KITH_ADDRESS says; ./Leptos.toml is not read.
    Demo(Demo),
}

/// Does what the command line says.
pub async fn start() -> Result<(), Box<dyn Error>> {
    let line = CommandLine::parse();
    let file = line.config.as_deref();
    let config = match &line.command {
        Some(Command::Demo(_)) => Config::read_for_demo(file)?,
        _ => Config::read(file)?,
    };
    run::log(&config);
    match line.command {
        None | Some(Command::Serve) => run::serve(config).await,
        Some(Command::Admin { command }) => admin::run(&config, command).await,
        Some(Command::Backup { file }) => {
            store::backup(config.database.as_deref(), &config.data, &file).await?;
            println!("copied to {}", file.display());
            Ok(())
        }
        Some(Command::Check) => check::run(file, &config).await,
        Some(Command::Demo(demo)) => demo.run(config).await,
    }
}

/// What to say of a data folder in which there is nothing to work on.
fn no_kith_in(data: &Path) -> String {
    format!(
        "there is no Kith in the data folder {}: name another one with KITH_DATA=FOLDER or --config FILE",
        data.display()
    )
}

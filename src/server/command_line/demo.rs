//! `kith demo`: a Kith full of people and messages, for trying and measuring it.

use std::error::Error;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::signal::ctrl_c;
use tokio::signal::unix::{SignalKind, signal};

use crate::demo::{self, PASSWORD, Size, VISITORS};
use crate::server::config::Config;
use crate::server::folder::Folder;
use crate::server::policy::{policy, system_clock};
use crate::server::run;

#[derive(Debug, Args)]
pub struct Demo {
    /// Keep the data in this folder, which must not hold a Kith yet
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Fill the folder, and do not serve
    #[arg(long, requires = "data", hide = true)]
    seed_only: bool,
    /// People in total; beyond the first dozen they are extras
    #[arg(long, value_name = "N", default_value_t = Size::default().people, hide = true)]
    people: usize,
    /// How many of the extras are friends of the first visitor
    #[arg(long, value_name = "N", default_value_t = Size::default().friends, hide = true)]
    friends: usize,
    /// Messages of small talk between the two visitors
    #[arg(long, value_name = "N", default_value_t = Size::default().messages, hide = true)]
    messages: usize,
}

impl Demo {
    pub async fn run(self, config: Config) -> Result<(), Box<dyn Error>> {
        match self.data.clone() {
            Some(data) => self.run_in(&data, config).await,
            None => {
                let private = Permissions::from_mode(0o700);
                let folder =
                    tempfile::Builder::new().prefix("kith-demo.").permissions(private).tempdir()?;
                self.run_in(folder.path(), config).await?;
                folder.close()?;
                println!("The demo's data is removed.");
                Ok(())
            }
        }
    }

    async fn run_in(&self, data: &Path, config: Config) -> Result<(), Box<dyn Error>> {
        let mut terminate = signal(SignalKind::terminate())?;
        // Without these arms a signal would end the process and leave the temporary folder behind.
        tokio::select! {
            filled = self.fill(data) => filled?,
            _ = ctrl_c() => return Err("interrupted".into()),
            _ = terminate.recv() => return Err("ended".into()),
        }
        let [first, second] = VISITORS;
        println!("Sign in as {first} or {second}, password \"{PASSWORD}\"");
        if self.seed_only {
            return Ok(());
        }
        run::serve(Config { data: data.to_path_buf(), database: None, ..config }).await
    }

    async fn fill(&self, data: &Path) -> Result<(), Box<dyn Error>> {
        let _folder = Folder::take(data)?;
        if data.join("kith.db").exists() {
            return Err(format!("{} holds a Kith already", data.display()).into());
        }
        // The content must not depend on the operator's settings, only how it is served.
        let config = Config { data: data.to_path_buf(), ..Config::default() };
        let Self { people, friends, messages, .. } = *self;
        demo::fill(policy(&config), Size { people, friends, messages }, system_clock()).await
    }
}

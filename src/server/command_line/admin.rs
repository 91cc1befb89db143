//! `kith admin`: the operator's commands without a browser. A running Kith executes them itself, so
//! that its pages hear of the changes; otherwise this process opens the database.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::password;
use crate::server::config::Config;
use crate::server::control::command::{AdminCommand, Request};
use crate::server::control::execute::execute;
use crate::server::control::socket::{self, RequestError};
use crate::server::folder::{Folder, FolderError, no_kith_in};
use crate::server::policy::{policy, system_clock};
use crate::service::Kith;

/// Timeout for a Kith that starts or ends, or for another command.
const FOLDER_TIMEOUT: Duration = Duration::from_secs(15);
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Executes the command and prints its output.
pub async fn run(config: &Config, command: AdminCommand) -> Result<(), Box<dyn Error>> {
    let exists = config.database.is_some() || config.data.join("kith.db").exists();
    if !exists && !command.may_be_first() {
        return Err(no_kith_in(&config.data).into());
    }
    let password = command.needs_password().then(password::read).transpose()?;
    let request = Request { command, password };
    let deadline = Instant::now() + FOLDER_TIMEOUT;
    loop {
        match Folder::take(&config.data) {
            Ok(_folder) => return execute_here(config, request).await,
            Err(FolderError::Held(_)) => {}
            Err(FolderError::File(path, error)) if error.kind() == ErrorKind::PermissionDenied => {
                let path = path.display();
                let why = "run this as the user that Kith runs as, or as root";
                return Err(format!("{path}: {error}: {why}").into());
            }
            Err(error) => return Err(error.into()),
        }
        match socket::send(&config.data, &request).await {
            Ok(output) => return print(&output),
            Err(RequestError::NotListening(_)) if Instant::now() < deadline => {
                sleep(RETRY_INTERVAL).await;
            }
            Err(error) => return Err(explain(config, error).into()),
        }
    }
}

/// Opens the database for this one command. The caller holds the data folder.
async fn execute_here(config: &Config, request: Request) -> Result<(), Box<dyn Error>> {
    let kith = Kith::open(policy(config), system_clock).await?;
    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.address));
    print(&execute(&kith, request, &url).await?)
}

/// Returns an error when the reader has closed the pipe. `print!` would panic.
fn print(output: &str) -> Result<(), Box<dyn Error>> {
    Ok(std::io::stdout().write_all(output.as_bytes())?)
}

fn explain(config: &Config, error: RequestError) -> String {
    let data = config.data.display();
    match error {
        RequestError::NotListening(error) => format!(
            "a Kith runs on the data folder {data}, but its socket there cannot be reached \
             ({error}): its log says why; or end it and try again"
        ),
        RequestError::ConnectionLost(error) => format!(
            "the Kith on the data folder {data} did not answer ({error}): \
             look whether it was done before you try again"
        ),
        RequestError::NoReply(limit) => format!(
            "the Kith on the data folder {data} did not answer within {} seconds: its log may say \
             why; look whether it was done before you try again",
            limit.as_secs()
        ),
        RequestError::Refused(why) => why,
    }
}

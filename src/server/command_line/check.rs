//! `kith check`: prints one line for each thing that it checks. Changes nothing.

use std::error::Error;
use std::path::Path;

use crate::server::config::Config;
use crate::server::folder::{Folder, no_kith_in, open_to_others};
use crate::store::{self, Finding};

/// Fails when anything is wrong; a warning is no failure. The configuration is valid: it was read
/// before.
pub async fn run(file: Option<&Path>, config: &Config) -> Result<(), Box<dyn Error>> {
    let file = Config::file(file);
    let name = file.map_or_else(|| "defaults".into(), |file| file.display().to_string());
    print("ok", "configuration", &name);
    let runs = if Folder::is_held(&config.data) { "a Kith runs" } else { "no Kith runs" };
    print("ok", "data folder", &format!("{} ({runs})", config.data.display()));
    // The URL of a database may hold a password.
    let secret = file.filter(|file| config.database.is_some() && store::is_open_to_others(file));
    for path in secret.map(Path::to_path_buf).into_iter().chain(open_to_others(&config.data)) {
        let path = path.display();
        let text = format!("other users of this machine may open {path}: chmod go= {path}");
        print("warn", "access", &text);
    }
    if config.database.is_none() && !config.data.join("kith.db").exists() {
        return Err(no_kith_in(&config.data).into());
    }
    let findings = store::check(config.database.as_deref(), &config.data).await?;
    for Finding { what, found } in &findings {
        match found {
            Ok(seen) => print("ok", what, seen),
            Err(wrong) => print("WRONG", what, wrong),
        }
    }
    if findings.iter().all(|finding| finding.found.is_ok()) {
        return Ok(());
    }
    Err("not all is as it should be: docs/operations.md says how to restore a backup".into())
}

fn print(verdict: &str, what: &str, text: &str) {
    println!("{verdict:5}  {what}: {text}");
}

//! Nobody else on the machine can read the data, whatever the folder and the umask allow.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::harness::process::{admin, ended, kith, kith_under, printed, serve};

/// Runs the rest of the command line where new files are open to everybody.
const GENEROUS: [&str; 3] = ["/bin/sh", "-c", r#"umask 000; exec "$0" "$@""#];

fn mode(path: &Path) -> u32 {
    let found = fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    found.permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode is set");
}

/// The files in a folder that others than their owner may open.
fn open_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file"));
    let open = entries.filter(|entry| mode(&entry.path()) & 0o077 != 0);
    open.map(|entry| entry.file_name().display().to_string()).collect()
}

#[test]
fn data_files_are_private_in_an_open_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder");
    set_mode(&data, 0o755);
    let server = serve(kith_under(&GENEROUS, folder.path()));
    for name in ["kith.db", "kith.db-wal", "kith.db-shm"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    assert_eq!(open_files(&data), [] as [&str; 0]);
    let checked = printed(&ended(kith(folder.path()).arg("check")));
    let warnings: Vec<&str> = checked.lines().filter(|line| line.starts_with("warn")).collect();
    assert_eq!(
        warnings,
        ["warn   access: other users of this machine may open data: chmod go= data"]
    );
    let (_, _, log) = server.end();
    assert!(log.contains("other users of this machine may open the data folder"), "{log}");

    let copy = folder.path().join("copy.db");
    let mut backup = kith_under(&GENEROUS, folder.path());
    printed(&ended(backup.arg("backup").arg(&copy)));
    assert_eq!(mode(&copy), 0o600);
}

#[test]
fn files_of_an_earlier_version_become_private() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = serve(kith(folder.path()));
    printed(&admin(folder.path(), &["create-user", "ann"]));
    // A killed server leaves all three files.
    server.kill();
    let files = ["kith.db", "kith.db-wal", "kith.db-shm"].map(|name| data.join(name));
    for file in &files {
        set_mode(file, 0o644);
    }
    let checked = printed(&ended(kith(folder.path()).arg("check")));
    assert_eq!(checked.matches("warn   access").count(), 3, "check changes nothing: {checked}");
    assert!(files.iter().all(|file| mode(file) == 0o644));
    let listed = printed(&admin(folder.path(), &["list-users"]));
    assert!(listed.contains("ann"), "{listed}");
    assert_eq!(open_files(&data), [] as [&str; 0]);
    assert!(!printed(&ended(kith(folder.path()).arg("check"))).contains("warn"));
}

#[test]
fn folders_that_kith_makes_are_private() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = serve(kith_under(&GENEROUS, folder.path()));
    assert_eq!(mode(&folder.path().join("data")), 0o700);
    let (_, _, log) = server.end();
    assert!(!log.contains("other users"), "{log}");

    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).expect("a folder");
    let mut demo = kith_under(&GENEROUS, folder.path());
    demo.arg("demo").env("TMPDIR", &temporary);
    let server = serve(demo);
    assert_eq!(open_files(&temporary), [] as [&str; 0]);
    assert!(server.end().0);
}

#[test]
fn database_at_an_own_url_is_private_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = kith_under(&GENEROUS, folder.path());
    command.env("KITH_DATABASE", "sqlite:elsewhere.db?mode=rwc");
    let server = serve(command);
    assert_eq!(mode(&folder.path().join("elsewhere.db")), 0o600);
    assert!(server.end().0);
}

/// It may hold the password of PostgreSQL.
#[test]
fn check_warns_of_a_readable_configuration_with_a_database() {
    let folder = tempfile::tempdir().expect("a folder");
    printed(&admin(folder.path(), &["create-user", "ann"]));
    let file = folder.path().join("kith.toml");
    for (text, mode, warned) in [
        ("database = 'sqlite:data/kith.db'", 0o644, true),
        ("database = 'sqlite:data/kith.db'", 0o600, false),
        ("hold_seconds = 20", 0o644, false),
    ] {
        fs::write(&file, text).expect("a file");
        set_mode(&file, mode);
        let checked = printed(&ended(kith(folder.path()).arg("check")));
        assert_eq!(checked.contains("may open kith.toml"), warned, "{text} {mode:o}: {checked}");
    }
}

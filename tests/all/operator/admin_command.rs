//! `kith admin`, with and without a Kith that serves the data folder.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::process::{Served, admin, ended, kith, printed, serve, why};
use crate::harness::{Database, PASSWORD, TestApp};

/// A data folder with ann, the administrator, and bob; with a server or without.
struct House {
    folder: TempDir,
    server: Option<Served>,
}

impl House {
    fn new(serving: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = serving.then(|| serve(kith(folder.path())));
        let house = Self { folder, server };
        house.done(&["create-user", "ann"]);
        house.done(&["create-user", "bob", "--display-name", "王美丽"]);
        house
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn done(&self, arguments: &[&str]) -> String {
        printed(&admin(self.path(), arguments))
    }

    fn refused(&self, arguments: &[&str]) -> String {
        why(&admin(self.path(), arguments))
    }

    /// Tries to sign in and returns the answer. Starts a server for it where none runs.
    fn sign_in(&self, username: &str) -> String {
        match &self.server {
            Some(server) => server.sign_in(username, PASSWORD),
            None => {
                let server = serve(kith(self.path()));
                let answer = server.sign_in(username, PASSWORD);
                assert!(server.end().0);
                answer
            }
        }
    }

    fn listed(&self, username: &str) -> Value {
        let all = self.done(&["list-users", "--json", "--search", username]);
        let all: Value = serde_json::from_str(&all).expect("JSON");
        all[0].clone()
    }
}

fn while_it_runs_or_not(test: impl Fn(&House)) {
    for serving in [false, true] {
        let house = House::new(serving);
        test(&house);
        if let Some(server) = house.server {
            let (well, _, log) = server.end();
            assert!(well && !log.contains(PASSWORD), "{log}");
        }
    }
}

#[test]
fn admin_command_creates_lists_and_disables_accounts() {
    while_it_runs_or_not(|house| {
        let table = house.done(&["list-users"]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3, "{table}");
        let name = lines[0].find("NAME").map(|_| lines[0].rfind("NAME").expect("a column"));
        assert_eq!(lines[2].find("王美丽"), name, "the columns stand below one another: {table}");
        assert!(lines[1].starts_with("ann") && lines[1].contains("administrator"), "{table}");
        assert_eq!(house.done(&["list-users", "--search", "王"]).lines().count(), 2);

        assert!(house.sign_in("bob").starts_with("HTTP/1.1 200"));
        house.done(&["disable", "bob"]);
        assert_eq!(house.listed("bob")["disabled"], true);
        let answer = house.sign_in("bob");
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
        house.done(&["enable", "BOB"]);
        assert!(house.sign_in("bob").starts_with("HTTP/1.1 200"));
        assert!(house.refused(&["disable", "carol"]).contains("nobody here is called carol"));
    });
}

#[test]
fn admin_command_keeps_the_last_administrator() {
    while_it_runs_or_not(|house| {
        for arguments in [["unmake-admin", "ann"], ["disable", "ann"]] {
            let said = house.refused(&arguments);
            assert!(said.contains("ann is the last administrator"), "{said}");
        }
        house.done(&["make-admin", "bob"]);
        house.done(&["unmake-admin", "ann"]);
        assert_eq!(house.listed("bob")["administrator"], true);
        assert_eq!(house.listed("ann")["administrator"], false);
        house.done(&["disable", "ann"]);
        let said = house.refused(&["make-admin", "ann"]);
        assert!(said.contains("ann is disabled"), "{said}");
        let said = house.refused(&["delete-user", "bob", "--for-good"]);
        assert!(said.contains("bob is the last administrator"), "{said}");
        house.done(&["delete-user", "ann", "--for-good"]);
        assert_eq!(house.done(&["list-users"]).lines().count(), 2);
    });
}

#[test]
fn admin_command_sets_passwords_and_ends_sign_ins() {
    while_it_runs_or_not(|house| {
        assert!(house.sign_in("bob").starts_with("HTTP/1.1 200"));
        assert_eq!(house.listed("bob")["sign_ins"], 1);
        house.done(&["sign-out", "bob"]);
        assert_eq!(house.listed("bob")["sign_ins"], 0);
        house.sign_in("bob");
        house.done(&["set-password", "bob"]);
        assert_eq!(house.listed("bob")["sign_ins"], 0);
        assert!(house.sign_in("bob").starts_with("HTTP/1.1 200"));
        let said = house.done(&["set-password", "bob", "--one-time"]);
        assert!(said.contains("another one") && !said.contains(PASSWORD), "{said}");
        assert!(house.listed("bob")["one_time_until"].is_i64());
        house.done(&["create-user", "carol", "--one-time"]);
        assert!(house.done(&["list-users"]).contains("one-time password"));

        let short = kith(house.path()).args(["admin", "set-password", "bob"]).output();
        let said = why(&short.expect("kith ends"));
        assert!(said.contains("8 to 128 characters"), "{said}");
        let said = house.refused(&["create-user", "no spaces"]);
        assert!(said.contains("A username has only letters"), "{said}");
    });
}

#[test]
fn admin_command_sets_registration_and_makes_links() {
    while_it_runs_or_not(|house| {
        assert!(house.done(&["registration"]).contains("Everybody may"));
        assert!(house.done(&["registration", "closed"]).contains("Nobody may"));
        assert!(house.done(&["registration", "by-link"]).contains("Whoever has a link"));
        let made = house.done(&["registration-link", "create", "--uses", "3", "--days", "2"]);
        assert!(made.contains("/register?invite=") && made.contains("3 accounts"), "{made}");
        if let Some(server) = &house.server {
            assert!(made.starts_with(&format!("http://{}/", server.address)), "{made}");
        }
        assert!(house.done(&["registration", "show"]).ends_with(&made));
        let link = made.split(' ').next().expect("a link");
        house.done(&["registration-link", "revoke", link]);
        assert!(!house.done(&["registration", "show"]).contains("invite="));
        let said = house.refused(&["registration-link", "revoke", link]);
        assert!(said.contains("no such link"), "{said}");
        assert!(house.done(&["registration", "open"]).contains("Everybody may"));
    });
}

#[test]
fn shutdown_does_not_wait_for_open_websockets() {
    let mut house = House::new(true);
    let server = house.server.take().expect("a server");
    let cookie = server.cookie("bob");
    let mut socket = server.web_socket(2, &cookie);
    assert!(socket.read().expect("a batch").is_text());
    let began = Instant::now();
    let reading = std::thread::spawn(move || {
        std::iter::repeat_with(|| socket.read()).find(|said| !matches!(said, Ok(Message::Text(_))))
    });
    let (well, _, log) = server.end();
    assert!(well && !log.contains("did not end in time"), "{log}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let last = reading.join().expect("it reads").expect("an end");
    assert!(matches!(last, Ok(Message::Close(_))), "{last:?}");
}

#[test]
fn disabling_by_command_ends_held_receives() {
    let house = House::new(true);
    let server = house.server.as_ref().expect("a server");
    let cookie = server.cookie("bob");
    std::thread::scope(|threads| {
        let held = threads.spawn(|| server.receive_until_refused(2, &cookie));
        // Usually long enough for the receive to be held. If it is not, it is refused all the same.
        std::thread::sleep(Duration::from_millis(500));
        assert!(!held.is_finished());
        house.done(&["disable", "bob"]);
        let done = Instant::now();
        let answer = held.join().expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(done.elapsed() < Duration::from_secs(10), "the hold did not run out");
    });
}

#[test]
fn other_users_of_the_machine_cannot_run_admin_commands() {
    let house = House::new(true);
    let data = house.path().join("data");
    let mode = |name: &str| std::fs::metadata(data.join(name)).expect("a file").mode() & 0o777;
    assert_eq!((mode("kith.sock"), mode("kith.lock")), (0o600, 0o600));
    if std::fs::metadata(&data).expect("a folder").uid() != 0 {
        eprintln!("only root can try it as somebody else");
        return;
    }
    // Even with permissive file modes.
    for (path, mode) in [(house.path(), 0o755), (&data, 0o755)] {
        set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }
    for name in ["kith.sock", "kith.lock"] {
        set_permissions(data.join(name), Permissions::from_mode(0o666)).expect("it is ours");
    }
    // The program itself may be in a folder that other users cannot read.
    let program = house.path().join("kith");
    std::fs::copy(kith(house.path()).get_program(), &program).expect("a copy of the program");
    let mut stranger = Command::new(&program);
    stranger.current_dir(house.path()).env_clear().uid(65_534).gid(65_534);
    let output = stranger.args(["admin", "list-users"]).output().expect("anybody may run it");
    let said = why(&output);
    assert!(said.contains("only the user that Kith runs as"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_folder_lock_works_with_postgres() {
    let app = TestApp::start(Database::Postgres).await;
    let ann = app.person("ann").await;
    let folder = tempfile::tempdir().expect("a folder");
    let at = || {
        let mut command = kith(folder.path());
        command.env("KITH_DATABASE", app.policy().database.expect("a URL"));
        command
    };
    // No server runs on this folder: the command opens the database beside the Kith of another
    // folder.
    printed(&ended(at().args(["admin", "create-user", "bob"])));
    assert_eq!(ann.find("bob").await.people.len(), 1);
    let server = serve(at());
    assert!(printed(&ended(at().args(["admin", "list-users"]))).contains("bob"));
    assert!(why(&ended(&mut at())).contains("another Kith runs"));
    assert!(server.end().0);
}

#[test]
fn admin_socket_works_under_a_very_long_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let data: PathBuf = folder.path().join("a".repeat(100)).join("b".repeat(100));
    let at = || {
        let mut command = kith(folder.path());
        command.env("KITH_DATA", &data);
        command
    };
    let server = serve(at());
    assert!(data.join("kith.sock").exists());
    printed(&ended(at().args(["admin", "create-user", "ann"])));
    assert!(server.sign_in("ann", PASSWORD).starts_with("HTTP/1.1 200"));
    assert!(server.end().0);
    assert!(!data.join("kith.sock").exists());
}

#[test]
fn missing_admin_socket_is_reported_and_does_not_stop_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    // A socket cannot replace a folder that is not empty.
    std::fs::create_dir_all(folder.path().join("data/kith.sock/taken")).expect("folders");
    let server = serve(kith(folder.path()));
    let said = why(&admin(folder.path(), &["create-user", "ann"]));
    assert!(said.contains("its socket there cannot be reached"), "{said}");
    let (well, _, log) = server.end();
    assert!(well && log.contains("kith admin"), "{log}");
}

//! The program itself, started, configured and ended by an operator.

use std::fs::File;
use std::net::TcpListener;

use crate::harness::PASSWORD;
use crate::harness::process::{admin, ended, kith, printed, serve, why};

#[test]
fn operator_creates_the_first_account_without_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = admin(folder.path(), &["create-user", "ann", "--display-name", "李雷"]);
    assert_eq!(printed(&made), "made user 1: ann, an administrator's\n");
    let again = admin(folder.path(), &["create-user", "Ann"]);
    assert!(why(&again).contains("taken"), "{again:?}");

    let server = serve(kith(folder.path()));
    let answer = server.sign_in("ANN", PASSWORD);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (well, printed, _) = server.end();
    assert!(well, "SIGTERM is no failure");
    assert!(!printed.contains("setup="), "somebody is here: {printed}");
}

#[test]
fn invalid_setting_stops_the_start_and_names_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("other.toml");
    std::fs::write(&file, "retention_days = 0").expect("a file");
    let by_variable = kith(folder.path()).env("KITH_HOLD_SECONDS", "soon").output();
    let by_file = kith(folder.path()).arg("--config").arg(&file).output();
    let unknown = kith(folder.path()).env("KITH_HOLD_SECOND", "20").output();
    for (output, key) in [
        (by_variable, "KITH_HOLD_SECONDS"),
        (by_file, "retention_days"),
        (unknown, "KITH_HOLD_SECOND"),
    ] {
        let output = output.expect("kith ends");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(key), "{said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn port_in_use_stops_the_start_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let somebody = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = somebody.local_addr().expect("the port").to_string();
    let output = kith(folder.path()).env("LEPTOS_SITE_ADDR", &address).output().expect("kith ends");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&address), "{said}");
    assert!(!folder.path().join("data").exists(), "no table was made or changed");
}

/// The disk of the log may be full.
#[test]
fn unwritable_log_does_not_stop_the_server() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("SKIPPED: this system has no /dev/full");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    printed(&admin(folder.path(), &["create-user", "ann"]));
    let mut command = kith(folder.path());
    command.env("KITH_LOG", "debug").stderr(full);
    let server = serve(command);
    for _ in 0..3 {
        let answer = server.sign_in("ann", PASSWORD);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(server.end().0);
}

#[test]
fn data_folder_name_may_have_any_characters() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("deep/er");
    std::fs::create_dir_all(&inner).expect("folders");
    for data in ["my data", "50%", "who?", "../../up"] {
        let server = serve({
            let mut command = kith(&inner);
            command.env("KITH_DATA", data);
            command
        });
        assert!(server.end().0, "{data}");
        assert!(inner.join(data).join("kith.db").exists(), "{data}");
    }
}

#[test]
fn log_has_no_password_token_or_message_text() {
    let folder = tempfile::tempdir().expect("a folder");
    printed(&admin(folder.path(), &["create-user", "ann"]));
    let server = serve({
        let mut command = kith(folder.path());
        command.env("KITH_LOG", "debug").env("KITH_LOG_FORMAT", "json");
        command
    });
    printed(&admin(folder.path(), &["set-password", "ann"]));
    let cookie = server.cookie("ann");
    let text = "for_user=1&contact=user-9&client_id=a&text=between-us";
    let answer = server.post("send_message", &cookie, text);
    assert!(answer.contains("not_a_contact"), "{answer}");
    server.sign_in("ann", "wrong-but-secret");
    let (_, _, log) = server.end();
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect(line);
    }
    assert!(log.contains("/api/send_message"), "calls are logged: {log}");
    let token = cookie.split_once('=').expect("a pair").1;
    for secret in [PASSWORD, "wrong-but-secret", token, "between-us"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[test]
fn data_folder_is_served_by_one_process_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = serve(kith(folder.path()));
    let said = why(&ended(&mut kith(folder.path())));
    assert!(said.contains("another Kith runs on the data folder data"), "{said}");
    printed(&admin(folder.path(), &["create-user", "ann"]));
    assert!(server.sign_in("ann", PASSWORD).starts_with("HTTP/1.1 200"), "it was not disturbed");
    server.kill();

    // The lock file of a killed server does not stop the next one.
    let socket = folder.path().join("data/kith.sock");
    assert!(socket.exists());
    printed(&admin(folder.path(), &["create-user", "bob"]));
    let server = serve(kith(folder.path()));
    let listed = printed(&admin(folder.path(), &["list-users"]));
    assert!(listed.contains("ann") && listed.contains("bob"), "{listed}");
    assert!(server.end().0);
    assert!(!socket.exists());
}

#[test]
fn wrong_usage_and_failure_have_different_exit_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["sing"] as &[&str],
        &["admin"],
        &["admin", "disable"],
        &["admin", "set-password", "ann", "password"],
        &["admin", "registration", "perhaps"],
        &["admin", "registration-link", "create", "--days", "91"],
        &["demo", "--seed-only"],
    ] {
        let output = ended(kith(folder.path()).args(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    }
    let help = printed(&ended(kith(folder.path()).arg("--help")));
    for command in ["serve", "admin", "backup", "check", "demo", "--config", "Examples:"] {
        assert!(help.contains(command), "{help}");
    }
    let said = why(&admin(folder.path(), &["list-users"]));
    assert!(said.contains("no Kith in the data folder"), "{said}");
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn demo_serves_a_temporary_populated_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let thrown_away = folder.path().join("temporary");
    std::fs::create_dir(&thrown_away).expect("a folder");
    // A configuration file names another data folder, which the demo must not touch.
    std::fs::write(folder.path().join("Leptos.toml"), "data = \"mine\"").expect("a file");
    let server = serve({
        let mut command = kith(folder.path());
        command.arg("demo").env("TMPDIR", &thrown_away);
        command
    });
    for visitor in ["ann", "meili"] {
        assert!(server.sign_in(visitor, "demo demo").starts_with("HTTP/1.1 200"), "{visitor}");
    }
    assert!(server.first_lines.contains("Sign in as ann or meili"), "{}", server.first_lines);
    assert!(server.end().0);
    assert_eq!(std::fs::read_dir(&thrown_away).expect("a folder").count(), 0);
    assert!(!folder.path().join("mine").exists());

    let seed = ["demo", "--data", "kept", "--seed-only", "--messages", "10"];
    printed(&ended(kith(folder.path()).args(seed)));
    let said = why(&ended(kith(folder.path()).args(seed)));
    assert!(said.contains("holds a Kith already"), "{said}");
    let mut list = kith(folder.path());
    list.env("KITH_DATA", "kept").args(["admin", "list-users", "--json"]);
    let listed: serde_json::Value =
        serde_json::from_str(&printed(&ended(&mut list))).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(12), "{listed}");
}

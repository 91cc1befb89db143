//! A server whose connections are all taken, and one that its settings make crowded.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::net::{TcpSocket, TcpStream};
use tokio::task::block_in_place;

use crate::harness::process::{admin, ended, kith, kith_under, printed, serve};
use crate::harness::{PASSWORD, eventually};

/// The limit on file descriptors of the crowded server. Half of them are for connections, and three
/// quarters of these for one address.
const DESCRIPTORS: usize = 256;

async fn connect_from(from: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((from, 0))).expect("an address of this machine");
    socket.connect(to).await.expect("a connection")
}

/// Whether the server has closed a connection on which it says nothing.
fn is_closed(connection: &TcpStream) -> bool {
    match connection.try_read(&mut [0; 1]) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    }
}

/// A command that may have only so many files open.
fn limited(folder: &Path) -> Command {
    let limit = format!("ulimit -n {DESCRIPTORS} && exec \"$0\" \"$@\"");
    kith_under(&["sh", "-c", limit.as_str()], folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admin_command_is_answered_while_all_connections_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = limited(folder.path());
    command.env("KITH_HEAD_SECONDS", "600");
    let server = block_in_place(|| serve(command));
    block_in_place(|| printed(&admin(folder.path(), &["create-user", "ann"])));

    let mut open = Vec::new();
    // Each of these addresses alone is refused before all connections are taken.
    for from in [[127, 0, 0, 2], [127, 0, 0, 3]] {
        for _ in 0..DESCRIPTORS / 2 {
            open.push(connect_from(from, server.address).await);
        }
    }
    // Those that are neither closed nor let in wait.
    eventually("the first address has too many", async || {
        open.iter().filter(|connection| is_closed(connection)).count() >= DESCRIPTORS / 8
    })
    .await;
    let asked = Instant::now();
    let listed = block_in_place(|| printed(&admin(folder.path(), &["list-users"])));
    assert!(listed.contains("ann"), "{listed}");
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());

    drop(open);
    let answer = block_in_place(|| server.sign_in("ann", PASSWORD));
    assert!(answer.starts_with("HTTP/1.1 200"), "it serves again: {answer}");
    let (well, _, log) = block_in_place(|| server.end());
    assert!(well, "{log}");
    for warning in ["all connections are taken", "too many connections from one address"] {
        let lines = log.lines().filter(|line| line.contains(warning)).count();
        assert!(lines <= 1, "strangers cannot fill the log: {log}");
    }
    assert!(!log.contains("no connection can be accepted"), "descriptors are left: {log}");
}

#[test]
fn settings_that_are_probably_not_meant_are_warned_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let log_with = |settings: &[(&str, &str)]| {
        let mut command = limited(folder.path());
        command.envs(settings.iter().copied());
        let (well, _, log) = serve(command).end();
        assert!(well, "{log}");
        log
    };
    let proxy = ("KITH_TRUSTED_PROXIES", r#"["127.0.0.1/32"]"#);
    // The harness reads the address from here.
    let public = ("KITH_PUBLIC_URL", "HTTP://127.0.0.1:81/");
    let warning = "trusted_proxies is empty";
    assert!(log_with(&[public]).contains(warning));
    assert!(!log_with(&[public, proxy]).contains(warning));
    assert!(!log_with(&[]).contains(warning));
    let many = log_with(&[("KITH_CONNECTIONS", "1000")]);
    assert!(many.contains("the limit on file descriptors is too low"), "{many}");
}

#[test]
fn limits_on_connections_are_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    for (variable, value) in [
        ("KITH_CONNECTIONS", "1000001"),
        ("KITH_CONNECTIONS_PER_ADDRESS", "-1"),
        ("KITH_HEAD_SECONDS", "0"),
        ("KITH_HEAD_KILOBYTES", "7"),
        ("KITH_BODY_SECONDS", "0"),
        ("KITH_IDLE_SECONDS", "0"),
        ("KITH_UNREAD_SECONDS", "0"),
    ] {
        let output = ended(kith(folder.path()).env(variable, value));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{variable}");
        // A number out of range is reported by its key, another value by its variable.
        let key = variable.trim_start_matches("KITH_").to_lowercase();
        assert!(said.contains(variable) || said.contains(&key), "{said}");
    }
}

//! The program itself, as an operator starts, configures and ends it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::harness::{PASSWORD, PATIENCE};

fn kith(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.current_dir(folder).env_clear().env("LEPTOS_OUTPUT_NAME", "kith");
    command.env("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn create_user(folder: &Path, name: &str) -> Output {
    let mut child = kith(folder)
        .args(["admin", "create-user", name, "--display-name", "李雷"])
        .spawn()
        .expect("kith starts");
    let mut stdin = child.stdin.take().expect("a standard input");
    writeln!(stdin, "{PASSWORD}").expect("kith reads the password");
    drop(stdin);
    child.wait_with_output().expect("kith ends")
}

/// A running server, and the first lines that it printed.
struct Server {
    child: Child,
    address: SocketAddr,
    printed: BufReader<std::process::ChildStdout>,
}

fn serve(mut command: Command) -> Server {
    let mut child = command.spawn().expect("kith starts");
    let mut printed = BufReader::new(child.stdout.take().expect("a standard output"));
    let mut line = String::new();
    printed.read_line(&mut line).expect("kith says where it is");
    let url = line.trim().strip_prefix("Kith is ready at http://").expect(&line);
    let address = url.parse().expect("an address");
    Server { child, address, printed }
}

impl Server {
    /// Posts a form and returns the whole answer.
    fn post(&self, call: &str, cookie: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("kith listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        write!(
            stream,
            "POST /api/{call} HTTP/1.1\r\nHost: kith.test\r\nConnection: close\r\n\
             Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .expect("kith reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("kith answers");
        answer
    }

    /// Asks the process to end, as an init system does, and returns what it printed and logged.
    fn end(mut self) -> (bool, String, String) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        let (mut rest, mut log) = (String::new(), String::new());
        self.printed.read_to_string(&mut rest).expect("what it printed");
        let mut stderr = self.child.stderr.take().expect("a standard error");
        stderr.read_to_string(&mut log).expect("the log");
        (self.child.wait().expect("kith ends").success(), rest, log)
    }
}

#[test]
fn an_operator_makes_the_first_account_without_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = create_user(folder.path(), "ann");
    assert!(made.status.success(), "{made:?}");
    let again = create_user(folder.path(), "Ann");
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("taken"), "{again:?}");

    let server = serve(kith(folder.path()));
    let answer = server.post("sign_in", "", &format!("username=ANN&password={PASSWORD}"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (well, printed, _) = server.end();
    assert!(well, "SIGTERM is no failure");
    assert!(!printed.contains("setup="), "somebody is here: {printed}");
}

#[test]
fn a_wrong_setting_stops_the_start_and_names_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("other.toml");
    std::fs::write(&file, "retention_days = 0").expect("a file");
    let by_variable = kith(folder.path()).env("KITH_HOLD_SECONDS", "soon").output();
    let by_file = kith(folder.path()).arg("--config").arg(&file).output();
    let unknown = kith(folder.path()).env("KITH_HOLD_SECOND", "20").output();
    for (output, key) in
        [(by_variable, "hold_seconds"), (by_file, "retention_days"), (unknown, "KITH_HOLD_SECOND")]
    {
        let output = output.expect("kith ends");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(key), "{said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn nothing_is_begun_where_somebody_listens_already() {
    let folder = tempfile::tempdir().expect("a folder");
    let somebody = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = somebody.local_addr().expect("the port").to_string();
    let output = kith(folder.path()).env("LEPTOS_SITE_ADDR", &address).output().expect("kith ends");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(&address), "{said}");
    assert!(!folder.path().join("data").exists(), "no table was made or changed");
}

#[test]
fn a_folder_of_any_name_holds_the_data() {
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
fn the_log_holds_no_password_token_or_text() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(create_user(folder.path(), "ann").status.success());
    let server = serve({
        let mut command = kith(folder.path());
        command.env("KITH_LOG", "debug").env("KITH_LOG_FORMAT", "json");
        command
    });
    let answer = server.post("sign_in", "", &format!("username=ann&password={PASSWORD}"));
    let cookie =
        answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = cookie.split(';').next().expect("a pair").to_string();
    let text = "for_user=1&contact=user-9&client_id=a&text=between-us";
    let answer = server.post("send_message", &cookie, text);
    assert!(answer.contains("not_a_contact"), "{answer}");
    server.post("sign_in", "", "username=ann&password=wrong-but-secret");
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

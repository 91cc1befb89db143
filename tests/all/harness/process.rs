//! The program itself, run as an operator runs it, and called over bare connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio_tungstenite::tungstenite::client::{IntoClientRequest, client};
use tokio_tungstenite::tungstenite::{Message, WebSocket};

use super::{LONG_MS, PASSWORD, PATIENCE, TestApp};

/// A command that runs in `folder`, with its data folder in `data` there.
pub fn kith(folder: &Path) -> Command {
    kith_under(&[], folder)
}

/// The same, started by another program: its name and arguments, followed by the path of Kith.
pub fn kith_under(wrapper: &[&str], folder: &Path) -> Command {
    let kith = env!("CARGO_BIN_EXE_kith");
    let mut words = wrapper.iter().copied().chain([kith]);
    let mut command = Command::new(words.next().unwrap_or(kith));
    command.args(words);
    command.current_dir(folder).env_clear().env("LEPTOS_OUTPUT_NAME", "kith");
    command.env("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `kith admin …` to its end, and types the password that it may ask for.
pub fn admin(folder: &Path, arguments: &[&str]) -> Output {
    ended(kith(folder).arg("admin").args(arguments))
}

/// Runs a command to its end, and types the password that it may ask for.
pub fn ended(command: &mut Command) -> Output {
    let mut child = command.spawn().expect("kith starts");
    let mut stdin = child.stdin.take().expect("a standard input");
    // A command that asks for no password may have ended.
    writeln!(stdin, "{PASSWORD}").ok();
    drop(stdin);
    child.wait_with_output().expect("kith ends")
}

/// Runs `kith check` as a process beside the one that serves.
pub async fn check(app: &TestApp) -> Output {
    let mut command = kith(app.folder());
    command.arg("check").env("KITH_DATA", app.folder());
    if let Some(url) = app.policy().database {
        command.env("KITH_DATABASE", url);
    }
    spawn_blocking(move || ended(&mut command)).await.expect("kith ends")
}

/// The output of a command, which must succeed.
pub fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The error text of a command, which must fail.
pub fn why(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running server.
pub struct Served {
    child: Running,
    pub address: SocketAddr,
    /// The lines printed before the address.
    pub first_lines: String,
    printed: BufReader<ChildStdout>,
}

pub fn serve(mut command: Command) -> Served {
    let mut child = Running(command.spawn().expect("kith starts"));
    let mut printed = BufReader::new(child.0.stdout.take().expect("a standard output"));
    let mut first_lines = String::new();
    loop {
        let mut line = String::new();
        let read = printed.read_line(&mut line).expect("kith says where it is");
        if let Some(url) = line.trim().strip_prefix("Kith is ready at http://") {
            let address = url.parse().expect("an address");
            return Served { child, address, first_lines, printed };
        }
        assert_ne!(read, 0, "kith did not start: {first_lines}");
        first_lines.push_str(&line);
    }
}

impl Served {
    /// Posts a form and returns the whole answer as text.
    pub fn post(&self, call: &str, cookie: &str, form: &str) -> String {
        post(self.address, call, cookie, "application/x-www-form-urlencoded", form)
    }

    /// Tries to sign in and returns the whole answer as text.
    pub fn sign_in(&self, username: &str, password: &str) -> String {
        self.post("sign_in", "", &format!("username={username}&password={password}"))
    }

    /// The cookie of a new sign-in.
    pub fn cookie(&self, username: &str) -> String {
        let answer = self.sign_in(username, PASSWORD);
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        cookie.expect(&answer).split(';').next().expect("a pair").to_string()
    }

    /// Receives until the sign-in of `user` has ended, and returns the refusal.
    pub fn receive_until_refused(&self, user: i64, cookie: &str) -> String {
        let mut asked = json!({ "for_user": user });
        loop {
            let body = asked.to_string();
            let answer = post(self.address, "receive", cookie, "application/json", &body);
            if !answer.starts_with("HTTP/1.1 200") {
                return answer;
            }
            let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
            let batch: Value = serde_json::from_str(body).expect(body);
            asked["cursor"] = batch["cursor"].clone();
            asked["hold_ms"] = json!(LONG_MS);
            if let Some(version) = batch["presence"]["version"].as_str() {
                asked["presence_version"] = json!(version);
            }
        }
    }

    /// Opens the WebSocket of `user`, from the present cursor on.
    pub fn web_socket(&self, user: i64, cookie: &str) -> WebSocket<TcpStream> {
        let stream = TcpStream::connect(self.address).expect("kith listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let request = format!("ws://{}/api/socket", self.address).into_client_request();
        let mut request = request.expect("a URL");
        request.headers_mut().insert("cookie", cookie.parse().expect("a cookie"));
        let (mut socket, _) = client(request, stream).expect("a WebSocket");
        let opening = json!({ "for_user": user }).to_string();
        socket.send(Message::text(opening)).expect("it is sent");
        socket
    }

    /// Reads what the server prints up to a line with this text, and returns that line.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.printed.read_line(&mut line).expect("kith prints lines");
            assert_ne!(read, 0, "kith printed no line with {text}");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Sends SIGTERM, as an init system does; returns success, standard output and log.
    pub fn end(mut self) -> (bool, String, String) {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        let (mut rest, mut log) = (String::new(), String::new());
        self.printed.read_to_string(&mut rest).expect("what it printed");
        // A test may have sent the log elsewhere.
        if let Some(mut stderr) = self.child.0.stderr.take() {
            stderr.read_to_string(&mut log).expect("the log");
        }
        (self.child.0.wait().expect("kith ends").success(), rest, log)
    }

    /// Kills the process.
    pub fn kill(self) {
        drop(self);
    }
}

/// A process that ends with its test, also when that panics.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn post(address: SocketAddr, call: &str, cookie: &str, kind: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("kith listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    write!(
        stream,
        "POST /api/{call} HTTP/1.1\r\nHost: kith.test\r\nConnection: close\r\n\
         Cookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("kith reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("kith answers");
    answer
}

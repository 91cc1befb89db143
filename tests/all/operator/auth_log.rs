//! The log of sign-ins and failed attempts, as an operator and fail2ban read it.

use crate::harness::PASSWORD;
use crate::harness::process::{Served, admin, kith, printed, serve};

/// A line of docs/operations.md.
fn documented(start: &str) -> &'static str {
    let text = include_str!("../../../docs/operations.md");
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no line with {start}"))
}

/// The lines of the log about authentication, from their target on.
fn lines(log: &str) -> Vec<&str> {
    log.lines().filter_map(|line| line.find("kith::auth: ").map(|at| &line[at..])).collect()
}

fn served(folder: &std::path::Path, settings: &[(&str, &str)]) -> Served {
    printed(&admin(folder, &["create-user", "ann"]));
    let mut command = kith(folder);
    command.envs(settings.iter().copied());
    serve(command)
}

#[test]
fn each_sign_in_and_each_failed_attempt_is_logged_with_its_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = served(folder.path(), &[]);
    let phone = server.cookie("ANN");
    server.sign_in("ann", "wrong-but-secret");
    server.sign_in("secret-typed-as-a-name", "wrong-but-secret");
    let form = format!("username=bob&display_name=Bob&password={PASSWORD}");
    let registered = server.post("register", "", &form);
    assert!(registered.starts_with("HTTP/1.1 200"), "{registered}");
    let laptop = server.cookie("ann");
    // 1 is the phone, 2 is Bob's, 3 is the laptop.
    server.post("revoke_sign_in", &laptop, "id=1");
    let phone_is_out = server.post("set_profile", &phone, "for_user=1&display_name=A&bio=");
    assert!(phone_is_out.contains("unauthorised"), "{phone_is_out}");
    let guess = "for_user=1&password=a-wrong-guess&new_password=another+horse";
    server.post("change_password", &laptop, guess);
    let form = format!("for_user=1&password={PASSWORD}&new_password=another+horse");
    server.post("change_password", &laptop, &form);
    server.post("sign_out", &laptop, "");
    printed(&admin(folder.path(), &["disable", "bob"]));
    server.sign_in("bob", PASSWORD);
    let (_, _, log) = server.end();

    let from = "address=127.0.0.1";
    assert_eq!(
        lines(&log),
        [
            format!("kith::auth: signed in {from} user=1 username=\"ann\""),
            format!("kith::auth: sign-in failed {from} user=1 username=\"ann\""),
            format!("kith::auth: sign-in failed {from}"),
            format!("kith::auth: registered {from} user=2 username=\"bob\""),
            format!("kith::auth: signed in {from} user=1 username=\"ann\""),
            format!("kith::auth: sign-in revoked {from} user=1 sign_in=1"),
            format!("kith::auth: password check failed {from} user=1"),
            format!("kith::auth: password changed {from} user=1"),
            format!("kith::auth: signed out {from} user=1"),
            format!("kith::auth: account is disabled {from} user=2 username=\"bob\""),
        ]
    );
    let tokens = [&phone, &laptop].map(|cookie| cookie.split_once('=').expect("a pair").1);
    for secret in [PASSWORD, "secret", "guess", "another", tokens[0], tokens[1]] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }

    // What fail2ban looks for, with the address in place of its tag.
    let wanted = documented("failregex = ").trim_start_matches("failregex = ");
    let wanted = wanted.replace("<HOST>", "127.0.0.1");
    let (wanted, end) = wanted.split_at(wanted.find('(').expect("an end of the address"));
    assert_eq!(end, r"(?:\s|$)");
    assert_eq!(log.matches(wanted).count(), 2, "{wanted}");
}

#[test]
fn reached_limits_are_logged() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = served(folder.path(), &[("KITH_ATTEMPTS_PER_MINUTE", "2")]);
    let ann = server.cookie("ann");
    for _ in 0..3 {
        server.post("change_password", &ann, "for_user=1&password=x&new_password=another+horse");
    }
    server.sign_in("nobody", "a-guess");
    server.sign_in("nobody-else", "a-guess");
    let (_, _, log) = server.end();
    let from = "address=127.0.0.1";
    let reached: Vec<&str> =
        lines(&log).into_iter().filter(|line| line.contains("limit reached")).collect();
    assert_eq!(
        reached,
        [
            format!("kith::auth: limit reached {from} limit=PasswordChecks"),
            format!("kith::auth: limit reached {from} limit=AttemptsFromAddress"),
        ]
    );
}

#[test]
fn log_for_programs_has_the_same_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = served(folder.path(), &[("KITH_LOG_FORMAT", "json")]);
    server.sign_in("ann", "wrong-but-secret");
    let (_, _, log) = server.end();
    let lines =
        log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect(line));
    let failed: Vec<_> = lines.filter(|line| line["target"] == "kith::auth").collect();
    let [line] = &failed[..] else { panic!("one line: {log}") };
    assert_eq!(
        line["fields"],
        serde_json::json!({
            "message": "sign-in failed", "address": "127.0.0.1", "user": 1, "username": "ann",
        })
    );
}

//! The examples of `docs/api.md`: its `curl` lines run in order against a new server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::process::{kith, serve};

/// Replaces `curl` by a function that also notes each call: status, path and answer.
const PRELUDE: &str = r#"set -eu
curl() {
    local status path argument
    for argument in "$@"; do
        case $argument in "$KITH"/*) path=${argument#"$KITH"} ;; esac
    done
    : >answer
    status=$(command curl -sS --max-time 30 -o answer -w '%{http_code}' "$@")
    printf '%s %s %s\n' "$status" "$path" "$(tr -d '\n' <answer)" >>calls
    cat answer
}
"#;

/// A section of the document: the calls that its heading names, its examples and its text.
struct Section {
    heading: String,
    script: String,
    /// The first answer in the text: JSON, in which `…` stands for what is left out.
    sample: Option<String>,
}

fn sections(document: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    for part in document.split("\n## ").flat_map(|part| part.split("\n### ")) {
        let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
        let mut script = String::new();
        let mut text = String::new();
        let mut in_script = false;
        for line in body.lines() {
            match line {
                "```sh" => in_script = true,
                "```" => in_script = false,
                line if in_script => script.push_str(&format!("{line}\n")),
                line => text.push_str(&format!("{line} ")),
            }
        }
        let code = text.split('`').skip(1).step_by(2).map(str::to_owned);
        let sample = code.into_iter().find(|code| code.starts_with(['{', '[']));
        sections.push(Section { heading: heading.to_owned(), script, sample });
    }
    sections
}

/// The names of the outermost object, or of the first object in the outermost array.
fn names(json: &str) -> BTreeSet<String> {
    let outermost = if json.starts_with('[') { 2 } else { 1 };
    let (mut depth, mut names) = (0, BTreeSet::new());
    let mut rest = json;
    while let Some(at) = rest.find(['{', '}', '[', ']', '"']) {
        let sign = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match sign {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth < outermost {
                    break;
                }
            }
            _ => {
                let mut escaped = false;
                let end = rest.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
                rest = after.strip_prefix('"').unwrap_or(after);
                if depth == outermost && rest.starts_with(':') {
                    names.insert(text.to_owned());
                }
            }
        }
    }
    names
}

#[test]
fn every_example_of_the_document_succeeds_and_answers_as_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/api.md")).expect("docs/api.md");
    let sections = sections(&document);
    let scripts = sections.iter().map(|section| section.script.as_str());
    let script = [PRELUDE].into_iter().chain(scripts).collect::<String>();

    let folder = tempfile::tempdir().expect("a folder");
    let mut server = serve(kith(folder.path()));
    let link = server.line_with("setup=");
    let (_, setup) = link.trim().split_once("setup=").expect("a set-up link");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("KITH", format!("http://{}", server.address))
        .env("SETUP", setup)
        .output()
        .expect("bash runs");
    let calls = fs::read_to_string(folder.path().join("calls")).expect("the calls");
    assert!(output.status.success(), "{output:?}\n{calls}");
    let mut answers: BTreeMap<&str, &str> = BTreeMap::new();
    for call in calls.lines() {
        let (status, rest) = call.split_once(' ').expect("a status");
        let (path, answer) = rest.split_once(' ').unwrap_or((rest, ""));
        assert_eq!(status, "200", "{path}: {answer}");
        answers.entry(path).or_insert(answer);
    }

    // Each call has an example, but for the WebSocket.
    for section in &sections {
        let named: Vec<&str> = section.heading.split('`').skip(1).step_by(2).collect();
        for name in named.iter().filter(|name| **name != "socket") {
            let answer = answers.get(format!("/api/{name}").as_str());
            let answer = answer.unwrap_or_else(|| panic!("{name} has no example"));
            // A heading with several calls describes the answer of one of them.
            if let (Some(sample), [_]) = (&section.sample, &named[..]) {
                let missing: Vec<String> =
                    names(sample).difference(&names(answer)).cloned().collect();
                assert!(missing.is_empty(), "{name} answers no {missing:?}: {answer}");
            }
        }
    }
    assert!(answers.len() > 60, "{} calls", answers.len());
}

#[test]
fn names_of_the_outermost_object_are_found() {
    let of = |json: &str| names(json).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(of(r#"{"a":{"b":1},"c":"x\":{\"d\":","e":[{"f":1}]}"#), "a c e");
    assert_eq!(of(r#"[{"a":1,"b":{…}},{"c":1}]"#), "a b");
    assert_eq!(of("null"), "");
}

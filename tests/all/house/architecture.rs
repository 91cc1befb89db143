//! The arrows of the crate's map (`src/lib.rs`), read from the sources themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder uses those to its right, never to its left. `error`, `model` and `wire` are
/// visible to all.
const ORDER: [&str; 10] =
    ["main", "server", "documents", "demo", "ui", "client", "api", "service", "store", "model"];

const EVERYWHERE: [&str; 3] = ["error", "model", "wire"];

/// Server-only crates and folders, which neither `ui` nor `client` may name.
const SERVER_ONLY: [&str; 9] = [
    "crate::demo",
    "crate::store",
    "crate::service",
    "crate::server",
    "sqlx",
    "axum",
    "leptos_axum",
    "tower",
    "tokio",
];

struct Source {
    /// From `src`, with `/` between the parts.
    path: String,
    text: String,
    /// Without comments.
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 50, "the sources are found");
    let source = |file: &PathBuf| {
        let path = file.strip_prefix(&src).expect("under src").display().to_string();
        let text = fs::read_to_string(file).expect("a source");
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        Source { path, code: code.join("\n"), text }
    };
    files.iter().map(source).collect()
}

impl Source {
    /// The folder or file directly under `src`.
    fn part(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Whether the code has this name as a word of its own.
    fn names(&self, name: &str) -> bool {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(name).any(|(at, _)| {
            let before = self.code[..at].chars().next_back();
            let after = self.code[at + name.len()..].chars().next();
            !before.is_some_and(word) && !after.is_some_and(word)
        })
    }

    /// The parts of the crate that this file uses.
    fn uses(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for crate_name in ["crate::", "kith::"] {
            for (at, _) in self.code.match_indices(crate_name) {
                let rest = &self.code[at + crate_name.len()..];
                let name: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    !name.is_empty() || self.part() == "lib",
                    "{}: name the part after {crate_name}",
                    self.path
                );
                used.insert(name);
            }
        }
        used
    }

    /// How many folders deep a `super` of this file's own module reaches.
    fn depth(&self) -> usize {
        let names = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { names - 1 } else { names }
    }
}

fn place(part: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == part)
}

#[test]
fn a_folder_uses_only_those_to_its_right() {
    for source in sources() {
        let part = source.part();
        for used in source.uses() {
            if EVERYWHERE.contains(&used.as_str()) || used == part {
                continue;
            }
            if part == "lib" {
                // The map itself: it names everything, and starts the page.
                continue;
            }
            let here = place(part);
            let there = place(&used).unwrap_or_else(|| panic!("{}: {used}?", source.path));
            match part {
                // Visible to all, so they may use nobody but each other.
                part if EVERYWHERE.contains(&part) => panic!("{} uses {used}", source.path),
                _ => {
                    assert!(
                        here < Some(there),
                        "{} uses {used}, which is to its left",
                        source.path
                    );
                }
            }
        }
    }
}

#[test]
fn nobody_leaves_their_folder_by_super() {
    for source in sources() {
        for (at, _) in source.code.match_indices("super::") {
            let before = &source.code[..at];
            if before.ends_with("super::") {
                continue;
            }
            let ups = source.code[at..].split("::").take_while(|part| *part == "super").count();
            // A module inside a file (its tests) stands one deeper.
            let inside = usize::from(before.contains("mod tests {"));
            assert!(ups < source.depth() + inside, "{}: super goes out of its folder", source.path);
        }
    }
}

#[test]
fn each_part_keeps_to_its_trade() {
    for source in sources() {
        let forbidden: &[&str] = match source.part() {
            "model" => &["leptos", "sqlx", "axum", "http", "tokio", "web_sys"],
            "store" => &["leptos", "axum", "http", "tower", "web_sys", "crate::service"],
            "service" => &["leptos", "leptos_axum", "axum", "http", "tower", "sqlx", "web_sys"],
            "api" => &["sqlx", "axum", "crate::store", "web_sys"],
            // It does what people do, and so it goes where their calls go.
            "demo" => &[
                "leptos",
                "axum",
                "http",
                "tower",
                "web_sys",
                "crate::ui",
                "crate::client",
                "crate::api",
                "crate::store",
            ],
            "client" | "ui" => &SERVER_ONLY,
            "server" => &["sqlx", "web_sys"],
            _ => &[],
        };
        for name in forbidden {
            assert!(!source.names(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn only_the_client_knows_the_browser() {
    let may = |path: &str| path == "client/browser.rs" || path.starts_with("client/browser/");
    for source in sources() {
        for name in ["web_sys", "js_sys", "wasm_bindgen"] {
            // `hydrate`, which the browser calls, is exported in the crate's root.
            let entry = source.path == "lib.rs" && name == "wasm_bindgen";
            assert!(
                may(&source.path) || entry || !source.names(name),
                "{} names {name}",
                source.path
            );
        }
    }
}

#[test]
fn only_the_store_speaks_sql() {
    for source in sources().iter().filter(|source| source.part() != "store") {
        let statements = [
            "SELECT ",
            "INSERT INTO ",
            "DELETE FROM ",
            "UPDATE ",
            "CREATE TABLE ",
            "PRAGMA ",
            "BEGIN ",
        ];
        for statement in statements {
            assert!(!source.code.contains(&format!("\"{statement}")), "{} has SQL", source.path);
        }
        assert!(!source.names("sqlx"), "{} names sqlx", source.path);
    }
}

#[test]
fn every_file_says_in_its_first_line_why_it_exists() {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        rust_files(&root().join(folder), &mut files);
    }
    files.push(root().join("build.rs"));
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        assert!(text.starts_with("//! "), "{} does not say why it exists", file.display());
    }
}

#[test]
fn a_file_belongs_to_a_half_as_a_whole() {
    // The feature gates stand in `mod` lines: in the map, and where `api` hides its context.
    let gates = ["lib.rs", "main.rs", "api/mod.rs"];
    for source in sources() {
        let gated = source.code.contains("cfg(feature") || source.code.contains("cfg!(feature");
        // The bodies of server functions are the server's: one line imports what they need.
        let gates_one_import = source.part() == "api"
            && source.code.matches("cfg(feature").count() == 1
            && source.code.contains("#[cfg(feature = \"ssr\")]\nuse ");
        // One arm of a match: what a browser cannot read is no answer of Kith's, and what the
        // server cannot read is a bad request. The type itself is both halves' own.
        let exception =
            source.path == "error.rs" && source.code.matches("cfg!(feature").count() == 1;
        let may = gates.contains(&source.path.as_str()) || exception || gates_one_import;
        assert!(!gated || may, "{}", source.path);
    }
}

#[test]
fn no_folder_is_called_after_nothing() {
    for source in sources() {
        for name in ["utils", "util", "helpers", "common", "misc"] {
            let found = source.path.split('/').any(|part| part.trim_end_matches(".rs") == name);
            assert!(!found, "{}", source.path);
        }
        assert!(!source.text.trim().is_empty(), "{} is empty", source.path);
    }
}

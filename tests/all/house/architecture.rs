//! The layers of the crate (`src/lib.rs`), checked by reading the sources.

use super::imports::Modules;
use super::sources::{Source, root, rust_files, sources};
use std::fs;

/// The layers: a folder uses those to its right, never those to its left.
const ORDER: [&str; 10] =
    ["main", "server", "documents", "demo", "ui", "client", "api", "service", "store", "model"];

/// All layers may use these; they use nothing but each other.
const EVERYWHERE: [&str; 3] = ["error", "model", "wire"];

/// The framework.
const FRAMEWORK: [&str; 7] = [
    "leptos",
    "leptos_i18n",
    "leptos_meta",
    "leptos_router",
    "reactive_graph",
    "server_fn",
    "wasm_split_helpers",
];

/// The browser's interfaces.
const BROWSER: [&str; 5] =
    ["gloo_timers", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "web_sys"];

/// What belongs to the server alone: the browser's half names none of it.
const SERVER_ONLY: [&str; 10] = [
    "crate::demo",
    "crate::documents",
    "crate::server",
    "crate::service",
    "crate::store",
    "axum",
    "leptos_axum",
    "sqlx",
    "tokio",
    "tower",
];

fn layer(part: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == part)
}

#[test]
fn a_folder_uses_only_the_layers_to_its_right() {
    let sources = sources();
    let modules = Modules::of(&sources);
    // `lib.rs` names every part and starts the page.
    for source in sources.iter().filter(|source| source.part() != "lib") {
        let part = source.part();
        for import in modules.imports(source) {
            let Some(used) = import.path.first().map(String::as_str) else {
                panic!("{}:{}: names no part of the crate", source.path, source.line(import.at));
            };
            if used == part || EVERYWHERE.contains(&used) {
                continue;
            }
            let line = format!("{}:{} uses {used}", source.path, source.line(import.at));
            assert!(!EVERYWHERE.contains(&part), "{line}; all layers use {part}");
            let there = layer(used).unwrap_or_else(|| panic!("{line}, which is no layer"));
            assert!(layer(part) < Some(there), "{line}, which is to its left");
        }
    }
}

#[test]
fn super_stays_inside_its_layer() {
    let sources = sources();
    let modules = Modules::of(&sources);
    for source in &sources {
        for import in modules.imports(source) {
            let inside = import.supers == 0 || import.supers < import.depth;
            assert!(inside, "{}:{}: write crate::", source.path, source.line(import.at));
        }
    }
}

#[test]
fn no_layer_names_what_belongs_to_another() {
    for source in sources() {
        let forbidden: &[&[&str]] = match source.part() {
            "model" | "wire" | "error" => {
                &[&FRAMEWORK, &BROWSER, &["axum", "http", "sqlx", "tokio"]]
            }
            "store" => &[&FRAMEWORK, &BROWSER, &["axum", "http", "tower"]],
            "service" => &[&FRAMEWORK, &BROWSER, &["axum", "http", "leptos_axum", "sqlx", "tower"]],
            "api" => &[&BROWSER, &["axum", "crate::store", "sqlx"]],
            // The demo's people do what people do, by the service alone.
            "demo" => &[
                &FRAMEWORK,
                &BROWSER,
                &["axum", "crate::api", "crate::client", "crate::store", "crate::ui"],
                &["http", "tower"],
            ],
            "client" if source.path.starts_with("client/machines/") => {
                &[&FRAMEWORK, &BROWSER, &SERVER_ONLY]
            }
            "client" | "ui" => &[&SERVER_ONLY],
            "documents" | "server" => &[&BROWSER, &["sqlx"]],
            _ => &[],
        };
        for name in forbidden.concat() {
            assert!(!source.names(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn only_client_browser_names_the_browser() {
    for source in sources() {
        for name in ["js_sys", "wasm_bindgen", "web_sys"] {
            // `hydrate`, which the browser calls, is exported by the crate's root.
            let entry = source.path == "lib.rs" && name == "wasm_bindgen";
            let may = entry || source.path.starts_with("client/browser/");
            assert!(may || !source.names(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn only_the_store_has_sql() {
    let statements = [
        "SELECT ",
        "INSERT INTO ",
        "DELETE FROM ",
        "UPDATE ",
        "CREATE TABLE ",
        "PRAGMA ",
        "BEGIN ",
    ];
    for source in sources().iter().filter(|source| source.part() != "store") {
        for statement in statements {
            assert!(!source.code.contains(&format!("\"{statement}")), "{} has SQL", source.path);
        }
        assert!(!source.names("sqlx"), "{} names sqlx", source.path);
    }
}

#[test]
fn every_file_begins_with_its_purpose() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "tools"] {
        rust_files(&root().join(folder), &mut files);
    }
    files.push(root().join("build.rs"));
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        assert!(text.starts_with("//! "), "{} has no `//! ` line", file.display());
    }
}

#[test]
fn feature_gates_stand_in_mod_lines() {
    let gates = ["lib.rs", "main.rs", "api/mod.rs"];
    for source in sources() {
        let gated = source.code.contains("cfg(feature") || source.code.contains("cfg!(feature");
        // The bodies of server functions exist on the server only: one line imports their needs.
        let gates_one_import = source.part() == "api"
            && source.code.matches("cfg(feature").count() == 1
            && source.code.contains("#[cfg(feature = \"ssr\")]\nuse ");
        // One arm of a match. The server answers an unreadable call with "bad request"; a browser
        // that cannot read an answer has not had one of Kith's.
        let exception =
            source.path == "api/codec.rs" && source.code.matches("cfg!(feature").count() == 1;
        let may = gates.contains(&source.path.as_str()) || exception || gates_one_import;
        assert!(!gated || may, "{} has a feature gate", source.path);
    }
}

#[test]
fn file_names_say_what_is_in_the_file() {
    for source in sources() {
        for name in ["utils", "util", "helpers", "common", "misc"] {
            let found = source.path.split('/').any(|part| part.trim_end_matches(".rs") == name);
            assert!(!found, "{} is called {name}", source.path);
        }
        assert!(!source.text.trim().is_empty(), "{} is empty", source.path);
    }
}

#[test]
fn a_trailing_comment_is_no_code() {
    let text = "use crate::model::Id; // not sqlx, nor crate::store\nlet a = \"web_sys\";\n";
    let source = Source::new("ui/x.rs".into(), text.into());
    assert!(!source.names("sqlx") && !source.names("crate::store") && !source.names("web_sys"));
    assert!(source.names("crate::model"));
}

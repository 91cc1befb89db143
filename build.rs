//! Turns the sentences in `locales/` into Rust, so that a missing or misspelt one stops the build.
//!
//! It calls what `leptos_i18n_build` calls: that crate would do the same, and bring a downloader and a WASM engine.

use std::{env, error::Error, fs, path::Path};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");

    // Sentences with a value in them are also needed as plain text, for labels and titles.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?.add_locale("zh")?.parse_options(options);
    let locales = parse_locales(None, config)?;
    for warning in locales.diag.warnings().iter() {
        // A sentence that one language lacks is only a warning there.
        println!("cargo::error={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let attributes = "#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, unused_qualifications)]".parse()?;
    let code = gen_code(&locales, None, false, Some(&attributes), true)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}

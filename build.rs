//! Turns the sentences in `locales/` into Rust, so that a missing or misspelt one stops the build.
//! With the feature `embed` it also puts the packed site into the binary.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// The folder that `scripts/pack-site.mjs` writes.
const PACKED: &str = "target/packed";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    sentences(&out)?;
    let packed = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(PACKED);
    let embeds = env::var_os("CARGO_FEATURE_EMBED").is_some();
    site(embeds.then_some(&packed), &out)
}

/// Calls the crates that `leptos_i18n_build` calls: that crate would do the same, and bring a
/// downloader and a WASM engine.
fn sentences(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");

    // Sentences with a value in them are also needed as plain text, for labels and titles.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?.add_locale("zh")?.parse_options(options);
    let locales = parse_locales(None, config)?;
    for warning in locales.diag.warnings().iter() {
        // The parser takes a sentence that one language lacks for a warning.
        println!("cargo::error={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let attributes = "#![allow(clippy::all, clippy::pedantic, unused_qualifications)]".parse()?;
    let code = gen_code(&locales, None, false, Some(&attributes), true)?;
    fs::write(out.join("i18n.rs"), code.to_string())?;
    Ok(())
}

/// Writes the table of embedded files. It is empty without `packed`: the server then serves files
/// from the disk.
fn site(packed: Option<&Path>, out: &Path) -> Result<(), Box<dyn Error>> {
    let (mut hash, mut rows) = (String::new(), String::new());
    if let Some(packed) = packed {
        println!("cargo::rerun-if-changed={}", packed.display());
        let wrong =
            |error| format!("{}: {error}; scripts/build.sh packs the site first", packed.display());
        hash = fs::read_to_string(packed.join("hash")).map_err(wrong)?;
        let root = packed.join("files");
        let mut files = Vec::new();
        list(&root, &mut files)?;
        for file in files {
            let name = format!("/{}", file.strip_prefix(&root)?.display());
            let kind = kind(&name)
                .ok_or_else(|| format!("{name}: build.rs knows no content type for it"))?;
            let (br, gzip) = (include_packed(&file, "br"), include_packed(&file, "gz"));
            writeln!(
                rows,
                "File {{ name: {name:?}, kind: {kind:?}, body: include_bytes!({file:?}), \
                 br: {br}, gzip: {gzip} }},"
            )?;
        }
    }
    let code = format!(
        "pub const HASH: &str = {:?};\nstatic FILES: &[File] = &[\n{rows}];\n",
        hash.trim()
    );
    fs::write(out.join("site.rs"), code)?;
    Ok(())
}

/// Collects the files under `folder`, without the compressed ones beside them.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if !path.extension().is_some_and(|ending| ending == "br" || ending == "gz") {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

fn include_packed(file: &Path, ending: &str) -> String {
    let packed = format!("{}.{ending}", file.display());
    if Path::new(&packed).exists() {
        format!("Some(include_bytes!({packed:?}))")
    } else {
        "None".into()
    }
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

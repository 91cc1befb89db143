//! Turns the sentences in `locales/` into Rust, so that a missing or misspelt one stops the build.
//! With the feature `embed` it also puts the packed site into the binary.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// The output folder of `scripts/pack-site.mjs`.
const PACKED: &str = "target/packed";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    write_sentences(&out)?;
    let packed = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(PACKED);
    let embeds = env::var_os("CARGO_FEATURE_EMBED").is_some();
    embed_site(embeds.then_some(&packed), &out)
}

/// Calls what `leptos_i18n_build` calls. That crate does the same, but depends on a downloader and
/// a WASM engine.
fn write_sentences(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");

    // Labels and titles need sentences with values in them as plain text, too.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?.add_locale("zh")?.parse_options(options);
    let locales = parse_locales(None, config)?;
    for warning in locales.diag.warnings().iter() {
        // The parser only warns when a language lacks a sentence; here that stops the build.
        println!("cargo::error={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let attributes = "#![allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, \
                      unused_qualifications)]"
        .parse()?;
    // `gen_code` takes its options by position: these names say which is which.
    let default_crate_path = None;
    let emit_diagnostics = false;
    let top_level_attributes = Some(&attributes);
    let generate_docs = true;
    let code = gen_code(
        &locales,
        default_crate_path,
        emit_diagnostics,
        top_level_attributes,
        generate_docs,
    )?;
    fs::write(out.join("i18n.rs"), code.to_string())?;
    Ok(())
}

/// Writes the table of embedded files. Without `packed` it is empty, and the server reads the site
/// from the disk.
fn embed_site(packed: Option<&Path>, out: &Path) -> Result<(), Box<dyn Error>> {
    let (mut hash, mut rows) = (String::new(), String::new());
    if let Some(packed) = packed {
        println!("cargo::rerun-if-changed={}", packed.display());
        let wrong =
            |error| format!("{}: {error}; scripts/build.sh packs the site first", packed.display());
        hash = fs::read_to_string(packed.join("hash")).map_err(wrong)?;
        let root = packed.join("files");
        let mut files = Vec::new();
        list_uncompressed(&root, &mut files)?;
        for file in files {
            let name = format!("/{}", file.strip_prefix(&root)?.display());
            let content_type = content_type(&name)
                .ok_or_else(|| format!("{name}: build.rs knows no content type for it"))?;
            let (br, gzip) = (include_packed(&file, "br"), include_packed(&file, "gz"));
            writeln!(
                rows,
                "File {{ name: {name:?}, content_type: {content_type:?}, \
                 body: include_bytes!({file:?}), br: {br}, gzip: {gzip} }},"
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

/// Collects the files under `folder`, without the compressed variants beside them.
fn list_uncompressed(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list_uncompressed(&path, files)?;
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

fn content_type(name: &str) -> Option<&'static str> {
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

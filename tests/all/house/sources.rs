//! The files of `src` as text: with and without comments, strings and tests.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub struct Source {
    /// Relative to `src`, with `/` between the parts.
    pub path: String,
    pub text: String,
    /// The text with each comment replaced by spaces; line numbers stay.
    pub code: String,
    /// `code` with the inside of each string and character literal replaced by spaces.
    pub bare: String,
    /// The bytes of the file's `#[cfg(test)]` modules.
    tests: Vec<Range<usize>>,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Adds the Rust files under `folder` to `found`, in the order of their paths.
pub fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

pub fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 50, "the sources are found");
    let source = |file: &PathBuf| {
        let path = file.strip_prefix(&src).expect("under src").display().to_string();
        Source::new(path, fs::read_to_string(file).expect("a source"))
    };
    files.iter().map(source).collect()
}

impl Source {
    pub fn new(path: String, text: String) -> Source {
        let (code, bare) = without_comments(&text);
        let tests = test_modules(&bare);
        Source { path, text, code, bare, tests }
    }

    /// The folder or file directly under `src`.
    pub fn part(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// The names of the modules from the crate's root to this file: none for `lib.rs`.
    pub fn module(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.path.trim_end_matches(".rs").split('/').map(String::from).collect();
        if self.path == "lib.rs" || names.last().is_some_and(|name| name == "mod") {
            names.pop();
        }
        names
    }

    /// Whether the code, outside strings, has this name as a word of its own.
    pub fn names(&self, name: &str) -> bool {
        words(&self.bare, name).next().is_some()
    }

    /// Whether this byte of the file belongs to its tests.
    pub fn is_test(&self, at: usize) -> bool {
        self.path.ends_with("/tests.rs") || self.tests.iter().any(|range| range.contains(&at))
    }

    /// The number of the line that has this byte, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.bare[..at].matches('\n').count() + 1
    }

    /// The number of lines without the tests.
    pub fn lines_without_tests(&self) -> usize {
        let lines = |range: &Range<usize>| self.bare[range.clone()].matches('\n').count() + 1;
        self.text.lines().count() - self.tests.iter().map(lines).sum::<usize>()
    }

    /// Each function outside the tests: its name, its first line and its number of lines.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let mut found = Vec::new();
        for at in words(&self.bare, "fn").filter(|at| !self.is_test(*at)) {
            let rest = self.bare[at + "fn".len()..].trim_start();
            let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
            // A type such as `fn(u32) -> u32` has no name.
            if name.is_empty() {
                continue;
            }
            if let Some(body) = block_after(&self.bare, at) {
                let lines = self.bare[at..body.end].matches('\n').count() + 1;
                found.push((name, self.line(at), lines));
            }
        }
        found
    }
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The positions of `name` in `code` where it is a word of its own.
pub fn words<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(name).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The next block in braces after `start`, unless a `;` outside brackets comes first.
fn block_after(bare: &str, start: usize) -> Option<Range<usize>> {
    let mut brackets = 0;
    let mut braces = 0;
    let mut first = None;
    for (at, c) in bare[start..].char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && first.is_none() => return None,
            '{' => {
                first.get_or_insert(start + at);
                braces += 1;
            }
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(first?..start + at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn test_modules(bare: &str) -> Vec<Range<usize>> {
    let attribute = "#[cfg(test)]";
    let starts = bare.match_indices(attribute).map(|(at, _)| at);
    starts.filter_map(|at| Some(at..block_after(bare, at + attribute.len())?.end)).collect()
}

/// The text without its comments, and the same without the inside of its literals. Both keep the
/// length and the lines of the text.
fn without_comments(text: &str) -> (String, String) {
    let mut code = text.as_bytes().to_vec();
    let mut bare = code.clone();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let (length, literal) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (block_comment(rest), false)
        } else if let Some(length) = string(rest, before) {
            (length, true)
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        blank(&mut bare[at..at + length]);
        if !literal {
            blank(&mut code[at..at + length]);
        }
        at += length;
    }
    let text = |bytes| String::from_utf8(bytes).expect("whole characters were blanked");
    (text(code), text(bare))
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of the string or character literal at the start of `rest`, if there is one.
fn string(rest: &str, before: Option<char>) -> Option<usize> {
    let prefix = if before.is_some_and(is_word) {
        0
    } else {
        rest.len() - rest.trim_start_matches(['b', 'r', 'c']).len()
    };
    let raw = rest[..prefix].contains('r');
    let body = &rest[prefix..];
    let hashes = if raw { body.len() - body.trim_start_matches('#').len() } else { 0 };
    if body[hashes..].starts_with('"') {
        if raw {
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = &body[hashes + 1..];
            return Some(prefix + hashes + 1 + inside.find(&end)? + end.len());
        }
        return Some(prefix + 1 + closing(&body[1..], '"')? + 1);
    }
    // A lifetime has no closing quote: `'a` is none, `'a'` is a character.
    let mut inside = body.strip_prefix('\'')?.chars();
    match inside.next()? {
        '\\' => Some(prefix + 1 + closing(&body[1..], '\'')? + 1),
        first if inside.next() == Some('\'') => Some(prefix + 1 + first.len_utf8() + 1),
        _ => None,
    }
}

/// The position of the quote that ends a literal, its escapes skipped.
fn closing(inside: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some(at);
        }
    }
    None
}

#[test]
fn comments_and_strings_are_told_from_code() {
    let text = r####"let a = "x // y"; // use crate::store;
let b = r#"it is "{"#; /* one /* two */ */ let c = '{'; let d: &'static str = "\"{";
"####;
    let (code, bare) = without_comments(text);
    assert_eq!(code.len(), text.len());
    assert!(code.contains("x // y") && !code.contains("store") && !code.contains("two"));
    assert!(!bare.contains(['{', 'x', '"']) && bare.contains("let c") && bare.contains("'static"));
}

#[test]
fn tests_and_functions_are_counted_apart() {
    let text = "fn a(x: [u8; 3]) {\n    b();\n}\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
    let source = Source::new("model/x.rs".into(), text.into());
    assert_eq!(source.functions(), [("a".to_owned(), 1, 3)]);
    assert_eq!(source.lines_without_tests(), 4);
    assert_eq!(source.module(), ["model", "x"]);
}

//! Files and functions stay short enough to be read in one go.

use super::sources::sources;

/// Maximum length of a file, in lines, its tests not counted.
const FILE_LINES: usize = 400;

/// Maximum length of a function, in lines.
const FUNCTION_LINES: usize = 80;

/// Longer all the same, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];
const LONG_FUNCTIONS: [(&str, &str); 0] = [];

#[test]
fn no_file_has_over_400_lines_without_its_tests() {
    let mut found = Vec::new();
    for source in sources() {
        // A file of tests alone, beside what it tests.
        if source.path.ends_with("/tests.rs") {
            continue;
        }
        let lines = source.lines_without_tests();
        if lines > FILE_LINES && !LONG_FILES.iter().any(|(path, _)| *path == source.path) {
            found.push(format!("{}: {lines} lines", source.path));
        }
    }
    assert!(found.is_empty(), "too long:\n{}", found.join("\n"));
}

#[test]
fn no_function_has_over_80_lines() {
    let mut found = Vec::new();
    for source in sources() {
        for (name, line, lines) in source.functions() {
            let function = format!("{}::{name}", source.path);
            let may = LONG_FUNCTIONS.iter().any(|(known, _)| *known == function);
            if lines > FUNCTION_LINES && !may {
                found.push(format!("{function} at line {line}: {lines} lines"));
            }
        }
    }
    assert!(found.is_empty(), "too long:\n{}", found.join("\n"));
}

//! Imports inside a folder run one way: its files and sub-folders form no circle.

use super::imports::Modules;
use super::sources::sources;
use std::collections::{BTreeMap, BTreeSet};

/// In one folder, the file or sub-folder that uses and the one that is used, with one example each.
type Arrows = BTreeMap<(String, String), String>;

/// The arrows between the files and sub-folders of each folder. Its `mod.rs`, which may re-export
/// what the others define, is none of them; neither are tests.
fn arrows() -> BTreeMap<String, Arrows> {
    let sources = sources();
    let modules = Modules::of(&sources);
    let mut folders: BTreeMap<String, Arrows> = BTreeMap::new();
    for source in &sources {
        let user = source.module();
        for import in modules.imports(source) {
            if source.is_test(import.at) {
                continue;
            }
            let used = modules.resolve(&import.path);
            let shared = user.iter().zip(&used).take_while(|(one, other)| one == other).count();
            if let (Some(from), Some(to)) = (user.get(shared), used.get(shared)) {
                let folder = ["src", &user[..shared].join("/")].join("/");
                let example = format!(
                    "{}:{} {}",
                    source.path,
                    source.line(import.at),
                    import.path.join("::")
                );
                let arrows = folders.entry(folder).or_default();
                arrows.entry((from.clone(), to.clone())).or_insert(example);
            }
        }
    }
    folders
}

/// The names that can be reached from each name.
fn reached(arrows: &Arrows) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        reached.entry(from).or_default().insert(to);
    }
    loop {
        let mut grown = reached.clone();
        for known in grown.values_mut() {
            let further = known.iter().filter_map(|name| reached.get(name)).flatten();
            let further: Vec<&str> = further.copied().collect();
            known.extend(further);
        }
        if grown == reached {
            return reached;
        }
        reached = grown;
    }
}

/// The arrows that are part of a circle, one a line.
fn circles(arrows: &Arrows) -> Vec<String> {
    let reached = reached(arrows);
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|known| known.contains(to));
    let inside = arrows.iter().filter(|((from, to), _)| reaches(to, from));
    inside.map(|((from, to), example)| format!("{from} → {to}   ({example})")).collect()
}

#[test]
fn imports_inside_a_folder_form_no_circle() {
    let mut found = Vec::new();
    for (folder, arrows) in arrows() {
        let circles = circles(&arrows);
        if !circles.is_empty() {
            found.push(format!("{folder}\n  {}", circles.join("\n  ")));
        }
    }
    assert!(found.is_empty(), "imports form circles:\n{}", found.join("\n"));
}

#[test]
fn a_circle_of_three_files_is_found() {
    let arrow = |from: &str, to: &str| ((from.to_owned(), to.to_owned()), "x.rs:1".to_owned());
    let chain = Arrows::from([arrow("a", "b"), arrow("b", "c"), arrow("d", "a")]);
    assert!(circles(&chain).is_empty());
    let mut circle = chain;
    circle.extend([arrow("c", "a")]);
    assert_eq!(circles(&circle).len(), 3);
}

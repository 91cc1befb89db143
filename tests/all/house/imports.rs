//! Which module uses which: `use` trees and paths inside the code, resolved to modules.

use super::sources::{Source, is_word};
use std::collections::{BTreeMap, BTreeSet};

/// A path in the code of a module.
pub struct Import {
    /// Without `crate`, `self` and `super`.
    pub path: Vec<String>,
    /// The byte of the source at which it stands.
    pub at: usize,
    /// The name under which a `use` makes it known to the module; `*` for all that is in it.
    name: Option<String>,
    /// How many modules the path leaves by `super`, and how many there are to leave.
    pub supers: usize,
    pub depth: usize,
}

/// The token with its position. `::` is one token, each other sign its own.
fn tokens(bare: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bare.len() {
        let rest = &bare[at..];
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let length = match rest.chars().next() {
            _ if word > 0 => word,
            _ if rest.starts_with("::") => 2,
            first => first.map_or(1, char::len_utf8),
        };
        if !rest[..length].trim().is_empty() {
            found.push((at, &rest[..length]));
        }
        at += length;
    }
    found
}

/// The paths of this crate that the source names, whether in `use` or inside the code.
/// `children` are the modules directly under the source's own.
pub fn imports(source: &Source, children: &BTreeSet<String>) -> Vec<Import> {
    let tokens = tokens(&source.bare);
    let mut found = Vec::new();
    let mut module = source.module();
    let base = module.len();
    // The depths of braces at which the modules inside the file began.
    let mut inner = Vec::new();
    let mut depth = 0;
    let mut index = 0;
    while index < tokens.len() {
        let (at, token) = tokens[index];
        let next = |ahead: usize| tokens.get(index + ahead).map_or("", |(_, token)| *token);
        match token {
            "mod" if next(2) == "{" => {
                module.push(next(1).to_owned());
                inner.push(depth);
                depth += 1;
                index += 2;
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inner.last() == Some(&depth) {
                    inner.pop();
                    module.pop();
                }
            }
            // Not the `use<…>` of a type.
            "use" if next(1) != "<" => {
                let mut leaves = Vec::new();
                index = use_tree(&tokens, index + 1, &mut Vec::new(), &mut leaves);
                for (path, name) in leaves {
                    let of_file = module.len() == base;
                    let child = |first: &String| of_file && children.contains(first);
                    if let Some(import) = absolute(&path, &module, at, Some(name), child) {
                        found.push(import);
                    }
                }
            }
            _ if token.starts_with(is_word)
                && next(1) == "::"
                && index.checked_sub(1).is_none_or(|before| tokens[before].1 != "::") =>
            {
                let mut path = vec![token.to_owned()];
                while tokens.get(index + 1).is_some_and(|(_, token)| *token == "::")
                    && tokens.get(index + 2).is_some_and(|(_, token)| token.starts_with(is_word))
                {
                    path.push(tokens[index + 2].1.to_owned());
                    index += 2;
                }
                if let Some(import) = absolute(&path, &module, at, None, |_| false) {
                    found.push(import);
                }
            }
            _ => {}
        }
        index += 1;
    }
    found
}

/// Reads one `use` tree from `index`; returns the index of the token that ends it.
fn use_tree(
    tokens: &[(usize, &str)],
    mut index: usize,
    path: &mut Vec<String>,
    leaves: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let length = path.len();
    while let Some((_, token)) = tokens.get(index) {
        match *token {
            "{" => {
                index += 1;
                while tokens.get(index).is_some_and(|(_, token)| *token != "}") {
                    index = use_tree(tokens, index, path, leaves);
                    if tokens.get(index).is_some_and(|(_, token)| *token == ",") {
                        index += 1;
                    }
                }
                path.truncate(length);
                return index + 1;
            }
            "*" => leaves.push((path.clone(), "*".to_owned())),
            "as" => {
                index += 1;
                if let (Some((_, name)), Some(leaf)) = (tokens.get(index), leaves.last_mut()) {
                    leaf.1 = (*name).to_owned();
                }
            }
            "::" => {}
            "," | ";" | "}" => break,
            name => {
                path.push(name.to_owned());
                if tokens.get(index + 1).is_none_or(|(_, token)| *token != "::") {
                    // `a::{self, b}` names `a` itself.
                    let whole: Vec<String> = path
                        .iter()
                        .filter(|part| *part != "self" || path[0] == "self")
                        .cloned()
                        .collect();
                    leaves.push((whole.clone(), whole.last().cloned().unwrap_or_default()));
                }
            }
        }
        index += 1;
    }
    path.truncate(length);
    index
}

/// The path from the crate's root; `None` for a path of another crate.
fn absolute(
    path: &[String],
    module: &[String],
    at: usize,
    name: Option<String>,
    child: impl Fn(&String) -> bool,
) -> Option<Import> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let mut whole = match path.first()?.as_str() {
        "crate" | "kith" => Vec::new(),
        "super" => module[..module.len().saturating_sub(supers)].to_vec(),
        "self" => module.to_vec(),
        _ if child(&path[0]) => module.to_vec(),
        _ => return None,
    };
    whole.extend(
        path.iter()
            .filter(|part| !["crate", "kith", "super", "self"].contains(&part.as_str()))
            .cloned(),
    );
    Some(Import { path: whole, at, name, supers, depth: module.len() })
}

/// The modules of the crate and the names that each makes known.
pub struct Modules {
    children: BTreeMap<Vec<String>, BTreeSet<String>>,
    /// By module, the name and the path behind it.
    names: BTreeMap<Vec<String>, Vec<(String, Vec<String>)>>,
    /// By module, what its file defines.
    defined: BTreeMap<Vec<String>, BTreeSet<String>>,
}

impl Modules {
    pub fn of(sources: &[Source]) -> Modules {
        let mut modules =
            Modules { children: BTreeMap::new(), names: BTreeMap::new(), defined: BTreeMap::new() };
        for source in sources {
            let module = source.module();
            for depth in 0..module.len() {
                let siblings = modules.children.entry(module[..depth].to_vec()).or_default();
                siblings.insert(module[depth].clone());
            }
        }
        for source in sources {
            let module = source.module();
            let named = modules
                .imports(source)
                .into_iter()
                .filter_map(|import| Some((import.name?, import.path)));
            modules.names.insert(module.clone(), named.collect());
            modules.defined.insert(module, definitions(&source.bare));
        }
        modules
    }

    pub fn imports(&self, source: &Source) -> Vec<Import> {
        let none = BTreeSet::new();
        imports(source, self.children.get(&source.module()).unwrap_or(&none))
    }

    /// The module in which the path ends: a name that a module has from another by `use` is
    /// followed to where it is defined.
    pub fn resolve(&self, path: &[String]) -> Vec<String> {
        self.follow(path, 0)
    }

    fn follow(&self, path: &[String], turns: usize) -> Vec<String> {
        let mut module = Vec::new();
        for (index, name) in path.iter().enumerate() {
            if self.children.get(&module).is_some_and(|children| children.contains(name)) {
                module.push(name.clone());
                continue;
            }
            let defined = self.defined.get(&module).is_some_and(|names| names.contains(name));
            if turns < 8
                && !defined
                && let Some(target) = self.behind(&module, name)
            {
                let rest = path[index + 1..].iter();
                return self
                    .follow(&target.iter().chain(rest).cloned().collect::<Vec<_>>(), turns + 1);
            }
            break;
        }
        module
    }

    /// The path behind a name that the module has from another.
    fn behind(&self, module: &[String], name: &String) -> Option<Vec<String>> {
        let names = self.names.get(module)?;
        if let Some((_, path)) = names.iter().find(|(known, path)| known == name && path != module)
        {
            return Some(path.clone());
        }
        let all = names.iter().filter(|(known, _)| known == "*").map(|(_, path)| path);
        let mut all = all.filter(|path| {
            self.defined.get(*path).is_some_and(|names| names.contains(name))
                || self.children.get(*path).is_some_and(|names| names.contains(name))
        });
        all.next().map(|path| path.iter().chain([name]).cloned().collect())
    }
}

/// The names of the items that a file defines, whether at its top or inside others.
fn definitions(bare: &str) -> BTreeSet<String> {
    let tokens = tokens(bare);
    let item = |pair: &[(usize, &str)]| {
        let kinds =
            ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro_rules"];
        kinds.contains(&pair[0].1).then(|| pair[1].1.to_owned())
    };
    let mut found: BTreeSet<String> = tokens.windows(2).filter_map(item).collect();
    // `macro_rules! name`
    let macros = tokens.windows(3).filter(|three| three[0].1 == "macro_rules" && three[1].1 == "!");
    found.extend(macros.map(|three| three[2].1.to_owned()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path.into(), text.into());
        let children = BTreeSet::from(["child".to_owned()]);
        imports(&source, &children).iter().map(|import| import.path.join("::")).collect()
    }

    #[test]
    fn use_trees_and_paths_in_the_code_are_resolved() {
        let text = "use crate::{error::KithError, store::{self, log::{A, B as C}}};\n\
                    use super::d::*;\nuse std::fs;\n\
                    fn f(x: super::e::E) { crate::g::h::<u8>() }";
        let expected = "error::KithError store store::log::A store::log::B ui::d ui::e::E g::h";
        assert_eq!(paths("ui/c.rs", text).join(" "), expected);
        assert_eq!(paths("ui/mod.rs", "pub use child::X;").join(" "), "ui::child::X");
        let tests = "mod tests { use super::*; use super::super::y; } use super::z;";
        assert_eq!(paths("ui/c.rs", tests).join(" "), "ui::c ui::y ui::z");
    }

    #[test]
    fn a_reexported_name_is_followed_to_the_file_that_defines_it() {
        let source = |path: &str, text: &str| Source::new(path.into(), text.into());
        let sources = [
            source("lib.rs", "pub mod ui;"),
            source("ui/mod.rs", "mod a; mod b; mod d; pub use a::Show; pub use d::*;"),
            source("ui/a.rs", "pub struct Show;"),
            source("ui/b.rs", "use super::Show; use crate::ui::each;"),
            source("ui/d.rs", "pub fn each() {}"),
        ];
        let modules = Modules::of(&sources);
        let found: Vec<String> = modules
            .imports(&sources[3])
            .iter()
            .map(|import| modules.resolve(&import.path).join("::"))
            .collect();
        assert_eq!(found, ["ui::a", "ui::d"]);
    }
}

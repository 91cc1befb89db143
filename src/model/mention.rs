//! Names in a message: tokens with an id in its text, which are shown as whoever it is is called
//! now.

use super::UserId;
use super::limits::{DISPLAY_NAME_MAX, MENTIONS_MAX};

/// The token that stands for everybody in the group.
pub const EVERYBODY: &str = "@{all}";

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MentionPiece<'a> {
    Words(&'a str),
    Person(UserId),
    Everybody,
}

/// Returns the token that stands for somebody.
pub fn token(user: UserId) -> String {
    format!("@{{{}}}", user.0)
}

/// Cuts a text at its tokens.
pub fn pieces(text: &str) -> Vec<MentionPiece<'_>> {
    let mut pieces = Vec::new();
    let mut words = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find("@{").map(|at| from + at) {
        let Some((piece, end)) = read_token(text, at) else {
            from = at + 1;
            continue;
        };
        if words < at {
            pieces.push(MentionPiece::Words(&text[words..at]));
        }
        pieces.push(piece);
        (words, from) = (end, end);
    }
    if words < text.len() {
        pieces.push(MentionPiece::Words(&text[words..]));
    }
    pieces
}

/// Returns the token that begins there, and where it ends.
fn read_token(text: &str, at: usize) -> Option<(MentionPiece<'static>, usize)> {
    let rest = &text[at + 2..];
    let inside = &rest[..rest.find('}')?];
    let piece = match inside {
        "all" => MentionPiece::Everybody,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            MentionPiece::Person(UserId(digits.parse().ok()?))
        }
        _ => return None,
    };
    Some((piece, at + 2 + inside.len() + 1))
}

/// Returns the people whom a text names, each once, and only so many: nobody speaks to more.
pub fn people(text: &str) -> Vec<UserId> {
    let mut people = Vec::new();
    for piece in pieces(text) {
        if let MentionPiece::Person(user) = piece
            && !people.contains(&user)
            && people.len() < MENTIONS_MAX
        {
            people.push(user);
        }
    }
    people
}

/// Whether a text speaks to somebody, by name or with everybody.
pub fn speaks_to(text: &str, user: UserId) -> bool {
    let spoken_to = [MentionPiece::Everybody, MentionPiece::Person(user)];
    pieces(text).iter().any(|piece| spoken_to.contains(piece))
}

/// Returns the text with names in the place of its tokens.
pub fn named(text: &str, name: impl Fn(MentionPiece<'_>) -> String) -> String {
    let written = |piece| match piece {
        MentionPiece::Words(words) => words.to_string(),
        piece => format!("@{}", name(piece)),
    };
    pieces(text).into_iter().map(written).collect()
}

/// Returns the name that is being written where the text ends: what follows its last `@`, if that
/// begins a word.
pub fn being_written(text: &str) -> Option<&str> {
    let at = text.rfind('@')?;
    let name = &text[at + 1..];
    let begins = !text[..at].ends_with(goes_on_in_a_word);
    let goes_on = name.chars().count() <= DISPLAY_NAME_MAX && !name.contains('\n');
    (begins && goes_on).then_some(name)
}

/// Returns the text with tokens in the place of names that follow an `@`. Of two names that fit, the
/// longer one is meant, and of equal ones the first.
pub fn with_tokens(text: &str, names: &[(String, String)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let begins = !rest[..at].ends_with(goes_on_in_a_word);
        let fitting = names.iter().filter(|(name, _)| begins && is_name_of(after, name));
        let meant = fitting.rev().max_by_key(|(name, _)| name.len());
        match meant {
            Some((name, token)) => {
                result.push_str(token);
                rest = &after[name.len()..];
            }
            None => {
                result.push('@');
                rest = after;
            }
        }
    }
    result + rest
}

/// Whether an `@` after this belongs to it: to an address, of mail or of the web.
fn goes_on_in_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')
}

/// Whether the text begins with the name, and the name ends there.
fn is_name_of(text: &str, name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let Some(after) = text.strip_prefix(name).filter(|_| !name.is_empty()) else { return false };
    !(ends(name.chars().next_back()) && ends(after.chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_tokens() {
        assert_eq!(pieces("hello"), [MentionPiece::Words("hello")]);
        assert_eq!(pieces(""), []);
        let text = format!("{} and {}, {EVERYBODY}!", token(UserId(7)), token(UserId(12)));
        let person = |id| MentionPiece::Person(UserId(id));
        assert_eq!(
            pieces(&text),
            [
                person(7),
                MentionPiece::Words(" and "),
                person(12),
                MentionPiece::Words(", "),
                MentionPiece::Everybody,
                MentionPiece::Words("!"),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_token_is_words() {
        for text in ["@{", "@{}x", "@{bob}", "@{-1}", "@{99999999999999999999}", "@ {1}", "群@{"] {
            assert!(
                pieces(text).iter().all(|piece| matches!(piece, MentionPiece::Words(_))),
                "{text}"
            );
        }
        assert_eq!(pieces("@{@{1}"), [MentionPiece::Words("@{"), MentionPiece::Person(UserId(1))]);
    }

    #[test]
    fn a_name_is_being_written_after_an_at() {
        assert_eq!(being_written("hi @"), Some(""));
        assert_eq!(being_written("hi @Bo"), Some("Bo"));
        assert_eq!(being_written("你好@李 雷"), Some("李 雷"));
        for text in ["", "hi", "ann@example", "@Bo\n", &format!("@{}", "x".repeat(40))] {
            assert_eq!(being_written(text), None, "{text}");
        }
    }

    #[test]
    fn names_become_tokens() {
        let name = |name: &str, id| (name.to_string(), token(UserId(id)));
        let names = [name("Bo", 1), name("Bo Li", 2), name("李雷", 3), name("Bo", 4)];
        assert_eq!(with_tokens("@Bo, @Bo Li @Bob @", &names), "@{1}, @{2} @Bob @");
        assert_eq!(with_tokens("@李雷你好 a@b", &names), "@{3}你好 a@b");
        assert_eq!(with_tokens("nobody", &[]), "nobody");
        let address = "https://example.org/@Bo and x@Bo.example";
        assert_eq!(with_tokens(address, &names), address);
    }

    #[test]
    fn whom_it_speaks_to() {
        let text = "@{3} @{3} @{4}";
        assert_eq!(people(text), [UserId(3), UserId(4)]);
        assert!(speaks_to(text, UserId(4)) && !speaks_to(text, UserId(5)));
        assert!(speaks_to("all: @{all}", UserId(5)) && !speaks_to("5", UserId(5)));
        assert_eq!(named("hi @{3}!", |_| "Bo".into()), "hi @Bo!");
    }
}

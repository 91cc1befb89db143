//! Mentions: tokens with a person's id in the text of a message. A page shows the person's present
//! name instead.

use super::UserId;
use super::limits::{DISPLAY_NAME_MAX, MENTIONS_MAX};

/// The token that mentions everybody in the group.
pub const EVERYBODY: &str = "@{all}";

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MentionPiece<'a> {
    Words(&'a str),
    Person(UserId),
    Everybody,
}

/// Returns the token that mentions a person.
pub fn person_token(user: UserId) -> String {
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

/// Reads the token that begins at the byte index `at`. Returns it with the index after it.
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

/// Returns the people whom a text mentions, each once, at most [`MENTIONS_MAX`].
pub fn mentioned_people(text: &str) -> Vec<UserId> {
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

/// Whether a text mentions `user`, by name or with everybody.
pub fn is_mentioned(text: &str, user: UserId) -> bool {
    let wanted = [MentionPiece::Everybody, MentionPiece::Person(user)];
    pieces(text).iter().any(|piece| wanted.contains(piece))
}

/// Returns the text with names instead of tokens.
pub fn with_names(text: &str, name: impl Fn(MentionPiece<'_>) -> String) -> String {
    let written = |piece| match piece {
        MentionPiece::Words(words) => words.to_string(),
        piece => format!("@{}", name(piece)),
    };
    pieces(text).into_iter().map(written).collect()
}

/// Returns the name that is being typed at the end of the text: everything after its last `@`, if
/// the `@` begins a word.
pub fn name_being_typed(text: &str) -> Option<&str> {
    let at = text.rfind('@')?;
    let name = &text[at + 1..];
    let begins = !text[..at].ends_with(joins_at_sign);
    let goes_on = name.chars().count() <= DISPLAY_NAME_MAX && !name.contains('\n');
    (begins && goes_on).then_some(name)
}

/// Returns the text with tokens instead of names that follow an `@`. The longest name that fits is
/// taken, and of equal ones the first.
pub fn with_tokens(text: &str, names: &[(String, String)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let begins = !rest[..at].ends_with(joins_at_sign);
        let fitting = names.iter().filter(|(name, _)| begins && is_name_of(after, name));
        let chosen = fitting.rev().max_by_key(|(name, _)| name.len());
        match chosen {
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

/// Whether an `@` after this character belongs to a mail or web address.
fn joins_at_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')
}

/// Whether the text begins with the name, as a whole word.
fn is_name_of(text: &str, name: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let Some(after) = text.strip_prefix(name).filter(|_| !name.is_empty()) else { return false };
    !(is_letter(name.chars().next_back()) && is_letter(after.chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_tokens() {
        assert_eq!(pieces("hello"), [MentionPiece::Words("hello")]);
        assert_eq!(pieces(""), []);
        let text =
            format!("{} and {}, {EVERYBODY}!", person_token(UserId(7)), person_token(UserId(12)));
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
    fn invalid_tokens_are_words() {
        for text in ["@{", "@{}x", "@{bob}", "@{-1}", "@{99999999999999999999}", "@ {1}", "群@{"] {
            assert!(
                pieces(text).iter().all(|piece| matches!(piece, MentionPiece::Words(_))),
                "{text}"
            );
        }
        assert_eq!(pieces("@{@{1}"), [MentionPiece::Words("@{"), MentionPiece::Person(UserId(1))]);
    }

    #[test]
    fn the_name_being_typed_follows_an_at_sign() {
        assert_eq!(name_being_typed("hi @"), Some(""));
        assert_eq!(name_being_typed("hi @Bo"), Some("Bo"));
        assert_eq!(name_being_typed("你好@李 雷"), Some("李 雷"));
        for text in ["", "hi", "ann@example", "@Bo\n", &format!("@{}", "x".repeat(40))] {
            assert_eq!(name_being_typed(text), None, "{text}");
        }
    }

    #[test]
    fn names_after_an_at_sign_become_tokens() {
        let name = |name: &str, id| (name.to_string(), person_token(UserId(id)));
        let names = [name("Bo", 1), name("Bo Li", 2), name("李雷", 3), name("Bo", 4)];
        assert_eq!(with_tokens("@Bo, @Bo Li @Bob @", &names), "@{1}, @{2} @Bob @");
        assert_eq!(with_tokens("@李雷你好 a@b", &names), "@{3}你好 a@b");
        assert_eq!(with_tokens("nobody", &[]), "nobody");
        let address = "https://example.org/@Bo and x@Bo.example";
        assert_eq!(with_tokens(address, &names), address);
    }

    #[test]
    fn mentioned_people_are_found_and_named() {
        let text = "@{3} @{3} @{4}";
        assert_eq!(mentioned_people(text), [UserId(3), UserId(4)]);
        assert!(is_mentioned(text, UserId(4)) && !is_mentioned(text, UserId(5)));
        assert!(is_mentioned("all: @{all}", UserId(5)) && !is_mentioned("5", UserId(5)));
        assert_eq!(with_names("hi @{3}!", |_| "Bo".into()), "hi @Bo!");
    }
}

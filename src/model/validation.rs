//! Validation of input. The page checks to help, the server to decide, both by these rules.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::named_enum;

use super::characters::{is_invisible, turns_direction};
use super::limits::{
    BIO_MAX, DISPLAY_NAME_MAX, GROUP_DESCRIPTION_MAX, GROUP_NAME_MAX, MESSAGE_MAX, NOTE_MAX,
    PASSWORD_MAX, PASSWORD_MIN, REMARK_MAX, USERNAME_MAX, USERNAME_MIN,
};

named_enum! {
    /// Why an input was refused.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
    pub enum Invalid {
        "username_length" => UsernameLength,
        "username_characters" => UsernameCharacters,
        "display_name_length" => DisplayNameLength,
        "display_name_characters" => DisplayNameCharacters,
        "password_length" => PasswordLength,
        "password_as_before" => PasswordAsBefore,
        "password_guessable" => PasswordGuessable,
        "message_empty" => MessageEmpty,
        "message_too_long" => MessageTooLong,
        "message_characters" => MessageCharacters,
        "note_too_long" => NoteTooLong,
        "note_characters" => NoteCharacters,
        "bio_too_long" => BioTooLong,
        "bio_characters" => BioCharacters,
        "remark_too_long" => RemarkTooLong,
        "remark_characters" => RemarkCharacters,
        "group_name_length" => GroupNameLength,
        "group_name_characters" => GroupNameCharacters,
        "group_description_too_long" => GroupDescriptionTooLong,
        "group_description_characters" => GroupDescriptionCharacters,
        "group_ceiling" => GroupCeiling,
    }
}

/// The derived reader would add a table of all names and errors to the WASM.
impl<'de> Deserialize<'de> for Invalid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::by_name(&name).ok_or_else(|| D::Error::custom(name))
    }
}

/// Returns a username, trimmed: 3 to 32 ASCII letters, digits, `_`, `.` or `-`.
pub fn username(text: &str) -> Result<String, Invalid> {
    let name = text.trim();
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')) {
        return Err(Invalid::UsernameCharacters);
    }
    if (USERNAME_MIN..=USERNAME_MAX).contains(&name.len()) {
        Ok(name.to_string())
    } else {
        Err(Invalid::UsernameLength)
    }
}

/// Returns the key by which usernames are compared: without regard to case.
pub fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

/// Returns a display name, trimmed: 1 to 32 characters of any script, without control characters
/// and without characters that change the direction of the text around it.
pub fn display_name(text: &str) -> Result<String, Invalid> {
    let (length, characters) = (Invalid::DisplayNameLength, Invalid::DisplayNameCharacters);
    let name = line(text, DISPLAY_NAME_MAX, length, characters)?;
    if name.chars().all(is_invisible) { Err(length) } else { Ok(name) }
}

/// Accepts a password of 8 to 128 characters. It is not trimmed. The server also refuses new
/// passwords that are easy to guess: the page does not have the list of common ones.
pub fn password(text: &str) -> Result<(), Invalid> {
    if (PASSWORD_MIN..=PASSWORD_MAX).contains(&text.chars().count()) {
        Ok(())
    } else {
        Err(Invalid::PasswordLength)
    }
}

/// Returns the text of a message, trimmed, with `\n` as its only line end: at most 4,000
/// characters, without control characters but newline and tab, and with a visible one.
pub fn message(text: &str) -> Result<String, Invalid> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.chars().all(is_invisible) {
        return Err(Invalid::MessageEmpty);
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Invalid::MessageCharacters);
    }
    if text.chars().count() > MESSAGE_MAX {
        return Err(Invalid::MessageTooLong);
    }
    Ok(text.to_string())
}

/// Returns the note of a friend request, trimmed: one line of at most 100 characters.
pub fn note(text: &str) -> Result<String, Invalid> {
    line(text, NOTE_MAX, Invalid::NoteTooLong, Invalid::NoteCharacters)
}

/// Returns a bio, trimmed: lines of at most 200 characters together. It may be empty.
pub fn bio(text: &str) -> Result<String, Invalid> {
    lines(text, BIO_MAX, Invalid::BioTooLong, Invalid::BioCharacters)
}

/// Returns a group's name, trimmed: one line of 1 to 64 characters, with a visible one.
pub fn group_name(text: &str) -> Result<String, Invalid> {
    let (length, characters) = (Invalid::GroupNameLength, Invalid::GroupNameCharacters);
    let name = line(text, GROUP_NAME_MAX, length, characters)?;
    if name.chars().all(is_invisible) { Err(length) } else { Ok(name) }
}

/// Returns a group's description, trimmed: lines of at most 255 characters together.
pub fn group_description(text: &str) -> Result<String, Invalid> {
    let too_long = Invalid::GroupDescriptionTooLong;
    lines(text, GROUP_DESCRIPTION_MAX, too_long, Invalid::GroupDescriptionCharacters)
}

/// Returns a remark, trimmed: one line of at most 32 characters. Empty without a visible one.
pub fn remark(text: &str) -> Result<String, Invalid> {
    let remark = line(text, REMARK_MAX, Invalid::RemarkTooLong, Invalid::RemarkCharacters)?;
    Ok(if remark.chars().all(is_invisible) { String::new() } else { remark })
}

fn lines(
    text: &str,
    max: usize,
    too_long: Invalid,
    characters: Invalid,
) -> Result<String, Invalid> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.chars().any(|c| (c.is_control() && c != '\n') || turns_direction(c)) {
        return Err(characters);
    }
    if text.chars().count() > max {
        return Err(too_long);
    }
    Ok(text.to_string())
}

/// Returns a text that is shown in one line with other texts, trimmed. It can neither break the
/// line nor change its direction.
fn line(text: &str, max: usize, too_long: Invalid, characters: Invalid) -> Result<String, Invalid> {
    let line = text.trim();
    // The line and paragraph separators of Unicode are not control characters.
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if line.chars().any(|c| breaks(c) || turns_direction(c)) {
        return Err(characters);
    }
    if line.chars().count() > max {
        return Err(too_long);
    }
    Ok(line.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_is_written() {
        for invalid in Invalid::ALL {
            let json = serde_json::to_string(invalid).expect("JSON");
            assert_eq!(json, format!("\"{}\"", invalid.name()));
            assert_eq!(serde_json::from_str::<Invalid>(&json).expect("a reason"), *invalid);
        }
    }

    #[test]
    fn usernames_are_ascii_and_compared_without_case() {
        assert_eq!(username(" Ann_1.b-c "), Ok("Ann_1.b-c".into()));
        assert_eq!(username("ab"), Err(Invalid::UsernameLength));
        assert_eq!(username(&"a".repeat(33)), Err(Invalid::UsernameLength));
        assert_eq!(username("李雷雷"), Err(Invalid::UsernameCharacters));
        assert_eq!(username("a b c"), Err(Invalid::UsernameCharacters));
        assert_eq!(username_key("AnN"), username_key("aNn "));
    }

    #[test]
    fn display_names_may_be_of_any_script_but_must_be_visible() {
        assert_eq!(display_name(" 李雷 "), Ok("李雷".into()));
        assert_eq!(display_name(&"名".repeat(32)), Ok("名".repeat(32)));
        assert_eq!(display_name(&"名".repeat(33)), Err(Invalid::DisplayNameLength));
        assert_eq!(display_name(" \u{200B}\u{3164}\u{2800} "), Err(Invalid::DisplayNameLength));
        assert_eq!(display_name("a\u{202E}b"), Err(Invalid::DisplayNameCharacters));
        assert_eq!(display_name("a\nb"), Err(Invalid::DisplayNameCharacters));
        assert_eq!(display_name("a\u{2028}b"), Err(Invalid::DisplayNameCharacters));
        for invisible in ["\u{2063}", "\u{34F}", "\u{FE0F}", "\u{E0041}\u{E007F}", "\u{180E}"] {
            assert_eq!(display_name(invisible), Err(Invalid::DisplayNameLength), "{invisible:?}");
            assert_eq!(group_name(invisible), Err(Invalid::GroupNameLength), "{invisible:?}");
            assert_eq!(message(invisible), Err(Invalid::MessageEmpty), "{invisible:?}");
        }
    }

    #[test]
    fn passwords_are_counted_in_characters() {
        assert_eq!(password("密码密码密码密码"), Ok(()));
        assert_eq!(password("1234567"), Err(Invalid::PasswordLength));
        assert_eq!(password(&"x".repeat(128)), Ok(()));
        assert_eq!(password(&"x".repeat(129)), Err(Invalid::PasswordLength));
    }

    #[test]
    fn a_message_is_trimmed_and_must_be_visible() {
        assert_eq!(message("  hi\r\nthere \n"), Ok("hi\nthere".into()));
        assert_eq!(message(" \u{200B}\u{FEFF}\n\t"), Err(Invalid::MessageEmpty));
        assert_eq!(message("a\u{0}b"), Err(Invalid::MessageCharacters));
        assert_eq!(message(&"字".repeat(MESSAGE_MAX)), Ok("字".repeat(MESSAGE_MAX)));
        assert_eq!(message(&"字".repeat(MESSAGE_MAX + 1)), Err(Invalid::MessageTooLong));
        assert_eq!(message("👩‍👩‍👧"), Ok("👩‍👩‍👧".into()));
    }

    #[test]
    fn a_note_is_one_short_line() {
        assert_eq!(note(" hello "), Ok("hello".into()));
        assert_eq!(note(""), Ok(String::new()));
        assert_eq!(note("a\nb"), Err(Invalid::NoteCharacters));
        assert_eq!(note("a\u{202E}b"), Err(Invalid::NoteCharacters));
        assert_eq!(note(&"x".repeat(NOTE_MAX + 1)), Err(Invalid::NoteTooLong));
    }

    #[test]
    fn a_bio_may_have_lines_and_be_empty() {
        assert_eq!(bio(" one\r\ntwo "), Ok("one\ntwo".into()));
        assert_eq!(bio(""), Ok(String::new()));
        assert_eq!(bio("a\tb"), Err(Invalid::BioCharacters));
        assert_eq!(bio(&"字".repeat(BIO_MAX + 1)), Err(Invalid::BioTooLong));
    }

    #[test]
    fn a_remark_is_one_short_line_or_none() {
        assert_eq!(remark(" 小李 "), Ok("小李".into()));
        assert_eq!(remark(" \u{200B} "), Ok(String::new()));
        assert_eq!(remark("a\nb"), Err(Invalid::RemarkCharacters));
        assert_eq!(remark("a\u{2066}b"), Err(Invalid::RemarkCharacters));
        assert_eq!(remark(&"名".repeat(REMARK_MAX + 1)), Err(Invalid::RemarkTooLong));
    }
}

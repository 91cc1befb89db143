//! Names as they are stored: without the invisible characters in them. Two names that look alike
//! would else be two names, and a text could be hidden in one.

use crate::model::characters::{is_invisible, turns_direction};
use crate::model::validation::{self, Invalid};

/// Like [`validation::display_name`], without the invisible characters.
pub fn display_name(text: &str) -> Result<String, Invalid> {
    validation::display_name(&without_invisible(text))
}

/// Like [`validation::group_name`], without the invisible characters.
pub fn group_name(text: &str) -> Result<String, Invalid> {
    validation::group_name(&without_invisible(text))
}

/// Removes the characters that draw nothing, except those that form the character before them.
/// White space stays, and what the rules refuse.
fn without_invisible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_seen = !is_invisible(c) || c.is_whitespace() || turns_direction(c);
        let before = kept.chars().next_back();
        if is_seen || before.is_some_and(|before| forms(before, c, rest.peek().copied())) {
            kept.push(c);
        }
    }
    kept
}

/// Whether the invisible `c` belongs between `before`, which was kept, and `after`.
fn forms(before: char, c: char, after: Option<char>) -> bool {
    const EMOJI_VARIATION: char = '\u{FE0F}';
    const KEYCAP: char = '\u{20E3}';
    const BLACK_FLAG: char = '\u{1F3F4}';
    match c {
        // The non-joiner and the joiner, between emoji and in scripts whose letters are joined.
        '\u{200C}' | '\u{200D}' => {
            (is_joined(before) || before == EMOJI_VARIATION) && after.is_some_and(is_joined)
        }
        // Variation selectors: of symbols and ideographs, and of the digit on a keycap.
        '\u{FE00}'..='\u{FE0F}' => {
            let varies = matches!(before, '\u{A9}' | '\u{AE}' | '\u{2000}'..);
            (varies && !is_invisible(before)) || after == Some(KEYCAP)
        }
        '\u{E0100}'..='\u{E01EF}' => is_ideograph(before),
        '\u{180B}'..='\u{180F}' => matches!(before, '\u{1820}'..='\u{18AF}'),
        // The letters of a region, between the flag and the end of its tag.
        '\u{E0020}'..='\u{E007F}' => {
            before == BLACK_FLAG || matches!(before, '\u{E0020}'..='\u{E007E}')
        }
        _ => false,
    }
}

/// Emoji and other symbols, and the scripts from Arabic to those of India and South-East Asia.
fn is_joined(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{10FF}'
            | '\u{1700}'..='\u{1CFF}'
            | '\u{2190}'..='\u{2BFF}'
            | '\u{A800}'..='\u{ABFF}'
            | '\u{FB50}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
            | '\u{10A00}'..='\u{11FFF}'
            | '\u{1F000}'..='\u{1FAFF}'
    ) && !is_invisible(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_removed_from_names() {
        for (typed, stored) in [
            ("Wal\u{200B}kers", "Walkers"),
            ("A\u{200D}nn", "Ann"),
            ("李\u{200D}雷", "李雷"),
            ("Ann\u{FE0F}", "Ann"),
            ("\u{E0041}Ann\u{E0042}", "Ann"),
            ("Ann\u{3164}\u{115F}\u{2800}", "Ann"),
            ("A\u{AD}n\u{200E}n\u{2060}", "Ann"),
            ("👍\u{200D}", "👍"),
            ("\u{FEFF} Ann ", "Ann"),
        ] {
            assert_eq!(display_name(typed).as_deref(), Ok(stored), "{typed:?}");
        }
        assert_eq!(display_name("\u{2063}"), Err(Invalid::DisplayNameLength));
        assert_eq!(group_name("\u{E0041}"), Err(Invalid::GroupNameLength));
        assert_eq!(display_name("a\u{202E}b"), Err(Invalid::DisplayNameCharacters));
    }

    #[test]
    fn characters_that_form_what_is_seen_stay_in_names() {
        for name in [
            "👩‍❤️‍👨",
            "🧑🏽‍🚀 Bo",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🏴‍☠️",
            "1️⃣ first",
            "☎️",
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "葛\u{E0100}城",
        ] {
            assert_eq!(display_name(name).as_deref(), Ok(name), "{name:?}");
        }
    }
}

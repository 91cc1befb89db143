//! Validation of typed text: an accepted text is clean, short enough, and accepted again unchanged.

use super::{config, text_of};
use kith::model::limits::{
    BIO_MAX, DISPLAY_NAME_MAX, GROUP_DESCRIPTION_MAX, GROUP_NAME_MAX, MESSAGE_MAX, NOTE_MAX,
    REMARK_MAX, USERNAME_MAX,
};
use kith::model::validation::{self, Invalid};
use kith::store::name_key;
use proptest::prelude::*;

const PARTS: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{200B}",
    "\u{FEFF}",
    "\u{202E}",
    "\u{2066}",
    "\u{2063}",
    "\u{3164}",
    "Ａｎｎ",
    "é",
    "e\u{301}",
    "Ann",
    "ß",
    "İ",
    "李",
    "👩‍👩‍👧",
    "_",
    "xxxxxxxxxxxxxxxxxxxxxxxx",
];

type Rule = fn(&str) -> Result<String, Invalid>;

/// Each rule with its maximum length, and the control characters that it allows.
const RULES: [(Rule, usize, &[char]); 8] = [
    (validation::username, USERNAME_MAX, &[]),
    (validation::display_name, DISPLAY_NAME_MAX, &[]),
    (validation::message, MESSAGE_MAX, &['\n', '\t']),
    (validation::note, NOTE_MAX, &[]),
    (validation::bio, BIO_MAX, &['\n']),
    (validation::remark, REMARK_MAX, &[]),
    (validation::group_name, GROUP_NAME_MAX, &[]),
    (validation::group_description, GROUP_DESCRIPTION_MAX, &['\n']),
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn accepted_text_is_clean_and_accepted_again(text in text_of(PARTS), times in 1_usize..5) {
        let text = text.repeat(times);
        for (number, (rule, max, allowed)) in RULES.into_iter().enumerate() {
            let Ok(accepted) = rule(&text) else { continue };
            prop_assert!(accepted.chars().count() <= max, "rule {}", number);
            prop_assert_eq!(accepted.trim(), &accepted, "rule {}", number);
            let control = accepted.chars().find(|c| c.is_control() && !allowed.contains(c));
            prop_assert_eq!(control, None, "rule {}", number);
            prop_assert_eq!(rule(&accepted), Ok(accepted.clone()), "rule {}", number);
        }
    }

    #[test]
    fn names_shown_in_a_line_do_not_turn_its_direction(text in text_of(PARTS)) {
        for rule in [validation::display_name, validation::group_name, validation::remark] {
            if let Ok(accepted) = rule(&text) {
                let overrides = ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}');
                let turns: Vec<char> = overrides.collect();
                prop_assert!(!accepted.contains(&turns[..]), "{:?}", accepted);
            }
        }
    }

    #[test]
    fn name_key_is_the_same_in_either_case(text in text_of(PARTS)) {
        let key = name_key(&text);
        // The capital ẞ is folded to ß, and ß to ss.
        prop_assume!(!text.contains('ẞ'));
        prop_assert_eq!(name_key(&text.to_uppercase()), key.clone());
        prop_assert_eq!(name_key(&key), key.clone());
        prop_assert!(!key.contains("  ") && key.trim() == key);
    }
}

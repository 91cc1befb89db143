//! Mentions: tokens in a text, and names that become tokens.

use super::{config, text_of};
use kith::model::limits::{DISPLAY_NAME_MAX, MENTIONS_MAX};
use kith::model::mention::{self, MentionPiece};
use kith::model::{Quote, UserId};
use proptest::prelude::*;

const TOKENS: &[&str] =
    &["@", "@{", "}", "all", "@{all}", "@{1}", "@{12}", "@{007}", "@{-1}", "Bo", "@Bo", "@Bo Li"];

const NAMES: &[&str] = &["@", "@Bo", "@Bo Li", "@李雷", "Bo", " Li", "a", ".", "/", "@@", "\n"];

fn written(piece: MentionPiece<'_>) -> String {
    match piece {
        MentionPiece::Words(words) => words.to_owned(),
        MentionPiece::Person(user) => mention::person_token(user),
        MentionPiece::Everybody => mention::EVERYBODY.to_owned(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pieces_written_together_are_the_text(text in text_of(TOKENS)) {
        let pieces = mention::pieces(&text);
        let again: String = pieces.iter().copied().map(written).collect();
        // A number may begin with zeros, which the token does not keep.
        if !text.contains("@{0") {
            prop_assert_eq!(&again, &text);
        }
        prop_assert_eq!(mention::pieces(&again), pieces);
    }

    #[test]
    fn words_have_no_token(text in text_of(TOKENS)) {
        for piece in mention::pieces(&text) {
            if let MentionPiece::Words(words) = piece {
                prop_assert_eq!(mention::pieces(words), [piece]);
            }
        }
    }

    #[test]
    fn people_are_distinct_limited_and_spoken_to(text in text_of(TOKENS)) {
        let people = mention::mentioned_people(&text);
        prop_assert!(people.len() <= MENTIONS_MAX);
        for (index, user) in people.iter().enumerate() {
            prop_assert!(!people[..index].contains(user));
            prop_assert!(mention::is_mentioned(&text, *user));
        }
    }

    #[test]
    fn tokens_of_names_are_shown_as_the_names_again(text in text_of(NAMES)) {
        prop_assume!(!text.contains("@{"));
        let known = [("Bo", 1), ("Bo Li", 2), ("李雷", 3)];
        let names = known.map(|(name, id)| (name.to_owned(), mention::person_token(UserId(id))));
        let name = |piece: MentionPiece<'_>| {
            let named = known.iter().find(|(_, id)| piece == MentionPiece::Person(UserId(*id)));
            named.expect("a known person").0.to_owned()
        };
        prop_assert_eq!(mention::with_names(&mention::with_tokens(&text, &names), name), text);
    }

    #[test]
    fn name_being_written_follows_the_last_at(text in text_of(NAMES)) {
        if let Some(name) = mention::name_being_typed(&text) {
            let end = format!("@{name}");
            prop_assert!(text.ends_with(&end));
            prop_assert!(!name.contains(['@', '\n']));
            prop_assert!(name.chars().count() <= DISPLAY_NAME_MAX);
        }
    }

    #[test]
    fn quote_is_a_beginning_that_ends_outside_tokens(
        text in text_of(TOKENS),
        times in 1_usize..40,
    ) {
        let text = text.repeat(times);
        let quote = Quote::new(1, UserId(1), &text);
        prop_assert!(text.starts_with(&quote.text));
        let whole = mention::mentioned_people(&text);
        let quoted = mention::mentioned_people(&quote.text);
        prop_assert!(whole.starts_with(&quoted));
    }
}

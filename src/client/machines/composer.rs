//! The actions of the keys in the composer, and the counter of its characters.

use crate::model::limits;

/// Number of characters below the limit at which the counter appears.
const COUNTER_MARGIN: usize = 200;

/// A key that was pressed in the text area.
#[derive(Debug, Clone, Copy)]
pub struct KeyPress<'a> {
    /// The name that browsers give it.
    pub key: &'a str,
    pub shift: bool,
    /// Control or, on a Mac, Command.
    pub command: bool,
    /// An input method is in the middle of a word: its Enter chooses a word.
    pub composing: bool,
}

/// The state on which the action of a key depends.
#[derive(Debug, Clone, Copy)]
pub struct KeyContext {
    /// The keyboard is on the screen: its Enter starts a line, and the button sends.
    pub has_touch_keyboard: bool,
    /// The user chose that Enter starts a line.
    pub enter_makes_line: bool,
    /// The message is a reply.
    pub is_replying: bool,
    /// Number of names that are offered after an `@`, and the index of the highlighted one.
    pub mentions: Option<(usize, usize)>,
}

/// The action of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAction {
    /// The same as in every text area.
    Type,
    Send,
    CancelReply,
    HighlightMention(usize),
    ChooseMention(usize),
    CloseMentions,
}

pub fn key_action(press: KeyPress, context: KeyContext) -> KeyAction {
    let KeyPress { key, shift, command, composing } = press;
    if composing {
        return KeyAction::Type;
    }
    if let Some((count, highlighted)) = context.mentions.filter(|(count, _)| *count > 0) {
        match key {
            "ArrowDown" => return KeyAction::HighlightMention((highlighted + 1) % count),
            "ArrowUp" => return KeyAction::HighlightMention((highlighted + count - 1) % count),
            "Enter" | "Tab" => return KeyAction::ChooseMention(highlighted),
            "Escape" => return KeyAction::CloseMentions,
            _ => {}
        }
    }
    let enter_sends = !shift && !context.has_touch_keyboard && !context.enter_makes_line;
    match key {
        "Escape" if context.is_replying => KeyAction::CancelReply,
        "Enter" if command || enter_sends => KeyAction::Send,
        _ => KeyAction::Type,
    }
}

/// The number of characters of a text if it is near the limit; `None` if it is far from it.
pub fn counter(text: &str) -> Option<usize> {
    let length = text.trim().chars().count();
    (length + COUNTER_MARGIN > limits::MESSAGE_MAX).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: KeyContext = KeyContext {
        has_touch_keyboard: false,
        enter_makes_line: false,
        is_replying: false,
        mentions: None,
    };

    fn press(key: &str) -> KeyPress<'_> {
        KeyPress { key, shift: false, command: false, composing: false }
    }

    #[test]
    fn enter_sends_and_shift_enter_starts_a_line() {
        assert_eq!(key_action(press("Enter"), CONTEXT), KeyAction::Send);
        let with_shift = KeyPress { shift: true, ..press("Enter") };
        assert_eq!(key_action(with_shift, CONTEXT), KeyAction::Type);
        assert_eq!(key_action(press("a"), CONTEXT), KeyAction::Type);
    }

    #[test]
    fn enter_starts_a_line_on_touch_keyboards_and_for_those_who_chose_so() {
        for context in [
            KeyContext { has_touch_keyboard: true, ..CONTEXT },
            KeyContext { enter_makes_line: true, ..CONTEXT },
        ] {
            assert_eq!(key_action(press("Enter"), context), KeyAction::Type);
            for shift in [false, true] {
                let command = KeyPress { command: true, shift, ..press("Enter") };
                assert_eq!(key_action(command, context), KeyAction::Send);
            }
        }
    }

    #[test]
    fn keys_of_an_input_method_do_nothing_else() {
        let context = KeyContext { is_replying: true, mentions: Some((3, 0)), ..CONTEXT };
        for key in ["Enter", "Escape", "ArrowDown", "Tab"] {
            for command in [false, true] {
                let press = KeyPress { composing: true, command, ..press(key) };
                assert_eq!(key_action(press, context), KeyAction::Type, "{key}");
            }
        }
    }

    #[test]
    fn escape_cancels_a_reply_and_is_left_alone_without_one() {
        let replying = KeyContext { is_replying: true, ..CONTEXT };
        assert_eq!(key_action(press("Escape"), replying), KeyAction::CancelReply);
        assert_eq!(key_action(press("Escape"), CONTEXT), KeyAction::Type);
    }

    #[test]
    fn arrows_go_round_the_offered_names() {
        let at = |highlighted| KeyContext { mentions: Some((3, highlighted)), ..CONTEXT };
        for (key, from, to) in
            [("ArrowDown", 0, 1), ("ArrowDown", 2, 0), ("ArrowUp", 2, 1), ("ArrowUp", 0, 2)]
        {
            let action = key_action(press(key), at(from));
            assert_eq!(action, KeyAction::HighlightMention(to), "{key} from {from}");
        }
    }

    #[test]
    fn offered_names_take_enter_tab_and_escape_before_the_message_does() {
        let context = KeyContext { is_replying: true, mentions: Some((3, 1)), ..CONTEXT };
        assert_eq!(key_action(press("Enter"), context), KeyAction::ChooseMention(1));
        assert_eq!(key_action(press("Tab"), context), KeyAction::ChooseMention(1));
        assert_eq!(key_action(press("Escape"), context), KeyAction::CloseMentions);
        assert_eq!(key_action(press("b"), context), KeyAction::Type);
        let none = KeyContext { mentions: Some((0, 0)), ..context };
        assert_eq!(key_action(press("Enter"), none), KeyAction::Send);
        assert_eq!(key_action(press("Tab"), none), KeyAction::Type);
    }

    #[test]
    fn the_counter_appears_near_the_limit() {
        let text = "x".repeat(limits::MESSAGE_MAX - COUNTER_MARGIN);
        assert_eq!(counter(&text), None);
        assert_eq!(counter(&format!("  {text} \n")), None, "spaces at the ends do not count");
        assert_eq!(counter(&format!("{text}é")), Some(limits::MESSAGE_MAX - COUNTER_MARGIN + 1));
    }
}

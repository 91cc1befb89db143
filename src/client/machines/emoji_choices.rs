//! A user's last emoji and their skin tone, kept on the device until the user signs out.

use serde::{Deserialize, Serialize};

use crate::wire;

/// Maximum number of recent emoji that are kept.
pub const RECENT_MAX: usize = 24;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EmojiChoices {
    /// The last emoji, newest first, without skin tones.
    pub recent: Vec<String>,
    /// From light (1) to dark (5); 0 is the tone of the picture itself.
    pub tone: u8,
}

impl EmojiChoices {
    /// Reads the stored text. Missing and unreadable fields get their defaults.
    pub fn read(stored: Option<&str>) -> Self {
        stored.and_then(|json| wire::read(json.as_bytes()).ok()).unwrap_or_default()
    }

    /// Puts an emoji at the head of the recent ones.
    pub fn used(&mut self, emoji: &str) {
        self.recent.retain(|recent| recent != emoji);
        self.recent.insert(0, emoji.to_string());
        self.recent.truncate(RECENT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_emoji_moves_to_the_head_and_the_oldest_is_dropped() {
        let mut choices = EmojiChoices::default();
        for number in 0..30 {
            choices.used(&number.to_string());
        }
        choices.used("20");
        assert_eq!(choices.recent[..3], ["20", "29", "28"]);
        assert_eq!(choices.recent.len(), RECENT_MAX);
        assert_eq!(choices.recent.iter().filter(|emoji| *emoji == "20").count(), 1);
    }

    #[test]
    fn choices_of_another_build_are_read_as_far_as_they_are_known() {
        let read = EmojiChoices::read(Some(r#"{"tone":3,"size":"large"}"#));
        assert_eq!(read, EmojiChoices { tone: 3, ..EmojiChoices::default() });
        assert_eq!(EmojiChoices::read(Some("{")), EmojiChoices::default());
        assert_eq!(EmojiChoices::read(None), EmojiChoices::default());
    }
}

//! Recognises a message that is nothing but a few emoji, which is shown large.

/// Maximum number of emoji that are shown large.
const LARGE_MAX: usize = 3;

/// Whether a text is one to three emoji and nothing else but spaces.
pub fn is_few_emoji(text: &str) -> bool {
    let mut emoji = 0;
    let mut chars = text.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(first) = chars.next() {
        if !is_pictograph(first) {
            return false;
        }
        if is_flag_letter(first) && chars.next_if(|c| is_flag_letter(*c)).is_none() {
            return false;
        }
        emoji += 1;
        // Code points that belong to it: variation selector, skin tone, and joined emoji.
        while let Some(more) = chars.next_if(|c| is_modifier(*c)) {
            if more == JOINER && chars.next_if(|c| is_pictograph(*c)).is_none() {
                return false;
            }
        }
    }
    (1..=LARGE_MAX).contains(&emoji)
}

const JOINER: char = '\u{200D}';

fn is_pictograph(c: char) -> bool {
    matches!(
        c,
        '\u{1F1E6}'..='\u{1F1FF}'
            | '\u{1F300}'..='\u{1F3FA}'
            | '\u{1F400}'..='\u{1FAFF}'
            | '\u{1F004}' | '\u{1F0CF}'
            | '\u{1F170}'..='\u{1F19A}'
            | '\u{1F201}'..='\u{1F251}'
            | '\u{2049}' | '\u{203C}'
            | '\u{2194}'..='\u{21AA}'
            | '\u{231A}'..='\u{23FF}'
            | '\u{25AA}'..='\u{25FE}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{2934}'..='\u{2935}'
            | '\u{2B05}'..='\u{2B55}'
            | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
    )
}

fn is_flag_letter(c: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
}

fn is_modifier(c: char) -> bool {
    matches!(
        c,
        '\u{FE0F}' | '\u{20E3}' | JOINER | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_emoji_are_recognised_with_their_modifiers() {
        for text in ["😀", "👍🏽", "👩‍👩‍👧", "❤️", "🇨🇳🇩🇪", "🎉 🎉\n🎉", "☀", "🧑‍💻✌️"]
        {
            assert!(is_few_emoji(text), "{text}");
        }
    }

    #[test]
    fn words_numbers_and_more_than_three_emoji_are_not_few_emoji() {
        for text in ["", "hi 😀", "1", "12", "😀😀😀😀", "中", "→ ok", "🇨", "\u{200D}", "#"]
        {
            assert!(!is_few_emoji(text), "{text}");
        }
    }
}

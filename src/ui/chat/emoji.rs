//! The emoji of the panel: read from `emoji.txt`, found by their words, and shown in a skin tone.

/// The data of the panel. Only the panel reads it, so it is in the second WASM file.
const DATA: &str = include_str!("emoji.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Faces,
    People,
    Nature,
    Food,
    Travel,
    Things,
    Signs,
}

impl Category {
    pub const ALL: [Self; 7] = [
        Self::Faces,
        Self::People,
        Self::Nature,
        Self::Food,
        Self::Travel,
        Self::Things,
        Self::Signs,
    ];

    /// The name in `emoji.txt`.
    fn word(self) -> &'static str {
        match self {
            Self::Faces => "faces",
            Self::People => "people",
            Self::Nature => "nature",
            Self::Food => "food",
            Self::Travel => "travel",
            Self::Things => "things",
            Self::Signs => "signs",
        }
    }

    /// The emoji of this category. The first one is its symbol.
    pub fn emoji(self) -> impl Iterator<Item = Emoji> {
        all().filter(move |(category, _)| *category == Some(self)).map(|(_, emoji)| emoji)
    }
}

/// A skin tone: 0 for the tone of the picture itself, else from light (1) to dark (5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SkinTone(u8);

impl SkinTone {
    pub const ALL: [Self; 6] = [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// An unknown number is the tone of the picture itself.
    pub fn from_number(number: u8) -> Self {
        Self::ALL.into_iter().find(|tone| tone.0 == number).unwrap_or_default()
    }

    pub fn number(self) -> u8 {
        self.0
    }

    fn modifier(self) -> Option<char> {
        let number = u32::from(self.0.checked_sub(1)?);
        char::from_u32(u32::from('\u{1F3FB}') + number)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emoji {
    /// The emoji itself, without a skin tone.
    pub text: &'static str,
    has_tones: bool,
    /// Lower-case words between commas, in each language.
    english: &'static str,
    chinese: &'static str,
}

impl Emoji {
    /// The emoji with this text.
    pub fn of(text: &str) -> Option<Self> {
        all().map(|(_, emoji)| emoji).find(|emoji| emoji.text == text)
    }

    pub fn english_name(self) -> &'static str {
        self.english.split(", ").next().unwrap_or_default()
    }

    pub fn chinese_name(self) -> &'static str {
        self.chinese.split(", ").next().unwrap_or_default()
    }

    /// Returns the emoji in a skin tone, if it has skin tones.
    pub fn in_tone(self, tone: SkinTone) -> String {
        let mut rest = self.text.chars();
        match (tone.modifier().filter(|_| self.has_tones), rest.next()) {
            (Some(modifier), Some(first)) => {
                // The modifier replaces the selector that asks for a coloured picture.
                let rest = rest.as_str().trim_start_matches('\u{FE0F}');
                format!("{first}{modifier}{rest}")
            }
            _ => self.text.to_string(),
        }
    }

    /// The rank of the emoji in a search; the least rank is the best, `None` is no match.
    fn rank(self, query: &str) -> Option<u8> {
        let words = self.english.split(", ").map(|word| (word, 1));
        let words = words.chain(self.chinese.split(", ").map(|word| (word, 1)));
        let names = [(self.text, 0), (self.english_name(), 0), (self.chinese_name(), 0)];
        let ranks = names.into_iter().chain(words).filter_map(|(word, rank)| {
            if word.starts_with(query) {
                return Some(rank);
            }
            // Chinese has no spaces between words, so a match may begin anywhere.
            let later_word = word.split(' ').any(|part| part.starts_with(query));
            let inside = !query.is_ascii() && word.contains(query);
            (later_word || inside).then_some(2)
        });
        ranks.min()
    }
}

/// Finds emoji by a lower-case text in either language, best matches first.
pub fn find(query: &str) -> Vec<Emoji> {
    let found = all().filter_map(|(_, emoji)| Some((emoji.rank(query)?, emoji)));
    let mut found: Vec<(u8, Emoji)> = found.collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, emoji)| emoji).collect()
}

/// All emoji with their categories, in the order of the file.
fn all() -> impl Iterator<Item = (Option<Category>, Emoji)> {
    let mut category = None;
    DATA.lines().filter_map(move |line| {
        if let Some(word) = line.strip_prefix('[') {
            let word = word.trim_end_matches(']');
            category = Category::ALL.into_iter().find(|category| category.word() == word);
        }
        // Comments, headings and empty lines have no tabs.
        let mut fields = line.split('\t');
        let (text, english, chinese) = (fields.next()?, fields.next()?, fields.next()?);
        let (text, has_tones) = match text.strip_suffix('*') {
            Some(text) => (text, true),
            None => (text, false),
        };
        Some((category, Emoji { text, has_tones, english, chinese }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::HashSet;

    use crate::ui::text::emoji::is_few_emoji;

    #[test]
    fn every_line_of_the_data_is_a_complete_entry_of_a_category() {
        let is_entry = |line: &&str| !line.is_empty() && !line.starts_with(['#', '[']);
        let lines = DATA.lines().filter(is_entry).count();
        assert_eq!(all().count(), lines);
        assert!(lines > 450);
        for (category, emoji) in all() {
            assert!(category.is_some(), "{emoji:?}");
            for words in [emoji.english, emoji.chinese] {
                assert!(words.split(", ").all(|word| word == word.trim() && !word.is_empty()));
                assert_eq!(words, words.to_lowercase(), "the search is in lower case");
            }
        }
        for category in Category::ALL {
            assert!(category.emoji().count() > 40, "{category:?}");
        }
    }

    #[test]
    fn every_emoji_is_recognised_as_one_emoji_in_every_tone() {
        let mut seen = HashSet::new();
        for (_, emoji) in all() {
            assert!(seen.insert(emoji.text), "{} twice", emoji.text);
            let tones: HashSet<String> =
                SkinTone::ALL.into_iter().map(|tone| emoji.in_tone(tone)).collect();
            assert_eq!(tones.len(), if emoji.has_tones { 6 } else { 1 }, "{emoji:?}");
            for text in tones {
                assert!(is_few_emoji(&text.repeat(3)), "{text}");
                assert!(!is_few_emoji(&text.repeat(4)), "{text}");
            }
        }
    }

    #[test]
    fn a_skin_tone_follows_the_first_character() {
        let dark = SkinTone::from_number(5);
        let in_tone = |text| Emoji::of(text).expect("an emoji of the panel").in_tone(dark);
        assert_eq!(in_tone("👋"), "👋🏿");
        assert_eq!(in_tone("✌️"), "✌🏿");
        assert_eq!(in_tone("🧑‍💻"), "🧑🏿‍💻");
        assert_eq!(in_tone("😀"), "😀");
        assert_eq!(SkinTone::from_number(9), SkinTone::default());
    }

    #[test]
    fn a_search_finds_emoji_by_words_of_both_languages() {
        let found = |query| find(query).into_iter().map(|emoji| emoji.text).collect::<Vec<_>>();
        assert_eq!(found("panda"), ["🐼"]);
        assert_eq!(found("熊猫"), ["🐼"]);
        assert_eq!(found("猫")[0], "🐱");
        assert!(found("猫").contains(&"🐼"), "a Chinese word is found inside another");
        assert!(found("tree").contains(&"🎄"), "a later word of a name is found");
        assert_eq!(found("cat")[0], "🐱");
        assert!(!found("art").contains(&"❤️"), "letters inside a word are not");
        assert_eq!(found("👍"), ["👍"]);
        assert_eq!(found("xyzzy"), Vec::<&str>::new());
    }
}

//! The emoji that the panel offers, by category; and what counts as a message of emoji alone.

/// So many emoji alone are shown large.
const LARGE_MAX: usize = 3;

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

    /// Its emoji. The first one stands for the category.
    pub fn emoji(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::Faces => {
                "😀 😃 😄 😁 😆 😅 🤣 😂 🙂 🙃 😉 😊 😇 🥰 😍 🤩 😘 😗 😚 😋 😛 😜 🤪 😝 🤗 🤭 🫢 🤫 🤔 🫡 🤨 😐 😑 😶 😏 😒 \
                 🙄 😬 😌 😔 😪 😴 😷 🤒 🤕 🤧 🥵 🥶 🥴 😵 🤯 🤠 🥳 😎 🤓 🧐 😕 🫤 😟 🙁 😮 😲 😳 🥺 🥹 😨 😰 😥 😢 😭 😱 😖 😞 😩 😤 \
                 😡 😠 🤬 😈 💀 💩 🤡 👻 👽 🤖"
            }
            Self::People => {
                "👋 🤚 ✋ 🖖 👌 🤌 ✌️ 🤞 🫰 🤟 🤘 🤙 👈 👉 👆 👇 ☝️ 👍 👎 ✊ 👊 🤛 🤜 👏 🙌 🫶 👐 🤲 🤝 🙏 ✍️ 💪 👀 🧠 👶 🧒 👦 👧 🧑 \
                 👨 👩 🧓 👴 👵 🙋 🙅 🙆 🤷 🤦 🙇 🧑‍💻 🧑‍🎓 🧑‍🏫 🧑‍🍳 🧑‍🌾 👮 🕵️ 💃 🕺 🏃 🚶 🧘 👪 👫 👭 👬"
            }
            Self::Nature => {
                "🐶 🐱 🐭 🐹 🐰 🦊 🐻 🐼 🐨 🐯 🦁 🐮 🐷 🐸 🐵 🙈 🙉 🙊 🐔 🐧 🐦 🐤 🦆 🦉 🐺 🐴 🦄 🐝 🦋 🐌 🐞 🐢 🐍 🐙 🦀 🐠 🐬 🐳 🐘 \
                 🐾 🌵 🎄 🌲 🌳 🌴 🌱 🌿 🍀 🍁 🍂 🌷 🌹 🌸 🌼 🌻 🌞 🌙 ⭐ 🌟 ✨ ⚡ 🔥 🌈 ☀️ ⛅ ☁️ 🌧️ ❄️ ⛄ 💧 🌊"
            }
            Self::Food => {
                "🍎 🍐 🍊 🍋 🍌 🍉 🍇 🍓 🫐 🍒 🍑 🥭 🍍 🥝 🍅 🥑 🥦 🥬 🌶️ 🌽 🥕 🥔 🍞 🥐 🥖 🧀 🥚 🍳 🥞 🍗 🍔 🍟 🍕 🌭 🥪 🌮 🥗 🍲 🍜 🍝 🍣 \
                 🍱 🥟 🍤 🍚 🍙 🍡 🥮 🍦 🍰 🎂 🍮 🍭 🍫 🍿 🍩 🍪 🥜 🍵 ☕ 🧋 🥤 🍺 🍻 🥂 🍷"
            }
            Self::Travel => {
                "🚗 🚕 🚌 🚑 🚒 🚚 🚜 🏍️ 🚲 🛴 🚂 🚆 🚇 🚄 ✈️ 🚀 🚁 ⛵ 🚢 ⚓ 🗺️ 🧭 🏔️ ⛰️ 🌋 🏕️ 🏖️ 🏝️ 🏠 🏡 🏢 🏥 🏫 🏭 🏯 🏰 🗼 🌉 🎡 \
                 🎢 ⛲ 🌃 🌅 🌇 🚦 🚧 ⛽"
            }
            Self::Things => {
                "🎉 🎊 🎈 🎁 🧧 🏮 🎀 🏆 🥇 ⚽ 🏀 🏐 🎾 🏓 🏸 🎯 🎮 🎲 🧩 🎸 🎹 🎤 🎧 🎬 🎨 📷 📱 💻 ⌨️ 🖨️ 💡 🔦 📚 📖 📝 ✏️ 📌 📎 ✂️ 📅 \
                 📈 📦 ✉️ 📮 🔑 🔒 🔨 🔧 🧰 🧪 💊 🩹 🧹 🛒 💰 💳 ⏰ ⌛ 🕯️ 🧸 👓 👕 👟 🎒 ☂️"
            }
            Self::Signs => {
                "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕 💖 💯 💢 💥 💤 💬 💭 ✅ ❌ ❓ ❗ ⁉️ ⚠️ 🚫 ♻️ ☑️ ➕ ➖ ✔️ 🔴 🟠 🟡 🟢 🔵 🟣 ⚫ ⚪ ⬆️ ➡️ ⬇️ ⬅️ 🔄 🔔 \
                 🔕 🎵 🆗 🆒 🆕 🆘 🔟 🏁 🚩 🏳️"
            }
        }
        .split_whitespace()
    }
}

/// Whether a text is one to three emoji and nothing else.
pub fn is_few_emoji(text: &str) -> bool {
    let mut emoji = 0;
    let mut chars = text.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(first) = chars.next() {
        if !is_picture(first) {
            return false;
        }
        if is_flag_letter(first) && chars.next_if(|c| is_flag_letter(*c)).is_none() {
            return false;
        }
        emoji += 1;
        // What belongs to it: how it is drawn, its skin, and what a joiner joins.
        while let Some(more) = chars.next_if(|c| is_modifier(*c)) {
            if more == JOINER && chars.next_if(|c| is_picture(*c)).is_none() {
                return false;
            }
        }
    }
    (1..=LARGE_MAX).contains(&emoji)
}

const JOINER: char = '\u{200D}';

fn is_picture(c: char) -> bool {
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
    matches!(c, '\u{FE0F}' | '\u{20E3}' | JOINER | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_emoji_alone_are_few() {
        for text in ["😀", "👍🏽", "👩‍👩‍👧", "❤️", "🇨🇳🇩🇪", "🎉 🎉\n🎉", "☀", "🧑‍💻✌️"]
        {
            assert!(is_few_emoji(text), "{text}");
        }
    }

    #[test]
    fn words_numbers_and_many_are_not() {
        for text in ["", "hi 😀", "1", "12", "😀😀😀😀", "中", "→ ok", "🇨", "\u{200D}", "#"]
        {
            assert!(!is_few_emoji(text), "{text}");
        }
    }

    #[test]
    fn everything_in_the_panel_is_an_emoji_and_there_once() {
        let mut seen = std::collections::HashSet::new();
        for emoji in Category::ALL.into_iter().flat_map(Category::emoji) {
            assert!(is_few_emoji(emoji), "{emoji}");
            assert!(seen.insert(emoji), "{emoji} twice");
        }
    }
}

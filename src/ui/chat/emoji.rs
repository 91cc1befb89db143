//! The emoji that the panel offers, by category.

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

#[cfg(test)]
mod tests {
    use super::*;

    use crate::ui::text::emoji::is_few_emoji;

    #[test]
    fn everything_in_the_panel_is_an_emoji_and_there_once() {
        let mut seen = std::collections::HashSet::new();
        for emoji in Category::ALL.into_iter().flat_map(Category::emoji) {
            assert!(is_few_emoji(emoji), "{emoji}");
            assert!(seen.insert(emoji), "{emoji} twice");
        }
    }
}

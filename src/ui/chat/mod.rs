//! The chat window: its header and menu, the composer, emoji and mentions.

pub mod cannot_write;
pub mod chat_menu;
pub mod chat_window;
pub mod composer;
pub mod emoji;
pub mod emoji_panel;
pub mod mention_list;

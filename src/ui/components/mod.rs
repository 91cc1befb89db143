//! The parts of the pages, one file for each.

pub mod avatar;
pub mod chat_list;
pub mod chat_window;
pub mod composer;
pub mod contact_entry;
pub mod contact_tabs;
pub mod device_settings;
pub mod entrance;
pub mod friend_finder;
pub mod friend_list;
pub mod friend_requests;
pub mod group_list;
pub mod language_switch;
pub mod message_bubble;
pub mod message_list;
pub mod message_rows;
pub mod message_text;
pub mod navigation;
pub mod sign_out;
pub mod status_bar;
pub mod text_field;
pub mod theme_switch;
pub mod unread_badge;

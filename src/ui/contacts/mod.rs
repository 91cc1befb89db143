//! The lists on the left: chats, friends, groups, and finding people.

pub mod ask_form;
pub mod chat_list;
pub mod entry;
pub mod friend_list;
pub mod friend_requests;
pub mod group_list;
pub mod people_finder;
pub mod people_picker;
pub mod profile_pane;
pub mod rows;
pub mod tabs;

//! The contact panel: the lists of chats and friends, and the search for people.

pub mod chat_list;
pub mod contact_tabs;
pub mod entry;
pub mod friend_list;
pub mod friend_request_form;
pub mod friend_requests;
pub mod people_picker;
pub mod people_search;
pub mod profile_pane;
pub mod rows;

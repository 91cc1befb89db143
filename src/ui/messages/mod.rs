//! The list of messages: its rows, what is in a bubble, and how it scrolls.

pub mod bubble;
pub mod list;
pub mod menu;
pub mod opening;
pub mod rows;
pub mod scroll;
pub mod text;

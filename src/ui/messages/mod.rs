//! The list of messages: its rows, bubbles and scrolling.

pub mod bubble;
pub mod list;
pub mod menu;
pub mod row_context;
pub mod rows;
pub mod scroll;
pub mod text;

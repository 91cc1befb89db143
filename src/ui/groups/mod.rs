//! Making, describing and joining groups, and their members.

pub mod edit;
pub mod link;
pub mod members;
pub mod new;
pub mod pane;

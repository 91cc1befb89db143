//! Groups: the list of them, making, describing and joining one, and its members.

pub mod edit;
pub mod invite;
pub mod join_requests;
pub mod link;
pub mod list;
pub mod members;
pub mod new;
pub mod pane;

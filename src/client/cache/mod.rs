//! The client's memory: one set of signals for each conversation, keyed by contact, and the
//! people around them. Built from a snapshot, on the server (to render) and in the page alike.

pub mod conversation;
mod events;
mod groups;
mod people;
mod session;
mod sorting;
#[cfg(test)]
mod tests;

pub use events::Applied;
pub use session::SessionCache;

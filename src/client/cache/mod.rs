//! The session cache: one set of signals for each conversation, keyed by contact, and the people
//! and groups around them. The server (for rendering) and the page both build it from a snapshot.

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

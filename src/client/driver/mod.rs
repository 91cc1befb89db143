//! Runs the state machines against the real world: server functions, timers, storage, other tabs.
//!
//! The pages hold one `Driver` and use it for everything about conversations: messages, marks,
//! drafts. They call the server themselves where one answer is all they need: forms, searches,
//! settings.
//!
//! Most files run the machine of the same name. `history` runs `recent`. `own_copy`, `presence` and
//! `sign_out` run none. `state`, `start` and `timeout` serve all the others.

mod device_settings;
mod history;
mod notices;
mod outbox;
mod own_copy;
mod people_wanted;
mod presence;
mod read_marks;
mod receive_loop;
mod sign_out;
mod start;
mod state;
mod tab_lock;
mod tabs;
mod timeout;
mod transport;
mod typing;

pub use receive_loop::LoadSecondFile;
pub use state::{ConnectionState, Driver};
pub use tabs::announce_signed_out;

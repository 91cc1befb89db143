//! Runs the state machines against the real world: server functions, timers, storage. The pages
//! hold one `Driver` and ask it for everything about conversations: messages, marks, drafts. What
//! is asked for once and answered on the spot (forms, searches, settings) they call by themselves.

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

pub use receive_loop::LoadDeferred;
pub use state::{ConnectionState, Driver};
pub use tabs::announce_signed_out;

//! The receiving half of Kith: plain state machines (input and time in, actions out), the session
//! cache over them, and the one file that knows the browser.

pub mod backoff;
pub mod browser;
pub mod clock;
pub mod conversation_cache;
pub mod driver;
pub mod merge;
pub mod outbox;
pub mod people_stub;
pub mod read_marks;
pub mod receive_loop;
pub mod session_cache;

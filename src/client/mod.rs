//! The receiving half of Kith: plain state machines (input and time in, actions out), the session
//! cache over them, and the one file that knows the browser.

pub mod backoff;
pub mod browser;
pub mod clock;
pub mod conversation_cache;
pub mod device_settings;
pub mod drawn;
pub mod driver;
pub mod merge;
pub mod notices;
pub mod outbox;
pub mod overview;
pub mod people_wanted;
pub mod presence;
pub mod read_marks;
pub mod receive_loop;
pub mod recent;
pub mod session_cache;
pub mod small_map;
pub mod tab_lock;
pub mod tabs;
pub mod transport;

//! The browser's half: state machines that decide, the session cache, the browser itself, and the
//! driver that connects them. Imports run one way: `driver → cache → browser → machines`.

pub mod browser;
pub mod cache;
pub mod driver;
pub mod machines;

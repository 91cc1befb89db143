//! The pages: components only. What leaves the page goes through the driver or a server function.

pub mod app;
pub mod choices;
pub mod components;
pub mod device_name;
pub mod form_error;
pub mod language;
pub mod page;
pub mod pages;
pub mod sentence;
pub mod shell;
pub mod theme;
pub mod when;

// `pub mod i18n`: the sentences of locales/*.json as Rust, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub use app::App;
pub use shell::shell;

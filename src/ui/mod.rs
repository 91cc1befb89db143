//! The pages: components for both halves. Everything that leaves the page goes through the driver
//! or a server function.
//!
//! Imports run one way: `frame → pages → chat → {messages, groups, settings} → contacts → later →
//! parts → text → view → i18n`. All of them may use `route` and `access`, which use `paths`.

pub mod access;
pub mod chat;
pub mod contacts;
pub mod frame;
pub mod groups;
pub mod i18n;
pub mod later;
pub mod messages;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod route;
pub mod settings;
pub mod text;
pub mod view;

pub use frame::app::App;
pub use frame::second_file::ready;
pub use frame::shell::{plain_style_paths, shell};

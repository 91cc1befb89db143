//! The pages: components for both halves. Everything that leaves the page goes through the driver or
//! a server function.
//!
//! Imports between the folders run one way:
//! `frame → pages → chat → messages → groups → contacts → parts → text → view → i18n`, with `settings`
//! beside `groups`. `later`, `route` and `access` are above `paths` and below `contacts`.

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

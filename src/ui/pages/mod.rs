//! One file for each page.

pub mod chat;
pub mod not_found;
pub mod register;
pub mod settings;
pub mod sign_in;

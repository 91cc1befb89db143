//! The parts of the settings page.

pub mod blocked;
pub mod delete;
pub mod device_settings;
pub mod password;
pub mod profile;
pub mod sign_out;
pub mod theme_switch;

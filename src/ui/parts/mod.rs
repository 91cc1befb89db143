//! Small parts that several screens share.

pub mod avatar;
pub mod call_error;
pub mod confirm_button;
pub mod count_badge;
pub mod entrance;
pub mod form_outcome;
pub mod icon;
pub mod language_switch;
pub mod mention_link;
pub mod menu;
pub mod text_field;
pub mod way_back;

//! Helpers for Leptos: control flow with one type each, forms, and choices in cookies.

pub mod call;
pub mod choices;
pub mod each;
pub mod form_error;
pub mod loaded;
pub mod show;
pub mod theme;

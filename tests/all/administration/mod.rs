//! The administration: what is done there, and its pages.

pub mod actions;
pub mod groups;
pub mod pages;
pub mod tables;

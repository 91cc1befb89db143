//! The administration: its actions, its tables and its pages.

pub mod actions;
pub mod groups;
pub mod pages;
pub mod tables;

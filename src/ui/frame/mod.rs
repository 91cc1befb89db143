//! The frame around every page: the document, the application, the navigation.

pub mod app;
pub mod navigation;
pub mod second_file;
pub mod shell;
pub mod signed_in;
pub mod status_bar;

//! What stands around every page: the document, the application, the navigation.

pub mod app;
pub mod navigation;
pub mod shell;
pub mod signed_in;
pub mod status_bar;

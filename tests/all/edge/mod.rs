//! The HTTP edge: permissions, documents, files and headers.

mod access;
mod addresses;
mod api_examples;
mod connections;
mod files;
mod pages;
mod refused_forms;
mod security;

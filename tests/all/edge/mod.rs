//! The HTTP edge: permissions, documents, files and headers.

mod access;
mod api_examples;
mod files;
mod pages;
mod security;

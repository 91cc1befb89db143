//! The HTTP edge: who may call what, and what every answer carries.

mod access;
mod files;
mod pages;
mod security;

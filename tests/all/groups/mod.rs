//! Groups and how people join them.

pub mod joining;
pub mod membership;

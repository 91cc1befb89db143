//! Groups: their members, their roles, and the ways into them.

mod inviting;
mod joining;
mod membership;
mod roles;

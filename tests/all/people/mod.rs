//! People: friends, blocks, search and presence.

mod blocks;
mod everyone;
mod finding;
mod friends;
mod presence;

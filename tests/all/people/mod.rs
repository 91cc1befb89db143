//! People: friends, blocks, search, presence and typing.

mod blocks;
mod everyone;
mod finding;
mod friends;
mod names;
mod page;
mod presence;
mod typing;

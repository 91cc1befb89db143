//! People: friends, blocks, search, presence and typing.

mod blocks;
mod everyone;
mod finding;
mod friends;
mod page;
mod presence;
mod typing;

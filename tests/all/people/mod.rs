//! People and what they are to each other.

mod blocks;
mod everyone;
mod finding;
mod friends;
mod presence;

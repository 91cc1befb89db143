//! Reading and writing values as JSON, on the wire and on a device.
//!
//! serde generates one reader for each pair of a type and a kind of input. Kith therefore reads all
//! input into a tree first: with one kind of input, the WASM has each reader once.

use serde::de::DeserializeOwned;

mod enums;
mod object;
mod tree;

pub(crate) use enums::{named_enum, tagged_enum};
pub use object::JsonObject;
pub(crate) use object::read_by_field;
pub use tree::{Tree, Unreadable};

/// Reads a value from JSON.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    T::deserialize(tree(json)?)
}

/// Not generic, so that the WASM has it once.
fn tree(json: &[u8]) -> Result<Tree, Unreadable> {
    serde_json::from_slice(json).map(Tree).map_err(|_| Unreadable::default())
}

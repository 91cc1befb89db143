//! How values are written on the wire and kept on a device: as JSON, read in one way for all.
//!
//! serde writes a reader of its own for each pair of a type and a kind of input. Here everything is
//! read into a tree first, so that there is one input, and the WASM has each reader once.

use leptos::server::codee;
use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod fields;
mod tree;

pub use fields::JsonObject;
pub(crate) use fields::read_by_field;
pub use tree::{Tree, Unreadable};

/// The encoding of arguments and answers of server functions, and of what comes with a page.
pub struct JsonTree;

/// The body of a call.
pub type Json = Post<JsonTree>;

/// Reads a value from JSON.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    T::deserialize(tree(json)?)
}

fn tree(json: &[u8]) -> Result<Tree, Unreadable> {
    serde_json::from_slice(json).map(Tree).map_err(|_| Unreadable::default())
}

impl ContentType for JsonTree {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonTree {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonTree {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonTree {
    type Error = Unreadable;

    fn decode(json: Bytes) -> Result<T, Self::Error> {
        read(&json)
    }
}

impl<T: Serialize> codee::Encoder<T> for JsonTree {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<Self::Encoded, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> codee::Decoder<T> for JsonTree {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(json: &Self::Encoded) -> Result<T, Self::Error> {
        read(json.as_bytes())
    }
}

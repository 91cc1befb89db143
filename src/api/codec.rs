//! The codec of the server functions: Kith's own JSON reading and writing, as Leptos wants it.

use leptos::server::codee;
use leptos::server_fn::codec::Post;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::KithError;
use crate::wire::{self, Unreadable};

/// The encoding of arguments and answers of server functions, and of the resources that a document
/// carries for its page.
pub struct JsonTree;

/// The body of a call.
pub type Json = Post<JsonTree>;

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
        wire::read(&json)
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
        wire::read(json.as_bytes())
    }
}

impl FromServerFnError for KithError {
    type Encoder = JsonTree;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                Self::BadRequest(why)
            }
            // The server could not read the arguments.
            ServerFnErrorErr::Deserialization(why) if cfg!(feature = "ssr") => {
                Self::BadRequest(why)
            }
            // The page could not read the answer.
            ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            _ => Self::Internal,
        }
    }
}

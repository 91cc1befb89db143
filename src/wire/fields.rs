//! Reading a struct out of its fields, by name: serde's own reader of one takes several times as
//! much WASM, because it reads every form that a struct might come in.

use std::mem;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Tree, Unreadable};

/// The fields of an object. Whoever reads a value out of them may meet any field in any order, and
/// such as it does not know.
pub struct JsonObject(Map<String, Value>);

impl JsonObject {
    pub fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }

    /// Reads a field; one that is missing counts as `null`.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unreadable> {
        // It stays in its place, empty: to take it out would put the rest into order again.
        let value = self.0.get_mut(name).map(mem::take).unwrap_or_default();
        T::deserialize(Tree(value)).map_err(|error| error.at(name))
    }

    /// Reads a field that need not be there.
    pub fn take_if_there<T: DeserializeOwned + Default>(
        &mut self,
        name: &str,
    ) -> Result<T, Unreadable> {
        // An `Option` would have a reader of its own for each type.
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(T::default()),
            Some(_) => self.take(name),
        }
    }
}

/// Has a struct read out of its fields. Those in the second braces need not be there.
macro_rules! read_by_field {
    ($type:ident { $($field:ident),* } $({ $($maybe:ident),* })?) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                fn read(
                    mut fields: $crate::wire::JsonObject,
                ) -> Result<$type, $crate::wire::Unreadable> {
                    Ok($type {
                        $($field: fields.take(stringify!($field))?,)*
                        $($($maybe: fields.take_if_there(stringify!($maybe))?,)*)?
                    })
                }
                read($crate::wire::JsonObject::of(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use read_by_field;

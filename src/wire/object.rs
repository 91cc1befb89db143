//! Reading a struct field by field. serde's derived reader of a struct takes several times as much
//! WASM, because it accepts every form in which a struct might come.

use std::mem;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Tree, Unreadable};

/// The fields of an object, to be taken by name. Their order does not matter, and unknown fields
/// are ignored.
pub struct JsonObject(Map<String, Value>);

impl JsonObject {
    pub fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }

    /// Reads a field. A missing one counts as `null`.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unreadable> {
        // The map keeps an empty entry: removing it would rebalance the map.
        let value = self.0.get_mut(name).map(mem::take).unwrap_or_default();
        T::deserialize(Tree(value)).map_err(|error| error.at(name))
    }

    /// Reads an optional field. A missing one gives the default.
    pub fn take_or_default<T: DeserializeOwned + Default>(
        &mut self,
        name: &str,
    ) -> Result<T, Unreadable> {
        // Reading an `Option<T>` would add one more reader for each type to the WASM.
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(T::default()),
            Some(_) => self.take(name),
        }
    }
}

/// Implements `Deserialize` for a struct, field by field. The fields in the second braces are
/// optional. A forgotten field does not compile.
macro_rules! read_by_field {
    ($type:ident { $($field:ident),* } $({ $($optional:ident),* })?) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                fn read(
                    mut fields: $crate::wire::JsonObject,
                ) -> Result<$type, $crate::wire::Unreadable> {
                    Ok($type {
                        $($field: fields.take(stringify!($field))?,)*
                        $($($optional: fields.take_or_default(stringify!($optional))?,)*)?
                    })
                }
                read($crate::wire::JsonObject::of(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use read_by_field;

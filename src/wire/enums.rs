//! Enums that list each variant once, with the name under which it is written. The macros make the
//! reader from the same list, so that a new variant cannot be forgotten in it.

/// Declares an enum that is written with a tag, and its reader:
/// `"name" => Variant { field: Type }` or `"name" => Variant(content: Type)`.
///
/// The derived reader of a tagged type would read all its fields into a buffer first, and bring a
/// second reader of every type in it into the WASM.
macro_rules! tagged_enum {
    (
        $(#[$about:meta])*
        pub enum $type:ident {
            $(
                $(#[$detail:meta])*
                $name:literal => $variant:ident
                    $({ $($(#[$note:meta])* $field:ident: $value:ty),* $(,)? })?
                    $(($content:ident: $inner:ty))?
            ),* $(,)?
        }
    ) => {
        $(#[$about])*
        pub enum $type {
            $(
                $(#[$detail])*
                #[serde(rename = $name)]
                $variant $({ $($(#[$note])* $field: $value),* })? $(($inner))?
            ),*
        }

        impl $type {
            /// Reads the variant of this name; `None` when there is none.
            fn read_variant(
                name: &str,
                fields: &mut $crate::wire::JsonObject,
            ) -> Result<Option<Self>, $crate::wire::Unreadable> {
                Ok(Some(match name {
                    $(
                        $name => Self::$variant
                            $({ $($field: fields.take(stringify!($field))?),* })?
                            $((fields.take(stringify!($content))?))?,
                    )*
                    _ => return Ok(None),
                }))
            }

            /// The names of all variants. A test compares them with its examples.
            #[cfg(test)]
            const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

/// Declares an enum whose variants are written as their names alone: `"name" => Variant`.
macro_rules! named_enum {
    (
        $(#[$about:meta])*
        pub enum $type:ident {
            $($(#[$detail:meta])* $name:literal => $variant:ident),* $(,)?
        }
    ) => {
        $(#[$about])*
        pub enum $type {
            $($(#[$detail])* #[serde(rename = $name)] $variant),*
        }

        impl $type {
            /// The name under which it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            /// Returns the variant of this name; `None` when there is none.
            pub fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// All variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

pub(crate) use {named_enum, tagged_enum};

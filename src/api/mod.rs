//! The server functions: everything that a client can call. A body identifies the caller and
//! hands over to the service.
//!
//! Signatures belong to both halves, bodies to the server alone. So each file imports what its
//! bodies need in one `use` behind `cfg(feature = "ssr")`.

mod accounts;
mod administration;
mod chat;
pub mod codec;
mod contacts;
mod groups;
mod receive;

#[cfg(feature = "ssr")]
pub mod context;

pub use accounts::*;
pub use administration::*;
pub use chat::*;
pub use contacts::*;
pub use groups::*;
pub use receive::*;

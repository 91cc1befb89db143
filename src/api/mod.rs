//! The whole client-callable surface: server functions, whose bodies only find out who asks and
//! hand over to the service. Signatures are shared, bodies are the server's.

mod accounts;
mod administration;
mod chat;
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

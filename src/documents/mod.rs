//! Pages that are plain documents: rendered by the server alone, whole and without a script, from what
//! was loaded before. They have links and forms, and work the same in every browser.

mod address;
mod administration;
mod document;
mod entrance;
mod fields;
mod join;
mod new_password;
mod pages;

use entrance::entrance;

pub use address::{Address, link};
pub use document::{Reader, document, reader};
pub use fields::{ActForm, Area, Field, Refusal, Time};
pub use pages::{Content, PageRequest, Plain, page};

//! Pages that the server renders alone, whole and without a script: the administration, the page
//! of a group's link, and the change of a one-time password. They have links and forms, and work
//! in every browser.

mod address;
mod administration;
mod document;
mod entrance;
mod forms;
mod join;
mod new_password;
mod page_context;
mod render;

use entrance::entrance;

pub use address::{PageAddress, link};
pub use document::{PageContent, document};
pub use forms::{ActionForm, Field, Refusal, TextArea, UtcTime};
pub use page_context::{PageContext, page_context};
pub use render::{PageRequest, RenderedPage, render_page};

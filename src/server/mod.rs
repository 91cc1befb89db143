//! The HTTP edge and the life of the process.

mod address;
mod answers;
mod command_line;
mod config;
mod files;
mod folder;
mod guard;
mod headers;
mod metrics;
mod plain;
mod router;
mod run;
mod web_socket;

pub use command_line::start;
pub use config::Config;
pub use metrics::metrics;
pub use router::{Site, app};
pub use run::{policy, system_clock};

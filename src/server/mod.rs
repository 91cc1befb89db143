//! The HTTP edge and the life of the process.

mod address;
mod answers;
mod command_line;
mod config;
mod connections;
mod control;
mod documents;
mod files;
mod folder;
mod guard;
mod headers;
mod logging;
mod metrics;
mod policy;
mod router;
mod run;
mod site;
mod web_socket;

pub use command_line::start;
pub use config::Config;
pub use connections::{Limits, serve};
pub use metrics::metrics;
pub use policy::{policy, system_clock};
pub use router::app;
pub use site::Site;

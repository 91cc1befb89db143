//! The calls behind the pages under `/admin`, for administrators only. Everybody else gets
//! `NotFound`, or `Unauthorised` without a sign-in, as if these calls did not exist.
//!
//! `back` is the path to which a plain form is redirected. `for_user` is the user for whom the page
//! was made.

mod groups;
mod people;
mod registration;

use leptos::prelude::*;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::administration::{AuditEntry, Overview, TablePage};

pub use groups::*;
pub use people::*;
pub use registration::*;

#[cfg(feature = "ssr")]
use crate::api::context;

/// Returns a summary of this Kith: how many people, groups and messages it has.
#[server(prefix = "/api", endpoint = "admin_overview", input = Json, output = Json)]
pub async fn admin_overview() -> Result<Overview> {
    context::kith()?.overview(context::administrator().await?).await
}

/// Returns a page of the audit log, newest first.
#[server(prefix = "/api", endpoint = "admin_log", input = Json, output = Json)]
pub async fn admin_log(page: i64) -> Result<TablePage<AuditEntry>> {
    context::kith()?.audit_log(context::administrator().await?, page).await
}

//! What an administrator's tests begin with: new accounts and the audit log.

use kith::model::administration::{AdminActor, AuditEntry};
use kith::service::accounts::NewAccount;

use super::{PASSWORD, TestApp};

/// An account that is not made yet.
pub fn account(username: &str) -> NewAccount {
    NewAccount {
        username: username.into(),
        display_name: format!("{username}'s name"),
        password: PASSWORD.into(),
    }
}

/// The newest entries of the audit log, the newest first.
pub async fn audit(app: &TestApp) -> Vec<AuditEntry> {
    app.kith.audit_log(AdminActor::Operator, 1).await.expect("the audit log").rows
}

//! The log of authentication: a line for each sign-in and each failed attempt, for operators and
//! for programs that ban addresses. docs/operations.md lists the lines. A username is in a line
//! only if the account exists, because people type passwords there. Acts of the operator and of
//! administrators are in the audit log, too.

use std::net::IpAddr;

use super::throttle::Limit;
use crate::error::KithError;
use crate::model::administration::AdminActor;
use crate::model::{SignInId, UserId};
use crate::store::Credentials;

/// The name of this part of the log, for the key `log` of the configuration.
const TARGET: &str = "kith::auth";

pub fn registered(address: IpAddr, user: UserId, username: &str) {
    tracing::info!(target: TARGET, %address, user = user.0, username, "registered");
}

pub fn signed_in(address: IpAddr, account: &Credentials) {
    let (user, username) = (account.user.0, account.username.as_str());
    tracing::info!(target: TARGET, %address, user, username, "signed in");
}

/// An attempt to sign in without the right password. `account` is the account that was meant, if it
/// exists. Other errors have lines of their own, or are no fault of this address.
pub fn sign_in_failed(address: IpAddr, account: Option<&Credentials>, error: &KithError) {
    if *error == KithError::WrongPassword {
        let user = account.map(|account| account.user.0);
        let username = account.map(|account| account.username.as_str());
        tracing::info!(target: TARGET, %address, user, username, "sign-in failed");
    }
}

/// An attempt with the right password that was refused all the same.
pub fn sign_in_refused(address: IpAddr, account: &Credentials, error: &KithError) {
    let (user, username) = (account.user.0, account.username.as_str());
    match error {
        KithError::AccountDisabled => {
            tracing::info!(target: TARGET, %address, user, username, "account is disabled");
        }
        KithError::NewPasswordNeeded => {
            tracing::info!(target: TARGET, %address, user, username, "one-time password used");
        }
        // The one-time password has expired, or the password was changed meanwhile.
        error => sign_in_failed(address, Some(account), error),
    }
}

/// An attempt beyond a limit. Others may have used the limit up.
pub fn limit_reached(address: IpAddr, limit: Limit) {
    tracing::info!(target: TARGET, %address, ?limit, "limit reached");
}

pub fn signed_out(address: IpAddr, user: UserId) {
    tracing::info!(target: TARGET, %address, user = user.0, "signed out");
}

pub fn sign_in_revoked(address: IpAddr, user: UserId, sign_in: SignInId) {
    tracing::info!(target: TARGET, %address, user = user.0, sign_in = sign_in.0, "sign-in revoked");
}

/// A signed-in device did not know the password.
pub fn password_check_failed(address: IpAddr, user: UserId) {
    tracing::info!(target: TARGET, %address, user = user.0, "password check failed");
}

/// All other sign-ins of the user have ended.
pub fn password_changed(address: IpAddr, user: UserId) {
    tracing::info!(target: TARGET, %address, user = user.0, "password changed");
}

pub fn account_deleted(address: IpAddr, user: UserId) {
    tracing::info!(target: TARGET, %address, user = user.0, "account deleted");
}

/// An administrator has ended all sign-ins of a user. The operator's commands have no address, and
/// say on the terminal what they did.
pub fn sign_ins_ended(by: AdminActor, user: UserId) {
    if let AdminActor::Administrator(by) = by {
        tracing::info!(target: TARGET, user = user.0, by = by.0, "sign-ins ended");
    }
}

//! People: accounts, sign-ins, and the relationships between users.

pub(super) mod accounts;
mod announcing;
pub(super) mod blocks;
pub(super) mod contacts;
pub(super) mod credentials;
pub(super) mod directory;
pub(super) mod friends;
pub(super) mod own_account;
pub(super) mod registration;
pub(super) mod relationships;
pub(super) mod sign_ins;
pub(super) mod write_access;

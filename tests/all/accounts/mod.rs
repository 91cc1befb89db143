//! Accounts: made, signed in to, changed, disabled.

mod creating;
mod disabled;
mod one_time_passwords;
mod own_account;
mod registration;
mod sign_ins;

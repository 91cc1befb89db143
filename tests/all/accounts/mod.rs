//! Accounts: registration, sign-ins, changes, and disabled accounts.

mod creating;
mod disabled;
mod one_time_passwords;
mod own_account;
mod registration;
mod sign_ins;

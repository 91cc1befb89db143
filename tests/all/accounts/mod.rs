//! Accounts: registration, sign-ins and their cookies, passwords, changes, disabled accounts.

mod cookies;
mod creating;
mod disabled;
mod new_passwords;
mod one_time_passwords;
mod own_account;
mod registration;
mod sign_ins;

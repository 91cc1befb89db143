//! The black-box tests, by area, in one binary: each more would link all of Leptos once again.

mod harness;

mod access;
mod accounts;
mod administered_groups;
mod administered_tables;
mod administration;
mod architecture;
mod backup;
mod blocks;
mod check;
mod command_line;
mod disabled;
mod everyone;
mod files;
mod friends;
mod groups;
mod history;
mod mentions;
mod one_time;
mod operator;
mod own_account;
mod own_copy;
mod pages;
mod people;
mod presence;
mod read_marks;
mod recalling;
mod receive;
mod receive_ends;
mod registration;
mod restart;
mod security;
mod sending;
mod sign_ins;
mod writers;

//! The black-box tests, by area, in one binary: each further one would link all of Leptos again.

mod harness;

mod accounts;
mod administration;
mod database;
mod edge;
mod groups;
mod house;
mod messages;
mod operator;
mod parsing;
mod people;
mod receive;
mod torture;

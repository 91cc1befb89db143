//! The database: statements for each call, concurrent writers, and databases of older versions.

mod dumps;
mod statements;
mod writers;

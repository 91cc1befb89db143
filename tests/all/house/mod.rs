//! The rules of the source tree.

mod architecture;
mod circles;
mod imports;
mod sizes;
mod sources;

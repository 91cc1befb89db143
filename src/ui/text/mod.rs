//! Sentences, names and times, in the language of the reader.

pub mod device_name;
pub mod emoji;
pub mod errors;
pub mod language;
pub mod name;
pub mod system_line;
pub mod time;

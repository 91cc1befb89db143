//! The parts of the client that decide: plain state machines that get time and random numbers as
//! arguments. They know no framework and no browser, and are tested natively.

pub mod anchor;
pub mod backoff;
pub mod clock;
pub mod composer;
pub mod device_settings;
pub mod emoji_choices;
pub mod grid;
pub mod loaded_messages;
pub mod marks;
pub mod mentions;
pub mod name_search;
pub mod notices;
pub mod outbox;
pub mod overview;
pub mod people_wanted;
pub mod presence;
pub mod read_marks;
pub mod reading;
pub mod receive_loop;
pub mod recent;
pub mod stretch;
pub mod tab_lock;
pub mod tabs;
pub mod transport;
pub mod typing;

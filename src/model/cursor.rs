//! The cursor: how far a client has read the event log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::EventId;

/// A position in the event log, written `EPOCH.ID`. A restored backup has another epoch, so that a
/// position in the old log is never taken for one in the new log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    pub epoch: String,
    pub id: EventId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.id)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a cursor is written EPOCH.NUMBER";
        let (epoch, id) = text.split_once('.').ok_or(WRONG)?;
        let plain = !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let id: EventId = id.parse().map_err(|_| WRONG)?;
        if plain && id.0 >= 0 { Ok(Self { epoch: epoch.to_string(), id }) } else { Err(WRONG) }
    }
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor { epoch: "k3f9".into(), id: EventId(1234) };
        assert_eq!(cursor.to_string(), "k3f9.1234");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn an_invalid_cursor_is_refused() {
        for text in ["", "12", ".12", "a.", "a.b", "a.-1", "a b.1"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}

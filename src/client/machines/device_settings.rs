//! What one chooses for this browser alone, whoever is signed in.

use serde::{Deserialize, Serialize};

use crate::wire;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceSettings {
    pub notifications: bool,
    pub sound: bool,
    /// Enter makes a line, and Ctrl+Enter sends.
    pub enter_makes_line: bool,
}

impl DeviceSettings {
    /// Reads what was kept; what is missing or unreadable is as it is by default.
    pub fn read(kept: Option<&str>) -> Self {
        kept.and_then(|json| wire::read(json.as_bytes()).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_another_build_are_read_as_far_as_they_are_known() {
        let read = DeviceSettings::read(Some(r#"{"sound":true,"confetti":1}"#));
        assert_eq!(read, DeviceSettings { sound: true, ..DeviceSettings::default() });
        assert_eq!(DeviceSettings::read(Some("{")), DeviceSettings::default());
        assert_eq!(DeviceSettings::read(None), DeviceSettings::default());
    }
}

//! The user's settings for this browser alone, kept on the device for all accounts.

use serde::{Deserialize, Serialize};

use crate::wire;

/// The device keeps these as JSON, which later builds have to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceSettings {
    pub notifications: bool,
    pub sound: bool,
    /// Enter begins a new line, and Ctrl+Enter sends.
    pub enter_makes_line: bool,
}

impl DeviceSettings {
    /// Reads stored settings. Missing and unreadable ones get their defaults.
    pub fn read(stored: Option<&str>) -> Self {
        stored.and_then(|json| wire::read(json.as_bytes()).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_settings_of_another_build_are_ignored() {
        let read = DeviceSettings::read(Some(r#"{"sound":true,"confetti":1}"#));
        assert_eq!(read, DeviceSettings { sound: true, ..DeviceSettings::default() });
        assert_eq!(DeviceSettings::read(Some("{")), DeviceSettings::default());
        assert_eq!(DeviceSettings::read(None), DeviceSettings::default());
    }
}

//! The settings of this browser, kept on the device and shared by its tabs.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::device_settings::DeviceSettings;
use crate::client::machines::tabs::TabMessage;

use super::state::Driver;

impl Driver {
    /// The settings of this browser.
    pub fn settings(&self) -> DeviceSettings {
        self.settings.get()
    }

    /// Changes the settings of this browser, in all its tabs.
    pub fn set_settings(self, change: impl FnOnce(&mut DeviceSettings)) {
        self.settings.update(change);
        if let Ok(json) = serde_json::to_string(&self.settings.get_untracked()) {
            browser::store_settings(&json);
        }
        self.broadcast(TabMessage::Settings);
    }

    pub(super) fn load_settings(self) {
        self.settings.set(DeviceSettings::read(browser::stored_settings().as_deref()));
    }
}

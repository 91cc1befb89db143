//! The device's storage, which survives a reload. Keys name the user. Without storage, or when it
//! is full, Kith works on and keeps nothing.

use leptos::prelude::window;
use web_sys::Storage;

use crate::model::UserId;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Reads all keys at once: removing an entry shifts the indexes of the others.
fn keys(storage: &Storage) -> Vec<String> {
    let indexes = 0..storage.length().unwrap_or_default();
    indexes.filter_map(|index| storage.key(index).ok().flatten()).collect()
}

/// `kith.WHAT.USER.NAME`. Later builds read these keys, so they stay.
fn key(what: &str, user: UserId, name: &str) -> String {
    format!("kith.{what}.{user}.{name}")
}

pub fn stored(what: &str, user: UserId, name: &str) -> Option<String> {
    storage()?.get_item(&key(what, user, name)).ok().flatten()
}

/// All entries of one kind for a user, as name and value, in no order.
pub fn stored_all(what: &str, user: UserId) -> Vec<(String, String)> {
    let Some(storage) = storage() else { return vec![] };
    let prefix = key(what, user, "");
    let named = |key: String| {
        let name = key.strip_prefix(&prefix)?.to_string();
        Some((name, storage.get_item(&key).ok().flatten()?))
    };
    keys(&storage).into_iter().filter_map(named).collect()
}

pub fn store(what: &str, user: UserId, name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key(what, user, name), value);
    }
}

/// Key of the settings of this browser, which hold for all users.
const SETTINGS: &str = "kith.settings";

pub fn stored_settings() -> Option<String> {
    storage()?.get_item(SETTINGS).ok().flatten()
}

pub fn store_settings(value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(SETTINGS, value);
    }
}

pub fn forget_stored(what: &str, user: UserId, name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(what, user, name));
    }
}

/// Removes everything that this device stores for a user.
pub fn wipe_stored(user: UserId) {
    let Some(storage) = storage() else { return };
    let user = user.to_string();
    for key in keys(&storage) {
        let mut parts = key.split('.');
        if parts.next() == Some("kith") && parts.nth(1) == Some(user.as_str()) {
            let _ = storage.remove_item(&key);
        }
    }
}

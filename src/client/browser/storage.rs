//! What a device keeps over a reload, under keys that name the user. Where storage is full or
//! forbidden, Kith goes on without it.

use leptos::prelude::window;
use web_sys::Storage;

use crate::model::UserId;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// All of them at once, as places shift with every entry that is removed.
fn keys(storage: &Storage) -> Vec<String> {
    let indexes = 0..storage.length().unwrap_or_default();
    indexes.filter_map(|index| storage.key(index).ok().flatten()).collect()
}

/// `kith.WHAT.USER.NAME`.
fn key(what: &str, user: UserId, name: &str) -> String {
    format!("kith.{what}.{user}.{name}")
}

pub fn stored(what: &str, user: UserId, name: &str) -> Option<String> {
    storage()?.get_item(&key(what, user, name)).ok().flatten()
}

/// Everything that is stored for a user under names of this kind, name and value, in no order.
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

/// Where this device's own settings are kept, whoever is signed in.
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

/// Wipes everything that this device keeps for a user.
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

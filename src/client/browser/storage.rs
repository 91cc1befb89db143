//! What a device keeps over a reload, under keys that name the user. Where storage is full or
//! forbidden, Kith goes on without it.

use leptos::prelude::window;
use web_sys::Storage;

use crate::model::UserId;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// `kith.WHAT.USER.NAME`.
fn key(what: &str, user: UserId, name: &str) -> String {
    format!("kith.{what}.{user}.{name}")
}

pub fn stored(what: &str, user: UserId, name: &str) -> Option<String> {
    storage()?.get_item(&key(what, user, name)).ok().flatten()
}

pub fn store(what: &str, user: UserId, name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key(what, user, name), value);
    }
}

pub fn forget_stored(what: &str, user: UserId, name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(what, user, name));
    }
}

/// Wipes everything that this device keeps for a user.
pub fn forget_everything_of(user: UserId) {
    let Some(storage) = storage() else { return };
    let keys: Vec<String> = (0..storage.length().unwrap_or_default())
        .filter_map(|place| storage.key(place).ok().flatten())
        .collect();
    let user = user.to_string();
    for key in keys {
        let mut parts = key.split('.');
        if parts.next() == Some("kith") && parts.nth(1) == Some(user.as_str()) {
            let _ = storage.remove_item(&key);
        }
    }
}

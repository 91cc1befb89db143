//! Broadcasts between the tabs of one browser. Without `BroadcastChannel` a change of the storage
//! does the same: every other tab gets an event for it.

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::StreamExt;
use leptos::prelude::{window, window_event_listener_untyped};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, Event, MessageEvent, StorageEvent};

const NAME: &str = "kith.channel";

/// Calls `on_message` with every broadcast of another tab, as long as the page lives. Texts sent to
/// the returned sender are broadcast.
pub fn join_channel(on_message: impl Fn(String) + 'static) -> UnboundedSender<String> {
    let (sender, mut texts) = unbounded::<String>();
    let channel = BroadcastChannel::new(NAME).ok();
    match &channel {
        Some(channel) => {
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    on_message(text);
                }
            });
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
            listener.forget();
        }
        None => listen_to_storage(on_message),
    }
    spawn_local(async move {
        while let Some(text) = texts.next().await {
            match &channel {
                Some(channel) => drop(channel.post_message(&JsValue::from_str(&text))),
                None => post_by_storage(&text),
            }
        }
    });
    sender
}

fn listen_to_storage(on_message: impl Fn(String) + 'static) {
    let _ = window_event_listener_untyped("storage", move |event: Event| {
        let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
        if event.key().as_deref() == Some(NAME)
            && let Some(text) = event.new_value()
        {
            on_message(text);
        }
    });
}

/// The entry is removed again at once: the same text twice would be no change, and no event.
fn post_by_storage(text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(NAME, text);
        let _ = storage.remove_item(NAME);
    }
}

//! A WebSocket to the server.

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, WebSocket};

use super::address::origin;

/// One listener handles all events: each kind of closure adds glue code to the script.
const EVENTS: [&str; 4] = ["open", "message", "error", "close"];

/// Closed when dropped.
pub struct Socket {
    socket: WebSocket,
    texts: UnboundedReceiver<String>,
    listener: Closure<dyn FnMut(Event)>,
}

impl Socket {
    /// Opens a WebSocket, and sends `first` as soon as it is open.
    pub fn open(path: &str, first: String) -> Option<Self> {
        let address = origin().replacen("http", "ws", 1) + path;
        let socket = WebSocket::new(&address).ok()?;
        let (sender, texts) = unbounded();
        let opened = socket.clone();
        let listener =
            Closure::<dyn FnMut(Event)>::new(move |event: Event| match &*event.type_() {
                "open" => drop(opened.send_with_str(&first)),
                "message" => {
                    let data = event.dyn_ref().map(MessageEvent::data);
                    if let Some(text) = data.and_then(|data| data.as_string()) {
                        let _ = sender.unbounded_send(text);
                    }
                }
                _ => sender.close_channel(),
            });
        for name in EVENTS {
            let function = listener.as_ref().unchecked_ref();
            let _ = socket.add_event_listener_with_callback(name, function);
        }
        Some(Self { socket, texts, listener })
    }

    /// The next text from the server. `None` once the connection has ended.
    pub async fn next(&mut self) -> Option<String> {
        self.texts.next().await
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        for name in EVENTS {
            let function = self.listener.as_ref().unchecked_ref();
            let _ = self.socket.remove_event_listener_with_callback(name, function);
        }
        let _ = self.socket.close();
    }
}

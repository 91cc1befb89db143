//! The receive protocol, by long poll and by WebSocket.

mod cursors;
mod ends;
mod protocol;
mod restart;
mod web_socket;

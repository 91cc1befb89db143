//! The browser as Kith uses it. No other folder knows web-sys, and the server calls nothing in
//! here. Functions that need a secure context return an error or do nothing on plain http.

mod address;
mod by_name;
mod channel;
mod clicks;
mod clipboard;
mod cookies;
mod device;
mod focus;
mod keyboard;
mod local_time;
mod notices;
mod page;
mod pane;
mod rows;
mod storage;
mod tab_lock;
mod text_area;
mod web_socket;

pub use address::{go_back, go_to_plain_sign_in, go_to_sign_in, origin, path, reload};
pub use channel::join_channel;
pub use clicks::{
    Clicked, below_button, button_text, clicked_message, pressed_message, show_message,
};
pub use clipboard::copy;
pub use cookies::{cookies, set_cookie};
use device::matches_media;
pub use device::{has_touch_keyboard, now_ms, random, window_height};
pub use focus::{focus_on, focused, give_back_focus, has_focus, is_in_page, keep_focus};
pub use keyboard::{is_composing, key_press, move_focus_in_grid, step_through_messages};
pub use local_time::{date_text, moment, on_date, time_text};
pub use notices::{MayNotify, ask_to_notify, may_notify, notify, play_tone};
pub use page::{
    confirm, is_visible, mark_hydrated, on_leaving, on_network, on_visibility, on_wake,
};
pub use pane::{
    SizeObserver, distance_from_newest, is_drawn, keep_position, largest_distance, observe_sizes,
    release, scroll_to_newest, scroll_up_to, view,
};
pub use rows::{keep_room, rows_in_view};
pub use storage::{
    forget_stored, store, store_settings, stored, stored_all, stored_settings, wipe_stored,
};
pub use tab_lock::request_lock;
pub use text_area::{
    grow_with_text, insert_at_caret, replace_before_caret, set_text, text_before_caret,
};
pub use web_socket::Socket;

//! Starts the driver in the browser, and wakes it when the page or the network comes back.

use futures_channel::mpsc::unbounded;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::outbox::Outbox;
use crate::client::machines::receive_loop::Wake;
use crate::model::Contact;

use super::receive_loop::{LoadSecondFile, receive_forever};
use super::state::Driver;

impl Driver {
    /// Starts to receive and to send. Called once, in the browser.
    ///
    /// `open` is the conversation that the address names; `go_to` opens another one.
    /// `load_second_file` is called when the page has been open for a while, when a second tab
    /// appears, or when there is something to notify.
    pub fn start(
        self,
        open: Memo<Option<Contact>>,
        go_to: Callback<Contact>,
        load_second_file: LoadSecondFile,
    ) {
        let (to_loop, inbox) = unbounded();
        self.to_loop.set_value(Some(to_loop));
        self.go_to.set_value(Some(go_to));
        self.load_settings();
        self.visible.set(browser::is_visible());
        browser::on_visibility(move |visible| {
            self.visible.set(visible);
            if !visible {
                // A browser may close a hidden page at any time, without another event.
                self.send_read_marks_now();
            }
        });
        browser::on_network(move |online| {
            self.online.set(online);
            self.reachability_changed();
        });
        browser::on_wake(move |wake| self.wake_all(wake));
        self.restore_outbox();
        self.restore_drafts();
        self.join_tabs(open);
        self.look_up_people(self.cache.unknown_people());
        self.schedule_unmutes();
        spawn_local(receive_forever(self, open, inbox, load_second_file));
    }

    /// Wakes the receive loop, the outbox and failed fetches of history.
    pub(super) fn wake_all(&self, wake: Wake) {
        self.wake_loop(wake);
        self.wake_outbox();
        self.wake_fetches();
        if self.receives() && self.outbox.with_value(Outbox::has_foreign) {
            self.ping_tabs();
        }
    }

    pub(super) fn reachability_changed(&self) {
        self.cache.set_reachable(self.online.get_untracked() && !self.troubled.get_untracked());
    }
}

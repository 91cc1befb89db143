//! The end of a sign-in: by this tab, by another tab, or by the server.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::outbox::Outbox;
use crate::client::machines::receive_loop::{CALL_TIMEOUT_MS, Stop};
use crate::client::machines::tabs::TabMessage;
use crate::error::KithError;

use super::state::Driver;
use super::timeout::within;

impl Driver {
    /// Leaves this page if `error` means that no call of it can succeed any more. Returns whether
    /// it did.
    pub fn stops_after(&self, error: &KithError) -> bool {
        let stop = Stop::after(error);
        if let Some(stop) = stop {
            self.stop(stop);
        }
        stop.is_some()
    }

    /// Makes a call that ends this sign-in, and goes to the sign-in page once the server agreed.
    ///
    /// The user's data is wiped from this device, in this tab and in the others. Meanwhile the
    /// receive loop may learn that the sign-in has ended; it does not navigate then.
    pub async fn sign_out_after(
        self,
        call: impl Future<Output = Result<(), KithError>>,
    ) -> Result<(), KithError> {
        // Unsent read marks would be lost: after the call the server accepts nothing.
        self.send_read_marks().await;
        self.signing_out_here.set_value(true);
        let answer = within(CALL_TIMEOUT_MS, call).await;
        if answer.is_ok() {
            self.broadcast(TabMessage::SigningOut);
            self.close_storage();
            browser::go_to_plain_sign_in();
        } else {
            self.signing_out_here.set_value(false);
            self.send_read_marks_now();
        }
        answer
    }

    /// Wipes the user's data from this device, and writes nothing to it from now on.
    pub(super) fn close_storage(&self) {
        self.storage_closed_ms.set_value(Some(browser::now_ms()));
        self.outbox.update_value(Outbox::stop);
        browser::wipe_stored(self.me());
    }

    /// Continues after a sign-out that failed.
    pub(super) fn resume_after_sign_out(&self) {
        self.signing_out_here.set_value(false);
        self.storage_closed_ms.set_value(None);
        self.with_outbox(Outbox::resume);
    }

    /// Whether this tab may write to the device's storage.
    pub(super) fn may_store(&self) -> bool {
        self.storage_closed_ms.with_value(Option::is_none)
    }

    pub(super) fn stop(&self, stop: Stop) {
        if self.signing_out_here.get_value() {
            return;
        }
        match stop {
            Stop::SignInEnded => browser::go_to_sign_in(),
            Stop::WrongUser => browser::reload(),
        }
    }
}

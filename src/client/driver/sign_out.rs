//! The end of a sign-in: by this page, by another tab, or by the server.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::outbox::Outbox;
use crate::client::machines::receive_loop::{CALL_TIMEOUT_MS, Stop};
use crate::client::machines::tabs::TabMessage;
use crate::error::KithError;

use super::state::Driver;
use super::timeout::within;

impl Driver {
    /// What has to happen when a call failed for a reason that ends this page. Returns whether
    /// it did.
    pub fn stops_after(&self, error: &KithError) -> bool {
        let stop = Stop::after(error);
        if let Some(stop) = stop {
            self.stop(stop);
        }
        stop.is_some()
    }

    /// Makes a call that ends this sign-in, and signing_out_here the page once the server has agreed: what
    /// this device may_store for the user is wiped, here and in the other tabs. The end of the
    /// sign-in, which the receive loop may hear of before, is no reason to go anywhere else.
    pub async fn sign_out_after(
        self,
        call: impl Future<Output = Result<(), KithError>>,
    ) -> Result<(), KithError> {
        // What was read counts, on the other devices too; afterwards nobody may say so any more.
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

    /// Somebody signs out: whatever this page would write to the device later is not wanted.
    pub(super) fn close_storage(&self) {
        self.storage_closed_ms.set_value(Some(browser::now_ms()));
        self.outbox.update_value(Outbox::stop);
        browser::wipe_stored(self.me());
    }

    /// The sign-out came to nothing.
    pub(super) fn resume_after_sign_out(&self) {
        self.signing_out_here.set_value(false);
        self.storage_closed_ms.set_value(None);
        self.with_outbox(Outbox::resume);
    }

    /// Whether something may be kept on the device.
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

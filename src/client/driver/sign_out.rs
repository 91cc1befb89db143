//! The end of a sign-in: by this page, by another tab, or by the server.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::outbox::Outbox;
use crate::client::machines::receive_loop::{ANSWER_MS, Stop};
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

    /// Makes a call that ends this sign-in, and leaves the page once the server has agreed: what
    /// this device keeps for the user is wiped, here and in the other tabs. The end of the
    /// sign-in, which the receive loop may hear of before, is no reason to go anywhere else.
    pub async fn leave_after(
        self,
        call: impl Future<Output = Result<(), KithError>>,
    ) -> Result<(), KithError> {
        // What was read counts, on the other devices too; afterwards nobody may say so any more.
        self.tell().await;
        self.leaves.set_value(true);
        let answer = within(ANSWER_MS, call).await;
        if answer.is_ok() {
            self.say(TabMessage::Leaving);
            self.forget_everything();
            browser::leave_for_sign_in();
        } else {
            self.leaves.set_value(false);
            self.tell_now();
        }
        answer
    }

    /// Somebody signs out: whatever this page would write to the device later is not wanted.
    pub(super) fn forget_everything(&self) {
        self.leaving.set_value(Some(browser::now_ms()));
        self.outbox.update_value(Outbox::stop);
        browser::forget_everything_of(self.me());
    }

    /// The sign-out came to nothing.
    pub(super) fn stay(&self) {
        self.leaves.set_value(false);
        self.leaving.set_value(None);
        self.with_outbox(Outbox::resume);
    }

    /// Whether something may be kept on the device.
    pub(super) fn keeps(&self) -> bool {
        self.leaving.with_value(Option::is_none)
    }

    pub(super) fn stop(&self, stop: Stop) {
        if self.leaves.get_value() {
            return;
        }
        match stop {
            Stop::SignInEnded => browser::go_to_sign_in(),
            Stop::WrongUser => browser::reload(),
        }
    }
}

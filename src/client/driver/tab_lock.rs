//! The browser's lock, by which one of several tabs receives for all.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::tab_lock::{LEADER_CHECK_MS, LeaderCheck};
use crate::client::machines::tabs::{TAB_REPLY_MS, TabMessage, Tabs};

use super::state::Driver;

impl Driver {
    /// Queues for the lock, and takes it from a tab that does nothing with it.
    pub fn use_lock(self) {
        queue(self);
        self.say(TabMessage::Asking);
        // What it had when the browser put the page away is another's by now.
        browser::on_leaving(|| (), move || queue(self));
        spawn_local(async move {
            loop {
                let leads = self.tabs.with_value(Tabs::leads);
                TimeoutFuture::new(if leads { TAB_REPLY_MS } else { LEADER_CHECK_MS }).await;
                let mut care = LeaderCheck::Nothing;
                let (now_ms, most_ms) = (browser::now_ms(), self.silence_ms());
                self.tabs.update_value(|tabs| care = tabs.care(now_ms, most_ms));
                match care {
                    LeaderCheck::Nothing => {}
                    LeaderCheck::AskLeader => self.say(TabMessage::Asking),
                    LeaderCheck::Take => ask(self, true),
                }
            }
        });
    }
}

fn queue(driver: Driver) {
    ask(driver, false);
}

fn ask(driver: Driver, by_force: bool) {
    let mut number = 0;
    driver.tabs.update_value(|tabs| number = tabs.ask_for_lock(by_force, browser::now_ms()));
    let name = format!("kith.receive.{}", driver.me());
    let changed = move |has: bool| {
        let mut again = false;
        driver.with_tabs(|tabs| match has {
            true => tabs.granted(number),
            false => again = tabs.lost(number, browser::now_ms()),
        });
        if has {
            driver.say(TabMessage::Leading);
            if !by_force {
                // The one before is gone; what it left behind is to be sent.
                driver.ask_tabs();
            }
        } else if again {
            queue(driver);
        }
    };
    if !browser::ask_for_lock(&name, by_force, changed) {
        driver.with_tabs(Tabs::has_no_lock);
    }
}

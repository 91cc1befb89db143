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
        self.broadcast(TabMessage::PingLeader);
        // What it had when the browser put the page away is another's by now.
        browser::on_leaving(|| (), move || queue(self));
        spawn_local(async move {
            loop {
                let leads = self.tabs.with_value(Tabs::leads);
                TimeoutFuture::new(if leads { TAB_REPLY_MS } else { LEADER_CHECK_MS }).await;
                let mut check = LeaderCheck::Nothing;
                let (now_ms, max_silence_ms) = (browser::now_ms(), self.max_silence_ms());
                self.tabs.update_value(|tabs| check = tabs.check_leader(now_ms, max_silence_ms));
                match check {
                    LeaderCheck::Nothing => {}
                    LeaderCheck::PingLeader => self.broadcast(TabMessage::PingLeader),
                    LeaderCheck::StealLock => request_lock(self, true),
                }
            }
        });
    }
}

fn queue(driver: Driver) {
    request_lock(driver, false);
}

fn request_lock(driver: Driver, steal: bool) {
    let mut request = 0;
    driver.tabs.update_value(|tabs| request = tabs.request_lock(steal, browser::now_ms()));
    let name = format!("kith.receive.{}", driver.me());
    let changed = move |has: bool| {
        let mut again = false;
        driver.with_tabs(|tabs| match has {
            true => tabs.granted(request),
            false => again = tabs.lost(request, browser::now_ms()),
        });
        if has {
            driver.broadcast(TabMessage::Leading);
            if !steal {
                // The one before is gone; what it left behind is to be sent.
                driver.ping_tabs();
            }
        } else if again {
            queue(driver);
        }
    };
    if !browser::request_lock(&name, steal, changed) {
        driver.with_tabs(Tabs::set_lockless);
    }
}

//! Uses the browser's lock to make one tab the leader, which receives for all tabs.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::tab_lock::{LEADER_CHECK_MS, LeaderCheck};
use crate::client::machines::tabs::{TAB_REPLY_MS, TabMessage, Tabs};

use super::state::Driver;

impl Driver {
    /// Queues for the lock, and from then on checks that its holder is alive.
    pub fn use_lock(self) {
        queue(self);
        self.broadcast(TabMessage::PingLeader);
        // While the browser suspended this page, another tab got its lock or its turn.
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
                    LeaderCheck::StealLock => request(self, true),
                }
            }
        });
    }
}

fn queue(driver: Driver) {
    request(driver, false);
}

fn request(driver: Driver, steal: bool) {
    let mut number = 0;
    driver.tabs.update_value(|tabs| number = tabs.request_lock(steal, browser::now_ms()));
    let name = format!("kith.receive.{}", driver.me());
    let changed = move |has_lock: bool| {
        let mut queue_again = false;
        driver.with_tabs(|tabs| match has_lock {
            true => tabs.granted(number),
            false => queue_again = tabs.lost(number, browser::now_ms()),
        });
        if has_lock {
            driver.broadcast(TabMessage::Leading);
            if !steal {
                // The previous leader was closed. Its unsent messages have to be adopted.
                driver.ping_tabs();
            }
        } else if queue_again {
            queue(driver);
        }
    };
    if !browser::request_lock(&name, steal, changed) {
        driver.with_tabs(Tabs::set_lockless);
    }
}

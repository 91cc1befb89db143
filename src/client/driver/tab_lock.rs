//! The browser's lock, by which one of several tabs receives for all.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::tab_lock::{CARE_MS, Care};
use crate::client::machines::tabs::{ANSWER_MS, Said, Tabs};

use super::Driver;

impl Driver {
    /// Queues for the lock, and takes it from a tab that does nothing with it.
    pub fn use_lock(self) {
        queue(self);
        self.say(Said::Asking);
        // What it had when the browser put the page away is another's by now.
        browser::on_leaving(|| (), move || queue(self));
        spawn_local(async move {
            loop {
                let leads = self.tabs.with_value(Tabs::leads);
                TimeoutFuture::new(if leads { ANSWER_MS } else { CARE_MS }).await;
                let mut care = Care::Nothing;
                let (now_ms, most_ms) = (browser::now_ms(), self.silence_ms());
                self.tabs.update_value(|tabs| care = tabs.care(now_ms, most_ms));
                match care {
                    Care::Nothing => {}
                    Care::AskLeader => self.say(Said::Asking),
                    Care::Take => ask(self, true),
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
            driver.say(Said::Leading);
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

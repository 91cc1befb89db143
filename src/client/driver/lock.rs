//! The browser's lock, by which one of several tabs receives for all.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::tabs::{Said, Tabs};

use super::Driver;

impl Driver {
    /// Queues for the lock, and asks for it again whenever that is due.
    pub fn use_lock(self) {
        self.lock.set_value(Some(ask));
        ask(self, false);
    }
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
            ask(driver, false);
        }
    };
    if !browser::ask_for_lock(&name, by_force, changed) {
        driver.with_tabs(Tabs::has_no_lock);
    }
}

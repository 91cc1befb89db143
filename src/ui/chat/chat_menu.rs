//! The menu of a conversation in the user's own list: pin, mute, mark as unread, clear, delete.

use leptos::prelude::*;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{Contact, Timestamp};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::menu::{At, Menu};
use crate::ui::view::call::ServerCall;

const HOUR_MS: i64 = 3_600_000;

/// The page of the menu that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MenuPage {
    Main,
    /// The choice of how long to mute.
    Mute,
    /// The question before the conversation is cleared; `hide` also removes it from the list.
    Clear {
        hide: bool,
    },
}

#[component]
pub fn ChatMenu(contact: Contact, at: At, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(MenuPage::Main);
    let label = Signal::derive(move || t_string!(i18n, chat_actions).to_string());
    // Each page has a menu of its own, so that its first button gets the focus.
    move || {
        let inside = match shown.get() {
            MenuPage::Main => view! { <MainMenu contact shown closed /> }.into_any(),
            MenuPage::Mute => view! { <MuteMenu contact closed /> }.into_any(),
            MenuPage::Clear { hide } => view! { <ClearMenu contact hide closed /> }.into_any(),
        };
        view! {
            <Menu at label closed>
                {inside}
            </Menu>
        }
    }
}

#[component]
fn MainMenu(contact: Contact, shown: RwSignal<MenuPage>, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let call = ServerCall::of_page();
    let conversation = driver.cache.conversation(contact);
    let own = untrack(|| conversation.own());
    let is_unread = untrack(|| conversation.unread()) > 0 || own.marked_unread;
    let done = move || closed.run(());
    let pin = move |_| {
        let pinned = Some(own.pinned.is_none());
        call.run_then(api::set_chat(me, contact, pinned, None, None), done);
    };
    let mute = move |_| match own.muted_until {
        Some(_) => {
            let now = Some(Timestamp(0));
            call.run_then(api::set_chat(me, contact, None, now, None), done);
        }
        None => shown.set(MenuPage::Mute),
    };
    let mark = move |_| {
        if is_unread {
            driver.read_all(contact);
        }
        if own.marked_unread || !is_unread {
            let unread = Some(!is_unread);
            call.run_then(api::set_chat(me, contact, None, None, unread), done);
        } else {
            done();
        }
    };
    view! {
        <button type="button" role="menuitem" on:click=pin>
            {if own.pinned.is_some() { t_string!(i18n, unpin) } else { t_string!(i18n, pin) }}
        </button>
        <button type="button" role="menuitem" on:click=mute>
            {if own.muted_until.is_some() {
                t_string!(i18n, unmute)
            } else {
                t_string!(i18n, mute)
            }}
        </button>
        <button type="button" role="menuitem" on:click=mark>
            {if is_unread { t_string!(i18n, mark_read) } else { t_string!(i18n, mark_unread) }}
        </button>
        <button
            type="button"
            role="menuitem"
            class="danger"
            on:click=move |_| shown.set(MenuPage::Clear { hide: false })
        >
            {t!(i18n, clear_chat)}
        </button>
        <button
            type="button"
            role="menuitem"
            class="danger"
            on:click=move |_| shown.set(MenuPage::Clear { hide: true })
        >
            {t!(i18n, delete_chat)}
        </button>
        <CallError call />
    }
    .into_any()
}

#[component]
fn MuteMenu(contact: Contact, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Driver>().me();
    let call = ServerCall::of_page();
    let mute = move |until: Timestamp| {
        let call_it = api::set_chat(me, contact, None, Some(until), None);
        call.run_then(call_it, move || closed.run(()));
    };
    let for_hours = move |hours: i64| mute(Timestamp(browser::now_ms() as i64 + hours * HOUR_MS));
    view! {
        <button type="button" role="menuitem" on:click=move |_| for_hours(1)>
            {t!(i18n, mute_hour)}
        </button>
        <button type="button" role="menuitem" on:click=move |_| for_hours(8)>
            {t!(i18n, mute_day)}
        </button>
        <button type="button" role="menuitem" on:click=move |_| for_hours(7 * 24)>
            {t!(i18n, mute_week)}
        </button>
        <button type="button" role="menuitem" on:click=move |_| mute(Timestamp::FOREVER)>
            {t!(i18n, mute_for_good)}
        </button>
        <CallError call />
    }
    .into_any()
}

#[component]
fn ClearMenu(contact: Contact, hide: bool, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let me = cache.me();
    let call = ServerCall::of_page();
    // The newest message that the user knew: messages that arrive during the question are kept.
    let seq = untrack(|| cache.conversation(contact).last_seq());
    let clear = move |_| {
        call.run_then(api::clear_chat(me, contact, seq, hide), move || closed.run(()));
    };
    let label = move || match hide {
        true => t_string!(i18n, delete_chat),
        false => t_string!(i18n, clear_chat),
    };
    view! {
        <button type="button" role="menuitem" on:click=move |_| closed.run(())>
            {t!(i18n, cancel)}
        </button>
        <button
            type="button"
            role="menuitem"
            class="danger"
            aria-describedby="menu-note"
            on:click=clear
        >
            {move || label()}
        </button>
        <p id="menu-note" class="menu-note">{t!(i18n, clear_question)}</p>
        <CallError call />
    }
    .into_any()
}

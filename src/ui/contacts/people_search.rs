//! Searches people while the user types. Where everyone may write to everyone, an empty search
//! lists them all.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::{Contact, Contacts, Person, UserId};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::paths::ContactTab;
use crate::ui::route::CurrentRoute;
use crate::ui::text::errors::sentence;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

/// Debounce of the search while the user types, in milliseconds.
const DEBOUNCE_MS: u32 = 200;

/// The text of a search, and its results so far.
#[derive(Clone, Copy)]
pub struct PeopleSearch {
    pub text: RwSignal<String>,
    found: RwSignal<Vec<Person>>,
    has_more: RwSignal<bool>,
    /// A request is running.
    running: RwSignal<bool>,
    failed: RwSignal<Option<KithError>>,
    /// Counts the requests: the answer to an older one is dropped.
    latest: StoredValue<u32>,
}

impl PeopleSearch {
    pub fn empty() -> Self {
        Self {
            text: RwSignal::default(),
            found: RwSignal::default(),
            has_more: RwSignal::default(),
            running: RwSignal::default(),
            failed: RwSignal::default(),
            latest: StoredValue::default(),
        }
    }

    /// Whether the search has a text.
    pub fn is_searching(self) -> bool {
        self.text.with(|text| !text.trim().is_empty())
    }

    /// The people found so far, by name.
    pub fn found(self) -> Vec<UserId> {
        self.found.with(|found| found.iter().map(|person| person.id).collect())
    }

    /// Starts the search for the current text after `delay_ms`.
    fn search(self, driver: Driver, delay_ms: u32) {
        self.has_more.set(false);
        self.failed.set(None);
        let text = self.text.get_untracked().trim().to_string();
        if text.is_empty() && driver.cache.contacts() == Contacts::Friends {
            self.latest.update_value(|latest| *latest += 1);
            self.found.set(Vec::new());
            self.running.set(false);
            return;
        }
        self.fetch(driver, text, None, delay_ms);
    }

    /// Fetches the next page of results.
    fn more(self, driver: Driver) {
        let last = self.found.with_untracked(|found| found.last().map(|person| person.id));
        let text = self.text.get_untracked().trim().to_string();
        self.fetch(driver, text, last, 0);
    }

    fn fetch(self, driver: Driver, text: String, after: Option<UserId>, delay_ms: u32) {
        self.running.set(true);
        self.latest.update_value(|latest| *latest += 1);
        let search = self.latest.get_value();
        // The list may be gone, and with it the search.
        let is_latest = move || self.latest.try_get_value() == Some(search);
        spawn_local(async move {
            TimeoutFuture::new(delay_ms).await;
            if !is_latest() {
                return;
            }
            let answer = api::find_people(driver.me(), text, after).await;
            if !is_latest() {
                return;
            }
            self.running.set(false);
            match answer {
                Ok(page) => {
                    driver.cache.add_people(page.people.iter().cloned());
                    self.has_more.set(page.has_more);
                    self.found.update(|found| {
                        if after.is_none() {
                            found.clear();
                        }
                        found.extend(page.people);
                    });
                }
                Err(error) if driver.stops_after(&error) => {}
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }
}

/// The field of the search.
#[component]
pub fn SearchBox(search: PeopleSearch) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    // An effect runs in the browser alone: everyone is listed once the page is hydrated.
    Effect::new(move |_| search.search(driver, 0));
    view! {
        <search class="search-box">
            {icon(Icon::Search)}
            <input
                type="search"
                aria-label=move || t_string!(i18n, find_people)
                placeholder=move || t_string!(i18n, find_people)
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                on:input=move |event| {
                    search.text.set(event_target_value(&event));
                    search.search(driver, DEBOUNCE_MS);
                }
            />
        </search>
    }
}

/// The people found, without those in `except`, which are shown elsewhere.
#[component]
pub fn PeopleResults(
    search: PeopleSearch,
    except: impl Fn(UserId) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let people = Memo::new(move |_| {
        let others = |person: &Person| !except(person.id);
        search.found.get().into_iter().filter(others).collect::<Vec<_>>()
    });
    let nobody = move || {
        search.is_searching()
            && !search.running.get()
            && search.found.with(Vec::is_empty)
            && search.failed.with(Option::is_none)
    };
    let heading_hidden = move || !search.is_searching() || people.with(Vec::is_empty);
    view! {
        <h2 class="list-heading people-heading" hidden=heading_hidden>
            {t!(i18n, other_people)}
        </h2>
        <ul class="people" aria-busy=move || search.running.get().to_string()>
            <Each each=move || people.get() key=|person| person.id.to_string() let(person)>
                <PersonEntry person />
            </Each>
        </ul>
        <div role="status">
            <Show when=nobody>
                <p class="empty">{t!(i18n, nobody_found)}</p>
            </Show>
            {move || {
                search
                    .failed
                    .get()
                    .map(|error| view! { <p class="form-error">{sentence(i18n, &error)}</p> })
            }}
        </div>
        <Show when=move || search.has_more.get()>
            <button
                type="button"
                class="show-more"
                disabled=move || search.running.get()
                on:click=move |_| search.more(driver)
            >
                {t!(i18n, show_more)}
            </button>
        </Show>
    }
}

/// A person with both names, as a link to the conversation.
#[component]
fn PersonEntry(person: Person) -> impl IntoView {
    let route = expect_context::<CurrentRoute>();
    let contact = Contact::User(person.id);
    view! {
        <li>
            <a
                class="contact-entry"
                href=ContactTab::Friends.path(Some(contact))
                aria-current=move || (route.open.get() == Some(contact)).then_some("true")
            >
                <Avatar contact />
                <span class="contact-name">{person.display_name}</span>
                <span class="contact-line">"@" {person.username}</span>
            </a>
        </li>
    }
    .into_any()
}

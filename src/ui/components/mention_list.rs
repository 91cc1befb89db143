//! The members whom one may mean when one writes `@` in a group: chosen by pointer here, and by
//! keyboard in the box, which keeps the focus.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{Contact, GroupAct, GroupId, mention};
use crate::ui::i18n::{t_string, use_i18n};

use super::avatar::Avatar;

/// So many are offered at a time.
const OFFERED: usize = 8;

/// Somebody to be meant: whose picture is shown, if it is one person; the name; and the token that
/// stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub contact: Option<Contact>,
    pub name: String,
    pub token: String,
}

/// A name that is being written, and who may be meant by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Naming {
    /// What stands after the `@`; nothing while none is being written.
    pub written: Option<String>,
    /// Filled by the list while it is shown.
    pub choices: Vec<Choice>,
    /// Which of them Enter would choose.
    pub at: usize,
    /// Whom one has chosen before, to be told from others of the same name.
    pub meant: Vec<Choice>,
}

impl Naming {
    pub fn chosen(&self) -> Option<&Choice> {
        self.choices.get(self.at)
    }

    pub fn end(&mut self) {
        self.written = None;
        self.choices.clear();
    }

    /// Goes up or down among the choices.
    pub fn step(&mut self, down: bool) {
        let count = self.choices.len().max(1);
        self.at = (self.at + if down { 1 } else { count - 1 }) % count;
    }
}

/// Asks the server who is in a group, unless that is known. Who cannot be told of now is asked for
/// again the next time.
fn want_members(driver: Driver, group: GroupId) {
    if untrack(|| driver.cache.knows_members_of(group)) {
        return;
    }
    spawn_local(async move {
        match api::group_members(driver.me(), group).await {
            Ok(members) => driver.cache.take_members(group, members),
            Err(error) => {
                driver.stops_after(&error);
            }
        }
    });
}

/// Shown while a name is being written, and for a draft of before that has one, so that it is known
/// who is meant.
#[component]
pub fn MentionList(
    group: GroupId,
    naming: RwSignal<Naming>,
    chosen: Callback<Choice>,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    want_members(driver, group);
    let written = Memo::new(move |_| naming.with(|naming| naming.written.clone()));
    let found = Memo::new(move |_| {
        let Some(written) = written.get() else { return Vec::new() };
        let text = browser::lower_case(written.trim());
        let members = cache.members_of(group).map(|known| known.members).unwrap_or_default();
        let others = members.into_iter().filter(|member| member.person.id != driver.me());
        let choices = others.filter_map(|member| {
            let user = member.person.id;
            // The name that all of them know: one's own name for a friend is nobody else's business.
            let name = member.person.display_name;
            let is_called = browser::is_called([&*name, &*member.person.username], &text);
            let contact = Some(Contact::User(user));
            is_called.then(|| Choice { contact, name, token: mention::token(user) })
        });
        let everybody = Choice {
            contact: None,
            name: t_string!(i18n, everybody).to_string(),
            token: mention::EVERYBODY.to_string(),
        };
        let role = cache.role_in(group);
        let may_call = role.is_some_and(|role| role.may(GroupAct::CallEverybody));
        let calls = may_call && browser::is_called([&*everybody.name], &text);
        calls.then_some(everybody).into_iter().chain(choices).take(OFFERED).collect()
    });
    Effect::new(move |_| {
        let choices = found.get();
        naming.update(|naming| (naming.choices, naming.at) = (choices, 0));
    });
    let row = move |(at, choice): (usize, Choice)| {
        let Choice { contact, name, .. } = choice.clone();
        let picture = contact.map(|contact| view! { <Avatar contact /> });
        view! {
            <li
                role="option"
                id=format!("mention-{at}")
                class="mention-choice"
                aria-selected=move || naming.with(|naming| naming.at == at).to_string()
                // The box keeps the focus.
                on:pointerdown=move |event| {
                    event.prevent_default();
                    chosen.run(choice.clone());
                }
            >
                {picture}
                <span>{name}</span>
            </li>
        }
    };
    move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            view! {
                <ul
                    id="mention-list"
                    class="mention-list"
                    role="listbox"
                    aria-label=t_string!(i18n, mention_list)
                >
                    {found.into_iter().enumerate().map(row).collect_view()}
                </ul>
            }
        })
    }
}

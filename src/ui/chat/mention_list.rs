//! The members whom one may mean when one writes `@` in a group: chosen by pointer here, and by
//! keyboard in the box, which keeps the focus.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{Contact, GroupAction, GroupId, Person, mention};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;

/// So many are offered at a time.
const OFFERED: usize = 8;

/// What the box and the list share.
#[derive(Debug, Clone, Copy)]
pub struct Naming {
    /// How many times something was typed.
    pub typed: RwSignal<u32>,
    /// Which of the names that are offered Enter would choose.
    pub lit: RwSignal<Option<usize>>,
    /// What the list does for the box, while it is there.
    pub list: RwSignal<Option<NameList>>,
}

/// What the list does for the box.
#[derive(Debug, Clone, Copy)]
pub struct NameList {
    /// Puts tokens in the place of the names in a text.
    pub with_tokens: Callback<String, String>,
    /// Answers to a key, and returns whether it was meant for the list.
    pub pressed: Callback<String, bool>,
}

impl Default for Naming {
    fn default() -> Self {
        let (typed, lit, list) = (RwSignal::new(0), RwSignal::new(None), RwSignal::new(None));
        Self { typed, lit, list }
    }
}

/// Somebody to be meant: whose picture is shown, if it is one person; the name; and the token that
/// stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    contact: Option<Contact>,
    name: String,
    token: String,
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

/// Whoever may be meant in a group, as far as they are known: everybody at once first, if one may
/// speak to them so. With the name by which each is found besides the one that is shown.
fn choices(i18n: I18nContext<Locale>, driver: Driver, group: GroupId) -> Vec<(Choice, String)> {
    let cache = driver.cache;
    let role = cache.role_in(group);
    let everybody = role.filter(|role| role.may(GroupAction::CallEverybody)).map(|_| {
        let name = t_string!(i18n, everybody).to_string();
        (Choice { contact: None, name, token: mention::EVERYBODY.to_string() }, String::new())
    });
    let members = cache.members_of(group).map(|known| known.members).unwrap_or_default();
    let members = members.into_iter().map(|member| {
        // The name that all of them know: one's own name for a friend is nobody else's business.
        let Person { id, username, display_name: name, .. } = member.person;
        let contact = Some(Contact::User(id));
        (Choice { contact, name, token: mention::person_token(id) }, username)
    });
    everybody.into_iter().chain(members).collect()
}

/// There while the box has an `@` in it: offers names while one is being written, and knows on
/// sending who is meant.
#[component]
pub fn MentionList(
    group: GroupId,
    area: NodeRef<Textarea>,
    naming: Naming,
    typed: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    want_members(driver, group);
    // What stands after the `@`; nothing while no name is being written.
    let written = RwSignal::new(None::<String>);
    // Whom one has chosen before, to be told from others of the same name; and what stood before
    // the caret then.
    let meant = StoredValue::new(Vec::<Choice>::new());
    let ended = StoredValue::new(String::new());
    let lit = naming.lit;
    Effect::new(move |_| {
        // Not for a draft of before.
        let Some(area) = area.get_untracked().filter(|_| naming.typed.get() > 0) else { return };
        let before = browser::text_before_caret(&area);
        let goes_on = ended.with_value(|ended| *ended != before);
        let name = mention::name_being_typed(&before).filter(|_| goes_on);
        written.set(name.map(String::from));
    });
    let found = Memo::new(move |_| {
        let Some(written) = written.get() else { return Vec::new() };
        let text = browser::lower_case(written.trim());
        let me = mention::person_token(driver.me());
        let all = choices(i18n, driver, group).into_iter();
        let called = all.filter(|(choice, username)| {
            choice.token != me && browser::any_name_contains([&*choice.name, username], &text)
        });
        called.map(|(choice, _)| choice).take(OFFERED).collect()
    });
    Effect::new(move |_| lit.set(found.with(|found| (!found.is_empty()).then_some(0))));

    let choose = move |choice: Choice| {
        let Some(area) = area.get_untracked() else { return };
        // The caret may have gone elsewhere since.
        let before = browser::text_before_caret(&area);
        if let Some(written) = mention::name_being_typed(&before) {
            browser::replace_before_caret(&area, written, &format!("{} ", choice.name));
            ended.set_value(browser::text_before_caret(&area));
            meant.update_value(|meant| meant.insert(0, choice));
            typed.run(());
        }
        written.set(None);
    };
    let pressed = move |key: String| {
        let (Some(at), count) = (lit.get_untracked(), found.with_untracked(Vec::len)) else {
            return false;
        };
        match key.as_str() {
            "ArrowDown" => lit.set(Some((at + 1) % count)),
            "ArrowUp" => lit.set(Some((at + count - 1) % count)),
            "Enter" | "Tab" => {
                if let Some(choice) = found.with_untracked(|found| found.get(at).cloned()) {
                    choose(choice);
                }
            }
            "Escape" => written.set(None),
            _ => return false,
        }
        true
    };
    let with_tokens = move |text: String| {
        let others = untrack(|| choices(i18n, driver, group));
        let all = meant.get_value().into_iter().chain(others.into_iter().map(|(choice, _)| choice));
        let names: Vec<(String, String)> = all.map(|choice| (choice.name, choice.token)).collect();
        mention::with_tokens(&text, &names)
    };
    let (with_tokens, pressed) = (Callback::new(with_tokens), Callback::new(pressed));
    naming.list.set(Some(NameList { with_tokens, pressed }));
    on_cleanup(move || {
        naming.list.try_set(None);
        lit.try_set(None);
    });

    let row = move |(at, choice): (usize, Choice)| {
        let Choice { contact, name, .. } = choice.clone();
        let picture = contact.map(|contact| view! { <Avatar contact /> });
        view! {
            <li
                role="option"
                id=format!("mention-{at}")
                class="mention-choice"
                aria-selected=move || (lit.get() == Some(at)).to_string()
                // The box keeps the focus.
                on:pointerdown=move |event| {
                    event.prevent_default();
                    choose(choice.clone());
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

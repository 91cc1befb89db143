//! The names that are offered while `@` is written in a group. The text area keeps the focus and
//! gets the keys; `machines::mentions` decides which names are offered.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::client::machines::mentions::{Candidate, Mentions};
use crate::client::machines::name_search::any_name_contains;
use crate::model::{Contact, GroupAction, GroupId, Person, mention};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::mention_link::{ListCalls, MentionLink};

/// Fetches the members of a group, unless they are known. After a failure the next list tries
/// again.
fn fetch_members(driver: Driver, group: GroupId) {
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

/// The known members of a group, and everybody first if the user may mention everybody.
fn candidates(i18n: I18nContext<Locale>, driver: Driver, group: GroupId) -> Vec<Candidate> {
    let cache = driver.cache;
    let role = cache.role_in(group);
    let everybody = role.filter(|role| role.may(GroupAction::CallEverybody)).map(|_| Candidate {
        contact: None,
        name: t_string!(i18n, everybody).to_string(),
        username: String::new(),
        token: mention::EVERYBODY.to_string(),
    });
    let members = cache.members_of(group).map(|known| known.members).unwrap_or_default();
    let members = members.into_iter().map(|member| {
        // The name that all members see. A remark is the user's own business.
        let Person { id, username, display_name: name, .. } = member.person;
        let contact = Some(Contact::User(id));
        Candidate { contact, name, username, token: mention::person_token(id) }
    });
    everybody.into_iter().chain(members).collect()
}

/// The list of names. It is rendered while the text has an `@`, and is empty while no name is
/// offered.
#[component]
pub fn MentionList(
    group: GroupId,
    area: NodeRef<Textarea>,
    link: MentionLink,
    text_changed: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    fetch_members(driver, group);
    let mentions = RwSignal::new(Mentions::default());
    Effect::new(move |_| {
        // A restored draft offers nothing.
        let Some(area) = area.get_untracked().filter(|_| link.edits.get() > 0) else { return };
        let before_caret = browser::text_before_caret(&area);
        mentions.update(|mentions| mentions.text_changed(&before_caret));
    });
    let offered = Memo::new(move |_| {
        if link.picks_emoji.get() {
            return vec![];
        }
        let is_called = |candidate: &Candidate, query: &str| {
            let query = query.to_lowercase();
            any_name_contains([&*candidate.name, &candidate.username], &query)
        };
        let own_token = mention::person_token(driver.me());
        mentions.with(|mentions| {
            let candidates = || candidates(i18n, driver, group);
            mentions.offered(candidates, &own_token, is_called)
        })
    });
    Effect::new(move |_| {
        let count = offered.with(Vec::len);
        link.offered.set(count);
        link.highlighted.set((count > 0).then_some(0));
    });
    let choose = move |index: usize| {
        let chosen = offered.with_untracked(|offered| offered.get(index).cloned());
        let (Some(candidate), Some(area)) = (chosen, area.get_untracked()) else { return };
        let before_caret = browser::text_before_caret(&area);
        let replacement =
            mentions.try_update(|mentions| mentions.choose(candidate, &before_caret)).flatten();
        if let Some(replacement) = replacement {
            browser::replace_before_caret(&area, &replacement.old, &replacement.new);
            text_changed.run(());
        }
    };
    let with_tokens = move |text: String| {
        let candidates = untrack(|| candidates(i18n, driver, group));
        mentions.with_untracked(|mentions| mentions.with_tokens(&text, candidates))
    };
    link.list.set(Some(ListCalls {
        with_tokens: Callback::new(with_tokens),
        choose: Callback::new(choose),
        close: Callback::new(move |()| mentions.update(Mentions::close)),
    }));
    on_cleanup(move || {
        link.list.try_set(None);
        link.highlighted.try_set(None);
    });
    move || {
        let offered = offered.get();
        (!offered.is_empty()).then(|| offered_names(i18n, offered, link, choose))
    }
}

fn offered_names(
    i18n: I18nContext<Locale>,
    offered: Vec<Candidate>,
    link: MentionLink,
    choose: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let row = move |(index, candidate): (usize, Candidate)| {
        let picture = candidate.contact.map(|contact| view! { <Avatar contact /> });
        view! {
            <li
                role="option"
                id=format!("mention-{index}")
                class="mention-choice"
                aria-selected=move || (link.highlighted.get() == Some(index)).to_string()
                // The text area keeps the focus.
                on:pointerdown=move |event| {
                    event.prevent_default();
                    choose(index);
                }
            >
                {picture}
                <span>{candidate.name}</span>
            </li>
        }
    };
    view! {
        <ul
            id="mention-list"
            class="mention-list"
            role="listbox"
            aria-label=t_string!(i18n, mention_list)
        >
            {offered.into_iter().enumerate().map(row).collect_view()}
        </ul>
    }
}

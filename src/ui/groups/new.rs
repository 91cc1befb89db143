//! The form for a new group: name, description, and people to invite.

use std::collections::BTreeSet;

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, limits, validation};
use crate::ui::contacts::people_picker::PeoplePicker;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::paths::ContactTab;
use crate::ui::view::call::ServerCall;

#[component]
pub fn NewGroup(done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let (name, description) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let picked = RwSignal::new(BTreeSet::new());
    let call = ServerCall::of_page();
    let navigate = use_navigate();
    let go = move |path: String| navigate(&path, NavigateOptions::default());
    // The first field gets the focus each time the form opens.
    Effect::new(move |_| {
        if let Some(name) = name.get() {
            let _ = name.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        let go = go.clone();
        event.prevent_default();
        let (Some(name), Some(description)) = (name.get_untracked(), description.get_untracked())
        else {
            return;
        };
        let typed = validation::group_name(&name.value())
            .and_then(|name| Ok((name, validation::group_description(&description.value())?)));
        let (name, description) = match typed {
            Ok(typed) => typed,
            Err(invalid) => return call.refuse(invalid),
        };
        let invited = picked.get_untracked().into_iter().collect();
        call.run(async move {
            let group = api::create_group(me, name, description, invited).await?;
            let contact = Contact::Group(group.id);
            driver.cache.group_created(group);
            // If the form was closed meanwhile, the page stays where it is.
            if done.try_run(()).is_some() {
                go(ContactTab::Groups.path(Some(contact)));
            }
            Ok(())
        });
    };
    view! {
        <form class="group-form" on:submit=submit aria-label=move || t_string!(i18n, new_group)>
            <div class="field">
                <label for="new-group-name">{t!(i18n, group_name)}</label>
                <input
                    id="new-group-name"
                    node_ref=name
                    maxlength=limits::GROUP_NAME_MAX.to_string()
                    autocomplete="off"
                    required
                />
            </div>
            <div class="field">
                <label for="new-group-description">{t!(i18n, group_description)}</label>
                <textarea
                    id="new-group-description"
                    rows="2"
                    maxlength=limits::GROUP_DESCRIPTION_MAX.to_string()
                    node_ref=description
                >
                    {t_string!(i18n, group_description_default)}
                </textarea>
            </div>
            <h2 class="list-heading">{t!(i18n, invite_people)}</h2>
            <PeoplePicker picked except=move |user| user == me />
            <CallError call />
            <span class="button-row">
                <button type="submit" class="primary" disabled=move || call.is_running()>
                    {t!(i18n, create_group)}
                </button>
                <button type="button" on:click=move |_| done.run(())>
                    {t!(i18n, cancel)}
                </button>
            </span>
        </form>
    }
    .into_any()
}

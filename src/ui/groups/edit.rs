//! The form for a group's name, description and maximum number of members.

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::validation::{self, Invalid};
use crate::model::{Group, GroupAct, GroupId, limits};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::parts::form_outcome::FormOutcome;
use crate::ui::view::call::ServerCall;
use crate::ui::view::show::Show;

#[component]
pub fn EditGroup(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let call = ServerCall::of_page();
    let (name, description) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let ceiling = NodeRef::<Input>::new();
    let Some(known) = untrack(move || cache.group(group)) else { return ().into_any() };
    let Group { name: known_name, description: known_description, max_members, .. } = known.clone();
    let known = StoredValue::new(known);
    let may_ceiling =
        move || cache.role_in(group).is_some_and(|role| role.may(GroupAct::SetCeiling));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(description)) = (name.get_untracked(), description.get_untracked())
        else {
            return;
        };
        let Some(now) = cache.group(group) else { return };
        // A field that was not touched keeps its current value, which somebody else may have changed.
        let typed = known.with_value(|known| -> Result<_, Invalid> {
            let (name, description) = (name.value(), description.value());
            let name = if name == known.name { now.name } else { validation::group_name(&name)? };
            let description = match description == known.description {
                true => now.description,
                false => validation::group_description(&description)?,
            };
            let most = ceiling.get_untracked().map(|input| input.value().trim().to_string());
            let most = most.filter(|most| *most != known.max_members.to_string());
            let most = most.map(|most| most.parse().map_err(|_| Invalid::GroupCeiling));
            Ok((name, description, most.transpose()?))
        });
        match typed {
            Ok((name, description, most)) => {
                call.run(api::set_group(me, group, name, description, most));
            }
            Err(invalid) => call.refuse(invalid),
        }
    };
    view! {
        <details class="pane-part">
            <summary>{t!(i18n, edit_group)}</summary>
            <form class="group-form" on:submit=submit>
                <div class="field">
                    <label for="group-name">{t!(i18n, group_name)}</label>
                    <input
                        id="group-name"
                        node_ref=name
                        value=known_name
                        maxlength=limits::GROUP_NAME_MAX.to_string()
                        autocomplete="off"
                        required
                    />
                </div>
                <div class="field">
                    <label for="group-description">{t!(i18n, group_description)}</label>
                    <textarea
                        id="group-description"
                        rows="3"
                        maxlength=limits::GROUP_DESCRIPTION_MAX.to_string()
                        node_ref=description
                        prop:value=known_description
                    ></textarea>
                </div>
                <Show when=may_ceiling>
                    <div class="field">
                        <label for="group-ceiling">{t!(i18n, group_ceiling)}</label>
                        <input
                            id="group-ceiling"
                            type="number"
                            min="1"
                            inputmode="numeric"
                            node_ref=ceiling
                            value=max_members.to_string()
                        />
                    </div>
                </Show>
                <FormOutcome call plain=None />
                <button type="submit" class="primary" disabled=move || call.is_running()>
                    {t!(i18n, save)}
                </button>
            </form>
        </details>
    }
    .into_any()
}

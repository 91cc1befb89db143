//! The form for a group's name, description and maximum number of members.

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::validation::{self, Invalid};
use crate::model::{Group, GroupAction, GroupId, limits};
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
        move || cache.role_in(group).is_some_and(|role| role.may(GroupAction::SetCeiling));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(description)) = (name.get_untracked(), description.get_untracked())
        else {
            return;
        };
        let Some(now) = cache.group(group) else { return };
        let most = ceiling.get_untracked().map(|input| input.value());
        let typed = Typed { name: name.value(), description: description.value(), most };
        match known.with_value(|known| typed.changed(known, now)) {
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

/// The text of the form; without `most` for a role that may not change the maximum.
struct Typed {
    name: String,
    description: String,
    most: Option<String>,
}

impl Typed {
    /// Returns the name, the description and a changed maximum. A field that was not touched
    /// keeps its current value, which somebody else may have changed since `known`.
    fn changed(self, known: &Group, now: Group) -> Result<(String, String, Option<i64>), Invalid> {
        let name = match self.name == known.name {
            true => now.name,
            false => validation::group_name(&self.name)?,
        };
        let description = match self.description == known.description {
            true => now.description,
            false => validation::group_description(&self.description)?,
        };
        let most = self.most.map(|most| most.trim().to_string());
        let most = most.filter(|most| *most != known.max_members.to_string());
        let most = most.map(|most| most.parse().map_err(|_| Invalid::GroupCeiling));
        Ok((name, description, most.transpose()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, description: &str) -> Group {
        Group {
            id: GroupId(1),
            name: name.into(),
            description: description.into(),
            members: 3,
            max_members: 20,
            approve: false,
            asking: 0,
        }
    }

    fn typed(name: &str, description: &str, most: &str) -> Typed {
        Typed { name: name.into(), description: description.into(), most: Some(most.into()) }
    }

    #[test]
    fn untouched_fields_keep_what_somebody_else_has_set_meanwhile() {
        let (known, now) = (group("Tea", "old"), group("Coffee", "new"));
        let changed = typed("Tea", "mine", " 20 ").changed(&known, now);
        assert_eq!(changed, Ok(("Coffee".into(), "mine".into(), None)));
    }

    #[test]
    fn a_changed_maximum_must_be_a_number() {
        let (known, now) = (group("Tea", ""), group("Tea", ""));
        let changed = typed("Tea", "", "30").changed(&known, now.clone());
        assert_eq!(changed, Ok(("Tea".into(), String::new(), Some(30))));
        assert_eq!(typed("Tea", "", "many").changed(&known, now), Err(Invalid::GroupCeiling));
    }
}

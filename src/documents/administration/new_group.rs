//! The form for a new group; its owner is its only member.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::AdminCreateGroup;
use crate::documents::{ActionForm, Field, TextArea, page_context};
use crate::model::{UserId, limits};
use crate::ui::i18n::td_string;

const FORM: &str = AdminCreateGroup::PATH;

#[component]
pub fn NewGroupPage(me: UserId) -> impl IntoView {
    let locale = page_context().locale;
    view! {
        <section class="settings-section">
            <ActionForm path=FORM hidden=vec![("for_user", me.to_string())]>
                <Field
                    of=FORM
                    name="name"
                    label=td_string!(locale, group_name)
                    max=limits::GROUP_NAME_MAX
                    autofocus=true
                />
                <TextArea
                    of=FORM
                    name="description"
                    label=td_string!(locale, group_description)
                    value=td_string!(locale, group_description_default)
                    max=limits::GROUP_DESCRIPTION_MAX
                />
                <Field
                    of=FORM
                    name="owner"
                    label=td_string!(locale, admin_owner_username)
                    max=limits::USERNAME_MAX
                />
                <button type="submit" class="primary">
                    {td_string!(locale, create_group)}
                </button>
            </ActionForm>
        </section>
    }
}

//! The Groups tab: the user's groups by name, invitations, join requests to answer, and a form
//! for a new group.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, Group, GroupInvitation};
use crate::ui::contacts::rows::ContactRows;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::paths::ContactTab;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

use super::new::NewGroup;

#[component]
pub fn GroupList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let call = ServerCall::of_page();
    let making = RwSignal::new(false);
    let groups =
        Signal::derive(move || cache.groups().into_iter().map(Contact::Group).collect::<Vec<_>>());
    let scrolled = RwSignal::new(());
    let done = Callback::new(move |()| making.set(false));
    view! {
        <section
            class="contact-list"
            aria-label=move || t_string!(i18n, groups)
            on:scroll=move |_| scrolled.notify()
        >
            <Show
                when=move || making.get()
                fallback=move || {
                    view! {
                        <p class="list-action">
                            <button type="button" on:click=move |_| making.set(true)>
                                {t!(i18n, new_group)}
                            </button>
                        </p>
                    }
                }
            >
                <NewGroup done />
            </Show>
            <CallError call />
            <Show when=move || !cache.group_invitations().is_empty()>
                <section class="requests" aria-labelledby="group-invitations">
                    <h2 id="group-invitations" class="list-heading">
                        {t!(i18n, group_invitations)}
                    </h2>
                    <ul>
                        <Each
                            each=move || cache.group_invitations()
                            key=|invitation| format!("{}-{}", invitation.group, invitation.at.0)
                            let(invitation)
                        >
                            <InvitationEntry invitation call />
                        </Each>
                    </ul>
                </section>
            </Show>
            <Show when=move || !cache.groups_asked_for().is_empty()>
                <section class="requests" aria-labelledby="groups-asked-for">
                    <h2 id="groups-asked-for" class="list-heading">
                        {t!(i18n, asking_to_join)}
                    </h2>
                    <ul>
                        <Each
                            each=move || cache.groups_asked_for()
                            key=|group| format!("{}-{}", group.id, group.asking)
                            let(group)
                        >
                            <GroupWithRequests group />
                        </Each>
                    </ul>
                </section>
            </Show>
            <ContactRows tab=ContactTab::Groups contacts=groups scrolled />
            <Show when=move || cache.groups().is_empty() && !making.get()>
                <p class="empty">{t!(i18n, groups_empty)}</p>
            </Show>
        </section>
    }
}

/// A group in which people wait to be let in, with a link to them.
#[component]
fn GroupWithRequests(group: Group) -> impl IntoView {
    let i18n = use_i18n();
    let contact = Contact::Group(group.id);
    let count = group.asking;
    view! {
        <li class="request">
            <Avatar contact />
            <a class="request-name" href=ContactTab::Groups.profile_path(contact)>
                {group.name}
            </a>
            <span class="request-username">
                {move || t_string!(i18n, waiting_label, count = count)}
            </span>
        </li>
    }
}

#[component]
fn InvitationEntry(invitation: GroupInvitation, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Driver>().me();
    let group = invitation.group;
    let name = StoredValue::new(invitation.group_name.clone());
    let about = move |what: &str| format!("{what}: {}", name.read_value());
    let cache = expect_context::<Driver>().cache;
    let by = move || contact_name(i18n, cache, Contact::User(invitation.by.id));
    view! {
        <li class="request">
            <Avatar contact=Contact::Group(group) />
            <span class="request-name">{invitation.group_name}</span>
            <span class="request-username">
                {move || t_string!(i18n, invited_by, name = by())}
            </span>
            <span class="request-actions">
                <button
                    type="button"
                    class="primary"
                    aria-label=move || about(t_string!(i18n, accept))
                    on:click=move |_| call.run(api::accept_group(me, group))
                >
                    {t!(i18n, accept)}
                </button>
                <button
                    type="button"
                    aria-label=move || about(t_string!(i18n, decline))
                    on:click=move |_| call.run(api::close_group_invitation(me, group, me))
                >
                    {t!(i18n, decline)}
                </button>
            </span>
        </li>
    }
}

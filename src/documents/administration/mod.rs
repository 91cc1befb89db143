//! The pages of the administration: plain documents, which only administrators find.

mod access;
mod act_button;
mod act_line;
mod frame;
mod group;
mod groups;
mod log;
mod new_group;
mod new_person;
mod overview;
mod people;
mod person;
mod place;
mod registration;
mod table;
mod ties;

use leptos::prelude::*;

use crate::api;
use crate::api::context;
use crate::error::{KithError, Result};
use crate::service::suggested_password;
use crate::ui::text::errors::sentence_in;

use super::{Content, Reader};

use frame::{Failed, Frame};
use place::AdminPage;

/// Returns the page at the reader's address, or nothing: for everybody but administrators there is
/// none. It is loaded as a whole before anything is rendered.
pub async fn content(reader: &Reader) -> Option<Content> {
    let place = AdminPage::of_path(reader.address.path())?;
    let (status, shown) = match shown(place, reader).await {
        Ok(shown) => (200, shown),
        Err(KithError::NotFound | KithError::Unauthorised) => return None,
        Err(error) => {
            let why = sentence_in(reader.locale, &error);
            let title = place.title(reader.locale);
            (error.status(), PageBody::new(title, view! { <Failed why /> }))
        }
    };
    let PageBody { title, body } = shown;
    let heading = title.clone();
    let body = view! { <Frame place heading>{body}</Frame> };
    Some(Content { status, title, body: body.into_any() })
}

/// What a page shows under its heading.
struct PageBody {
    title: String,
    body: AnyView,
}

impl PageBody {
    fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), body: body.into_any() }
    }
}

async fn shown(place: AdminPage, reader: &Reader) -> Result<PageBody> {
    context::administrator().await?;
    let me = context::caller()?.user;
    let address = &reader.address;
    let title = place.title(reader.locale);
    Ok(match place {
        AdminPage::Overview => {
            let overview = api::admin_overview().await?;
            PageBody::new(title, view! { <overview::OverviewPage overview /> })
        }
        AdminPage::People => {
            let query = people::query(address);
            let people = api::admin_accounts(query.clone()).await?;
            PageBody::new(title, view! { <people::PeoplePage me query people /> })
        }
        AdminPage::NewPerson => {
            let suggestion = suggested_password();
            PageBody::new(title, view! { <new_person::NewPersonPage me suggestion /> })
        }
        AdminPage::Person(user) => {
            let file = api::admin_account(user).await?;
            let suggestion = suggested_password();
            let name = file.account.person.display_name.clone();
            PageBody::new(name, view! { <person::PersonPage me file suggestion /> })
        }
        AdminPage::Groups => {
            let search = address.get("search").unwrap_or_default().to_string();
            let page = address.number("page").unwrap_or(1);
            let groups = api::admin_groups(search.clone(), page).await?;
            PageBody::new(title, view! { <groups::GroupsPage search groups /> })
        }
        AdminPage::NewGroup => PageBody::new(title, view! { <new_group::NewGroupPage me /> }),
        AdminPage::Group(group) => {
            let file = api::admin_group(group).await?;
            let name = file.group.name.clone();
            PageBody::new(name, view! { <group::GroupPage me file /> })
        }
        AdminPage::Registration => {
            let state = api::admin_registration().await?;
            PageBody::new(title, view! { <registration::RegistrationPage me state /> })
        }
        AdminPage::Log => {
            let log = api::admin_log(address.number("page").unwrap_or(1)).await?;
            PageBody::new(title, view! { <log::LogPage log /> })
        }
    })
}

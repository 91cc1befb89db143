//! The pages of the administration. For everybody but administrators they do not exist.

mod access;
mod action_button;
mod admin_page;
mod audit_line;
mod confirmation;
mod frame;
mod group;
mod groups;
mod hidden_fields;
mod log;
mod new_group;
mod new_person;
mod overview;
mod people;
mod person;
mod registration;
mod relationships;
mod table;

use leptos::prelude::*;

use crate::api;
use crate::api::context;
use crate::error::{KithError, Result};
use crate::service::suggested_password;
use crate::ui::text::errors::sentence_in;

use super::{PageContent, PageContext};

use admin_page::AdminPage;
use frame::{Failed, Frame};

/// Returns the page at this address, loaded as a whole before it is rendered. `None` if there is no
/// page, and for everybody but administrators.
pub async fn content(page: &PageContext) -> Option<PageContent> {
    let admin_page = AdminPage::of_path(page.address.path())?;
    let (status, shown) = match load(admin_page, page).await {
        Ok(loaded) => (200, loaded),
        Err(KithError::NotFound | KithError::Unauthorised) => return None,
        Err(error) => {
            let why = sentence_in(page.locale, &error);
            let title = admin_page.title(page.locale);
            (error.status(), PageBody::new(title, view! { <Failed why /> }))
        }
    };
    let PageBody { title, body } = shown;
    let heading = title.clone();
    let body = view! { <Frame page=admin_page heading>{body}</Frame> };
    Some(PageContent { status, title, body: body.into_any() })
}

/// The content of a page under its heading.
struct PageBody {
    title: String,
    body: AnyView,
}

impl PageBody {
    fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), body: body.into_any() }
    }
}

async fn load(admin_page: AdminPage, page: &PageContext) -> Result<PageBody> {
    context::administrator().await?;
    let me = context::caller()?.user;
    let address = &page.address;
    let title = admin_page.title(page.locale);
    Ok(match admin_page {
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

//! The page of a group's link: what the group is, and a button to join it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::{self, AnswerJoinRequest, JoinByLink, context};
use crate::error::{KithError, Result};
use crate::model::{Contact, Group, JoinOffer};
use crate::ui::i18n::td_string;
use crate::ui::paths::{ContactTab, JOIN};
use crate::ui::text::errors::sentence_in;

use super::{ActionForm, PageContent, PageContext, Refusal, entrance};

/// Returns the page of a link. The server sends visitors who are not signed in to the sign-in page
/// first.
pub async fn content(page: &PageContext) -> Option<PageContent> {
    let locale = page.locale;
    let token = page.address.path().strip_prefix(JOIN)?;
    let title = td_string!(locale, join_title).to_string();
    let (status, body) = match offer(page, token).await {
        Ok(body) => (200, body),
        Err(KithError::NotFound) => {
            let sentence = td_string!(locale, join_link_over);
            (404, view! { <p role="alert">{sentence}</p> }.into_any())
        }
        Err(error) => {
            let why = sentence_in(locale, &error);
            (error.status(), view! { <Refusal why /> }.into_any())
        }
    };
    let chats = ContactTab::Chats.path(None);
    let body = view! {
        {body}
        <p>
            <a href=chats>{td_string!(locale, to_start)}</a>
        </p>
    };
    let body = entrance(locale, title.clone(), body.into_any());
    Some(PageContent { status, title, body })
}

async fn offer(page: &PageContext, token: &str) -> Result<AnyView> {
    let me = context::caller()?.user;
    let JoinOffer { group, is_member, has_asked } = api::join_offer(token.to_string()).await?;
    let Group { id, name, description, members, approve, .. } = group;
    let locale = page.locale;
    let refused = page.address.refused().map(|(_, error)| {
        let why = sentence_in(locale, &error);
        view! { <Refusal why /> }
    });
    let for_user = ("for_user", me.to_string());
    let act = if is_member {
        let chat = ContactTab::Chats.path(Some(Contact::Group(id)));
        view! {
            <p role="status">{td_string!(locale, join_is_member)}</p>
            <p>
                <a class="primary" href=chat>{td_string!(locale, join_open_chat)}</a>
            </p>
        }
        .into_any()
    } else if has_asked {
        let hidden = vec![
            for_user,
            ("group", id.to_string()),
            ("user", me.to_string()),
            ("accept", false.to_string()),
        ];
        view! {
            <p role="status">{td_string!(locale, join_asked)}</p>
            <ActionForm path=AnswerJoinRequest::PATH hidden class="">
                <button type="submit">{td_string!(locale, take_back_wish)}</button>
            </ActionForm>
        }
        .into_any()
    } else {
        let hidden = vec![for_user, ("token", token.to_string())];
        let word = match approve {
            true => td_string!(locale, ask_to_join),
            false => td_string!(locale, join_group),
        };
        view! {
            <ActionForm path=JoinByLink::PATH hidden class="">
                <button type="submit" class="primary">{word}</button>
            </ActionForm>
        }
        .into_any()
    };
    let view = view! {
        <h2 class="join-name" dir="auto">{name}</h2>
        <p class="join-members">{td_string!(locale, members_count, count = members)}</p>
        <p class="join-description" dir="auto">{description}</p>
        {refused}
        {act}
    };
    Ok(view.into_any())
}

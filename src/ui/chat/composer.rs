//! The box to write in: a plain form that works without JavaScript, and goes through the outbox
//! once the page has come alive.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::I18nContext;

use crate::api;
use crate::client::browser;
use crate::client::cache::conversation::ConversationCache;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::validation::{self, Invalid};
use crate::model::{ClientId, Contact, Quote, limits};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::later::{Later, later};
use crate::ui::parts::avatar::colour_of;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::text::errors::chat_sentence;
use crate::ui::text::name::{contact_name, spoken};
use crate::ui::text::time::Alive;
use crate::ui::view::form_error::{form_error, typed};
use crate::ui::view::show::Show;

use super::mention_list::Naming;

/// So many characters before the limit the counter shows.
const COUNTER_MARGIN: usize = 200;

#[component]
pub fn Composer(contact: Memo<Contact>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let conversation = move || driver.cache.conversation(contact.get());
    let conversation_now = move || driver.cache.conversation(contact.get_untracked());
    let area = NodeRef::<Textarea>::new();
    let refused = RwSignal::new(form_error::<api::SendMessage>());
    // What the form without JavaScript brought back.
    let brought_back = refused.get_untracked().and_then(|_| typed("text"));

    // Whether that one was stored is not known: with the same client id it is stored only once.
    let same =
        refused.get_untracked().filter(KithError::is_transient).and_then(|_| typed("client_id"));
    let client_id = same
        .and_then(|id| ClientId::try_from(id).ok())
        .unwrap_or_else(|| driver.cache.form_client_id());

    let set_draft = move |text: String| {
        driver.keep_draft(contact.get_untracked(), &text);
        conversation_now().set_draft(text);
    };
    let naming = Naming::default();
    let with_tokens = move |text: String| match naming.list.get_untracked() {
        Some(list) => list.with_tokens.run(text),
        None => text,
    };
    let picking = RwSignal::new(false);
    // One has turned to another conversation.
    Effect::new(move |before: Option<()>| {
        contact.track();
        if before.is_some() {
            refused.set(None);
            picking.set(false);
            naming.typed.set(0);
        }
    });
    take_over(area, conversation, driver);
    follow_other_tabs(area, conversation);

    let send = move || {
        let Some(area) = area.get_untracked() else { return };
        match validation::message(&with_tokens(area.value())) {
            Ok(text) => {
                let conversation = conversation_now();
                let reply = conversation.replying.get_untracked();
                driver.send(conversation.contact, text, reply);
                conversation.replying.set(None);
                browser::set_text(&area, "");
                refused.set(None);
                set_draft(String::new());
            }
            Err(Invalid::MessageEmpty) => {}
            Err(invalid) => refused.set(Some(KithError::Invalid(invalid))),
        }
        let _ = area.focus();
    };
    let text_typed = move || {
        if let Some(area) = area.get_untracked() {
            browser::grow_with_text(&area);
            refused.set(None);
            let text = area.value();
            driver.typing(contact.get_untracked(), &text);
            set_draft(text);
            naming.typed.update(|times| *times += 1);
        }
    };
    let key_pressed = move |event: KeyboardEvent| {
        let key = event.key();
        let composes = browser::is_composing(&event);
        if let (Some(list), false) = (naming.list.get_untracked(), composes)
            && list.pressed.run(key.clone())
        {
            return event.prevent_default();
        }
        let replying = conversation_now().replying;
        if key == "Escape" && replying.with_untracked(Option::is_some) {
            replying.set(None);
            return event.prevent_default();
        }
        let commands = event.ctrl_key() || event.meta_key();
        let plainly = !event.shift_key()
            && !browser::has_touch_keyboard()
            && !untrack(|| driver.settings()).enter_makes_line;
        if key == "Enter" && !composes && (commands || plainly) {
            event.prevent_default();
            send();
        }
    };
    let chosen = Callback::new(move |emoji: String| {
        if let Some(area) = area.get_untracked() {
            browser::insert_at_caret(&area, &emoji);
            text_typed();
        }
    });
    let picked = move || {
        picking.set(false);
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    };
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let counter = move || {
        let length = conversation().draft.with(|draft| draft.trim().chars().count());
        let near = length + COUNTER_MARGIN > limits::MESSAGE_MAX;
        near.then(|| t_string!(i18n, counter, count = length))
    };
    // Who is in a group may be meant by what is written; the emoji have the same place.
    let may_name = move || {
        let in_group = matches!(contact.get(), Contact::Group(_));
        in_group && !picking.get() && conversation().draft.with(|draft| draft.contains('@'))
    };
    let names = move || match contact.get() {
        Contact::Group(group) => {
            let typed = Callback::new(move |()| text_typed());
            later(Later::Mentions { group, area, naming, typed })
        }
        Contact::User(_) => ().into_any(),
    };
    let refusal = move || refused.get().map(|error| chat_sentence(i18n, &error));

    let empty_area = view! {
        <textarea
            class="composer-text"
            name="text"
            rows="1"
            node_ref=area
            aria-label=move || t_string!(i18n, message)
            placeholder=move || t_string!(i18n, message_placeholder)
            aria-invalid=move || refused.get().is_some().then_some("true")
            aria-describedby=move || refused.get().is_some().then_some("composer-error")
            aria-controls=move || naming.lit.get().map(|_| "mention-list")
            aria-activedescendant=move || naming.lit.get().map(|at| format!("mention-{at}"))
            on:input=move |_| text_typed()
            on:keydown=key_pressed
        ></textarea>
    }
    .into_inner();
    // An empty child would be rendered as a space, which is text here.
    let area_with_text = match brought_back {
        Some(text) => empty_area.child(text).into_any(),
        None => empty_area.into_any(),
    };

    view! {
        <form class="composer" method="post" action=api::SendMessage::PATH on:submit=submitted>
            <input type="hidden" name="for_user" value=driver.me().to_string() />
            <input type="hidden" name="contact" value=move || contact.get().to_string() />
            <input type="hidden" name="client_id" value=String::from(client_id) />
            {move || {
                refusal()
                    .map(|text| {
                        view! {
                            <p id="composer-error" class="composer-error" role="alert">
                                {text}
                            </p>
                        }
                    })
            }}
            {move || {
                let conversation = conversation();
                conversation.replying.get().map(|quote| replying(i18n, conversation, &quote))
            }}
            <Show when=may_name>{names()}</Show>
            <Show when=move || picking.get()>
                {later(Later::Emoji { chosen, closed: Callback::new(move |()| picked()) })}
            </Show>
            <button
                type="button"
                class="icon-button composer-emoji"
                aria-label=move || t_string!(i18n, emoji)
                title=move || t_string!(i18n, emoji)
                aria-expanded=move || picking.get().to_string()
                on:click=move |_| if picking.get_untracked() { picked() } else { picking.set(true) }
            >
                {icon(Icon::Smile)}
            </button>
            {area_with_text}
            <button
                type="submit"
                class="icon-button composer-send"
                aria-label=move || t_string!(i18n, send)
                title=move || t_string!(i18n, send)
            >
                {icon(Icon::Send)}
            </button>
            <p class="composer-counter" role="status">
                {move || counter()}
            </p>
        </form>
    }
}

/// What the message that is being written answers.
fn replying(
    i18n: I18nContext<Locale>,
    conversation: ConversationCache,
    quote: &Quote,
) -> impl IntoView + use<> {
    let cache = expect_context::<Driver>().cache;
    let contact = Contact::User(quote.sender);
    let name = match quote.sender == cache.me() {
        true => t_string!(i18n, you).to_string(),
        false => contact_name(i18n, cache, contact),
    };
    let text = spoken(i18n, cache, conversation.contact, &quote.text);
    view! {
        <div class="composer-reply">
            <span class=format!("quote-sender name-{}", colour_of(contact))>
                {t_string!(i18n, replying_to, name = name)}
            </span>
            <span class="quote-text">{text}</span>
            <button
                type="button"
                class="icon-button"
                aria-label=t_string!(i18n, cancel_reply)
                on:click=move |_| conversation.replying.set(None)
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
}

/// When the box appears: what was typed before the page came alive becomes the draft; else, as
/// whenever one turns to another conversation, the draft of before is put back.
fn take_over(
    area: NodeRef<Textarea>,
    conversation: impl Fn() -> ConversationCache + 'static,
    driver: Driver,
) {
    let alive = expect_context::<Alive>();
    let appears_alive = alive.0.get_untracked();
    Effect::new(move |before: Option<bool>| {
        let (Some(area), conversation) = (area.get(), conversation()) else { return false };
        let contact = conversation.contact;
        let turned_to = before == Some(true);
        let typed = area.value();
        if typed.is_empty() || turned_to {
            let kept = conversation.draft.get_untracked();
            let kept = if kept.is_empty() { driver.kept_draft(contact) } else { kept };
            browser::set_text(&area, &kept);
            conversation.set_draft(kept);
        } else {
            driver.keep_draft(contact, &typed);
            conversation.set_draft(typed);
            browser::grow_with_text(&area);
        }
        if (appears_alive || turned_to) && !browser::has_touch_keyboard() {
            let _ = area.focus();
        }
        true
    });
}

/// While one does not write here, the box shows what is written in another tab.
fn follow_other_tabs(
    area: NodeRef<Textarea>,
    conversation: impl Fn() -> ConversationCache + 'static,
) {
    Effect::new(move |before: Option<()>| {
        let text = conversation().draft.get();
        if let (Some(()), Some(area)) = (before, area.get_untracked())
            && area.value() != text
            && !(browser::is_visible() && browser::has_focus(&area))
        {
            browser::set_text(&area, &text);
        }
    });
}

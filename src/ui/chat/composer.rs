//! The composer: a plain form that works without JavaScript, and sends through the outbox once the
//! page is hydrated. `machines::composer` maps its keys to actions.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::I18nContext;

use crate::api;
use crate::client::browser;
use crate::client::cache::conversation::ConversationCache;
use crate::client::driver::Driver;
use crate::client::machines::composer::{KeyAction, KeyContext, counter, key_action};
use crate::error::KithError;
use crate::model::validation::{self, Invalid};
use crate::model::{ClientId, Contact, Quote};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::later::{Later, later};
use crate::ui::parts::avatar::colour_of;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::parts::mention_link::MentionLink;
use crate::ui::text::errors::chat_sentence;
use crate::ui::text::name::{contact_name, shown_text};
use crate::ui::text::time::Hydrated;
use crate::ui::view::form_error::{form_error, submitted_text};
use crate::ui::view::show::Show;

#[component]
pub fn Composer(contact: Memo<Contact>) -> impl IntoView {
    let i18n = use_i18n();
    let writing = Writing::new(contact);
    let Writing { driver, error, picks_emoji, .. } = writing;
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        writing.send();
    };
    let emoji_chosen = Callback::new(move |emoji: String| writing.insert(&emoji));
    let emoji_closed = Callback::new(move |()| writing.close_emoji());
    let refusal = move || {
        let text = chat_sentence(i18n, &error.get()?);
        Some(view! { <p id="composer-error" class="composer-error" role="alert">{text}</p> })
    };
    let reply = move || {
        let conversation = writing.conversation();
        conversation.replying.get().map(|quote| replying(i18n, conversation, &quote))
    };
    let count = move || {
        let length = writing.conversation().draft.with(|draft| counter(draft))?;
        Some(t_string!(i18n, counter, count = length))
    };
    view! {
        <form class="composer" method="post" action=api::SendMessage::PATH on:submit=submitted>
            <input type="hidden" name="for_user" value=driver.me().to_string() />
            <input type="hidden" name="contact" value=move || contact.get().to_string() />
            <input type="hidden" name="client_id" value=String::from(form_client_id(driver)) />
            {refusal}
            {reply}
            <Show when=move || writing.may_mention()>{mention_list(writing)}</Show>
            <Show when=move || picks_emoji.get()>
                {later(Later::Emoji { chosen: emoji_chosen, closed: emoji_closed })}
            </Show>
            <button
                type="button"
                class="icon-button composer-emoji"
                aria-label=move || t_string!(i18n, emoji)
                title=move || t_string!(i18n, emoji)
                aria-expanded=move || picks_emoji.get().to_string()
                on:click=move |_| writing.toggle_emoji()
            >
                {icon(Icon::Smile)}
            </button>
            {text_area(i18n, writing)}
            <button
                type="submit"
                class="icon-button composer-send"
                aria-label=move || t_string!(i18n, send)
                title=move || t_string!(i18n, send)
            >
                {icon(Icon::Send)}
            </button>
            <p class="composer-counter" role="status">
                {count}
            </p>
        </form>
    }
}

/// Without JavaScript a failed send may have been stored. With the same client id it is stored
/// once.
fn form_client_id(driver: Driver) -> ClientId {
    let error = form_error::<api::SendMessage>().filter(KithError::is_transient);
    let same = error.and_then(|_| ClientId::try_from(submitted_text("client_id")?).ok());
    same.unwrap_or_else(|| driver.cache.form_client_id())
}

fn text_area(i18n: I18nContext<Locale>, writing: Writing) -> AnyView {
    let Writing { area, error, mentions, .. } = writing;
    let is_refused = move || error.get().is_some();
    let highlighted = mentions.highlighted;
    let empty_area = view! {
        <textarea
            class="composer-text"
            name="text"
            rows="1"
            node_ref=area
            aria-label=move || t_string!(i18n, message)
            placeholder=move || t_string!(i18n, message_placeholder)
            aria-invalid=move || is_refused().then_some("true")
            aria-describedby=move || is_refused().then_some("composer-error")
            aria-controls=move || highlighted.get().map(|_| "mention-list")
            aria-activedescendant=move || highlighted.get().map(|index| format!("mention-{index}"))
            on:input=move |_| writing.text_changed()
            on:keydown=move |event| writing.key_pressed(&event)
        ></textarea>
    }
    .into_inner();
    // An empty child would be rendered as a space, which is text here.
    match form_error::<api::SendMessage>().and_then(|_| submitted_text("text")) {
        Some(text) => empty_area.child(text).into_any(),
        None => empty_area.into_any(),
    }
}

fn mention_list(writing: Writing) -> AnyView {
    let Writing { contact, area, mentions: link, .. } = writing;
    match contact.get() {
        Contact::Group(group) => {
            let text_changed = Callback::new(move |()| writing.text_changed());
            later(Later::Mentions { group, area, link, text_changed })
        }
        Contact::User(_) => ().into_any(),
    }
}

/// The message that the user is replying to.
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
    let text = shown_text(i18n, cache, conversation.contact, &quote.text);
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

/// The message that is being written, and the actions of its controls.
#[derive(Clone, Copy)]
struct Writing {
    driver: Driver,
    contact: Memo<Contact>,
    area: NodeRef<Textarea>,
    /// The error of the last message, if it was refused before it was sent.
    error: RwSignal<Option<KithError>>,
    /// Whether the emoji panel is open.
    picks_emoji: RwSignal<bool>,
    mentions: MentionLink,
}

impl Writing {
    fn new(contact: Memo<Contact>) -> Self {
        let picks_emoji = RwSignal::new(false);
        let writing = Self {
            driver: expect_context(),
            contact,
            area: NodeRef::new(),
            error: RwSignal::new(form_error::<api::SendMessage>()),
            picks_emoji,
            mentions: MentionLink::new(picks_emoji),
        };
        writing.begin_again_for_other_contact();
        writing.restore_draft();
        writing.follow_other_tabs();
        writing
    }

    fn conversation(self) -> ConversationCache {
        self.driver.cache.conversation(self.contact.get())
    }

    fn conversation_untracked(self) -> ConversationCache {
        self.driver.cache.conversation(self.contact.get_untracked())
    }

    fn begin_again_for_other_contact(self) {
        Effect::new(move |before: Option<()>| {
            self.contact.track();
            if before.is_some() {
                self.error.set(None);
                self.picks_emoji.set(false);
                self.mentions.edits.set(0);
            }
        });
    }

    /// Text that was typed before hydration becomes the draft. Otherwise, and for every other
    /// conversation, the draft is put into the text area.
    fn restore_draft(self) {
        let Hydrated(hydrated) = expect_context();
        let was_hydrated = hydrated.get_untracked();
        Effect::new(move |before: Option<bool>| {
            let (Some(area), conversation) = (self.area.get(), self.conversation()) else {
                return false;
            };
            let contact = conversation.contact;
            let is_other = before == Some(true);
            let text = area.value();
            if text.is_empty() || is_other {
                let draft = conversation.draft.get_untracked();
                let kept = || self.driver.kept_draft(contact);
                let draft = if draft.is_empty() { kept() } else { draft };
                browser::set_text(&area, &draft);
                conversation.set_draft(draft);
            } else {
                self.set_draft(text);
                browser::grow_with_text(&area);
            }
            if (was_hydrated || is_other) && !browser::has_touch_keyboard() {
                let _ = area.focus();
            }
            true
        });
    }

    /// While the user writes in another tab, the text area shows the text of that tab.
    fn follow_other_tabs(self) {
        Effect::new(move |before: Option<()>| {
            let text = self.conversation().draft.get();
            if let (Some(()), Some(area)) = (before, self.area.get_untracked())
                && area.value() != text
                && !(browser::is_visible() && browser::has_focus(&area))
            {
                browser::set_text(&area, &text);
            }
        });
    }

    fn set_draft(self, text: String) {
        self.driver.keep_draft(self.contact.get_untracked(), &text);
        self.conversation_untracked().set_draft(text);
    }

    /// Whether the text may mention somebody. The list knows which names were chosen, so it has to
    /// stay while the emoji panel is open: without it the text would be sent without mentions.
    fn may_mention(self) -> bool {
        let is_in_group = matches!(self.contact.get(), Contact::Group(_));
        let has_at = || self.conversation().draft.with(|draft| draft.contains('@'));
        is_in_group && has_at()
    }

    fn send(self) {
        let Some(area) = self.area.get_untracked() else { return };
        let conversation = self.conversation_untracked();
        match validation::message(&self.mentions.with_tokens(area.value())) {
            Ok(text) => {
                let reply = conversation.replying.get_untracked();
                self.driver.send(conversation.contact, text, reply);
                conversation.replying.set(None);
                browser::set_text(&area, "");
                self.error.set(None);
                self.set_draft(String::new());
            }
            Err(Invalid::MessageEmpty) => {}
            Err(invalid) => self.error.set(Some(KithError::Invalid(invalid))),
        }
        let _ = area.focus();
    }

    /// The user, a chosen name or a chosen emoji changed the text.
    fn text_changed(self) {
        let Some(area) = self.area.get_untracked() else { return };
        browser::grow_with_text(&area);
        self.error.set(None);
        let text = area.value();
        self.driver.typing(self.contact.get_untracked(), &text);
        self.set_draft(text);
        self.mentions.edits.update(|edits| *edits += 1);
    }

    fn key_pressed(self, event: &KeyboardEvent) {
        let key = event.key();
        let replying = self.conversation_untracked().replying;
        let context = KeyContext {
            has_touch_keyboard: browser::has_touch_keyboard(),
            enter_makes_line: untrack(|| self.driver.settings()).enter_makes_line,
            is_replying: replying.with_untracked(Option::is_some),
            mentions: self.mentions.offered_untracked(),
        };
        match key_action(browser::key_press(event, &key), context) {
            KeyAction::Type => return,
            KeyAction::Send => self.send(),
            KeyAction::CancelReply => replying.set(None),
            KeyAction::HighlightMention(index) => self.mentions.highlighted.set(Some(index)),
            KeyAction::ChooseMention(index) => self.mentions.choose(index),
            KeyAction::CloseMentions => self.mentions.close(),
        }
        event.prevent_default();
    }

    fn insert(self, emoji: &str) {
        if let Some(area) = self.area.get_untracked() {
            browser::insert_at_caret(&area, emoji);
            self.text_changed();
        }
    }

    fn toggle_emoji(self) {
        if self.picks_emoji.get_untracked() {
            self.close_emoji();
        } else {
            self.picks_emoji.set(true);
        }
    }

    fn close_emoji(self) {
        self.picks_emoji.set(false);
        if let Some(area) = self.area.get_untracked() {
            let _ = area.focus();
        }
    }
}

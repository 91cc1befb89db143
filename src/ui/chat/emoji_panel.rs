//! The emoji panel: recent emoji, a category at a time, a search, and the skin tone.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::{Div, Input};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::client::browser;
use crate::client::driver::Driver;
use crate::client::machines::emoji_choices::EmojiChoices;
use crate::model::UserId;
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::view::show::Show;

use super::emoji::{Category, Emoji, SkinTone, find};

/// The key of the choices in the storage of the device.
const STORED: (&str, &str) = ("emoji", "choices");

/// The tab whose emoji are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EmojiTab {
    Recent,
    Category(Category),
}

impl EmojiTab {
    fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Recent).chain(Category::ALL.map(Self::Category))
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Recent => "🕘",
            Self::Category(category) => category.emoji().next().map_or("", |emoji| emoji.text),
        }
    }

    fn name(self, i18n: I18nContext<Locale>) -> &'static str {
        match self {
            Self::Recent => t_string!(i18n, emoji_recent),
            Self::Category(Category::Faces) => t_string!(i18n, emoji_faces),
            Self::Category(Category::People) => t_string!(i18n, emoji_people),
            Self::Category(Category::Nature) => t_string!(i18n, emoji_nature),
            Self::Category(Category::Food) => t_string!(i18n, emoji_food),
            Self::Category(Category::Travel) => t_string!(i18n, emoji_travel),
            Self::Category(Category::Things) => t_string!(i18n, emoji_things),
            Self::Category(Category::Signs) => t_string!(i18n, emoji_signs),
        }
    }
}

/// The user's choices, with what the panel shows of them.
#[derive(Clone, Copy)]
struct Choices {
    me: UserId,
    stored: StoredValue<EmojiChoices>,
    tone: RwSignal<SkinTone>,
    /// The recent emoji as of the last click on their tab: a choice must not move what is shown.
    recent: RwSignal<Vec<Emoji>>,
}

impl Choices {
    fn load(me: UserId) -> Self {
        let stored = EmojiChoices::read(browser::stored(STORED.0, me, STORED.1).as_deref());
        let tone = RwSignal::new(SkinTone::from_number(stored.tone));
        let choices =
            Self { me, stored: StoredValue::new(stored), tone, recent: RwSignal::default() };
        choices.show_recent();
        choices
    }

    /// Another build may have stored an emoji that this one does not know.
    fn show_recent(self) {
        let known = |choices: &EmojiChoices| {
            choices.recent.iter().filter_map(|text| Emoji::of(text)).collect()
        };
        self.recent.set(self.stored.with_value(known));
    }

    fn change(self, change: impl FnOnce(&mut EmojiChoices)) {
        self.stored.update_value(change);
        if let Ok(json) = self.stored.with_value(serde_json::to_string) {
            browser::store(STORED.0, self.me, STORED.1, &json);
        }
    }
}

/// The panel. `chosen` gets an emoji; `closed` is called when the user leaves the panel by key.
#[component]
pub fn EmojiPanel(chosen: Callback<String>, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Choices::load(expect_context::<Driver>().me());
    let has_recent = choices.recent.with_untracked(|recent| !recent.is_empty());
    let first = if has_recent { EmojiTab::Recent } else { EmojiTab::Category(Category::Faces) };
    let tab = RwSignal::new(first);
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let query = query.with(|query| query.trim().to_lowercase());
        match tab.get() {
            _ if !query.is_empty() => find(&query),
            EmojiTab::Recent => choices.recent.get(),
            EmojiTab::Category(category) => category.emoji().collect(),
        }
    });
    let choose = Callback::new(move |emoji: Emoji| {
        choices.change(|choices| choices.used(emoji.text));
        chosen.run(emoji.in_tone(choices.tone.get_untracked()));
    });
    let (grid, search) = (NodeRef::<Div>::new(), NodeRef::<Input>::new());
    // On a touch screen, focus in the panel would close the keyboard.
    Effect::new(move |_| {
        if let Some(grid) = grid.get()
            && !browser::has_touch_keyboard()
        {
            browser::move_focus_in_grid(&grid, "Home");
        }
    });
    let key_pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            closed.run(());
        }
    };
    let name = move || match query.with(String::is_empty) {
        true => tab.get().name(i18n),
        false => t_string!(i18n, emoji_found),
    };
    // Only a search and the recent ones can be without emoji.
    let none = move || match query.with(String::is_empty) {
        true => t_string!(i18n, emoji_none_used),
        false => t_string!(i18n, emoji_none),
    };
    view! {
        <div
            id="emoji-panel"
            class="emoji-panel"
            role="group"
            aria-label=move || t_string!(i18n, emoji)
            on:keydown=key_pressed
        >
            <div class="emoji-tools">
                <Search query shown choose grid search />
                <ToneChoice choices />
            </div>
            <Tabs tab query choices />
            <div
                id="emoji-grid"
                class="emoji-grid"
                role="tabpanel"
                aria-label=name
                node_ref=grid
                on:keydown=move |event| grid_key_pressed(&event, grid, search)
                on:click=move |event| {
                    if let Some(emoji) = clicked(&event, shown, choices) {
                        choose.run(emoji);
                    }
                }
            >
                {move || buttons(i18n, &shown.get(), choices.tone.get())}
            </div>
            <div role="status">
                <Show when=move || shown.with(Vec::is_empty)>
                    <p class="empty">{none}</p>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// The search field. The down key leads to the grid, and Enter chooses the first emoji.
#[component]
fn Search(
    query: RwSignal<String>,
    shown: Memo<Vec<Emoji>>,
    choose: Callback<Emoji>,
    grid: NodeRef<Div>,
    search: NodeRef<Input>,
) -> impl IntoView {
    let i18n = use_i18n();
    let key_pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            if let Some(grid) = grid.get_untracked() {
                event.prevent_default();
                browser::move_focus_in_grid(&grid, "Home");
            }
        }
        // The Enter of an input method ends a word.
        "Enter" if !browser::is_composing(&event) => {
            // The default would submit the form around, which sends the message.
            event.prevent_default();
            if let Some(emoji) = shown.with_untracked(|shown| shown.first().copied()) {
                choose.run(emoji);
            }
        }
        _ => {}
    };
    view! {
        <input
            type="search"
            node_ref=search
            aria-label=move || t_string!(i18n, emoji_search)
            placeholder=move || t_string!(i18n, emoji_search)
            autocomplete="off"
            spellcheck="false"
            prop:value=move || query.get()
            on:input=move |event| query.set(event_target_value(&event))
            on:keydown=key_pressed
        />
    }
}

/// The tabs. A click on one ends the search.
#[component]
fn Tabs(tab: RwSignal<EmojiTab>, query: RwSignal<String>, choices: Choices) -> impl IntoView {
    let i18n = use_i18n();
    let is_selected = move |of: EmojiTab| tab.get() == of && query.with(String::is_empty);
    let tabs = EmojiTab::all().map(|of| {
        let open = move |_| {
            choices.show_recent();
            query.set(String::new());
            tab.set(of);
        };
        view! {
            <button
                type="button"
                role="tab"
                aria-label=move || of.name(i18n)
                title=move || of.name(i18n)
                aria-controls="emoji-grid"
                aria-selected=move || is_selected(of).to_string()
                on:click=open
            >
                {of.symbol()}
            </button>
        }
    });
    let tabs = tabs.collect_view();
    view! {
        <div class="emoji-tabs" role="tablist">
            {tabs}
        </div>
    }
}

/// The choice of the skin tone. A native list works by keyboard and on phones without further code.
#[component]
fn ToneChoice(choices: Choices) -> impl IntoView {
    let i18n = use_i18n();
    let hand = Category::People.emoji().next();
    let name = move |tone: SkinTone| match tone.number() {
        1 => t_string!(i18n, tone_light),
        2 => t_string!(i18n, tone_medium_light),
        3 => t_string!(i18n, tone_medium),
        4 => t_string!(i18n, tone_medium_dark),
        5 => t_string!(i18n, tone_dark),
        _ => t_string!(i18n, tone_default),
    };
    let options = SkinTone::ALL.map(|tone| {
        let symbol = hand.map(|hand| hand.in_tone(tone)).unwrap_or_default();
        view! {
            <option
                value=tone.number().to_string()
                selected=tone == choices.tone.get_untracked()
            >
                {move || format!("{symbol}\u{2003}{}", name(tone))}
            </option>
        }
    });
    let choose = move |event| {
        let number = event_target_value(&event).parse().unwrap_or_default();
        choices.tone.set(SkinTone::from_number(number));
        choices.change(|choices| choices.tone = number);
    };
    view! {
        <select
            aria-label=move || t_string!(i18n, emoji_tone)
            title=move || t_string!(i18n, emoji_tone)
            on:change=choose
        >
            {options}
        </select>
    }
}

/// The buttons of the grid. Tab reaches one of them, and the arrow keys the others.
fn buttons(i18n: I18nContext<Locale>, shown: &[Emoji], tone: SkinTone) -> impl IntoView + use<> {
    let locale = i18n.get_locale();
    let button = |(index, emoji): (usize, &Emoji)| {
        let name = match locale {
            Locale::en => emoji.english_name(),
            Locale::zh => emoji.chinese_name(),
        };
        let tabindex = if index == 0 { "0" } else { "-1" };
        view! {
            <button type="button" tabindex=tabindex title=name>
                {emoji.in_tone(tone)}
            </button>
        }
    };
    shown.iter().enumerate().map(button).collect_view()
}

/// The emoji that was clicked. The grid has one handler for its hundreds of buttons.
fn clicked(event: &MouseEvent, shown: Memo<Vec<Emoji>>, choices: Choices) -> Option<Emoji> {
    let text = browser::button_text(event)?;
    let tone = choices.tone.get_untracked();
    shown.with_untracked(|shown| shown.iter().find(|emoji| emoji.in_tone(tone) == text).copied())
}

/// Arrow keys move in the grid, and a letter goes to the search.
fn grid_key_pressed(event: &KeyboardEvent, grid: NodeRef<Div>, search: NodeRef<Input>) {
    let key = event.key();
    let is_command = event.ctrl_key() || event.meta_key() || event.alt_key();
    if let Some(grid) = grid.get_untracked()
        && browser::move_focus_in_grid(&grid, &key)
    {
        event.prevent_default();
    } else if let Some(search) = search.get_untracked()
        && !is_command
        && key != " "
        && key.chars().count() == 1
    {
        // The browser types the letter into the element that has the focus after this handler.
        let _ = search.focus();
    }
}

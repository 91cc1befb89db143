//! The emoji panel: a category at a time, by pointer and by keyboard.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use crate::client::browser;
use crate::ui::i18n::{t_string, use_i18n};

use super::emoji::Category;

/// The panel. `chosen` gets an emoji; `closed` is called when the reader leaves it by key.
#[component]
pub fn EmojiPanel(chosen: Callback<&'static str>, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let category = RwSignal::new(Category::Faces);
    let grid = NodeRef::<Div>::new();
    let key_pressed = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Escape" {
            event.prevent_default();
            return closed.run(());
        }
        if let Some(grid) = grid.get_untracked()
            && browser::move_focus_in_grid(&grid, &key)
        {
            event.prevent_default();
        }
    };
    let name = move |category| match category {
        Category::Faces => t_string!(i18n, emoji_faces),
        Category::People => t_string!(i18n, emoji_people),
        Category::Nature => t_string!(i18n, emoji_nature),
        Category::Food => t_string!(i18n, emoji_food),
        Category::Travel => t_string!(i18n, emoji_travel),
        Category::Things => t_string!(i18n, emoji_things),
        Category::Signs => t_string!(i18n, emoji_signs),
    };
    // One handler for all, as there are hundreds.
    let clicked = move |event: leptos::ev::MouseEvent| {
        let text = browser::button_text(&event);
        let emoji = text.and_then(|text| category.get_untracked().emoji().find(|e| *e == text));
        if let Some(emoji) = emoji {
            chosen.run(emoji);
        }
    };
    Effect::new(move |_| {
        if let Some(grid) = grid.get()
            && !browser::has_touch_keyboard()
        {
            browser::move_focus_in_grid(&grid, "Home");
        }
    });
    view! {
        <div
            id="emoji-panel"
            class="emoji-panel"
            role="group"
            aria-label=move || t_string!(i18n, emoji)
            on:keydown=key_pressed
        >
            <div class="emoji-tabs" role="tablist">
                {Category::ALL
                    .map(|each| {
                        view! {
                            <button
                                type="button"
                                role="tab"
                                aria-label=move || name(each)
                                title=move || name(each)
                                aria-controls="emoji-grid"
                                aria-selected=move || (category.get() == each).to_string()
                                on:click=move |_| category.set(each)
                            >
                                {each.emoji().next()}
                            </button>
                        }
                    })}
            </div>
            <div
                id="emoji-grid"
                class="emoji-grid"
                role="tabpanel"
                aria-label=move || name(category.get())
                node_ref=grid
                on:click=clicked
            >
                {move || {
                    category
                        .get()
                        .emoji()
                        .enumerate()
                        .map(|(at, emoji)| {
                            // Tab comes to one of them, and the arrows to the others.
                            let tabindex = if at == 0 { "0" } else { "-1" };
                            view! {
                                <button type="button" tabindex=tabindex>
                                    {emoji}
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </div>
    }
    .into_any()
}

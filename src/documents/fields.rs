//! What plain pages are made of: forms that call a server function, their fields, and times.

use leptos::prelude::*;

use crate::client::machines::clock::{Moment, iso};
use crate::model::Timestamp;
use crate::ui::i18n::td_string;
use crate::ui::view::markup::escaped;

use super::reader;

/// A form that calls the server function at `path` with what is hidden in it and what is typed.
#[component]
pub fn ActForm(
    path: &'static str,
    hidden: Vec<(&'static str, String)>,
    #[prop(default = "act-form")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let hidden = hidden.into_iter();
    let hidden =
        hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form class=class method="post" action=path>
            {hidden.collect_view()}
            {children()}
        </form>
    }
}

/// A labelled line of a form. What was typed before the form was refused stands in it again.
#[component]
pub fn Field(
    /// The form's path.
    of: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] max: Option<usize>,
    /// Of a number, which is never less than 1.
    #[prop(optional)]
    up_to: Option<i64>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let id = field_id(of, name);
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let value = reader().address.typed(of, name).unwrap_or(value);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                value=value
                maxlength=max.map(|max| max.to_string())
                min=up_to.map(|_| "1")
                max=up_to.map(|most| most.to_string())
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                autofocus=autofocus
                aria-describedby=hint_id.clone()
            />
            {hint.map(|hint| view! { <p id=hint_id class="field-hint">{hint}</p> })}
        </div>
    }
}

/// A labelled text of some lines, which may be empty.
#[component]
pub fn Area(
    /// The form's path.
    of: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    max: usize,
) -> impl IntoView {
    let id = field_id(of, name);
    let value = reader().address.typed(of, name).unwrap_or(value);
    let text = escaped(&value);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                name=name
                rows="3"
                maxlength=max.to_string()
                inner_html=text
            ></textarea>
        </div>
    }
}

/// No two fields of a page have the same id: a page has one form of a kind that has fields.
fn field_id(form: &str, name: &str) -> String {
    format!("{}-{name}", form.trim_start_matches("/api/"))
}

/// Says why something was refused.
#[component]
pub fn Refusal(#[prop(into)] why: String) -> impl IntoView {
    view! {
        <p class="form-error" role="alert">
            {why}
        </p>
    }
}

/// A point in time. Nothing here knows the reader's zone, so it says which one it is.
#[component]
pub fn Time(at: Timestamp) -> impl IntoView {
    let moment = Moment::utc(at);
    let (date, time) = (moment.date_text(), moment.time_text());
    let text = td_string!(reader().locale, time_in_utc, date = date, time = time);
    view! { <time datetime=iso(at)>{text}</time> }
}

//! The parts of pages: forms that call a server function, their fields, refusals and times.

use html_escape::encode_text;
use leptos::prelude::*;

use crate::client::machines::clock::{Moment, iso};
use crate::model::Timestamp;
use crate::ui::i18n::td_string;

use super::page_context;

/// A form that calls the server function at `path` with its hidden and its visible fields.
#[component]
pub fn ActionForm(
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

/// A labelled line of a form. If the form was refused, the field has the submitted text again.
#[component]
pub fn Field(
    /// The path of the form.
    of: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] max: Option<usize>,
    /// The maximum of a number; the minimum is 1.
    #[prop(optional)]
    up_to: Option<i64>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let id = field_id(of, name);
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let value = page_context().address.submitted_text(of, name).unwrap_or(value);
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
                max=up_to.map(|max| max.to_string())
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

/// A labelled text of several lines, which may be empty.
#[component]
pub fn TextArea(
    /// The path of the form.
    of: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    max: usize,
) -> impl IntoView {
    let id = field_id(of, name);
    let value = page_context().address.submitted_text(of, name).unwrap_or(value);
    // As a child, the text would have the markers of Leptos in it.
    let text = encode_text(&value).into_owned();
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

/// The id of a field. It is unique in a page, which never has the same form twice.
fn field_id(form: &str, name: &str) -> String {
    format!("{}-{name}", form.trim_start_matches("/api/"))
}

/// The reason why something was refused.
#[component]
pub fn Refusal(#[prop(into)] why: String) -> impl IntoView {
    view! {
        <p class="form-error" role="alert">
            {why}
        </p>
    }
}

/// A point in time. The server does not know the reader's time zone, so the text names UTC.
#[component]
pub fn UtcTime(at: Timestamp) -> impl IntoView {
    let moment = Moment::utc(at);
    let (date, time) = (moment.date_text(), moment.time_text());
    let text = td_string!(page_context().locale, time_in_utc, date = date, time = time);
    view! { <time datetime=iso(at)>{text}</time> }
}

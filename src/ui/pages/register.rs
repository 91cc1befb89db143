//! The registration page: a plain form, or the reason why registration is closed.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::I18nContext;

use crate::api;
use crate::error::KithError;
use crate::model::Registration;
use crate::model::validation::Invalid;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::parts::entrance::Entrance;
use crate::ui::parts::text_field::TextField;
use crate::ui::paths::{SIGN_IN, with_back};
use crate::ui::text::errors::sentence;
use crate::ui::view::form_error::{form_error, query_text, submitted_text};
use crate::ui::view::loaded::loaded;

#[component]
pub fn RegisterPage() -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || t_string!(i18n, create_account).to_string());
    let registration = loaded(|| query_text("invite"), api::registration);
    let sign_in = with_back(SIGN_IN, query_text("back").as_deref());

    view! {
        <Entrance title>
            <Suspense>
                {move || Suspend::new(async move {
                    match (registration.await, query_text("setup")) {
                        (Ok(Registration::Open), _)
                        | (Ok(Registration::NeedsSetupLink), Some(_)) => {
                            view! { <RegisterForm /> }.into_any()
                        }
                        (Ok(Registration::NeedsSetupLink), None) => {
                            view! { <p>{t!(i18n, setup_link_needed)}</p> }.into_any()
                        }
                        (Ok(Registration::ByLink), _) if query_text("invite").is_some() => {
                            view! { <p>{t!(i18n, invite_over)}</p> }.into_any()
                        }
                        (Ok(Registration::ByLink), _) => {
                            view! { <p>{t!(i18n, registration_by_link)}</p> }.into_any()
                        }
                        (Ok(Registration::Closed), _) => {
                            view! { <p>{t!(i18n, registration_closed)}</p> }.into_any()
                        }
                        (Err(error), _) => {
                            view! {
                                <p class="form-error" role="alert">
                                    {move || sentence(i18n, &error)}
                                </p>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
            <p>
                {t!(i18n, have_account)} " " <a href=sign_in rel="external">
                    {t!(i18n, sign_in)}
                </a>
            </p>
        </Entrance>
    }
}

/// The field at which an error of the form is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorTarget {
    Username,
    DisplayName,
    Password,
    /// Above all fields.
    WholeForm,
}

impl ErrorTarget {
    fn of(error: &KithError) -> Self {
        match error {
            KithError::UsernameTaken
            | KithError::Invalid(Invalid::UsernameLength | Invalid::UsernameCharacters) => {
                Self::Username
            }
            KithError::Invalid(Invalid::DisplayNameLength | Invalid::DisplayNameCharacters) => {
                Self::DisplayName
            }
            KithError::Invalid(Invalid::PasswordLength | Invalid::PasswordGuessable) => {
                Self::Password
            }
            _ => Self::WholeForm,
        }
    }
}

#[component]
fn RegisterForm() -> impl IntoView {
    let i18n = use_i18n();
    let error = form_error::<api::Register>();
    let target = error.as_ref().map(ErrorTarget::of);
    let reason = Signal::derive(move || {
        error.as_ref().map(|error| sentence(i18n, error)).unwrap_or_default()
    });
    let at = move |field: ErrorTarget| (target == Some(field)).then_some(reason);
    let text = move |read: fn(I18nContext<Locale>) -> &'static str| {
        Signal::derive(move || read(i18n).to_string())
    };
    let (setup, invite) = (query_text("setup"), query_text("invite"));

    view! {
        {setup.is_some().then(|| view! { <p>{t!(i18n, setup_welcome)}</p> })}
        {invite.is_some().then(|| view! { <p>{t!(i18n, invite_welcome)}</p> })}
        {at(ErrorTarget::WholeForm)
            .map(|reason| view! { <p class="form-error" role="alert">{reason}</p> })}
        <form method="post" action=api::Register::PATH>
            <TextField
                name="username"
                label=text(|i18n| t_string!(i18n, username))
                hint=text(|i18n| t_string!(i18n, username_hint))
                autocomplete="username"
                value=submitted_text("username")
                error=at(ErrorTarget::Username)
                autofocus=true
            />
            <TextField
                name="display_name"
                label=text(|i18n| t_string!(i18n, display_name))
                hint=text(|i18n| t_string!(i18n, display_name_hint))
                autocomplete="name"
                value=submitted_text("display_name")
                error=at(ErrorTarget::DisplayName)
            />
            <TextField
                name="password"
                label=text(|i18n| t_string!(i18n, password))
                hint=text(|i18n| t_string!(i18n, password_hint))
                kind="password"
                autocomplete="new-password"
                error=at(ErrorTarget::Password)
            />
            {setup.map(|setup| view! { <input type="hidden" name="setup" value=setup /> })}
            {invite.map(|invite| view! { <input type="hidden" name="invite" value=invite /> })}
            {query_text("back")
                .map(|back| view! { <input type="hidden" name="back" value=back /> })}
            <button type="submit" class="primary">
                {t!(i18n, create_account)}
            </button>
        </form>
    }
}

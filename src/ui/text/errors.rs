//! Errors in the reader's language. The chat page starts without the sentences of other pages,
//! which are in the second WASM file.

use leptos_i18n::I18nContext;

use crate::error::KithError;
use crate::model::validation::Invalid;
use crate::ui::i18n::{Locale, td_string};

/// Returns the sentence for an error, and tracks the language.
pub fn sentence(i18n: I18nContext<Locale>, error: &KithError) -> String {
    sentence_in(i18n.get_locale(), error)
}

/// Returns the sentence for an error in one language.
pub fn sentence_in(locale: Locale, error: &KithError) -> String {
    let fixed = match error {
        KithError::WrongPassword => td_string!(locale, error_wrong_password),
        KithError::AccountDisabled => td_string!(locale, error_account_disabled),
        KithError::NewPasswordNeeded => td_string!(locale, error_new_password_needed),
        KithError::RegistrationClosed => td_string!(locale, registration_closed),
        KithError::SetupLinkNeeded => td_string!(locale, setup_link_needed),
        KithError::Invalid(invalid) => refusal(locale, *invalid),
        KithError::LastAdministrator => td_string!(locale, error_last_administrator),
        KithError::OwnAccount => td_string!(locale, admin_own_account),
        KithError::GroupFull => td_string!(locale, error_group_full),
        KithError::GroupNameTaken => td_string!(locale, error_group_name_taken),
        KithError::UsernameTaken => td_string!(locale, error_username_taken),
        KithError::TooManyRequestsWaiting => td_string!(locale, error_too_many_requests_waiting),
        other => return of_chat(locale, other),
    };
    fixed.to_string()
}

/// Returns the sentence for an error of the chat page; other errors get a general one.
pub fn chat_sentence(i18n: I18nContext<Locale>, error: &KithError) -> String {
    of_chat(i18n.get_locale(), error)
}

fn of_chat(locale: Locale, error: &KithError) -> String {
    let fixed = match error {
        KithError::Unauthorised => td_string!(locale, error_unauthorised),
        KithError::WrongUser => td_string!(locale, error_wrong_user),
        KithError::NotAContact => td_string!(locale, error_not_a_contact),
        KithError::NotFound => td_string!(locale, error_not_found),
        KithError::Invalid(invalid) => of_message(locale, *invalid),
        KithError::NotAllowed => td_string!(locale, error_not_allowed),
        KithError::ClientIdReused => td_string!(locale, error_client_id_reused),
        KithError::TooMany(seconds) => {
            return td_string!(locale, error_too_many, count = *seconds);
        }
        KithError::TryAgain => td_string!(locale, error_try_again),
        KithError::Internal => td_string!(locale, error_internal),
        KithError::Unreachable => td_string!(locale, error_unreachable),
        KithError::Unreadable => td_string!(locale, error_unreadable),
        _ => td_string!(locale, error_bad_request),
    };
    fixed.to_string()
}

/// Returns the sentence for typed text that was refused.
pub fn refusal(locale: Locale, invalid: Invalid) -> &'static str {
    match invalid {
        Invalid::UsernameLength => td_string!(locale, invalid_username_length),
        Invalid::UsernameCharacters => td_string!(locale, invalid_username_characters),
        Invalid::DisplayNameLength => td_string!(locale, invalid_display_name_length),
        Invalid::DisplayNameCharacters => td_string!(locale, invalid_display_name_characters),
        Invalid::PasswordLength => td_string!(locale, invalid_password_length),
        Invalid::PasswordAsBefore => td_string!(locale, invalid_password_as_before),
        Invalid::PasswordGuessable => td_string!(locale, invalid_password_guessable),
        Invalid::NoteTooLong => td_string!(locale, invalid_note_too_long),
        Invalid::NoteCharacters => td_string!(locale, invalid_note_characters),
        Invalid::BioTooLong => td_string!(locale, invalid_bio_too_long),
        Invalid::BioCharacters => td_string!(locale, invalid_bio_characters),
        Invalid::RemarkTooLong => td_string!(locale, invalid_remark_too_long),
        Invalid::RemarkCharacters => td_string!(locale, invalid_remark_characters),
        Invalid::GroupNameLength => td_string!(locale, invalid_group_name_length),
        Invalid::GroupNameCharacters => td_string!(locale, invalid_group_name_characters),
        Invalid::GroupDescriptionTooLong => td_string!(locale, invalid_group_description_too_long),
        Invalid::GroupDescriptionCharacters => {
            td_string!(locale, invalid_group_description_characters)
        }
        Invalid::GroupCeiling => td_string!(locale, invalid_group_ceiling),
        Invalid::MessageEmpty | Invalid::MessageTooLong | Invalid::MessageCharacters => {
            of_message(locale, invalid)
        }
    }
}

fn of_message(locale: Locale, invalid: Invalid) -> &'static str {
    match invalid {
        Invalid::MessageEmpty => td_string!(locale, invalid_message_empty),
        Invalid::MessageTooLong => td_string!(locale, invalid_message_too_long),
        Invalid::MessageCharacters => td_string!(locale, invalid_message_characters),
        _ => td_string!(locale, error_bad_request),
    }
}

//! Errors in the reader's language.

use leptos_i18n::I18nContext;

use crate::error::KithError;
use crate::model::validation::Invalid;

use super::i18n::{Locale, t_string};

/// Returns the sentence for an error; it follows the language.
pub fn sentence(i18n: I18nContext<Locale>, error: &KithError) -> String {
    let fixed = match error {
        KithError::Unauthorised => t_string!(i18n, error_unauthorised),
        KithError::WrongUser => t_string!(i18n, error_wrong_user),
        KithError::WrongPassword => t_string!(i18n, error_wrong_password),
        KithError::AccountDisabled => t_string!(i18n, error_account_disabled),
        KithError::NewPasswordNeeded => t_string!(i18n, error_new_password_needed),
        KithError::RegistrationClosed => t_string!(i18n, registration_closed),
        KithError::SetupLinkNeeded => t_string!(i18n, setup_link_needed),
        KithError::NotAContact => t_string!(i18n, error_not_a_contact),
        KithError::NotFound => t_string!(i18n, error_not_found),
        KithError::Invalid(invalid) => return refusal(i18n, *invalid).to_string(),
        KithError::LastAdministrator => t_string!(i18n, error_last_administrator),
        KithError::NotAllowed => t_string!(i18n, error_not_allowed),
        KithError::GroupFull => t_string!(i18n, error_group_full),
        KithError::GroupNameTaken => t_string!(i18n, error_group_name_taken),
        KithError::UsernameTaken => t_string!(i18n, error_username_taken),
        KithError::ClientIdReused => t_string!(i18n, error_client_id_reused),
        KithError::TooManyRequestsWaiting => t_string!(i18n, error_too_many_requests_waiting),
        KithError::TooMany(seconds) => {
            return t_string!(i18n, error_too_many, count = *seconds);
        }
        KithError::BadRequest(_) => t_string!(i18n, error_bad_request),
        KithError::TryAgain => t_string!(i18n, error_try_again),
        KithError::Internal => t_string!(i18n, error_internal),
        KithError::Unreachable => t_string!(i18n, error_unreachable),
        KithError::Unreadable => t_string!(i18n, error_unreadable),
    };
    fixed.to_string()
}

/// Returns the sentence for something typed that was refused.
pub fn refusal(i18n: I18nContext<Locale>, invalid: Invalid) -> &'static str {
    match invalid {
        Invalid::UsernameLength => t_string!(i18n, invalid_username_length),
        Invalid::UsernameCharacters => t_string!(i18n, invalid_username_characters),
        Invalid::DisplayNameLength => t_string!(i18n, invalid_display_name_length),
        Invalid::DisplayNameCharacters => t_string!(i18n, invalid_display_name_characters),
        Invalid::PasswordLength => t_string!(i18n, invalid_password_length),
        Invalid::PasswordAsBefore => t_string!(i18n, invalid_password_as_before),
        Invalid::MessageEmpty => t_string!(i18n, invalid_message_empty),
        Invalid::MessageTooLong => t_string!(i18n, invalid_message_too_long),
        Invalid::MessageCharacters => t_string!(i18n, invalid_message_characters),
        Invalid::NoteTooLong => t_string!(i18n, invalid_note_too_long),
        Invalid::NoteCharacters => t_string!(i18n, invalid_note_characters),
        Invalid::BioTooLong => t_string!(i18n, invalid_bio_too_long),
        Invalid::BioCharacters => t_string!(i18n, invalid_bio_characters),
        Invalid::RemarkTooLong => t_string!(i18n, invalid_remark_too_long),
        Invalid::RemarkCharacters => t_string!(i18n, invalid_remark_characters),
        Invalid::GroupNameLength => t_string!(i18n, invalid_group_name_length),
        Invalid::GroupNameCharacters => t_string!(i18n, invalid_group_name_characters),
        Invalid::GroupDescriptionTooLong => t_string!(i18n, invalid_group_description_too_long),
        Invalid::GroupDescriptionCharacters => {
            t_string!(i18n, invalid_group_description_characters)
        }
        Invalid::GroupCeiling => t_string!(i18n, invalid_group_ceiling),
    }
}

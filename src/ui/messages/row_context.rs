//! The context of a row in a list of messages.

use leptos_i18n::I18nContext;

use crate::client::cache::conversation::ConversationCache;
use crate::client::driver::Driver;
use crate::ui::i18n::Locale;
use crate::ui::text::time::TimeFormat;

/// Everything that the rows of a list share, looked up once for all of them.
#[derive(Clone, Copy)]
pub struct RowContext {
    pub driver: Driver,
    pub i18n: I18nContext<Locale>,
    pub clock: TimeFormat,
    pub conversation: ConversationCache,
}

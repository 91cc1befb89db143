//! All limits that users meet. The server checks them, the page shows them. Characters are Unicode
//! scalar values.

/// Minimum length of a username, in characters.
pub const USERNAME_MIN: usize = 3;
/// Maximum length of a username, in characters.
pub const USERNAME_MAX: usize = 32;

/// Maximum length of a display name, in characters after trimming.
pub const DISPLAY_NAME_MAX: usize = 32;

/// Minimum length of a password, in characters.
pub const PASSWORD_MIN: usize = 8;
/// Maximum length of a password, in characters.
pub const PASSWORD_MAX: usize = 128;

/// Time until a one-time password of an administrator expires, in milliseconds.
pub const ONE_TIME_PASSWORD_LIFETIME_MS: i64 = 7 * DAY_MS;

/// Maximum number of people who register with one link.
pub const LINK_USES_MAX: i64 = 1_000;
/// Maximum lifetime of a link, in days.
pub const LINK_DAYS_MAX: i64 = 90;

/// Maximum length of a search in a table of the administration, in characters: the longest name.
pub const TABLE_SEARCH_MAX: usize = GROUP_NAME_MAX;

/// Number of rows in one page of a table of the administration.
pub const TABLE_PAGE: i64 = 50;

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60_000;

/// Maximum length of a message, in characters after trimming.
pub const MESSAGE_MAX: usize = 4_000;

/// Maximum length of the quote above a reply, in characters.
pub const QUOTE_MAX: usize = 160;

/// Maximum number of people whom one message mentions. Further mentions have no effect.
pub const MENTIONS_MAX: usize = 20;

/// Time within which users may recall their own message, in milliseconds.
pub const RECALL_WINDOW_MS: i64 = 2 * 60_000;

/// Maximum length of the note of a friend request, in characters.
pub const NOTE_MAX: usize = 100;

/// Maximum length of a bio, in characters.
pub const BIO_MAX: usize = 200;

/// Maximum length of a remark, in characters.
pub const REMARK_MAX: usize = DISPLAY_NAME_MAX;

/// Maximum number of people that a search finds.
pub const SEARCH_RESULTS_MAX: i64 = 20;

/// Number of people in one page of the directory.
pub const PEOPLE_PAGE: i64 = 50;

/// Maximum number of people in one call that asks for people by their ids.
pub const PEOPLE_BY_ID_MAX: usize = 100;

/// Time for which a person counts as typing after a key was pressed, in milliseconds.
pub const TYPING_MS: u32 = 6_000;

/// Maximum length of a client id, in characters.
pub const CLIENT_ID_MAX: usize = 64;

/// Maximum number of a user's own friend requests that wait for an answer.
pub const REQUESTS_WAITING_MAX: i64 = 100;

/// Maximum length of a group's name, in characters after trimming.
pub const GROUP_NAME_MAX: usize = 64;

/// Maximum length of a group's description, in characters.
pub const GROUP_DESCRIPTION_MAX: usize = 255;

/// Maximum number of members of a new group, unless the operator's maximum is lower.
pub const GROUP_MEMBERS_DEFAULT: i64 = 200;

/// Maximum number of a user's own group invitations that wait for an answer.
pub const INVITATIONS_WAITING_MAX: i64 = 300;

/// Maximum number of join requests that wait for approval in one group.
pub const JOIN_REQUESTS_MAX: i64 = 500;

/// Maximum number of people in one call that invites to a group.
pub const INVITED_AT_ONCE_MAX: usize = 100;

/// Number of messages in one page of history.
pub const HISTORY_PAGE: i64 = 50;

/// Maximum length of a device's description, in characters. The rest of its `User-Agent` is cut
/// off.
pub const DEVICE_MAX: usize = 200;

/// Maximum size of a page's message over a WebSocket, in bytes.
pub const SOCKET_MESSAGE_MAX: usize = 4 * 1024;

/// Maximum number of events in one batch.
pub const BATCH_EVENTS_MAX: usize = 500;
/// Maximum size of one batch, in bytes. A single larger event still goes alone.
pub const BATCH_BYTES_MAX: usize = 256 * 1024;

//! Every limit that people meet, named once; the server checks them all, the page shows them.

use super::Timestamp;

/// Characters (Unicode scalar values) of a username, at least and at most.
pub const USERNAME_MIN: usize = 3;
pub const USERNAME_MAX: usize = 32;

/// Characters of a display name, after trimming.
pub const DISPLAY_NAME_MAX: usize = 32;

/// Characters of a password, at least and at most.
pub const PASSWORD_MIN: usize = 8;
pub const PASSWORD_MAX: usize = 128;

/// For so long a password holds that an administrator gave, in milliseconds.
pub const ONE_TIME_PASSWORD_MS: i64 = 7 * DAY_MS;

/// People who may register with one link, at most, and for how many days it holds.
pub const LINK_USES_MAX: i64 = 1_000;
pub const LINK_DAYS_MAX: i64 = 90;

/// Characters of what a table of the administration is searched for: those of the longest name.
pub const SEARCHED_MAX: usize = GROUP_NAME_MAX;

/// Rows in one page of a table of the administration.
pub const TABLE_PAGE: i64 = 50;

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60_000;

/// Characters of a message, after trimming.
pub const MESSAGE_MAX: usize = 4_000;

/// Characters that are shown of a message that another one answers.
pub const QUOTE_MAX: usize = 160;

/// People to whom one message speaks by name; of more the names are not looked up.
pub const MENTIONS_MAX: usize = 20;

/// For so long one may recall what one has written, in milliseconds.
pub const RECALL_MS: i64 = 2 * 60_000;

/// The end of what is muted for good: past every calendar.
pub const FOREVER: Timestamp = Timestamp(253_402_300_799_000);

/// Characters of the note that goes with a friend request.
pub const NOTE_MAX: usize = 100;

/// Characters of what somebody tells of themselves.
pub const BIO_MAX: usize = 200;

/// Characters of one's own name for a friend.
pub const REMARK_MAX: usize = DISPLAY_NAME_MAX;

/// People that a search finds at most.
pub const SEARCH_MAX: i64 = 20;

/// People in one page of the list of everyone.
pub const PEOPLE_PAGE: i64 = 50;

/// People who may be asked for by their ids in one call.
pub const PEOPLE_BY_ID_MAX: usize = 100;

/// For so long somebody who typed counts as typing, in milliseconds.
pub const TYPING_MS: u32 = 6_000;

/// Characters of a client id.
pub const CLIENT_ID_MAX: usize = 64;

/// Requests of one's own that may wait for an answer at a time.
pub const REQUESTS_WAITING_MAX: i64 = 100;

/// Characters of a group's name, after trimming.
pub const GROUP_NAME_MAX: usize = 64;

/// Characters of what a group says of itself.
pub const GROUP_DESCRIPTION_MAX: usize = 255;

/// Members that a new group may have, unless the operator's ceiling is lower.
pub const GROUP_MEMBERS: i64 = 200;

/// Invitations to groups of one's own that may wait for an answer at a time.
pub const INVITATIONS_WAITING_MAX: i64 = 300;

/// Those who may wait at a time to be let into a group.
pub const JOIN_REQUESTS_MAX: i64 = 500;

/// People who may be invited in one call.
pub const INVITED_AT_ONCE_MAX: usize = 100;

/// Messages in one page of history.
pub const HISTORY_PAGE: i64 = 50;

/// Characters that are kept of what a browser says of itself.
pub const DEVICE_MAX: usize = 200;

/// Bytes of what a page may say over a WebSocket at a time.
pub const SOCKET_MESSAGE_MAX: usize = 4 * 1024;

/// What one batch may hold, though never less than one event.
pub const BATCH_EVENTS_MAX: usize = 500;
pub const BATCH_BYTES_MAX: usize = 256 * 1024;

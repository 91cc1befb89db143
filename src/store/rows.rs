//! Turns database rows into model values, by the column names that all statements use.

use sqlx::any::AnyRow;
use sqlx::{Result, Row};

use crate::model::{
    ClientId, Conversation, GroupId, Message, Person, Quote, Role, SystemLine, Timestamp, UserId,
};

/// The columns of a person `p`.
pub const PERSON: &str = "p.id AS person_id, p.username, p.display_name, p.deleted";

/// The columns of a message `x` that is joined with [`QUOTED`].
pub const MESSAGE: &str = "x.seq, x.count, x.sender_id, x.client_id, x.body, x.system, x.sent, \
     x.reply_to, q.sender_id AS quoted_sender, q.body AS quoted_body";

/// Joins the message `x` with the message that it replies to.
pub const QUOTED: &str =
    "LEFT JOIN message q ON q.conversation_id = x.conversation_id AND q.seq = x.reply_to";

/// The column that [`own_message`] needs besides those of the message.
pub const HIDDEN: &str = "h.seq AS hidden";

/// Joins the message `x` with the mark of the user in `parameter`, who may have deleted it for
/// themselves.
pub fn hidden_from(parameter: &str) -> String {
    format!(
        "LEFT JOIN hidden_message h ON h.user_id = {parameter} \
         AND h.conversation_id = x.conversation_id AND h.seq = x.seq"
    )
}

/// The columns that identify a conversation `c`.
pub const CONVERSATION: &str = "c.id AS conversation_id, c.kind, c.low_user, c.high_user";

pub const KIND_DIRECT: i64 = 1;
pub const KIND_GROUP: i64 = 2;

/// Values of `member.role`. The owner is named in the group's row; their own value is not read.
const ROLE_MEMBER: i64 = 1;
const ROLE_ADMIN: i64 = 2;

/// The role of a member `m` of the group `g`.
pub const ROLE: &str = "CASE WHEN g.owner_id = m.user_id THEN 3 ELSE m.role END AS role";

pub fn role(row: &AnyRow) -> Result<Role> {
    Ok(match row.try_get::<i64, _>("role")? {
        ROLE_MEMBER => Role::Member,
        ROLE_ADMIN => Role::Admin,
        _ => Role::Owner,
    })
}

/// Returns the value of `member.role` for a role.
pub fn role_number(role: Role) -> i64 {
    match role {
        Role::Member => ROLE_MEMBER,
        // An owner who hands the group over stays an admin.
        Role::Admin | Role::Owner => ROLE_ADMIN,
    }
}

pub fn user(row: &AnyRow, column: &str) -> Result<UserId> {
    row.try_get(column).map(UserId)
}

pub fn time(row: &AnyRow, column: &str) -> Result<Timestamp> {
    row.try_get(column).map(Timestamp)
}

pub fn time_or_none(row: &AnyRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

pub fn person(row: &AnyRow) -> Result<Person> {
    Ok(Person {
        id: user(row, "person_id")?,
        username: row.try_get("username")?,
        display_name: row.try_get("display_name")?,
        deleted: row.try_get::<i64, _>("deleted")? != 0,
    })
}

/// A person of an outer join; `None` when it found none.
pub fn person_or_none(row: &AnyRow) -> Result<Option<Person>> {
    match row.try_get::<Option<i64>, _>("person_id")? {
        Some(_) => person(row).map(Some),
        None => Ok(None),
    }
}

pub fn message(row: &AnyRow) -> Result<Message> {
    Ok(Message {
        seq: row.try_get("seq")?,
        count: row.try_get("count")?,
        sender: user(row, "sender_id")?,
        client_id: Some(client_id(row)?),
        text: row.try_get("body")?,
        reply: quote(row)?,
        system: system_line(row)?,
        sent: time(row, "sent")?,
    })
}

/// A message as `user` sees it, who may have deleted it for themselves.
pub fn own_message(row: &AnyRow, user: UserId) -> Result<Message> {
    let message = message(row)?.seen_by(user);
    let hidden = row.try_get::<Option<i64>, _>("hidden")?.is_some();
    Ok(if hidden { message.without_content(SystemLine::Gone) } else { message })
}

/// A message of an outer join; `None` when it found none.
pub fn own_message_or_none(row: &AnyRow, user: UserId) -> Result<Option<Message>> {
    match row.try_get::<Option<i64>, _>("seq")? {
        Some(_) => own_message(row, user).map(Some),
        None => Ok(None),
    }
}

/// The message that a message replies to. A recalled one has no text any more.
fn quote(row: &AnyRow) -> Result<Option<Quote>> {
    let Some(seq) = row.try_get::<Option<i64>, _>("reply_to")? else { return Ok(None) };
    let Some(sender) = row.try_get::<Option<i64>, _>("quoted_sender")? else { return Ok(None) };
    let text: Option<String> = row.try_get("quoted_body")?;
    Ok(Some(Quote::new(seq, UserId(sender), &text.unwrap_or_default())))
}

pub fn conversation(row: &AnyRow) -> Result<Conversation> {
    if row.try_get::<i64, _>("kind")? == KIND_GROUP {
        row.try_get("conversation_id").map(|id| Conversation::Group(GroupId(id)))
    } else {
        Ok(Conversation::Direct(user(row, "low_user")?, user(row, "high_user")?))
    }
}

/// The system line of a message. A line that cannot be read was written by a newer Kith.
fn system_line(row: &AnyRow) -> Result<Option<SystemLine>> {
    let json = row.try_get::<Option<String>, _>("system")?;
    Ok(json.map(|json| serde_json::from_str(&json).unwrap_or(SystemLine::Unknown)))
}

fn client_id(row: &AnyRow) -> Result<ClientId> {
    let text: String = row.try_get("client_id")?;
    ClientId::try_from(text).map_err(|why| sqlx::Error::Decode(why.into()))
}

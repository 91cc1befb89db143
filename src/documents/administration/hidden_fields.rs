//! The hidden fields of the administration's forms: who sends the form, what it is about, and the
//! page that confirms it.

use crate::model::{GroupId, UserId};

use super::admin_page::AdminPage;
use super::confirmation::Confirmation;

pub type HiddenFields = Vec<(&'static str, String)>;

/// Returns the fields of a form about an account.
pub fn about_person(me: UserId, user: UserId, done: Confirmation) -> HiddenFields {
    about(me, ("user", user.to_string()), AdminPage::Person(user).path_with(done))
}

/// Returns the fields of a form about a group.
pub fn about_group(me: UserId, group: GroupId, done: Confirmation) -> HiddenFields {
    about(me, ("group", group.to_string()), AdminPage::Group(group).path_with(done))
}

/// Returns the fields of a form that ends the object of its page, and so leads on to `after`.
pub fn about(me: UserId, object: (&'static str, String), after: String) -> HiddenFields {
    vec![("for_user", me.to_string()), object, ("back", after)]
}

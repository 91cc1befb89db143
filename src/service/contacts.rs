//! People: found, looked at, asked, befriended, named, blocked.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{DISPLAY_NAME_MAX, PEOPLE_BY_ID_MAX, PEOPLE_PAGE, SEARCH_MAX};
use crate::model::{Contacts, PeoplePage, Person, Profile, UserId, validation};
use crate::store::{
    AcceptFriend, DeclineFriend, PeopleQuery, RemoveFriend, RequestFriend, SetBlocked, SetRemark,
};

impl Kith {
    /// Returns people whose names begin with `text`, without the caller. Where everyone writes to
    /// everyone, an empty `text` is everybody, and the page after the person `after` can be asked
    /// for (`NotFound` when that one is gone).
    pub async fn find_people(
        &self,
        caller: Caller,
        text: &str,
        after: Option<UserId>,
    ) -> Result<PeoplePage> {
        self.0.throttle.look_of(caller.user)?;
        let key = validation::name_key(text);
        let whole = self.policy().contacts == Contacts::Everyone;
        // Neither could begin a name; a database may refuse to look for what is no text.
        let nobody = text.trim().chars().count() > DISPLAY_NAME_MAX
            || key.chars().any(char::is_control)
            || (key.is_empty() && !whole);
        if nobody {
            return Ok(PeoplePage { people: Vec::new(), has_more: false });
        }
        let limit = if key.is_empty() { PEOPLE_PAGE } else { SEARCH_MAX };
        let after = after.filter(|_| whole);
        let wanted = PeopleQuery { by: caller.user, key, after, limit };
        let page = self.store().find_people(&wanted).await?;
        Ok(PeoplePage { has_more: page.has_more && whole, ..page })
    }

    /// Returns the people with these ids, those that there are, in the order of the ids.
    pub async fn people_by_id(&self, caller: Caller, ids: Vec<UserId>) -> Result<Vec<Person>> {
        if ids.len() > PEOPLE_BY_ID_MAX {
            return Err(KithError::BadRequest(format!("more than {PEOPLE_BY_ID_MAX} ids")));
        }
        self.0.throttle.looks_of(caller.user, ids.len())?;
        self.store().people(&ids).await
    }

    /// Returns what `user` tells of themselves. `NotFound` when there never was such a user.
    pub async fn profile(&self, caller: Caller, user: UserId) -> Result<Profile> {
        self.0.throttle.look_of(caller.user)?;
        self.store().profile(user).await?.ok_or(KithError::NotFound)
    }

    /// Asks `to` to be a friend of the caller's.
    pub async fn request_friend(&self, caller: Caller, to: UserId, note: &str) -> Result<()> {
        let note = validation::note(note)?;
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(RequestFriend { from: caller.user, to, note }).await
    }

    /// Accepts what `from` asked. Not limited: whoever asked was.
    pub async fn accept_friend(&self, caller: Caller, from: UserId) -> Result<()> {
        self.store().write(AcceptFriend { user: caller.user, from }).await
    }

    /// Closes any request between the caller and `other`.
    pub async fn decline_friend(&self, caller: Caller, other: UserId) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(DeclineFriend { user: caller.user, other }).await
    }

    /// Ends the friendship of the caller and `other`, if there is one.
    pub async fn remove_friend(&self, caller: Caller, other: UserId) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(RemoveFriend { user: caller.user, other }).await
    }

    /// Sets what the caller calls `friend`.
    pub async fn set_remark(&self, caller: Caller, friend: UserId, remark: &str) -> Result<()> {
        let remark = validation::remark(remark)?;
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(SetRemark { user: caller.user, friend, remark }).await
    }

    /// Sets whether the caller wants no word from `other`.
    pub async fn set_blocked(&self, caller: Caller, other: UserId, blocked: bool) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(SetBlocked { user: caller.user, other, blocked }).await
    }
}

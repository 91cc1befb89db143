//! Searching for people, profiles, friend requests, friendships, remarks and blocks.

use super::throttle::Limit;
use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{DISPLAY_NAME_MAX, PEOPLE_BY_ID_MAX, PEOPLE_PAGE, SEARCH_RESULTS_MAX};
use crate::model::{Contacts, PeoplePage, Person, Profile, UserId, validation};
use crate::store::{
    AcceptFriend, DeclineFriend, PeopleQuery, RemoveFriend, RequestFriend, SetBlocked, SetRemark,
    name_key,
};

impl Kith {
    /// Returns people whose names begin with `text`, without the caller. With `Contacts::Everyone`
    /// an empty `text` lists everybody in pages, the next one after the person `after` (`NotFound`
    /// when that account was deleted).
    pub async fn find_people(
        &self,
        caller: Caller,
        text: &str,
        after: Option<UserId>,
    ) -> Result<PeoplePage> {
        self.0.throttle.count(Limit::DirectoryLookups, caller.user)?;
        let key = name_key(text);
        let lists_everybody = self.policy().contacts == Contacts::Everyone;
        // No name is so long or has control characters; PostgreSQL refuses some of these in a text.
        let finds_nobody = text.trim().chars().count() > DISPLAY_NAME_MAX
            || key.chars().any(char::is_control)
            || (key.is_empty() && !lists_everybody);
        if finds_nobody {
            return Ok(PeoplePage { people: Vec::new(), has_more: false });
        }
        let limit = if key.is_empty() { PEOPLE_PAGE } else { SEARCH_RESULTS_MAX };
        let after = after.filter(|_| lists_everybody);
        let wanted = PeopleQuery { by: caller.user, key, after, limit };
        let page = self.store().find_people(&wanted).await?;
        Ok(PeoplePage { has_more: page.has_more && lists_everybody, ..page })
    }

    /// Returns the people with these ids, sorted by id. Unknown ids are left out, and beyond the
    /// limit those of strangers. `TooMany` when nobody is left.
    pub async fn people_by_id(&self, caller: Caller, ids: Vec<UserId>) -> Result<Vec<Person>> {
        if ids.len() > PEOPLE_BY_ID_MAX {
            return Err(KithError::BadRequest(format!("more than {PEOPLE_BY_ID_MAX} ids")));
        }
        // People with whom the caller has a conversation can speak there: their names are free.
        // So ids in a message, which anybody can write, never keep a page from naming its sender.
        let common = self.store().with_common_conversation(caller.user, &ids).await?;
        let mut strangers = ids.clone();
        strangers.retain(|id| !common.contains(id));
        strangers.sort_unstable();
        strangers.dedup();
        let counted = match strangers.len() {
            0 => Ok(()),
            many => self.0.throttle.count_many(Limit::StrangersById, caller.user, many),
        };
        match counted {
            Ok(()) => self.store().people(&ids).await,
            Err(error) if common.is_empty() => Err(error),
            Err(_) => self.store().people(&common).await,
        }
    }

    /// Returns the profile of `user`. `NotFound` when there never was such a user.
    pub async fn profile(&self, caller: Caller, user: UserId) -> Result<Profile> {
        self.0.throttle.count(Limit::DirectoryLookups, caller.user)?;
        self.store().profile(user).await?.ok_or(KithError::NotFound)
    }

    /// Sends a friend request to `to`.
    pub async fn request_friend(&self, caller: Caller, to: UserId, note: &str) -> Result<()> {
        let note = validation::note(note)?;
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(RequestFriend { from: caller.user, to, note }).await
    }

    /// Accepts the friend request of `from`. Not limited, because sending requests is.
    pub async fn accept_friend(&self, caller: Caller, from: UserId) -> Result<()> {
        self.store().write(AcceptFriend { user: caller.user, from }).await
    }

    /// Closes any friend request between the caller and `other`.
    pub async fn decline_friend(&self, caller: Caller, other: UserId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(DeclineFriend { user: caller.user, other }).await
    }

    /// Ends the friendship of the caller and `other`, if there is one.
    pub async fn remove_friend(&self, caller: Caller, other: UserId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(RemoveFriend { user: caller.user, other }).await
    }

    /// Sets the caller's own name for `friend`.
    pub async fn set_remark(&self, caller: Caller, friend: UserId, remark: &str) -> Result<()> {
        let remark = validation::remark(remark)?;
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(SetRemark { user: caller.user, friend, remark }).await
    }

    /// Sets whether the caller blocks `other`.
    pub async fn set_blocked(&self, caller: Caller, other: UserId, blocked: bool) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(SetBlocked { user: caller.user, other, blocked }).await
    }
}

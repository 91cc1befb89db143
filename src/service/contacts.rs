//! Friends: found, asked, accepted, declined.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::{Contact, PeoplePage, Person, Profile, UserId, validation};
use crate::store::{AcceptFriend, DeclineFriend, RequestFriend};

impl Kith {
    pub async fn find_people(
        &self,
        caller: Caller,
        text: &str,
        after: Option<UserId>,
    ) -> Result<PeoplePage> {
        let _ = (caller, after);
        let key = validation::username_key(text);
        let found = self.store().person_by_username(&key).await?;
        Ok(PeoplePage { people: found.into_iter().collect(), has_more: false })
    }

    pub async fn people_by_id(&self, _: Caller, _: Vec<UserId>) -> Result<Vec<Person>> {
        Err(KithError::Internal)
    }

    pub async fn profile(&self, _: Caller, _: UserId) -> Result<Profile> {
        Err(KithError::Internal)
    }

    pub async fn remove_friend(&self, _: Caller, _: UserId) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn set_remark(&self, _: Caller, _: UserId, _: &str) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn set_blocked(&self, _: Caller, _: UserId, _: bool) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn typing(&self, _: Caller, _: Contact) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn set_profile(&self, _: Caller, _: &str, _: &str) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn change_password(&self, _: Caller, _: String, _: String) -> Result<()> {
        Err(KithError::Internal)
    }

    pub async fn delete_account(&self, _: Caller, _: String) -> Result<()> {
        Err(KithError::Internal)
    }

    /// Asks `to` to be a friend of the caller's.
    pub async fn request_friend(&self, caller: Caller, to: UserId, note: &str) -> Result<()> {
        let note = validation::note(note)?;
        self.store().write(RequestFriend { from: caller.user, to, note }).await
    }

    /// Accepts what `from` asked.
    pub async fn accept_friend(&self, caller: Caller, from: UserId) -> Result<()> {
        self.store().write(AcceptFriend { user: caller.user, from }).await
    }

    /// Closes any request between the caller and `other`.
    pub async fn decline_friend(&self, caller: Caller, other: UserId) -> Result<()> {
        self.store().write(DeclineFriend { user: caller.user, other }).await
    }
}

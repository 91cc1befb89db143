//! Friends: found, asked, accepted, declined.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::{PersonFound, UserId, validation};
use crate::store::{AcceptFriend, DeclineFriend, RequestFriend};

impl Kith {
    /// Returns the person of exactly this username, without regard to case.
    pub async fn find_person(&self, caller: Caller, username: &str) -> Result<PersonFound> {
        let username = validation::username(username).map_err(|_| KithError::NotFound)?;
        let key = validation::username_key(&username);
        let person = self.store().person_by_username(&key).await?.ok_or(KithError::NotFound)?;
        let relation = self.store().relation(caller.user, person.id).await?;
        Ok(PersonFound { person, relation })
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

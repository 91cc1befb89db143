//! Actions of administrators on the accounts of other people.

use super::{empty, search_key};
use crate::error::{KithError, Result};
use crate::model::administration::{Account, AccountDetails, AccountQuery, AdminActor, TablePage};
use crate::model::{UserId, validation};
use crate::service::accounts::NewAccount;
use crate::service::new_password::check_new_password;
use crate::service::{Kith, auth_log, names};
use crate::store::{
    CreateUser, DeleteUser, EditUser, EndFriendship, SetAdministrator, SetDisabled, SetPassword,
    SignOutUser, name_key,
};

impl Kith {
    /// Returns a page of the accounts that match `query`.
    pub async fn accounts(
        &self,
        by: AdminActor,
        query: AccountQuery,
    ) -> Result<TablePage<Account>> {
        self.store().check_administrator(by).await?;
        let Some(key) = search_key(&query.search) else { return Ok(empty()) };
        self.store().accounts_table(&key, &query).await
    }

    /// Returns everything about an account, or `NotFound`.
    pub async fn account(&self, by: AdminActor, user: UserId) -> Result<AccountDetails> {
        self.store().check_administrator(by).await?;
        let account = self.store().account(user).await?;
        let mut friends = self.store().friends(user).await?;
        friends
            .sort_by_cached_key(|friend| (name_key(&friend.person.display_name), friend.person.id));
        let friends = friends.into_iter().map(|friend| (friend.person, friend.since)).collect();
        let groups = self.store().groups(user).await?.into_iter();
        // Only current members have a role.
        let groups = groups.filter_map(|membership| {
            Some((membership.group.id, membership.group.name, membership.role?))
        });
        Ok(AccountDetails { account, friends, groups: groups.collect() })
    }

    /// Returns the user with this username, in any case, or `NotFound`.
    pub async fn user_named(&self, by: AdminActor, username: &str) -> Result<UserId> {
        self.store().check_administrator(by).await?;
        let username = validation::username(username).map_err(|_| KithError::NotFound)?;
        let found = self.store().credentials(&validation::username_key(&username)).await?;
        found.map(|credentials| credentials.user).ok_or(KithError::NotFound)
    }

    /// Makes an account for somebody else. With `one_time` they must replace the password when they
    /// sign in.
    pub async fn create_user(
        &self,
        by: AdminActor,
        account: NewAccount,
        administrator: bool,
        one_time: bool,
    ) -> Result<UserId> {
        self.store().check_administrator(by).await?;
        let user = self.new_user(account.validated()?, one_time).await?;
        self.administer(by, CreateUser { user, administrator }).await
    }

    /// Sets an account's username, display name and bio. A new name is an event for everybody.
    pub async fn edit_user(
        &self,
        by: AdminActor,
        user: UserId,
        username: &str,
        display_name: &str,
        bio: &str,
    ) -> Result<()> {
        self.store().check_administrator(by).await?;
        let username = validation::username(username)?;
        let display_name = names::display_name(display_name)?;
        let bio = validation::bio(bio)?;
        self.administer(by, EditUser { user, username, display_name, bio }).await
    }

    /// Disables or enables an account. Disabling ends its sign-ins and hands over the groups that
    /// it owns. `LastAdministrator` when no other administrator would be left.
    pub async fn set_disabled(&self, by: AdminActor, user: UserId, disabled: bool) -> Result<()> {
        let announced = self.announces_accounts();
        self.administer(by, SetDisabled { user, disabled, announced }).await?;
        if disabled {
            auth_log::sign_ins_ended(by, user);
        }
        Ok(())
    }

    /// Sets an account's password and ends its sign-ins. With `one_time` the password must be
    /// replaced at a sign-in within seven days. `OwnAccount` for the author's own.
    pub async fn set_password(
        &self,
        by: AdminActor,
        user: UserId,
        password: String,
        one_time: bool,
    ) -> Result<()> {
        self.store().check_administrator(by).await?;
        let account = self.store().credentials_of(user).await?.ok_or(KithError::NotFound)?;
        check_new_password(&password, &account.username)?;
        let password_hash = self.0.passwords.hash(password).await?;
        self.administer(by, SetPassword { user, password_hash, one_time }).await?;
        auth_log::sign_ins_ended(by, user);
        Ok(())
    }

    /// Ends all sign-ins of an account, and the receives that they hold.
    pub async fn sign_out_user(&self, by: AdminActor, user: UserId) -> Result<()> {
        self.administer(by, SignOutUser { user }).await?;
        auth_log::sign_ins_ended(by, user);
        Ok(())
    }

    /// Makes an account an administrator, or an ordinary one again. `LastAdministrator` when none
    /// would be left, `AccountDisabled` for a disabled account.
    pub async fn set_administrator(
        &self,
        by: AdminActor,
        user: UserId,
        administrator: bool,
    ) -> Result<()> {
        self.administer(by, SetAdministrator { user, administrator }).await
    }

    /// Deletes an account, as its owner could. `OwnAccount` for the author's own.
    pub async fn delete_user(&self, by: AdminActor, user: UserId) -> Result<()> {
        self.administer(by, DeleteUser { user }).await?;
        auth_log::sign_ins_ended(by, user);
        Ok(())
    }

    /// Ends a friendship. Changes nothing when the two are not friends.
    pub async fn end_friendship(&self, by: AdminActor, user: UserId, friend: UserId) -> Result<()> {
        self.administer(by, EndFriendship { user, friend }).await
    }
}

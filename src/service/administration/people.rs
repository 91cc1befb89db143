//! What administrators do with accounts.

use super::{empty, search_key};
use crate::error::{KithError, Result};
use crate::model::administration::{Account, AccountFile, AccountQuery, By, TablePage};
use crate::model::{UserId, validation};
use crate::service::Kith;
use crate::service::accounts::NewAccount;
use crate::store::{
    CreateUser, DeleteUser, EditUser, EndFriendship, SetAdministrator, SetDisabled, SetPassword,
    SignOutUser,
};

impl Kith {
    /// Returns a page of the accounts that `query` asks for.
    pub async fn accounts(&self, by: By, query: AccountQuery) -> Result<TablePage<Account>> {
        self.store().check_administrator(by).await?;
        let Some(key) = search_key(&query.search) else { return Ok(empty()) };
        self.store().accounts_table(&key, &query).await
    }

    /// `NotFound` when there is no such account.
    pub async fn account(&self, by: By, user: UserId) -> Result<AccountFile> {
        self.store().check_administrator(by).await?;
        let account = self.store().account(user).await?;
        let mut friends = self.store().friends(user).await?;
        friends.sort_by_cached_key(|friend| {
            (validation::name_key(&friend.person.display_name), friend.person.id)
        });
        let friends = friends.into_iter().map(|friend| (friend.person, friend.since)).collect();
        let groups = self.store().groups(user).await?.into_iter();
        // A role have those who are in it now.
        let groups = groups.filter_map(|part| Some((part.group.id, part.group.name, part.role?)));
        Ok(AccountFile { account, friends, groups: groups.collect() })
    }

    /// Returns whom a username (without regard to case) names. `NotFound` when nobody is called so.
    pub async fn user_named(&self, by: By, username: &str) -> Result<UserId> {
        self.store().check_administrator(by).await?;
        let username = validation::username(username).map_err(|_| KithError::NotFound)?;
        let found = self.store().credentials(&validation::username_key(&username)).await?;
        found.map(|credentials| credentials.user).ok_or(KithError::NotFound)
    }

    /// Makes an account for somebody else. With `one_time`, the password is one that they must
    /// replace when they sign in.
    pub async fn create_user(
        &self,
        by: By,
        account: NewAccount,
        administrator: bool,
        one_time: bool,
    ) -> Result<UserId> {
        self.store().check_administrator(by).await?;
        let user = self.new_user(account.checked()?, one_time).await?;
        self.administer(by, CreateUser { user, administrator }).await
    }

    /// Changes what an account says of a person. Everybody hears of another name.
    pub async fn edit_user(
        &self,
        by: By,
        user: UserId,
        username: &str,
        display_name: &str,
        bio: &str,
    ) -> Result<()> {
        self.store().check_administrator(by).await?;
        let username = validation::username(username)?;
        let display_name = validation::display_name(display_name)?;
        let bio = validation::bio(bio)?;
        self.administer(by, EditUser { user, username, display_name, bio }).await
    }

    /// Says whether somebody may sign in. Disabling ends their sign-ins and hands over the groups
    /// that they own. `LastAdministrator` when nobody else could look after this Kith.
    pub async fn set_disabled(&self, by: By, user: UserId, disabled: bool) -> Result<()> {
        let announced = self.announces();
        self.administer(by, SetDisabled { user, disabled, announced }).await
    }

    /// Sets somebody's password and ends their sign-ins. With `one_time` they must choose another
    /// one when they sign in with it, within seven days.
    pub async fn set_password(
        &self,
        by: By,
        user: UserId,
        password: String,
        one_time: bool,
    ) -> Result<()> {
        self.store().check_administrator(by).await?;
        validation::password(&password)?;
        let password_hash = self.0.passwords.hash(password).await?;
        self.administer(by, SetPassword { user, password_hash, one_time }).await
    }

    /// Ends all sign-ins of somebody, with the receives that these hold.
    pub async fn sign_out_user(&self, by: By, user: UserId) -> Result<()> {
        self.administer(by, SignOutUser { user }).await
    }

    /// `LastAdministrator` when there would be none, `AccountDisabled` when one who is disabled would
    /// be one.
    pub async fn set_administrator(&self, by: By, user: UserId, administrator: bool) -> Result<()> {
        self.administer(by, SetAdministrator { user, administrator }).await
    }

    /// Deletes an account, as its owner could.
    pub async fn delete_user(&self, by: By, user: UserId) -> Result<()> {
        self.administer(by, DeleteUser { user }).await
    }

    /// Ends a friendship. Where there is none nothing changes.
    pub async fn end_friendship(&self, by: By, user: UserId, friend: UserId) -> Result<()> {
        self.administer(by, EndFriendship { user, friend }).await
    }
}

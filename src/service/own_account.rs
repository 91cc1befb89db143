//! The caller's own account: profile, password, sign-ins, and deletion.

use std::net::IpAddr;

use super::new_password::check_new_password;
use super::throttle::Limit;
use super::{Caller, Kith, auth_log, names};
use crate::error::{KithError, Result};
use crate::model::limits::PASSWORD_MAX;
use crate::model::{SignIn, SignInId, validation};
use crate::store::{
    ChangePassword, Credentials, DeleteAccount, PasswordProof, RemoveSignIn, SetProfile,
};

impl Kith {
    /// Sets the caller's display name and bio.
    pub async fn set_profile(&self, caller: Caller, display_name: &str, bio: &str) -> Result<()> {
        let display_name = names::display_name(display_name)?;
        let bio = validation::bio(bio)?;
        self.0.throttle.count(Limit::ProfileChanges, caller.user)?;
        self.store().write(SetProfile { user: caller.user, display_name, bio }).await
    }

    /// Changes the caller's password and ends all their other sign-ins, with the receives that
    /// those hold. `WrongPassword` when `password` is not the current one.
    pub async fn change_password(
        &self,
        address: IpAddr,
        caller: Caller,
        password: String,
        new_password: String,
    ) -> Result<()> {
        let account = self.own_credentials(caller).await?;
        check_new_password(&new_password, &account.username)?;
        let by = self.prove_password(address, caller, account, password).await?;
        let new_hash = self.0.passwords.hash(new_password).await?;
        self.store().write(ChangePassword { by, new_hash }).await?;
        auth_log::password_changed(address, caller.user);
        Ok(())
    }

    /// Deletes the caller's account and ends all their sign-ins. `WrongPassword` when `password`
    /// is not theirs; `LastAdministrator` when they are the last one.
    pub async fn delete_account(
        &self,
        address: IpAddr,
        caller: Caller,
        password: String,
    ) -> Result<()> {
        let account = self.own_credentials(caller).await?;
        let by = self.prove_password(address, caller, account, password).await?;
        self.store().write(DeleteAccount { by }).await?;
        auth_log::account_deleted(address, caller.user);
        Ok(())
    }

    /// Returns the caller's sign-ins, the most recently used first.
    pub async fn sign_ins(&self, caller: Caller) -> Result<Vec<SignIn>> {
        self.store().sign_ins(caller.user, caller.sign_in).await
    }

    /// Ends one of the caller's sign-ins, and the receives that it holds. `NotFound` when it is not
    /// theirs.
    pub async fn revoke_sign_in(
        &self,
        address: IpAddr,
        caller: Caller,
        id: SignInId,
    ) -> Result<()> {
        self.store().write(RemoveSignIn { user: caller.user, id }).await?;
        if id == caller.sign_in {
            auth_log::signed_out(address, caller.user);
        } else {
            auth_log::sign_in_revoked(address, caller.user, id);
        }
        Ok(())
    }

    async fn own_credentials(&self, caller: Caller) -> Result<Credentials> {
        self.store().credentials_of(caller.user).await?.ok_or(KithError::Unauthorised)
    }

    /// Checks the caller's password against their `account`. Limited, so that the thief of a
    /// sign-in cannot guess on.
    async fn prove_password(
        &self,
        address: IpAddr,
        caller: Caller,
        account: Credentials,
        password: String,
    ) -> Result<PasswordProof> {
        self.count_attempt(Limit::PasswordChecks, caller.user, address)?;
        let password_hash = account.password_hash;
        let right = password.chars().count() <= PASSWORD_MAX
            && self.0.passwords.verify(password, Some(password_hash.clone())).await?;
        if !right {
            auth_log::password_check_failed(address, caller.user);
            return Err(KithError::WrongPassword);
        }
        Ok(PasswordProof { user: caller.user, sign_in: caller.sign_in, password_hash })
    }
}

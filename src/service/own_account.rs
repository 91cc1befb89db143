//! The caller's own account: profile, password, sign-ins, and deletion.

use super::throttle::Limit;
use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::PASSWORD_MAX;
use crate::model::{SignIn, SignInId, validation};
use crate::store::{ChangePassword, DeleteAccount, PasswordProof, RemoveSignIn, SetProfile};

impl Kith {
    /// Sets the caller's display name and bio.
    pub async fn set_profile(&self, caller: Caller, display_name: &str, bio: &str) -> Result<()> {
        let display_name = validation::display_name(display_name)?;
        let bio = validation::bio(bio)?;
        self.0.throttle.count(Limit::ProfileChanges, caller.user)?;
        self.store().write(SetProfile { user: caller.user, display_name, bio }).await
    }

    /// Changes the caller's password and ends all their other sign-ins, with the receives that
    /// those hold. `WrongPassword` when `password` is not the current one.
    pub async fn change_password(
        &self,
        caller: Caller,
        password: String,
        new_password: String,
    ) -> Result<()> {
        validation::password(&new_password)?;
        let by = self.prove_password(caller, password).await?;
        let new_hash = self.0.passwords.hash(new_password).await?;
        self.store().write(ChangePassword { by, new_hash }).await
    }

    /// Deletes the caller's account and ends all their sign-ins. `WrongPassword` when `password`
    /// is not theirs; `LastAdministrator` when they are the last one.
    pub async fn delete_account(&self, caller: Caller, password: String) -> Result<()> {
        let by = self.prove_password(caller, password).await?;
        self.store().write(DeleteAccount { by }).await
    }

    /// Returns the caller's sign-ins, the most recently used first.
    pub async fn sign_ins(&self, caller: Caller) -> Result<Vec<SignIn>> {
        self.store().sign_ins(caller.user, caller.sign_in).await
    }

    /// Ends one of the caller's sign-ins, and the receives that it holds. `NotFound` when it is not
    /// theirs.
    pub async fn revoke_sign_in(&self, caller: Caller, id: SignInId) -> Result<()> {
        self.store().write(RemoveSignIn { user: caller.user, id }).await
    }

    /// Checks the caller's password. Limited, so that the thief of a sign-in cannot guess on.
    async fn prove_password(&self, caller: Caller, password: String) -> Result<PasswordProof> {
        let found =
            self.store().credentials_of(caller.user).await?.ok_or(KithError::Unauthorised)?;
        self.0.throttle.count(Limit::PasswordChecks, caller.user)?;
        if password.chars().count() > PASSWORD_MAX {
            return Err(KithError::WrongPassword);
        }
        let password_hash = found.password_hash;
        if !self.0.passwords.verify(password, Some(password_hash.clone())).await? {
            return Err(KithError::WrongPassword);
        }
        Ok(PasswordProof { user: caller.user, sign_in: caller.sign_in, password_hash })
    }
}

//! Registration and sign-in, and finding the caller by the token of a sign-in.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::new_password::check_new_password;
use super::throttle::{Key, Limit};
use super::{Caller, Kith, auth_log, names};
use crate::error::{KithError, Result};
use crate::model::administration::RegistrationMode;
use crate::model::limits::{DEVICE_MAX, PASSWORD_MAX};
use crate::model::validation::{self, Invalid};
use crate::model::{Contacts, Registration, Timestamp};
use crate::store::{
    AddSignIn, ChoosePassword, Credentials, NewSignIn, NewUser, Register, RenewHash, TouchSignIn,
};

/// Minimum interval between two writes of a sign-in's last use. Ten thousand open pages would
/// otherwise cost a write for each request.
const TOUCH_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// The fields of a new account, as typed.
pub struct NewAccount {
    pub username: String,
    pub display_name: String,
    pub password: String,
}

impl NewAccount {
    pub(super) fn validated(self) -> Result<Self> {
        let Self { username, display_name, password } = self;
        check_new_password(&password, &username)?;
        Ok(Self {
            username: validation::username(&username)?,
            display_name: names::display_name(&display_name)?,
            password,
        })
    }
}

/// A sign-in that has just begun.
pub struct SignedIn {
    /// For the cookie. Kith stores only its hash.
    pub token: String,
    /// Whether the cookie must be sent over https alone.
    pub secure: bool,
}

impl Kith {
    /// Returns who may register now. `Open` for a visitor with a valid link, whose token is
    /// `invite`.
    pub async fn registration(&self, invite: Option<&str>) -> Result<Registration> {
        if self.store().is_empty().await? {
            return Ok(Registration::NeedsSetupLink);
        }
        Ok(match self.store().registration_mode(self.policy().registration_open).await? {
            RegistrationMode::Open => Registration::Open,
            RegistrationMode::Closed => Registration::Closed,
            RegistrationMode::ByLink => {
                let invited = match invite.filter(|token| is_token(token)) {
                    Some(token) => {
                        let links = self.store().registration_links(self.now()).await?;
                        links.iter().any(|link| link.token == token)
                    }
                    None => false,
                };
                if invited { Registration::Open } else { Registration::ByLink }
            }
        })
    }

    /// Returns the token of the set-up link, as long as there is no account.
    pub async fn setup_token(&self) -> Result<Option<&str>> {
        Ok(self.store().is_empty().await?.then_some(self.0.setup_token.as_str()))
    }

    /// Makes an account and signs its first device in. `setup` is the token of the set-up link,
    /// `invite` that of a registration link. Attempts that are refused before any work is done do
    /// not count against the limit.
    pub async fn register(
        &self,
        address: IpAddr,
        device: &str,
        account: NewAccount,
        setup: Option<&str>,
        invite: Option<&str>,
    ) -> Result<SignedIn> {
        let account = account.validated()?;
        match self.registration(invite).await? {
            Registration::Open | Registration::NeedsSetupLink => {}
            Registration::Closed | Registration::ByLink => {
                return Err(KithError::RegistrationClosed);
            }
        }
        self.count_attempt(Limit::AttemptsFromAddress, address, address)?;
        let username = account.username.clone();
        let set_up = setup.is_some_and(|token| equal_tokens(token, &self.0.setup_token));
        let token = new_token();
        let register = Register {
            user: self.new_user(account, false).await?,
            open: self.policy().registration_open,
            set_up,
            invite: invite.map(str::to_string),
            sign_in: new_sign_in(&token, device),
        };
        let user = self.store().write(register).await?;
        auth_log::registered(address, user, &username);
        Ok(self.signed_in(token))
    }

    pub(super) async fn new_user(&self, account: NewAccount, one_time: bool) -> Result<NewUser> {
        let NewAccount { username, display_name, password } = account;
        let password_hash = self.0.passwords.hash(password).await?;
        let announced = self.announces_accounts();
        Ok(NewUser { username, display_name, password_hash, one_time, announced })
    }

    /// Whether a new account is an event for everybody.
    pub(super) fn announces_accounts(&self) -> bool {
        self.policy().contacts == Contacts::Everyone
    }

    /// Signs a device in. An unknown user takes as long as a wrong password and gets the same
    /// answer. `NewPasswordNeeded` for a one-time password: see [`Kith::choose_password`].
    pub async fn sign_in(
        &self,
        address: IpAddr,
        device: &str,
        username: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let account = self.check_password(address, username, password).await?;
        let refused = |error: &KithError| auth_log::sign_in_refused(address, &account, error);
        account.check_sign_in(self.now()).inspect_err(refused)?;
        let token = new_token();
        let add = AddSignIn { checked: account.clone(), sign_in: new_sign_in(&token, device) };
        self.store().write(add).await.inspect_err(refused)?;
        auth_log::signed_in(address, &account);
        self.renew_hash(account, password);
        Ok(self.signed_in(token))
    }

    /// Replaces the hash of this right password if a new hash costs more.
    fn renew_hash(&self, checked: Credentials, password: &str) {
        if !self.0.passwords.is_outdated(&checked.password_hash) {
            return;
        }
        let (kith, password) = (self.clone(), password.to_string());
        // In a task of its own: to sign in takes no longer than before.
        tokio::spawn(async move {
            let renewed = async {
                let new_hash = kith.0.passwords.hash(password).await?;
                kith.store().write(RenewHash { checked, new_hash }).await
            };
            if let Err(error) = renewed.await {
                tracing::warn!(%error, "a password's hash was not renewed");
            }
        });
    }

    /// Replaces a one-time password and signs a device in. Limited and timed like signing in.
    /// `WrongPassword` also when the password is right but not a one-time password.
    pub async fn choose_password(
        &self,
        address: IpAddr,
        device: &str,
        username: &str,
        password: &str,
        new_password: String,
    ) -> Result<SignedIn> {
        check_new_password(&new_password, username)?;
        let account = self.check_password(address, username, password).await?;
        let refused = |error: &KithError| auth_log::sign_in_refused(address, &account, error);
        account.check_choose_password(self.now()).inspect_err(refused)?;
        if new_password == password {
            return Err(Invalid::PasswordAsBefore.into());
        }
        let new_hash = self.0.passwords.hash(new_password).await?;
        let token = new_token();
        let sign_in = new_sign_in(&token, device);
        let choose = ChoosePassword { checked: account.clone(), new_hash, sign_in };
        self.store().write(choose).await.inspect_err(refused)?;
        auth_log::password_changed(address, account.user);
        auth_log::signed_in(address, &account);
        Ok(self.signed_in(token))
    }

    /// Returns the credentials of the user if the password is right, else `WrongPassword`. Other
    /// reasons for a refusal are checked later: only the owner of the account may learn them.
    async fn check_password(
        &self,
        address: IpAddr,
        username: &str,
        password: &str,
    ) -> Result<Credentials> {
        let (account, error) = match self.try_password(address, username, password).await {
            Ok((Some(account), true)) => return Ok(account),
            Ok((account, _)) => (account, KithError::WrongPassword),
            Err(error) => (None, error),
        };
        self.0.metrics.sign_in_failed(&error);
        auth_log::sign_in_failed(address, account.as_ref(), &error);
        Err(error)
    }

    /// Returns the account with this username, if it exists, and whether the password is right.
    async fn try_password(
        &self,
        address: IpAddr,
        username: &str,
        password: &str,
    ) -> Result<(Option<Credentials>, bool)> {
        self.count_attempt(Limit::AttemptsFromAddress, address, address)?;
        let key = validation::username_key(username);
        if validation::username(username).is_err() || password.chars().count() > PASSWORD_MAX {
            return Ok((None, false));
        }
        self.count_attempt(Limit::AttemptsOnAccount, key.as_str(), address)?;
        let found = self.store().credentials(&key).await?;
        let hash = found.as_ref().map(|credentials| credentials.password_hash.clone());
        let right = self.0.passwords.verify(password.to_string(), hash).await?;
        Ok((found, right))
    }

    /// Counts an attempt, and logs one beyond the limit.
    pub(super) fn count_attempt(
        &self,
        limit: Limit,
        key: impl Into<Key>,
        address: IpAddr,
    ) -> Result<()> {
        let counted = self.0.throttle.count(limit, key);
        counted.inspect_err(|_| auth_log::limit_reached(address, limit))
    }

    /// Returns the caller with this token. Stores the time of use if the stored one is older than
    /// `TOUCH_INTERVAL`. What has not the form of a token costs no query: anybody can make it up.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>> {
        if !is_token(token) {
            return Ok(None);
        }
        let (token_hash, now) = (hash_of(token), self.now());
        let lookup = match self.0.sign_ins.find(&token_hash, now) {
            Ok(caller) => return Ok(Some(caller)),
            Err(lookup) => lookup,
        };
        let Some(found) = self.store().sign_in_by_token(&token_hash).await? else {
            return Ok(None);
        };
        let unused =
            Duration::from_millis(now.0.saturating_sub(found.last_seen.0).try_into().unwrap_or(0));
        if unused > self.policy().sign_in_lives {
            return Ok(None);
        }
        let caller = Caller { user: found.user, sign_in: found.id };
        if unused >= TOUCH_INTERVAL {
            let store = self.store().clone();
            // In a task of its own: the page must neither wait for this write nor fail with it.
            tokio::spawn(async move {
                if let Err(error) = store.write(TouchSignIn { id: found.id }).await {
                    tracing::warn!(%error, "a sign-in's last use was not written");
                }
            });
        } else {
            let left = i64::try_from((TOUCH_INTERVAL - unused).as_millis()).unwrap_or(0);
            self.0.sign_ins.insert(lookup, token_hash, caller, Timestamp(now.0 + left));
        }
        Ok(Some(caller))
    }

    /// Sign-ins last used before this time have expired.
    pub(super) fn expiry(&self) -> Timestamp {
        self.time_before_now(self.policy().sign_in_lives)
    }

    pub(super) fn time_before_now(&self, duration: Duration) -> Timestamp {
        let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.now().0.saturating_sub(ms))
    }

    /// Whether browsers send cookies over https alone.
    pub fn has_secure_cookies(&self) -> bool {
        self.policy().secure_cookies
    }

    fn signed_in(&self, token: String) -> SignedIn {
        SignedIn { token, secure: self.has_secure_cookies() }
    }
}

/// Returns 256 random bits as text, for a cookie or a link.
pub(super) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether this has the form of a token. Anything else is not worth a query.
pub fn is_token(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bits| bits.len() == 32)
}

fn new_sign_in(token: &str, device: &str) -> NewSignIn {
    let device = device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect();
    NewSignIn { token_hash: hash_of(token), device }
}

fn hash_of(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// Compares the hashes, so that the time taken does not reveal how much of the token was right.
fn equal_tokens(one: &str, other: &str) -> bool {
    hash_of(one) == hash_of(other)
}

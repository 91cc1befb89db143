//! Registration and sign-in: who is who, and how they prove it.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{DEVICE_MAX, PASSWORD_MAX};
use crate::model::{Contacts, Registration, Timestamp, UserId, validation};
use crate::store::{AddSignIn, NewSignIn, Register, TouchSignIn};

/// A device's last sight is written at most this often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// What somebody typed to get an account.
pub struct NewAccount {
    pub username: String,
    pub display_name: String,
    pub password: String,
}

impl NewAccount {
    fn checked(self) -> Result<Self> {
        validation::password(&self.password)?;
        Ok(Self {
            username: validation::username(&self.username)?,
            display_name: validation::display_name(&self.display_name)?,
            password: self.password,
        })
    }
}

/// A sign-in that has just begun.
pub struct SignedIn {
    /// For the cookie; Kith keeps only its hash.
    pub token: String,
    /// Whether the cookie goes over https alone.
    pub secure: bool,
}

impl Kith {
    /// Returns who may register just now.
    pub async fn registration(&self) -> Result<Registration> {
        Ok(if self.store().is_empty().await? {
            Registration::NeedsSetupLink
        } else if self.policy().registration_open {
            Registration::Open
        } else {
            Registration::Closed
        })
    }

    /// Returns the token of the set-up link, while there is nobody.
    pub async fn setup_token(&self) -> Result<Option<&str>> {
        Ok(self.store().is_empty().await?.then_some(self.0.setup_token.as_str()))
    }

    /// Makes an account and signs its first device in. What is refused without any work does not
    /// count as a try.
    pub async fn register(
        &self,
        address: IpAddr,
        device: &str,
        account: NewAccount,
        setup: Option<&str>,
    ) -> Result<SignedIn> {
        let account = account.checked()?;
        if self.registration().await? == Registration::Closed {
            return Err(KithError::RegistrationClosed);
        }
        self.0.throttle.attempt_from(address)?;
        let set_up = setup.is_some_and(|token| same(token, &self.0.setup_token));
        let token = new_token();
        let register = Register {
            open: self.policy().registration_open,
            set_up,
            administrator: false,
            sign_in: Some(new_sign_in(&token, device)),
            ..self.hashed(account).await?
        };
        self.store().write(register).await?;
        Ok(self.signed_in(token))
    }

    /// Makes an account for somebody else, by the operator's will.
    pub async fn create_user(&self, account: NewAccount, administrator: bool) -> Result<UserId> {
        let register = Register { administrator, ..self.hashed(account.checked()?).await? };
        self.store().write(register).await
    }

    async fn hashed(&self, account: NewAccount) -> Result<Register> {
        let NewAccount { username, display_name, password } = account;
        let password_hash = self.0.passwords.hash(password).await?;
        Ok(Register {
            username,
            display_name,
            password_hash,
            open: true,
            set_up: true,
            administrator: false,
            announced: self.policy().contacts == Contacts::Everyone,
            sign_in: None,
        })
    }

    /// Signs a device in. An unknown user costs as long as a wrong password and gets the same
    /// answer.
    pub async fn sign_in(
        &self,
        address: IpAddr,
        device: &str,
        username: &str,
        password: &str,
    ) -> Result<SignedIn> {
        self.0.throttle.attempt_from(address)?;
        let key = validation::username_key(username);
        if validation::username(username).is_err() || password.chars().count() > PASSWORD_MAX {
            return Err(KithError::WrongPassword);
        }
        self.0.throttle.attempt_at(&key)?;
        let found = self.store().credentials(&key).await?;
        let hash = found.as_ref().map(|credentials| credentials.password_hash.clone());
        let right = self.0.passwords.verify(password.to_string(), hash).await?;
        let checked = found.filter(|_| right).ok_or(KithError::WrongPassword)?;
        let token = new_token();
        self.store().write(AddSignIn { checked, sign_in: new_sign_in(&token, device) }).await?;
        Ok(self.signed_in(token))
    }

    /// Returns who holds this token, and notes that they were seen.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>> {
        let Some(found) = self.store().sign_in_by_token(&hash_of(token)).await? else {
            return Ok(None);
        };
        let unseen = Duration::from_millis(
            (self.0.clock)().0.saturating_sub(found.last_seen.0).try_into().unwrap_or(0),
        );
        if unseen > self.policy().sign_in_lives {
            return Ok(None);
        }
        if unseen >= TOUCH_EVERY {
            let store = self.store().clone();
            // A page must not wait for it, nor fail with it.
            tokio::spawn(async move {
                if let Err(error) = store.write(TouchSignIn { id: found.id }).await {
                    tracing::warn!(%error, "a sign-in's last sight was not written");
                }
            });
        }
        Ok(Some(Caller { user: found.user, sign_in: found.id }))
    }

    /// Sign-ins last seen before this have expired.
    pub(super) fn expiry(&self) -> Timestamp {
        self.ago(self.policy().sign_in_lives)
    }

    /// Returns the time that lies so long back.
    pub(super) fn ago(&self, duration: Duration) -> Timestamp {
        let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Timestamp((self.0.clock)().0.saturating_sub(ms))
    }

    fn signed_in(&self, token: String) -> SignedIn {
        SignedIn { token, secure: self.policy().secure_cookies }
    }
}

/// Returns 256 random bits, to be written into a cookie or a link.
pub(super) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn new_sign_in(token: &str, device: &str) -> NewSignIn {
    let device = device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect();
    NewSignIn { token_hash: hash_of(token), device }
}

fn hash_of(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// Compares without telling by its time how much was right: the hashes are compared, which
/// nobody can steer.
fn same(one: &str, other: &str) -> bool {
    hash_of(one) == hash_of(other)
}

//! Password hashes: argon2id on the blocking pool, at most one on each core.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{KithError, Result};

/// The cost of one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for Cost {
    /// OWASP's recommendation for argon2id: 19 MiB, two passes.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// Makes and verifies password hashes.
pub struct Passwords {
    cost: Cost,
    /// A hash takes a core and 19 MiB: a flood of sign-ins waits here.
    cores: Arc<Semaphore>,
    /// Verified for an unknown user, so that the answer takes as long as for a known one.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new(cost: Cost) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let decoy = hash(cost, "nobody has this password").unwrap_or_default().into();
        Self { cost, cores: Arc::new(Semaphore::new(cores)), decoy }
    }

    /// Returns the hash of a new password, in the PHC format.
    pub async fn hash(&self, password: String) -> Result<String> {
        let cost = self.cost;
        self.on_a_core(move || hash(cost, &password)).await?
    }

    /// Returns whether the password fits the hash. Without a hash (an unknown user) the answer is
    /// `false`, after the same time.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let fits = self
            .on_a_core(move || {
                let hash = PasswordHash::new(&hash).map_err(|_| KithError::Internal)?;
                Ok::<_, KithError>(
                    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
                )
            })
            .await??;
        Ok(fits && known)
    }

    /// Whether a hash cost less than a new one does.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let work = |memory_kib: u32, passes: u32| u64::from(memory_kib) * u64::from(passes);
        let stored = PasswordHash::new(hash).and_then(|hash| Params::try_from(&hash));
        stored.is_ok_and(|stored| {
            work(stored.m_cost(), stored.t_cost()) < work(self.cost.memory_kib, self.cost.passes)
        })
    }

    async fn on_a_core<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let core =
            Arc::clone(&self.cores).acquire_owned().await.map_err(|_| KithError::Internal)?;
        tokio::task::spawn_blocking(move || {
            let _core = core;
            work()
        })
        .await
        .map_err(|_| KithError::Internal)
    }
}

fn hash(cost: Cost, password: &str) -> Result<String> {
    let params =
        Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| KithError::Internal)?;
    let salt =
        SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(|_| KithError::Internal)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| KithError::Internal)
}

/// Letters that are not mistaken for others, on paper or on the telephone.
const CLEAR_LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz";

/// Returns a new password to pass on to somebody: four groups of four letters, 72 random bits.
pub fn suggested_password() -> String {
    let letter = |_| char::from(CLEAR_LETTERS[rand::random_range(0..CLEAR_LETTERS.len())]);
    let group = |_| (0..4).map(letter).collect::<String>();
    (0..4).map(group).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggested_passwords_are_valid_and_differ() {
        let (one, other) = (suggested_password(), suggested_password());
        assert_ne!(one, other);
        assert_eq!((one.len(), one.matches('-').count()), (19, 3));
        assert_eq!(crate::model::validation::password(&one), Ok(()));
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_verifies() {
        let passwords = Passwords::new(Cost { memory_kib: 64, passes: 1 });
        let hash = passwords.hash("correct horse".into()).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$"));
        assert_eq!(passwords.verify("correct horse".into(), Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.verify("wrong horse".into(), Some(hash)).await, Ok(false));
        assert_eq!(passwords.verify("nobody has this password".into(), None).await, Ok(false));
    }

    #[tokio::test]
    async fn only_hashes_of_a_lower_cost_are_outdated() {
        let cost = |memory_kib, passes| Passwords::new(Cost { memory_kib, passes });
        let hash = cost(64, 2).hash("correct horse".into()).await.expect("a hash");
        for (memory_kib, passes, outdated) in
            [(64, 2, false), (64, 1, false), (32, 3, false), (64, 3, true), (128, 2, true)]
        {
            let passwords = cost(memory_kib, passes);
            assert_eq!(passwords.is_outdated(&hash), outdated, "{memory_kib} {passes}");
        }
        assert!(!cost(64, 3).is_outdated(""), "the hash of a deleted account");
    }
}

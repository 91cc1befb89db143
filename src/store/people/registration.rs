//! Registration: creating one's own account, and whether that is open.

use sqlx::{AnyConnection, Row};

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::RegistrationMode;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store};

use super::accounts::{NewUser, is_first_account};
use super::sign_ins::NewSignIn;

/// Creates an account and its first sign-in. The first account becomes the administrator.
/// `SetupLinkNeeded`, `RegistrationClosed` or `UsernameTaken` when refused.
#[derive(Debug)]
pub struct Register {
    pub user: NewUser,
    /// The configuration's `registration`, which counts until an administrator sets another mode.
    pub open: bool,
    /// Whether the set-up link was used. Only with it is the first account created.
    pub set_up: bool,
    /// The token of a registration link.
    pub invite: Option<String>,
    pub sign_in: NewSignIn,
}

impl Change for Register {
    type Answer = UserId;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<UserId, Failure> {
        let first = is_first_account(tx).await?;
        if !first {
            use_registration(tx, self.open, self.invite.as_deref()).await?;
        } else if !self.set_up {
            return Err(KithError::SetupLinkNeeded.into());
        }
        let user = self.user.store(tx, first).await?;
        self.sign_in.store(tx, user).await?;
        Ok(user)
    }
}

/// The condition that a registration link `l` is valid at the time `$1`.
pub(in crate::store) const LINK_IS_VALID: &str = "l.until > $1 AND l.uses_left > 0";

/// Returns the registration mode that an administrator set, else the configuration's.
async fn mode(connection: &mut AnyConnection, open: bool) -> Result<RegistrationMode, Failure> {
    let configured = if open { RegistrationMode::Open } else { RegistrationMode::Closed };
    let row = sqlx::query("SELECT mode FROM registration").fetch_one(connection).await?;
    Ok(match row.try_get::<Option<String>, _>("mode")? {
        None => configured,
        // A mode of a newer Kith: better closed than open to everybody.
        Some(name) => RegistrationMode::by_name(&name).unwrap_or(RegistrationMode::Closed),
    })
}

/// Checks that this registration is allowed, and counts the use of its link. `RegistrationClosed`
/// otherwise. Counting inside the transaction: two people at once cannot both have the last use.
async fn use_registration(tx: &mut Tx, open: bool, invite: Option<&str>) -> Result<(), Failure> {
    match (mode(tx.read(), open).await?, invite) {
        (RegistrationMode::Open, _) => return Ok(()),
        (RegistrationMode::ByLink, Some(token)) => {
            let now = tx.now;
            let text = format!(
                "UPDATE registration_link AS l SET uses_left = uses_left - 1 \
                 WHERE {LINK_IS_VALID} AND l.token = $2"
            );
            let used = sqlx::query(&text).bind(now.0).bind(token).execute(tx.write()).await?;
            if used.rows_affected() > 0 {
                return Ok(());
            }
        }
        (RegistrationMode::ByLink, None) | (RegistrationMode::Closed, _) => {}
    }
    Err(KithError::RegistrationClosed.into())
}

impl Store {
    /// Returns the registration mode; `open` is the configuration's.
    pub async fn registration_mode(&self, open: bool) -> Result<RegistrationMode> {
        let mut connection = self.reads.acquire().await.map_err(Failure::from)?;
        Ok(mode(&mut connection, open).await?)
    }
}

//! Who is there just now, and who is writing. Never stored.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::Contact;

impl Kith {
    pub async fn typing(&self, _: Caller, _: Contact) -> Result<()> {
        Err(KithError::Internal)
    }
}

//! The registration mode and the registration links, which administrators control.

use super::check_number;
use crate::error::Result;
use crate::model::Timestamp;
use crate::model::administration::{
    AdminActor, RegistrationLink, RegistrationMode, RegistrationState,
};
use crate::model::limits::{DAY_MS, LINK_DAYS_MAX, LINK_USES_MAX};
use crate::service::Kith;
use crate::service::accounts::new_token;
use crate::store::{CreateRegistrationLink, RevokeRegistrationLink, SetRegistration};

impl Kith {
    /// Returns who may register, and the valid links.
    pub async fn registration_state(&self, by: AdminActor) -> Result<RegistrationState> {
        self.store().check_administrator(by).await?;
        let mode = self.store().registration_mode(self.policy().registration_open).await?;
        let links = self.store().registration_links(self.now()).await?;
        Ok(RegistrationState { mode, links })
    }

    /// Sets who may register from now on. This overrides the configuration.
    pub async fn set_registration(&self, by: AdminActor, mode: RegistrationMode) -> Result<()> {
        self.administer(by, SetRegistration { mode }).await
    }

    /// Makes a link with which `uses` (1 to 1000) people may register within `days` (1 to 90). It
    /// has an effect only in the mode `ByLink`.
    pub async fn create_registration_link(
        &self,
        by: AdminActor,
        uses: i64,
        days: i64,
    ) -> Result<RegistrationLink> {
        self.store().check_administrator(by).await?;
        check_number(uses, LINK_USES_MAX)?;
        check_number(days, LINK_DAYS_MAX)?;
        let until = Timestamp(self.now().0.saturating_add(days * DAY_MS));
        let token = new_token();
        self.administer(by, CreateRegistrationLink { token, uses, until }).await
    }

    /// Revokes a link. `NotFound` when there is none.
    pub async fn revoke_registration_link(&self, by: AdminActor, token: &str) -> Result<()> {
        self.administer(by, RevokeRegistrationLink { token: token.to_string() }).await
    }
}

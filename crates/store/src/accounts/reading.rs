//! How the pages are written for a person, wherever they sign in.

use domain::{TenantId, UserId};
use sea_orm::ActiveValue::Set;

use super::records::{self, Profile};
use crate::{Store, StoreError};

/// What a person chose; `None` leaves it to the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Tag of the language (BCP 47).
    pub language: Option<String>,
    /// Name of the zone of their clock (IANA).
    pub zone: Option<String>,
}

impl Store {
    /// Keeps with an account how its person reads the pages.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Seal`].
    pub async fn set_reading(
        &self,
        tenant: TenantId,
        id: UserId,
        reading: &Reading,
    ) -> Result<(), StoreError> {
        let account = self
            .account(tenant, id)
            .await?
            .ok_or_else(|| StoreError::not_found("account", id))?;
        let profile = Profile {
            mail: account.mail,
            name: account.name,
            reading: reading.clone(),
        };
        let keys = self.tenant_keys(tenant).await?;
        let sealed = records::seal_profile(&keys, id, &profile, &*self.chance)?;
        let deed = self.account_deed(tenant, id, &id.to_string(), "reading");
        self.change(deed, tenant, id, |account| {
            account.profile = Set(sealed.clone());
        })
        .await
    }
}

//! How the pages are written for a person, wherever they sign in.

use domain::Secret;
use store::{Account, Reading};

use crate::app::App;
use crate::error::AppError;

impl App {
    /// Keeps with the account what the person chose.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn set_reading(&self, account: &Account, reading: &Reading) -> Result<(), AppError> {
        let kept = self.store.set_reading(account.tenant, account.id, reading);
        Ok(kept.await?)
    }

    /// What the person of a session chose; nothing for a key's or a guest's.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn reading_of(&self, token: &Secret) -> Result<Reading, AppError> {
        let caller = self.session_caller(token).await?;
        let Some((tenant, user)) = caller.and_then(|one| Some((one.tenant, one.user()?))) else {
            return Ok(Reading::default());
        };
        Ok(self.person_of(tenant, user).await?.reading)
    }
}

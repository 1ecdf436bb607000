//! Alerts: what was raised, and delivering it into a folder of files.
//!
//! A file holds ids and times only: whoever reads it looks the rest up under a permit.

use std::path::Path;

use domain::DefinitionName;
use policy::Scope;
use serde_json::json;
use store::Alert;

use crate::app::App;
use crate::error::AppError;
use crate::reading::rfc3339;

/// Alerts delivered in one go.
const AT_ONCE: u64 = 500;

/// An alert with the name of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertView {
    /// Ids and times.
    pub alert: Alert,
    /// The definition's name; none where it is gone.
    pub name: Option<DefinitionName>,
}

impl App {
    /// A tenant's newest alerts.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn alerts(&self, scope: &Scope, limit: u64) -> Result<Vec<AlertView>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let named = self
            .store
            .definitions(&permit, domain::DefinitionKind::Alert)
            .await?;
        let alerts = self.store.alerts(&permit, false, limit).await?;
        let view = |alert: Alert| AlertView {
            name: named
                .iter()
                .find(|one| one.id == alert.definition)
                .map(|one| one.name.clone()),
            alert,
        };
        Ok(alerts.into_iter().map(view).collect())
    }

    /// Writes the alerts that wait into a folder, one file each, named by the alert's id: a
    /// delivery that was cut off writes the same file again. Says how many.
    ///
    /// # Errors
    /// [`AppError::Io`] where the folder cannot be written; [`AppError::Denied`].
    pub async fn deliver_alerts(&self, scope: &Scope, folder: &Path) -> Result<usize, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let waiting = self.store.alerts(&permit, true, AT_ONCE).await?;
        let failed = || format!("write the alerts to `{}`", folder.display());
        std::fs::create_dir_all(folder).map_err(AppError::io(failed()))?;
        for alert in &waiting {
            let text = json!({
                "type": "alert.raised",
                "timestamp": rfc3339(alert.raised),
                "data": {
                    "id": alert.id.to_string(),
                    "alert": alert.definition.to_string(),
                    "interaction": alert.interaction.to_string(),
                },
            });
            let part = folder.join(format!("{}.part", alert.id));
            let whole = folder.join(format!("{}.json", alert.id));
            std::fs::write(&part, format!("{text}\n")).map_err(AppError::io(failed()))?;
            std::fs::rename(&part, &whole).map_err(AppError::io(failed()))?;
            self.store.alert_delivered(&permit, alert.id).await?;
        }
        Ok(waiting.len())
    }
}

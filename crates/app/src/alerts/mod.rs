//! Alerts: what was raised with its evidence, the routes that tell recipients of it, and sending.
//!
//! What leaves holds ids and times and the alert's name: whoever gets it looks the rest up under a
//! permit of their own.

mod routes;
mod sending;
mod sighted;

use domain::{AlertId, DefinitionKind, DefinitionName, Finding};
use policy::Scope;
use store::{Alert, Delivery};

use crate::app::App;
use crate::error::AppError;
use crate::finding::{Snippet, snippet};
use crate::reading::shown;

pub use routes::{AlertRoute, NewRoute, RouteView, Tried};
pub use sending::Told;
pub use sighted::SightingTold;

/// Messages listed.
const MESSAGES: u64 = 200;
/// Snippets shown of one alert.
const SNIPPETS: usize = 2;

/// An alert with the name of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertView {
    /// Ids and times.
    pub alert: Alert,
    /// The definition's name; none where it is gone.
    pub name: Option<DefinitionName>,
    /// The messages that tell of it, newest first.
    pub deliveries: Vec<Delivery>,
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
            .definitions(&permit, DefinitionKind::Alert)
            .await?;
        let alerts = self.store.alerts(&permit, limit).await?;
        let deliveries = self.store.deliveries(&permit, MESSAGES).await?;
        let told_of = |delivery: &Delivery, id: AlertId| {
            delivery.alerts.iter().any(|(alert, _)| *alert == id)
        };
        let view = |alert: Alert| AlertView {
            name: named
                .iter()
                .find(|one| one.id == alert.definition)
                .map(|one| one.name.clone()),
            deliveries: deliveries
                .iter()
                .filter(|one| told_of(one, alert.id))
                .cloned()
                .collect(),
            alert,
        };
        Ok(alerts.into_iter().map(view).collect())
    }

    /// The words that raised an alert, where words did; none where its interaction may not be
    /// opened.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn alert_evidence(
        &self,
        scope: &Scope,
        alert: &Alert,
    ) -> Result<Vec<Snippet>, AppError> {
        let permit = match self.ask_to_review(scope, alert.interaction).await {
            Ok(permit) => permit,
            Err(AppError::Denied(_) | AppError::NotFound { .. }) => return Ok(Vec::new()),
            Err(other) => return Err(other),
        };
        let found = match self.store.findings(&permit).await {
            Ok(found) => found,
            Err(store::StoreError::Withheld(_)) => return Ok(Vec::new()),
            Err(other) => return Err(other.into()),
        };
        let own = found
            .into_iter()
            .find(|one| one.definition == alert.definition);
        let Some(Finding::Alert(evidence)) = own.map(|one| one.finding) else {
            return Ok(Vec::new());
        };
        if evidence.is_empty() {
            return Ok(Vec::new());
        }
        let Ok(transcript) = shown(self.store.redacted_transcript(&permit).await)? else {
            return Ok(Vec::new());
        };
        let shown = evidence.iter().take(SNIPPETS);
        Ok(shown.filter_map(|one| snippet(&transcript, one)).collect())
    }
}

//! The audit of redaction: plants invented secrets in conversations of every form, runs them
//! through the whole product, in an installation of its own or in the one at work, and looks for
//! them everywhere the product writes. It measures what is missed; it cannot prove that nothing is.

mod ground;
mod interval;
mod look;
mod plant;
mod report;
mod run;
mod sighting;
mod voice;

use std::path::PathBuf;

use domain::TenantId;

use crate::app::App;
use crate::error::AppError;

pub use interval::Interval;
pub use report::{AlarmsOfKind, AuditReport, FalseAlarms, PlaceFound, Skipped, TypeFound};
pub use sighting::deliver_sightings;

/// What to plant.
#[derive(Debug, Clone)]
pub struct AuditOrder {
    /// Written secrets of each type.
    pub written: usize,
    /// Spoken card numbers in each of the two kinds of recordings; other types get a fifth.
    pub spoken: usize,
    /// The same seed plants the same secrets.
    pub seed: u64,
    /// Whose settings apply; without, the installation's.
    pub tenant: Option<TenantId>,
    /// Plant in this installation, under a tenant of its own, and erase everything afterwards.
    pub live: bool,
    /// A file that everything logged in the meantime goes to, to be looked through too.
    pub log: Option<PathBuf>,
}

impl App {
    /// Audits redaction in a scratch installation under the data folder, which is removed
    /// afterwards, or in this one with canaries that are erased afterwards, and keeps the report.
    /// `seen` is told what is being done.
    ///
    /// # Errors
    /// [`AppError::Io`] where a folder cannot be made or read; [`AppError::Input`] where a canary
    /// is not confirmed to be erased; whatever the product's
    /// own parts report. A secret that is seen is no error: the report says so.
    pub async fn audit_redaction(
        &self,
        order: &AuditOrder,
        seen: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<AuditReport, AppError> {
        let settings = match order.tenant {
            Some(tenant) => self.redaction_rules(tenant).await?,
            None => self.installation_rules().await?,
        };
        let report = run::audit(self, order, &settings, seen).await?;
        let text = serde_json::to_string(&report)
            .map_err(|_| AppError::Input("the report cannot be written as JSON".to_owned()))?;
        self.store.keep_audit(&text).await?;
        Ok(report)
    }

    /// The latest audit's report: the measured miss rate with its date and sample size.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Input`] where a stored report is of a later form.
    pub async fn redaction_report(&self) -> Result<Option<AuditReport>, AppError> {
        Ok(self.redaction_reports(1).await?.pop())
    }

    /// The latest audits' reports, newest first.
    ///
    /// # Errors
    /// As [`App::redaction_report`].
    pub async fn redaction_reports(&self, limit: u64) -> Result<Vec<AuditReport>, AppError> {
        let latest = self.store.audits(limit).await?;
        latest.iter().map(|stored| read(&stored.report)).collect()
    }
}

fn read(text: &str) -> Result<AuditReport, AppError> {
    serde_json::from_str(text).map_err(|_| {
        AppError::Input(
            "the stored audit report is of a form that this program does not know; audit again"
                .to_owned(),
        )
    })
}

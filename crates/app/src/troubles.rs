//! Failed, stopped and refused work: visible with its reason, and replayable.

use domain::{DataCategory, InteractionId, Timestamp};
use policy::Scope;

use crate::app::App;
use crate::error::AppError;

/// Something that did not get through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The interaction, or `intake` for what was refused at the door.
    pub what: String,
    /// The stage that failed or was stopped.
    pub stage: String,
    /// A short stable key; for a refusal by policy the clauses.
    pub reason: String,
    /// What happened and what to do.
    pub sentence: String,
    /// When.
    pub at: Timestamp,
}

impl App {
    /// Everything of a tenant that failed, was stopped by the policy or refused at intake.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn troubles(&self, scope: &Scope) -> Result<Vec<Trouble>, AppError> {
        let permit = self
            .ask_to_find(scope, &[DataCategory::InteractionMetadata])
            .await?;
        let failed = self.store.failed(permit.tenant()).await?;
        let refused = self.store.refusals(permit.tenant()).await?;
        let mut troubles: Vec<Trouble> = failed
            .into_iter()
            .map(|job| Trouble {
                what: job.interaction.to_string(),
                stage: job.stage.to_string(),
                reason: job.code,
                sentence: job.sentence,
                at: job.at,
            })
            .collect();
        troubles.extend(refused.into_iter().map(|refusal| Trouble {
            what: "intake".to_owned(),
            stage: refusal.kind,
            reason: refusal.reason,
            sentence: refusal.sentence,
            at: refusal.at,
        }));
        troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.at));
        Ok(troubles)
    }

    /// Puts failed and stopped interactions back into the queue, at the stage where they stopped.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn replay(
        &self,
        scope: &Scope,
        only: Option<InteractionId>,
    ) -> Result<u64, AppError> {
        Ok(self.store.replay(scope.tenant(), only).await?)
    }

    /// Stages that wait or are at work, each interaction counted with all it has before it.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn waiting(&self) -> Result<u64, AppError> {
        Ok(self.store.waiting().await?)
    }
}

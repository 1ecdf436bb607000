//! Restriction (GDPR Art. 18) and objection (Art. 21): from now on what the person refuses does not
//! take place with the interactions in which they take part. They stay, sealed, until it is lifted.

use std::collections::BTreeSet;

use domain::{CaseId, InteractionId, Purpose};
use policy::{Scope, Seal};

use super::{Outcome, RequestKind};
use crate::app::App;
use crate::error::AppError;

/// What a restriction leaves: keeping, erasing, answering for the data, and what a law demands.
const RESTRICTED: &[Purpose] = &[
    Purpose::Transcription,
    Purpose::Redaction,
    Purpose::Analysis,
    Purpose::Review,
    Purpose::Playback,
    Purpose::Export,
    Purpose::Sharing,
];

impl App {
    /// Refuses uses on behalf of a case's person, in every interaction in which they take part, and
    /// ends the case. A restriction refuses everything but keeping; an objection what it names.
    ///
    /// # Errors
    /// [`AppError::Input`] for another kind of case, for one that ended, or for an objection to
    /// nothing, or to a use that cannot be objected to.
    pub async fn refuse_for(
        &self,
        scope: &Scope,
        id: CaseId,
        objected: &BTreeSet<Purpose>,
    ) -> Result<Vec<InteractionId>, AppError> {
        let case = self.case(scope, id).await?.body;
        let refused = match case.kind {
            RequestKind::Restriction => RESTRICTED.iter().copied().collect(),
            RequestKind::Objection => objected.clone(),
            _ => {
                return Err(AppError::Input(format!(
                    "`{id}` asks neither for restriction nor objects"
                )));
            }
        };
        if refused.is_empty() || refused.iter().any(|one| !RESTRICTED.contains(one)) {
            let keys: Vec<&str> = RESTRICTED.iter().map(|one| one.key()).collect();
            return Err(AppError::Input(format!(
                "an objection names the uses that stop: {}",
                keys.join(", ")
            )));
        }
        if case.outcome.is_some() {
            return Err(AppError::Input(format!("`{id}` has ended")));
        }
        let found = self.interactions_of_case(scope, id).await?;
        let permit = self.keep::<Seal>(scope).await?;
        for interaction in &found {
            let facts = self.store.facts(scope.tenant(), *interaction).await?;
            let mut all = facts.map(|facts| facts.refused).unwrap_or_default();
            all.extend(refused.iter().copied());
            self.store.refuse(&permit, *interaction, &all).await?;
        }
        let what = format!(
            "what you refuse stops in {} conversations, until it is lifted; you are told before",
            found.len()
        );
        self.end_case(scope, id, &Outcome::Fulfilled { what })
            .await?;
        Ok(found)
    }

    /// Lifts what was refused for interactions: the person agreed, or the reason is gone.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn lift_refusals(
        &self,
        scope: &Scope,
        interactions: &BTreeSet<InteractionId>,
    ) -> Result<(), AppError> {
        let permit = self.keep::<Seal>(scope).await?;
        for id in interactions {
            self.store.refuse(&permit, *id, &BTreeSet::new()).await?;
        }
        Ok(())
    }
}

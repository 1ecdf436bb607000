//! How an agent's request stands, in the protocol's words, and telling the agent of changes.

use std::collections::HashMap;

use domain::{RequestId, TenantId, Timestamp};
use policy::{Find, Seal};
use serde::Serialize;
use store::Filed;

use super::super::{Case, Justification, Outcome, Request};
use super::exercising::{PATIENCE, waited_in_vain};
use crate::app::App;
use crate::error::AppError;
use crate::reading::rfc3339;

/// The status object of section 3.03.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightsStanding {
    /// The request's number here.
    pub request_id: String,
    /// The agent's own number for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_request_id: Option<String>,
    /// When it came in, RFC 3339.
    pub received_at: String,
    /// By when the person is answered, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_by: Option<String>,
    /// `in_progress`, `fulfilled`, `revoked` or `denied`.
    pub status: &'static str,
    /// As section 3.02 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// A sentence; nothing of what anybody wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing_details: Option<&'static str>,
    /// Where the person proves that the address is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_verification_url: Option<String>,
    /// Until when it waits for the proof, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl RightsStanding {
    /// Whether nothing more will come.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.status != "in_progress"
    }

    /// What a change is told by.
    fn mark(&self) -> String {
        format!(
            "{}/{}/{}",
            self.status,
            self.reason.unwrap_or_default(),
            self.expected_by.as_deref().unwrap_or_default()
        )
    }
}

/// A status with its reason and sentence.
type Word = (&'static str, Option<&'static str>, Option<&'static str>);

/// What tenants have of requests: read once for many.
type Cases = HashMap<TenantId, HashMap<RequestId, Vec<Case>>>;

impl App {
    pub(super) async fn rights_standing(
        &self,
        seen: &Filed<Request>,
    ) -> Result<RightsStanding, AppError> {
        self.rights_standing_by(seen, &mut Cases::new()).await
    }

    async fn rights_standing_by(
        &self,
        seen: &Filed<Request>,
        cases: &mut Cases,
    ) -> Result<RightsStanding, AppError> {
        let request = &seen.body;
        let only = request.agent.as_ref().and_then(|acting| acting.tenant);
        let asks = request.proven.is_some() && request.outcome.is_none();
        let at_tenants = if asks {
            self.cases_at(seen.id, only, cases).await?
        } else {
            Vec::new()
        };
        let (status, reason, processing_details) = word(seen, &at_tenants, self.now());
        let waits = reason == Some("need_user_verification");
        let due = at_tenants.iter().map(|case| case.due).max();
        let (_, public) = self.offered()?;
        Ok(RightsStanding {
            request_id: seen.id.to_string(),
            agent_request_id: request.agent.as_ref().and_then(|one| one.number.clone()),
            received_at: rfc3339(seen.filed),
            expected_by: (status == "in_progress").then(|| rfc3339(due.unwrap_or(request.due))),
            status,
            reason,
            processing_details,
            user_verification_url: waits.then(|| format!("{public}/requests/verify/{}", seen.id)),
            expires_at: waits.then(|| rfc3339(seen.filed.plus(PATIENCE))),
        })
    }

    async fn cases_at(
        &self,
        id: RequestId,
        only: Option<TenantId>,
        cases: &mut Cases,
    ) -> Result<Vec<Case>, AppError> {
        let mut found = Vec::new();
        for tenant in self.store.tenants().await? {
            if only.is_some_and(|only| only != tenant.id) {
                continue;
            }
            let known = if let Some(known) = cases.get(&tenant.id) {
                known
            } else {
                let finding = self.keep::<Find>(&self.clockwork(tenant.id)).await?;
                let all = self
                    .store
                    .register::<Case>(&finding, &[], None, 10_000)
                    .await?;
                let mut by_request: HashMap<RequestId, Vec<Case>> = HashMap::new();
                for one in all {
                    let of = by_request.entry(one.body.request).or_default();
                    of.push(one.body);
                }
                cases.entry(tenant.id).or_insert(by_request)
            };
            found.extend(known.get(&id).cloned().unwrap_or_default());
        }
        Ok(found)
    }

    /// Tells agents what has changed, where they want to be told, and passes on what could not be
    /// before. What fails is tried again at the next look. Says how many were told.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn tell_rights_agents(&self) -> Result<usize, AppError> {
        if self.offered().is_err() {
            return Ok(0);
        }
        let desk = self.privacy_desk("clock");
        let finding = self.keep::<Find>(&desk).await?;
        let all = self
            .store
            .register::<Request>(&finding, &[], None, 100_000)
            .await?;
        let (mut told, mut cases) = (0, Cases::new());
        for seen in all.iter().filter(|one| one.body.agent.is_some()) {
            let stuck = seen.body.proven.is_some()
                && seen.body.reached.is_none()
                && seen.body.outcome.is_none();
            if stuck && let Err(error) = self.pass_on(seen.id).await {
                tracing::warn!(
                    request = seen.id.to_string(),
                    error = error.to_string(),
                    "a proven request could not be passed on yet"
                );
            }
            let seen = if stuck {
                &self.request_record(seen.id).await?
            } else {
                seen
            };
            told += usize::from(self.tell_agent(seen, &mut cases).await?);
        }
        Ok(told)
    }

    async fn tell_agent(&self, seen: &Filed<Request>, cases: &mut Cases) -> Result<bool, AppError> {
        let Some(acting) = &seen.body.agent else {
            return Ok(false);
        };
        let Some(callback) = &acting.callback else {
            return Ok(false);
        };
        let standing = self.rights_standing_by(seen, cases).await?;
        let mark = standing.mark();
        if acting.told.as_deref() == Some(mark.as_str()) {
            return Ok(false);
        }
        let permit = self.keep::<Seal>(&self.privacy_desk("clock")).await?;
        let body = serde_json::to_vec(&standing).unwrap_or_default();
        let sent = self
            .gateway
            .call_back(&permit, callback, body, self.now())
            .await;
        if let Err(error) = sent {
            tracing::warn!(
                request = seen.id.to_string(),
                error = error.to_string(),
                "an agent could not be told; tried again"
            );
            return Ok(false);
        }
        let mut known = seen.body.clone();
        if let Some(acting) = &mut known.agent {
            acting.told = Some(mark);
        }
        self.store.amend(&permit, seen, &known).await?;
        Ok(true)
    }
}

fn word(seen: &Filed<Request>, cases: &[Case], now: Timestamp) -> Word {
    let request = &seen.body;
    if let Some(outcome) = &request.outcome {
        return ended(outcome);
    }
    if request.proven.is_none() {
        return if waited_in_vain(seen, now) {
            (
                "denied",
                Some("insuf_verification"),
                Some("nobody proved that the address is theirs"),
            )
        } else {
            (
                "in_progress",
                Some("need_user_verification"),
                Some("a code was sent to the address; its holder proves it on the page"),
            )
        };
    }
    if request.reached.is_some() && cases.is_empty() {
        return (
            "denied",
            Some("no_match"),
            Some("nobody whom the request was for holds anything with this address"),
        );
    }
    let ends: Vec<&Outcome> = cases
        .iter()
        .filter_map(|one| one.outcome.as_ref())
        .collect();
    if cases.is_empty() || ends.len() < cases.len() {
        let longer = cases.iter().any(|one| one.extension.is_some());
        let details = if longer {
            "more time is taken; the person was told why"
        } else {
            "it lies with whoever holds something; they answer the person"
        };
        return ("in_progress", None, Some(details));
    }
    let done = ends
        .iter()
        .find(|one| matches!(one, Outcome::Fulfilled { .. }));
    done.or(ends.first())
        .map_or(("denied", Some("other"), None), |outcome| ended(outcome))
}

fn ended(outcome: &Outcome) -> Word {
    let told = Some("the person was told by letter");
    match outcome {
        Outcome::Fulfilled { .. } => ("fulfilled", None, told),
        Outcome::Withdrawn { .. } => ("revoked", None, None),
        Outcome::Referred { .. } => (
            "denied",
            Some("other"),
            Some("it was referred to an authority; the person was told by letter which"),
        ),
        Outcome::Refused { why, .. } => {
            let reason = match why {
                Justification::NotIdentified => "insuf_verification",
                Justification::Excessive => "too_many_requests",
                Justification::LegalObligation
                | Justification::LegalClaims
                | Justification::RightsOfOthers => "claim_not_covered",
                Justification::Unfounded => "other",
            };
            ("denied", Some(reason), Some(why.words()))
        }
    }
}

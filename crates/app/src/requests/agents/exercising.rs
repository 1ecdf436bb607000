//! An agent's message on its way to a request like any other.

use domain::{Millis, RequestId, Secret, TenantId, Timestamp};
use formats::rights::{Envelope, Exercise, Right, exercise, revocation};
use policy::{Find, Seal};
use sha2::{Digest, Sha256};
use store::Filed;

use super::super::{Acting, Case, Law, Outcome, Request, RequestKind};
use super::standing::RightsStanding;
use super::{Bearer, RightsFault, hashed, signed};
use crate::app::App;
use crate::error::AppError;
use crate::requests::intake::{Admission, CODE_LIFE, zone};

/// Requests of one agent within an hour.
const AN_HOUR: usize = 200;
const HOUR: Millis = Millis(3_600_000);
/// How long a request waits for its person's proof.
pub(super) const PATIENCE: Millis = Millis(7 * 86_400_000);
/// Codes that are sent for one request.
const CODES: u8 = 3;

impl App {
    /// Takes a request in that an agent signed. The same message again is the same request.
    ///
    /// # Errors
    /// [`RightsFault`], the checks in the order of section 3.07; [`AppError::Outbound`] where no
    /// letters can leave.
    pub async fn exercise_right(
        &self,
        token: &Secret,
        body: &str,
    ) -> Result<RightsStanding, AppError> {
        let envelope = Envelope::read(body).map_err(RightsFault::from)?;
        let bearer = self.bearer(token).await?;
        let message = signed(&bearer.seen.body, &envelope)?;
        let asked = exercise(message).map_err(RightsFault::from)?;
        let key = &bearer.seen.body.key;
        self.within(&asked.bounds, key, Some(&bearer.business))
            .await?;
        let (kind, law) = meaning(&asked)?;
        let who = asked.mail.clone().ok_or_else(|| {
            RightsFault::Unusable(
                "`email` is missing: the person is told by letter, and only mail is sent from here"
                    .to_owned(),
            )
        })?;
        let callback = callback(&asked, &bearer.seen.body.site)?;
        let admitted = self.admit(&who, &Secret::new("")).await?;
        let sha256 = hex::encode(Sha256::digest(message));
        let by_agent = |one: &&Filed<Request>| {
            let acting = one.body.agent.as_ref();
            acting.is_some_and(|acting| acting.agent == bearer.seen.id)
        };
        let mine: Vec<_> = admitted.recent.iter().filter(by_agent).collect();
        let same = mine.iter().find(|one| {
            let acting = one.body.agent.as_ref();
            acting.is_some_and(|acting| acting.message_sha256 == sha256)
        });
        if let Some(same) = same {
            return self.rights_standing(same).await;
        }
        let now = self.now();
        if mine
            .iter()
            .filter(|one| now.since(one.filed) < HOUR)
            .count()
            >= AN_HOUR
        {
            return Err(RightsFault::TooMany.into());
        }
        let acting = Acting {
            agent: bearer.seen.id,
            name: bearer.seen.body.name.clone(),
            tenant: bearer.tenant,
            number: asked.number.clone(),
            callback,
            message_sha256: sha256,
            codes: 1,
            told: None,
            withdrawn: None,
        };
        let vouched = asked.mail_verified && bearer.seen.body.trusted;
        let id = self
            .file_for_agent(kind, law, &admitted, acting, vouched)
            .await?;
        if vouched {
            // A letter that fails is tried again by the clock; the request is not lost by it.
            if let Err(error) = self.pass_on(id).await {
                tracing::warn!(
                    request = id.to_string(),
                    error = error.to_string(),
                    "a proven request could not be passed on yet"
                );
            }
        }
        let seen = self.request_record(id).await?;
        self.rights_standing(&seen).await
    }

    async fn file_for_agent(
        &self,
        kind: RequestKind,
        law: Law,
        admitted: &Admission,
        acting: Acting,
        vouched: bool,
    ) -> Result<RequestId, AppError> {
        let now = self.now();
        let code = if vouched || !admitted.gets_letters() {
            None
        } else {
            Some(self.code()?)
        };
        let request = Request {
            kind,
            law,
            identifier: admitted.who.value().clone(),
            blinded: admitted.blinded.clone(),
            message: Secret::new(format!("Asked for by {}.", acting.name)),
            // Nobody holds a ticket: the agent asks by its key, the person proves by the code.
            ticket_sha256: String::new(),
            code_sha256: code.as_ref().map(hashed),
            code_until: now.plus(CODE_LIFE),
            attempts: 0,
            proven: vouched.then_some(now),
            reached: None,
            due: law.answer_by(now, &zone(law)),
            escalated: Vec::new(),
            outcome: None,
            agent: Some(acting),
        };
        let permit = self
            .keep::<Seal>(&self.privacy_desk("rights_agent"))
            .await?;
        let id = self.store.file(&permit, &request).await?;
        if let Some(code) = code {
            self.send_code(&permit, id, &request, &code).await?;
        }
        Ok(id)
    }

    /// How an agent's request stands.
    ///
    /// # Errors
    /// [`RightsFault::Forbidden`] for another agent's request and for none alike.
    pub async fn right_exercised(
        &self,
        token: &Secret,
        id: RequestId,
    ) -> Result<RightsStanding, AppError> {
        let bearer = self.bearer(token).await?;
        let seen = self.acted_for(&bearer, id).await?;
        self.rights_standing(&seen).await
    }

    /// Takes a request back for its person: what is open at tenants ends there too.
    ///
    /// # Errors
    /// [`RightsFault`]; [`RightsFault::Ended`] where it had ended.
    pub async fn revoke_right(
        &self,
        token: &Secret,
        id: RequestId,
        body: &str,
    ) -> Result<RightsStanding, AppError> {
        let envelope = Envelope::read(body).map_err(RightsFault::from)?;
        let bearer = self.bearer(token).await?;
        let message = signed(&bearer.seen.body, &envelope)?;
        let reason = revocation(message).map_err(RightsFault::from)?;
        let seen = self.acted_for(&bearer, id).await?;
        let standing = self.rights_standing(&seen).await?;
        if standing.status == "revoked" {
            return Ok(standing);
        }
        if standing.is_final() {
            return Err(RightsFault::Ended.into());
        }
        let outcome = Outcome::Withdrawn {
            why: "the person took it back through their agent".to_owned(),
        };
        for (tenant, case) in self.open_cases(id, bearer.tenant).await? {
            self.end_case(&self.clockwork(tenant), case, &outcome)
                .await?;
        }
        let mut withdrawn = seen.body.clone();
        withdrawn.outcome = Some(outcome);
        if let Some(acting) = &mut withdrawn.agent {
            acting.withdrawn = Some(Secret::new(shortened(&reason)));
        }
        let permit = self
            .keep::<Seal>(&self.privacy_desk("rights_agent"))
            .await?;
        self.store.amend(&permit, &seen, &withdrawn).await?;
        let seen = self.request_record(id).await?;
        self.rights_standing(&seen).await
    }

    async fn open_cases(
        &self,
        id: RequestId,
        only: Option<TenantId>,
    ) -> Result<Vec<(TenantId, domain::CaseId)>, AppError> {
        let mut open = Vec::new();
        for tenant in self.store.tenants().await? {
            if only.is_some_and(|only| only != tenant.id) {
                continue;
            }
            let finding = self.keep::<Find>(&self.clockwork(tenant.id)).await?;
            let states = &["open", "paused", "escalated"];
            let cases = self
                .store
                .register::<Case>(&finding, states, None, 10_000)
                .await?;
            open.extend(
                cases
                    .into_iter()
                    .filter(|one| one.body.request == id)
                    .map(|one| (tenant.id, one.id)),
            );
        }
        Ok(open)
    }

    /// The person's own proof of a request that an agent made, by the code from the letter.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a request that no agent made; [`AppError::Input`] for a wrong or
    /// old code.
    pub async fn prove_for_agent(&self, id: RequestId, code: &Secret) -> Result<(), AppError> {
        let seen = self.of_an_agent(id).await?;
        self.try_code(seen, code).await
    }

    /// Sends the person a new code.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Input`] where it is proven, has waited too long, or got
    /// all its codes.
    pub async fn renew_code(&self, id: RequestId) -> Result<(), AppError> {
        let seen = self.of_an_agent(id).await?;
        let now = self.now();
        let codes = seen
            .body
            .agent
            .as_ref()
            .map_or(CODES, |acting| acting.codes);
        let waits = seen.body.proven.is_none() && seen.body.outcome.is_none();
        if !waits || codes >= CODES || now.since(seen.filed) >= PATIENCE {
            return Err(AppError::Input(
                "no further code is sent for this request; let it be made anew".to_owned(),
            ));
        }
        let admitted = self.admit(&seen.body.identifier, &Secret::new("")).await?;
        let code = admitted.gets_letters().then(|| self.code()).transpose()?;
        let mut renewed = seen.body.clone();
        renewed.code_sha256 = code.as_ref().map(hashed);
        renewed.code_until = now.plus(CODE_LIFE);
        renewed.attempts = 0;
        if let Some(acting) = &mut renewed.agent {
            acting.codes = codes.saturating_add(1);
        }
        let permit = self.keep::<Seal>(&self.privacy_desk("public")).await?;
        self.store.amend(&permit, &seen, &renewed).await?;
        if let Some(code) = code {
            self.send_code(&permit, id, &renewed, &code).await?;
        }
        Ok(())
    }

    /// Who asks for a request that an agent made, and the origin of their site; for the page on
    /// which its person proves it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a request that no agent made.
    pub async fn agent_behind(&self, id: RequestId) -> Result<(String, String), AppError> {
        let seen = self.of_an_agent(id).await?;
        let acting = seen.body.agent.ok_or_else(|| missing(id))?;
        let desk = self.privacy_desk("public");
        let reading = self.keep::<policy::Read>(&desk).await?;
        let agent = self
            .store
            .filed::<super::RightsAgent>(&reading, acting.agent)
            .await?;
        Ok((acting.name, agent.body.site))
    }

    async fn of_an_agent(&self, id: RequestId) -> Result<Filed<Request>, AppError> {
        match self.request_record(id).await {
            Ok(seen) if seen.body.agent.is_some() => Ok(seen),
            Ok(_) | Err(AppError::NotFound { .. }) => Err(missing(id)),
            Err(other) => Err(other),
        }
    }

    async fn acted_for(&self, bearer: &Bearer, id: RequestId) -> Result<Filed<Request>, AppError> {
        let theirs = |seen: &Filed<Request>| {
            let acting = seen.body.agent.as_ref();
            acting.is_some_and(|acting| {
                acting.agent == bearer.seen.id && acting.tenant == bearer.tenant
            })
        };
        match self.request_record(id).await {
            Ok(seen) if theirs(&seen) => Ok(seen),
            Ok(_) | Err(AppError::NotFound { .. }) => {
                Err(RightsFault::Forbidden("this agent made no such request").into())
            }
            Err(other) => Err(other),
        }
    }
}

fn missing(id: RequestId) -> AppError {
    AppError::NotFound {
        what: "request",
        name: id.to_string(),
    }
}

fn meaning(asked: &Exercise) -> Result<(RequestKind, Law), RightsFault> {
    let kind = match asked.right {
        Some(Right::Access) => RequestKind::Access,
        Some(Right::Deletion) => RequestKind::Erasure,
        Some(Right::OptOut) => RequestKind::Objection,
        None => {
            return Err(RightsFault::Unusable(format!(
                "`exercise` must be one of {}",
                Right::SUPPORTED.join(", ")
            )));
        }
    };
    let law = match asked.regime.as_deref() {
        None | Some("ccpa") => Law::Ccpa,
        Some("gdpr") => Law::Gdpr,
        Some(_) => {
            return Err(RightsFault::Unusable(
                "`regime` must be `ccpa`, `gdpr` or left out".to_owned(),
            ));
        }
    };
    Ok((kind, law))
}

/// Where to tell the agent: on its own site and nowhere else.
fn callback(asked: &Exercise, site: &str) -> Result<Option<Secret>, RightsFault> {
    let Some(url) = &asked.callback else {
        return Ok(None);
    };
    let path = url.strip_prefix(site);
    if path.is_some_and(|path| path.is_empty() || path.starts_with('/')) {
        Ok(Some(Secret::new(url.as_str())))
    } else {
        Err(RightsFault::Unusable(
            "`status_callback` must be on the agent's own site, as it is entered here".to_owned(),
        ))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(1_000).collect()
}

/// Whether a request has waited in vain.
pub(super) fn waited_in_vain(seen: &Filed<Request>, now: Timestamp) -> bool {
    seen.body.proven.is_none() && now.since(seen.filed) >= PATIENCE
}

//! A person's request as it lies with one tenant: a clock, an answer, or the way back.

use std::fmt;
use std::str::FromStr;

use domain::{CaseId, IdError, RequestId, Secret, Timestamp};
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};

use super::intake::{letter, zone};
use super::{Escalation, Law, Request, RequestKind};
use crate::app::App;
use crate::error::AppError;
use crate::keyed;

/// Why a request may be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Justification {
    /// Manifestly unfounded (GDPR Art. 12(5)).
    Unfounded,
    /// Excessive, in particular repetitive (Art. 12(5)).
    Excessive,
    /// The person cannot be identified (Art. 12(2), 12(6)).
    NotIdentified,
    /// It would harm the rights of others (Art. 15(4)).
    RightsOfOthers,
    /// A duty by law demands that it is kept (Art. 17(3)(b)).
    LegalObligation,
    /// It is needed for legal claims (Art. 17(3)(e)).
    LegalClaims,
}

impl Justification {
    /// Every one with its key and the words of the letter.
    pub const ALL: &'static [(&'static str, Self, &'static str)] = &[
        ("unfounded", Self::Unfounded, "it is manifestly unfounded"),
        ("excessive", Self::Excessive, "it is excessive"),
        (
            "not_identified",
            Self::NotIdentified,
            "we cannot tell that you are the person",
        ),
        (
            "rights_of_others",
            Self::RightsOfOthers,
            "it would harm the rights of somebody else",
        ),
        (
            "legal_obligation",
            Self::LegalObligation,
            "a law obliges us to keep it",
        ),
        (
            "legal_claims",
            Self::LegalClaims,
            "it is needed for legal claims",
        ),
    ];

    /// The words of the letter.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        let found = Self::ALL.iter().find(|(_, one, _)| *one == self);
        found.map_or(("", ""), |(key, _, words)| (key, words))
    }
}

impl fmt::Display for Justification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().0)
    }
}

impl FromStr for Justification {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let found = Self::ALL.iter().find(|(key, ..)| *key == text);
        found.map(|(_, one, _)| *one).ok_or(IdError::Name(
            "a justification is unfounded, excessive, not_identified, rights_of_others, \
             legal_obligation or legal_claims",
        ))
    }
}

/// How a request or a case ends. Every one ends in one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Fulfilled {
        /// What was done.
        what: String,
    },
    /// It was refused, with a reason that the law knows.
    Refused {
        /// Which reason.
        #[serde(with = "keyed::one")]
        why: Justification,
        /// The reason for this person.
        sentence: String,
    },
    /// It went to an authority.
    Referred {
        /// Which one.
        authority: String,
    },
    /// The person took it back.
    Withdrawn {
        /// By which way.
        why: String,
    },
}

impl Outcome {
    /// A referral to the authority of the country where the person lives.
    ///
    /// # Errors
    /// [`AppError::Input`] for a country whose authority is not known here.
    pub fn referred_to(country: &str) -> Result<Self, AppError> {
        let found = super::authority(country).ok_or_else(|| {
            AppError::Input(format!(
                "the authority of `{country}` is not known here; name it"
            ))
        })?;
        Ok(Self::Referred {
            authority: format!("{} ({})", found.name, found.site),
        })
    }

    /// Refuses an end without words.
    pub(super) fn check(&self) -> Result<(), AppError> {
        let words = match self {
            Self::Fulfilled { what } => what,
            Self::Refused { sentence, .. } => sentence,
            Self::Referred { authority } => authority,
            Self::Withdrawn { why } => why,
        };
        if words.trim().is_empty() {
            return Err(AppError::Input(
                "an end needs words: what was done, why it is refused, or which authority \
                 (clause P111)"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fulfilled { what } => write!(f, "It was done: {what}."),
            Self::Refused { why, sentence } => write!(
                f,
                "It was refused, because {}: {sentence}. You can complain to the authority for \
                 data protection where you live, and to a court.",
                why.entry().1
            ),
            Self::Referred { authority } => write!(f, "It was referred to {authority}."),
            Self::Withdrawn { why } => write!(f, "It was taken back: {why}."),
        }
    }
}

/// A case as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The operator's number.
    #[serde(with = "keyed::one")]
    pub request: RequestId,
    /// What is asked for.
    #[serde(with = "keyed::one")]
    pub kind: RequestKind,
    /// Under which law.
    #[serde(with = "keyed::one")]
    pub law: Law,
    /// The proven number or address.
    #[serde(with = "keyed::secret")]
    pub identifier: Secret,
    /// What the person wrote.
    #[serde(with = "keyed::secret")]
    pub message: Secret,
    /// When the operator received it: the clock runs from here.
    #[serde(with = "keyed::at")]
    pub received: Timestamp,
    /// By when the person must be answered.
    #[serde(with = "keyed::at")]
    pub due: Timestamp,
    /// Why more time is taken, where it is.
    pub extension: Option<String>,
    /// Since when it waits for the person.
    #[serde(with = "keyed::maybe_at")]
    pub paused: Option<Timestamp>,
    /// When it went back to the operator.
    #[serde(with = "keyed::maybe_at")]
    pub escalated: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

impl Case {
    pub(super) fn of(id: RequestId, seen: &Filed<Request>) -> Self {
        Self {
            request: id,
            kind: seen.body.kind,
            law: seen.body.law,
            identifier: seen.body.identifier.clone(),
            message: seen.body.message.clone(),
            received: seen.filed,
            due: seen.body.due,
            extension: None,
            paused: None,
            escalated: None,
            outcome: None,
        }
    }
}

impl Registered for Case {
    type Id = CaseId;
    const REGISTER: &'static str = "cases";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        match (&self.outcome, self.escalated, self.paused) {
            (Some(_), _, _) => "ended",
            (None, Some(_), _) => "escalated",
            (None, None, Some(_)) => "paused",
            (None, None, None) => "open",
        }
    }

    fn due(&self) -> Option<Timestamp> {
        (self.outcome.is_none() && self.paused.is_none()).then_some(self.due)
    }
}

/// A case with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// Its number.
    pub id: CaseId,
    /// `open`, `paused`, `escalated` or `ended`.
    pub state: &'static str,
    /// What it says.
    pub case: Case,
}

impl App {
    /// The tenant's cases, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn cases(&self, scope: &Scope) -> Result<Vec<CaseView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Case>(&permit, &[], None, 1_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| CaseView {
                id: filed.id,
                state: filed.body.state(),
                case: filed.body,
            })
            .collect())
    }

    /// One case of the tenant.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn case_view(&self, scope: &Scope, id: CaseId) -> Result<CaseView, AppError> {
        let filed = self.case(scope, id).await?;
        Ok(CaseView {
            id: filed.id,
            state: filed.body.state(),
            case: filed.body,
        })
    }

    /// Takes the one extension that the law allows, within the first period and with its reason.
    ///
    /// # Errors
    /// [`AppError::Input`] without a reason, a second time or too late.
    pub async fn extend_case(&self, scope: &Scope, id: CaseId, why: &str) -> Result<(), AppError> {
        let now = self.now();
        self.change_case(scope, id, "More time is needed", |case| {
            if why.trim().is_empty() || case.extension.is_some() || now > case.due {
                return Err(AppError::Input(
                    "time is extended once, with its reason, before the first period ends"
                        .to_owned(),
                ));
            }
            case.due = case.law.extended(case.received, &zone(case.law));
            case.extension = Some(why.trim().to_owned());
            Ok(format!("We need more time, because {}.", why.trim()))
        })
        .await
    }

    /// Stops the clock while the person is asked for something that is needed.
    ///
    /// # Errors
    /// [`AppError::Input`] where it stands already.
    pub async fn pause_case(&self, scope: &Scope, id: CaseId, what: &str) -> Result<(), AppError> {
        let now = self.now();
        self.change_case(scope, id, "A question about your request", |case| {
            if case.paused.is_some() || what.trim().is_empty() {
                return Err(AppError::Input(
                    "say what the person is asked for; once".to_owned(),
                ));
            }
            case.paused = Some(now);
            Ok(what.trim().to_owned())
        })
        .await
    }

    /// Lets the clock run again; the time it stood is added.
    ///
    /// # Errors
    /// [`AppError::Input`] where it runs.
    pub async fn resume_case(&self, scope: &Scope, id: CaseId) -> Result<(), AppError> {
        let now = self.now();
        self.change_case(scope, id, "Your request goes on", |case| {
            let Some(since) = case.paused.take() else {
                return Err(AppError::Input("its clock runs".to_owned()));
            };
            case.due = case.due.plus(now.since(since));
            Ok("Thank you. Your request goes on.".to_owned())
        })
        .await
    }

    /// Ends a case, with a letter to the person.
    ///
    /// # Errors
    /// [`AppError::Input`] where the end has no words, or it ended already.
    pub async fn end_case(
        &self,
        scope: &Scope,
        id: CaseId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        outcome.check()?;
        let outcome = &match outcome {
            Outcome::Refused { why, sentence } if *why == Justification::LegalObligation => {
                Outcome::Refused {
                    why: *why,
                    sentence: self.resting_on_law(scope, sentence).await?,
                }
            }
            other => other.clone(),
        };
        self.change_case(scope, id, "The end of your request", |case| {
            case.outcome = Some(outcome.clone());
            Ok(outcome.to_string())
        })
        .await
    }

    /// Sends what is overdue back to the operator's desk. Says how many.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn escalate_overdue(&self) -> Result<usize, AppError> {
        let mut count = 0;
        for tenant in self.store.tenants().await? {
            let scope = self.clockwork(tenant.id);
            let finding = self.keep::<Find>(&scope).await?;
            let due = self
                .store
                .register::<Case>(&finding, &["open"], Some(self.now()), 1_000)
                .await?;
            for seen in due {
                self.escalate(&scope, &seen).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn escalate(&self, scope: &Scope, seen: &Filed<Case>) -> Result<(), AppError> {
        let now = self.now();
        let permit = self.keep::<Seal>(scope).await?;
        let back = Case {
            escalated: Some(now),
            ..seen.body.clone()
        };
        self.store.amend(&permit, seen, &back).await?;
        let request = self.request_record(seen.body.request).await?;
        let mut reopened = request.body.clone();
        reopened.outcome = None;
        reopened.escalated.push(Escalation {
            tenant: scope.tenant(),
            why: "the customer did not answer in time".to_owned(),
            at: now,
        });
        let desk = self.keep::<Seal>(&self.privacy_desk("clock")).await?;
        self.store.amend(&desk, &request, &reopened).await?;
        Ok(())
    }

    async fn change_case(
        &self,
        scope: &Scope,
        id: CaseId,
        subject: &str,
        change: impl FnOnce(&mut Case) -> Result<String, AppError>,
    ) -> Result<(), AppError> {
        let seen = self.case(scope, id).await?;
        if seen.body.outcome.is_some() {
            return Err(AppError::Input(format!("`{id}` has ended")));
        }
        let mut case = seen.body.clone();
        let text = change(&mut case)?;
        let permit = self.keep::<Seal>(scope).await?;
        let leaf = self.store.amend(&permit, &seen, &case).await?;
        let name = format!("{id}-{}", leaf.0);
        let text = format!("Your request {}.\n\n{text}\n", case.request);
        self.gateway
            .write(
                &permit,
                &name,
                letter(&case.identifier, subject, text),
                self.now(),
            )
            .await?;
        Ok(())
    }

    pub(super) async fn case(&self, scope: &Scope, id: CaseId) -> Result<Filed<Case>, AppError> {
        let permit = self.keep::<Read>(scope).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}

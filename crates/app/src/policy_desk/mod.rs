//! The policy as the privacy desk sees it: versions, publishing, comparing, asking, standing.

mod asking;
mod checks;
mod importing;
mod keys;
mod reporting;
mod tests_seen;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Actor, ActorKind, ClauseId, LeafIndex, Millis, Timestamp};
use policy::{
    Difference, Evidence, EvidenceKind, Notice, Policy, diff, permitted_purposes, statuses,
};
use store::{ClauseSeen, PublishedVersion};

use crate::app::App;
use crate::error::AppError;

pub use asking::{ACTIONS, Answer, Question, RIGHTS};
pub use importing::{Sentence, import};
pub use policy::ClauseStatus;
pub use reporting::ClauseReport;
pub use tests_seen::{Build, TestReport};

const DAY: i64 = 86_400_000;
/// Kind of evidence that the installation itself gave.
const LIVE: &str = "live";

/// How a clause stands, with the latest evidence of each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseStanding {
    /// Which clause.
    pub clause: ClauseId,
    /// Its kind: duty, never, may, …
    pub kind: String,
    /// Its plane.
    pub plane: String,
    /// Its words.
    pub prose: String,
    /// Kept, broken, untested or waived.
    pub status: ClauseStatus,
    /// Why, for a person.
    pub sentence: String,
    /// The latest that was looked at.
    pub last: Option<Timestamp>,
    /// What the installation itself was asked, and what it said.
    pub live: Option<String>,
    /// Its tests.
    pub tests: Vec<String>,
    /// Why it is not in force yet.
    pub unbacked: Option<String>,
}

/// How all clauses stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyStanding {
    /// The version in force.
    pub version: String,
    /// When it was looked at.
    pub at: Timestamp,
    /// Every clause.
    pub clauses: Vec<ClauseStanding>,
    /// How many of the hosting plane stand how; `unbacked` counts those not in force.
    pub hosting: BTreeMap<String, usize>,
}

/// A posted version, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionView {
    /// SHA-256 of its document.
    pub version: String,
    /// Number for people.
    pub number: String,
    /// When it was posted.
    pub posted: Timestamp,
    /// From when on it holds.
    pub effective_from: Timestamp,
    /// Whether it holds now.
    pub in_force: bool,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The new version.
    pub version: String,
    /// From when on it holds.
    pub effective_from: Timestamp,
    /// The leaf that records it.
    pub leaf: LeafIndex,
    /// What changed.
    pub difference: Difference,
}

impl App {
    /// Posts a policy: the only way to put one in force. It holds from its own day on, or from now
    /// where that is today; a change that matters needs a later day and a notice (P95, P96).
    ///
    /// # Errors
    /// [`AppError::Unpublishable`] with everything that stands against it: findings of the linter
    /// (a sentence that nothing backs is one), a broken clause, an earlier day, a missing notice.
    pub async fn publish_policy(
        &self,
        by: &str,
        text: &str,
        with_notice: bool,
    ) -> Result<Published, AppError> {
        let new = Policy::parse(text)?;
        let (now, current) = (self.now(), self.policy());
        let difference = diff(&current, &new);
        let day = new.head().effective_from.start();
        let today = Timestamp(now.0 - now.0.rem_euclid(DAY));
        let mut against: Vec<String> = new
            .check()
            .into_iter()
            .map(|finding| finding.sentence)
            .collect();
        if day < today {
            against.push("it would hold before it is posted; set a later day (P95)".to_owned());
        }
        if difference.is_material() && (!with_notice || day <= today) {
            against.push(
                "it changes what is done with data that is held already; give notice and set a \
                 later day (P96)"
                    .to_owned(),
            );
        }
        against.extend(self.broken_promises(&new).await?);
        if !against.is_empty() {
            return Err(AppError::Unpublishable(against));
        }
        let version = PublishedVersion {
            version: new.version().to_owned(),
            document: text.to_owned(),
            posted: now,
            effective_from: day.max(now),
            permits: permitted_purposes(&new).into_iter().collect(),
        };
        let notice = with_notice.then(|| Notice {
            version: version.version.clone(),
            given: now,
            purposes: difference.opened.clone(),
        });
        // What the history refuses is refused before anything is stored.
        let mut history = self.book.history();
        history
            .post(policy::PostedVersion {
                version: version.version.clone(),
                posted: now,
                effective_from: version.effective_from,
                permits: version.permits.iter().copied().collect(),
            })
            .map_err(|error| AppError::Unpublishable(vec![error.to_string()]))?;
        let actor = Actor {
            kind: ActorKind::OperatorAdmin,
            handle: by.to_owned(),
        };
        let leaf = self
            .store
            .publish(&actor, &version, notice.as_ref())
            .await?;
        self.store.checkpoint().await?;
        self.reread_policy().await?;
        Ok(Published {
            version: version.version,
            effective_from: version.effective_from,
            leaf,
            difference,
        })
    }

    /// Every posted version, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn policy_versions(&self) -> Result<Vec<VersionView>, AppError> {
        let current = self.policy().version().to_owned();
        let posted = self.store.published().await?;
        posted
            .into_iter()
            .rev()
            .map(|version| {
                Ok(VersionView {
                    number: Policy::parse(&version.document)?.head().number.clone(),
                    in_force: version.version == current,
                    version: version.version,
                    posted: version.posted,
                    effective_from: version.effective_from,
                })
            })
            .collect()
    }

    /// The version that was in force at an instant, or the one whose hash begins so.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where none was.
    pub async fn policy_at(&self, at: Timestamp) -> Result<Policy, AppError> {
        let posted = self.store.published().await?;
        let found = posted.iter().rev().find(|v| v.effective_from <= at);
        let found = found.ok_or_else(|| AppError::NotFound {
            what: "policy in force at",
            name: crate::reading::rfc3339(at),
        })?;
        Ok(Policy::parse(&found.document)?)
    }

    /// The posted version whose hash begins so.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn policy_version(&self, begins: &str) -> Result<Policy, AppError> {
        let posted = self.store.published().await?;
        let found = posted
            .iter()
            .find(|v| begins.len() >= 6 && v.version.starts_with(begins));
        let found = found.ok_or_else(|| AppError::NotFound {
            what: "policy version",
            name: begins.to_owned(),
        })?;
        Ok(Policy::parse(&found.document)?)
    }

    /// Compares two policies: documents, or beginnings of posted versions' hashes. Without a
    /// second, the one in force.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Policy`].
    pub async fn compare_policies(
        &self,
        from: &str,
        to: Option<&str>,
    ) -> Result<Difference, AppError> {
        let from = self.named_policy(from).await?;
        match to {
            Some(to) => Ok(diff(&from, &self.named_policy(to).await?)),
            None => Ok(diff(&from, &self.policy())),
        }
    }

    async fn named_policy(&self, named: &str) -> Result<Policy, AppError> {
        if named.len() <= 64 && named.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.policy_version(named).await
        } else {
            Ok(Policy::parse(named)?)
        }
    }

    /// The version in force in some form: `html`, `markdown`, `fideslang`, `dpv`, `gpc`, `cedar`.
    ///
    /// # Errors
    /// [`AppError::Input`] for another form.
    pub async fn render_policy(&self, form: &str, with_status: bool) -> Result<String, AppError> {
        let policy = self.policy();
        let standings = if with_status {
            self.clause_status().await?;
            let evidence = self.all_evidence(&policy, &self.store.seen().await?);
            statuses(&policy, &evidence, self.now())
        } else {
            Vec::new()
        };
        Ok(match form {
            "html" => policy::render::html(&policy, &standings),
            "markdown" => policy::render::markdown(&policy, &standings),
            "fideslang" => policy::exports::fideslang(&policy),
            "dpv" => policy::exports::dpv(&policy),
            "gpc" => policy::exports::gpc(&policy),
            "cedar" => policy.cedar_text().to_owned(),
            other => {
                return Err(AppError::Input(format!(
                    "`{other}` is no form; it is html, markdown, pdf, fideslang, dpv, gpc or cedar"
                )));
            }
        })
    }

    /// The version in force as a PDF.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn policy_pdf(&self, with_status: bool) -> Result<Vec<u8>, AppError> {
        let mut standings = Vec::new();
        let policy = self.policy();
        if with_status {
            self.clause_status().await?;
            let evidence = self.all_evidence(&policy, &self.store.seen().await?);
            standings = statuses(&policy, &evidence, self.now());
        }
        Ok(policy::pdf::pdf(&policy, &standings))
    }

    /// Asks every clause's live check, keeps the answers, and says how each clause stands.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn clause_status(&self) -> Result<PolicyStanding, AppError> {
        let now = self.now();
        let checks = self.live_checks().await?;
        let seen: Vec<ClauseSeen> = checks
            .iter()
            .map(|check| ClauseSeen {
                clause: check.clause.clone(),
                kind: LIVE.to_owned(),
                name: "installation".to_owned(),
                at: now,
                holds: check.agrees,
                until: None,
                reason: check.found.clone(),
            })
            .collect();
        self.store.record_seen(&seen).await?;
        self.clause_standing().await
    }

    /// How each clause stands by what is on record; the installation is not asked again.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn clause_standing(&self) -> Result<PolicyStanding, AppError> {
        let now = self.now();
        let policy = self.policy();
        let kept = self.store.seen().await?;
        let evidence = self.all_evidence(&policy, &kept);
        let standings = statuses(&policy, &evidence, now);
        let mut hosting: BTreeMap<String, usize> = BTreeMap::new();
        let mut clauses = Vec::new();
        for (clause, standing) in policy.clauses().iter().zip(standings) {
            if clause.concerns_hosting() {
                let word = match clause.unbacked {
                    Some(_) => "unbacked",
                    None => standing.status.key(),
                };
                *hosting.entry(word.to_owned()).or_default() += 1;
            }
            clauses.push(ClauseStanding {
                live: kept
                    .iter()
                    .filter(|seen| seen.kind == LIVE && seen.clause == clause.id)
                    .max_by_key(|seen| seen.at)
                    .map(|seen| seen.reason.clone()),
                clause: clause.id.clone(),
                kind: clause.kind.key().to_owned(),
                plane: clause.plane.key().to_owned(),
                prose: clause.prose.trim().to_owned(),
                status: standing.status,
                sentence: standing.sentence,
                last: standing.last,
                tests: clause.tests.clone(),
                unbacked: clause.unbacked.clone(),
            });
        }
        Ok(PolicyStanding {
            version: policy.version().to_owned(),
            at: now,
            clauses,
            hosting,
        })
    }

    /// The same installation, run by a program that knows what it was built from.
    #[must_use]
    pub fn of_build(&self, build: Build) -> Self {
        Self {
            build: Arc::new(build),
            ..self.clone()
        }
    }

    /// What runs here.
    #[must_use]
    pub fn build(&self) -> &Build {
        &self.build
    }

    /// What is on record, and what the tests of this very build showed.
    fn all_evidence(&self, policy: &Policy, kept: &[ClauseSeen]) -> Vec<Evidence> {
        let mut all: Vec<Evidence> = kept.iter().filter_map(evidence).collect();
        if let Some(report) = &self.build.report {
            all.extend(report.evidence(policy));
        }
        all
    }

    /// Keeps which tests passed and which failed, from a JUnit report of a run. Says how many
    /// tests that clauses name were found.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no report.
    pub async fn record_tests(&self, junit: &str, ran: Timestamp) -> Result<usize, AppError> {
        let ran_tests = tests_seen::read(junit)?;
        let policy = self.policy();
        let mut seen = Vec::new();
        let mut named = BTreeSet::new();
        for clause in policy.clauses() {
            for test in &clause.tests {
                if let Some(passed) = ran_tests.get(test) {
                    named.insert(test.clone());
                    seen.push(ClauseSeen {
                        clause: clause.id.clone(),
                        kind: "test".to_owned(),
                        name: test.clone(),
                        at: ran,
                        holds: *passed,
                        until: None,
                        reason: String::new(),
                    });
                }
            }
        }
        self.store.record_seen(&seen).await?;
        Ok(named.len())
    }

    /// Waives a clause for a time, with the reason that the page then shows.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown clause; [`AppError::Input`] without a reason.
    pub async fn waive(
        &self,
        clause: &ClauseId,
        reason: &str,
        length: Millis,
    ) -> Result<(), AppError> {
        if self.policy().clause(clause).is_none() {
            return Err(AppError::NotFound {
                what: "clause",
                name: clause.to_string(),
            });
        }
        if reason.trim().is_empty() {
            return Err(AppError::Input("a waiver needs its reason".to_owned()));
        }
        let now = self.now();
        let waiver = ClauseSeen {
            clause: clause.clone(),
            kind: "waiver".to_owned(),
            name: "desk".to_owned(),
            at: now,
            holds: true,
            until: Some(now.plus(length)),
            reason: reason.trim().to_owned(),
        };
        Ok(self.store.record_seen(&[waiver]).await?)
    }

    /// Clauses of a new version that are broken here and now and do not say so.
    async fn broken_promises(&self, new: &Policy) -> Result<Vec<String>, AppError> {
        let standing = self.clause_status().await?;
        Ok(standing
            .clauses
            .iter()
            .filter(|one| one.status == ClauseStatus::Broken)
            .filter(|one| {
                let promised = new.clause(&one.clause);
                promised.is_some_and(|clause| clause.unbacked.is_none())
            })
            .map(|one| format!("{} is broken: {}", one.clause, one.sentence))
            .collect())
    }
}

fn evidence(seen: &ClauseSeen) -> Option<Evidence> {
    let kind = match seen.kind.as_str() {
        "test" => EvidenceKind::Test {
            name: seen.name.clone(),
            passed: seen.holds,
        },
        LIVE => EvidenceKind::Live { agrees: seen.holds },
        "waiver" => EvidenceKind::Waiver {
            until: seen.until?,
            reason: seen.reason.clone(),
        },
        _ => return None,
    };
    Some(Evidence {
        clause: seen.clause.clone(),
        at: seen.at,
        kind,
    })
}

//! The policy and the ledger as an operator or auditor sees them.

use domain::{ClauseId, LeafIndex};
use policy::Policy;

use crate::app::App;
use crate::error::AppError;

/// One fault of a policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub code: String,
    /// The clause it is about.
    pub clause: String,
    /// What is wrong.
    pub sentence: String,
    /// How to mend it.
    pub hint: String,
}

/// One clause, for reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseView {
    /// Its number.
    pub id: String,
    /// Duty, never, may, choice, fact, claim, disclaimer.
    pub kind: String,
    /// Which plane.
    pub plane: String,
    /// Its words.
    pub prose: String,
    /// Where it is enforced.
    pub enforced_at: Vec<String>,
}

/// What a verification of the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReport {
    /// Name of the log.
    pub origin: String,
    /// Leaves in the log.
    pub leaves: u64,
    /// Leaves under a signed checkpoint.
    pub covered: u64,
    /// Leaves whose salt was destroyed on purpose; the tree holds without them.
    pub forgotten: u64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Keys that signed them, in signed-note's form.
    pub verifiers: Vec<String>,
    /// Whatever does not fit, with its place.
    pub faults: Vec<String>,
}

/// Parses and lints a policy document, or the shipped one.
///
/// # Errors
/// [`AppError::Policy`] where it cannot be parsed.
pub fn check_policy(text: Option<&str>) -> Result<Vec<Finding>, AppError> {
    let policy = match text {
        Some(text) => Policy::parse(text)?,
        None => Policy::shipped()?,
    };
    let findings = policy.check();
    Ok(findings
        .into_iter()
        .map(|finding| Finding {
            code: finding.rule.to_string(),
            clause: finding.clause.map_or_else(String::new, |id| id.to_string()),
            sentence: finding.sentence,
            hint: finding.hint,
        })
        .collect())
}

/// The clauses of the policy in force, or one of them.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown clause.
pub fn show_policy(only: Option<&ClauseId>) -> Result<Vec<ClauseView>, AppError> {
    let policy = Policy::shipped()?;
    let shown: Vec<ClauseView> = policy
        .clauses()
        .iter()
        .filter(|clause| only.is_none_or(|id| clause.id == *id))
        .map(|clause| ClauseView {
            id: clause.id.to_string(),
            kind: clause.kind.key().to_owned(),
            plane: clause.plane.key().to_owned(),
            prose: clause.prose.clone(),
            enforced_at: clause.enforcement_points.clone(),
        })
        .collect();
    match only {
        Some(id) if shown.is_empty() => Err(AppError::NotFound {
            what: "clause",
            name: id.to_string(),
        }),
        _ => Ok(shown),
    }
}

impl App {
    /// Recomputes the whole log.
    ///
    /// # Errors
    /// [`AppError::Store`] where it cannot be read; faults are in the report.
    pub async fn verify_ledger(&self) -> Result<LedgerReport, AppError> {
        let report = self.store.verify_ledger().await?;
        Ok(LedgerReport {
            origin: report.origin,
            leaves: report.size,
            covered: report.covered,
            forgotten: report.forgotten,
            checkpoints: report.checkpoints,
            verifiers: report.verifiers,
            faults: report.findings.iter().map(ToString::to_string).collect(),
        })
    }

    /// Puts every leaf so far under a signed checkpoint.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn checkpoint(&self) -> Result<(), AppError> {
        Ok(self.store.checkpoint().await?)
    }

    /// The offline proof of one leaf.
    ///
    /// # Errors
    /// [`AppError::Store`] where the leaf is not under a checkpoint yet.
    pub async fn prove_leaf(&self, leaf: LeafIndex) -> Result<String, AppError> {
        Ok(self.store.prove_leaf(leaf).await?)
    }
}

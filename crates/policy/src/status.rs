//! What a clause is worth today: judged from records of evidence, never declared.

use domain::{ClauseId, Millis, Timestamp};

use crate::Policy;
use crate::document::words;

/// How old evidence may be before a clause counts as untested again.
pub const FRESH: Millis = Millis(7 * 24 * 60 * 60 * 1000);

words! {
    /// How a clause stands.
    ClauseStatus {
        /// Every kind of proof that it names was seen to hold, lately.
        Kept = "kept",
        /// The latest evidence of some kind speaks against it.
        Broken = "broken",
        /// Nothing recent speaks for it.
        Untested = "untested",
        /// Somebody decided to live without it for a time.
        Waived = "waived",
    }
}

/// One thing that was seen for or against a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The clause.
    pub clause: ClauseId,
    /// When it was seen.
    pub at: Timestamp,
    /// What was seen.
    pub kind: EvidenceKind,
}

/// Kinds of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceKind {
    /// A test of the clause's list ran.
    Test {
        /// Its name.
        name: String,
        /// Whether it passed.
        passed: bool,
    },
    /// A test of the clause's list ran on exactly the program that asks: it does not grow old,
    /// because the program does not change.
    Built {
        /// Its name.
        name: String,
        /// Whether it passed.
        passed: bool,
    },
    /// The clause's evidence query ran on a live installation.
    Live {
        /// Whether what it found agrees with the clause. An empty answer where a duty asks for
        /// deeds is no agreement; the caller knows.
        agrees: bool,
    },
    /// A waiver with its end.
    Waiver {
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
}

/// How a clause stands and on what that rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The clause.
    pub clause: ClauseId,
    /// How it stands.
    pub status: ClauseStatus,
    /// The latest evidence that was looked at.
    pub last: Option<Timestamp>,
    /// Why, for a person.
    pub sentence: String,
}

/// How every clause of a policy stands at an instant.
#[must_use]
pub fn statuses(policy: &Policy, evidence: &[Evidence], now: Timestamp) -> Vec<Standing> {
    policy
        .clauses()
        .iter()
        .map(|clause| {
            let about: Vec<&Evidence> = evidence
                .iter()
                .filter(|seen| seen.clause == clause.id && seen.at <= now)
                .collect();
            let (status, sentence) = judge(clause, &about, now);
            Standing {
                clause: clause.id.clone(),
                status,
                last: about.iter().map(|seen| seen.at).max(),
                sentence,
            }
        })
        .collect()
}

/// Bad news first: a failure of today is not outweighed by a waiver of yesterday's.
fn judge(clause: &crate::Clause, about: &[&Evidence], now: Timestamp) -> (ClauseStatus, String) {
    if let Some(against) = against(about) {
        return (ClauseStatus::Broken, against);
    }
    let waived = about.iter().find_map(|seen| match &seen.kind {
        EvidenceKind::Waiver { until, reason } if now < *until => Some(reason),
        EvidenceKind::Waiver { .. }
        | EvidenceKind::Test { .. }
        | EvidenceKind::Built { .. }
        | EvidenceKind::Live { .. } => None,
    });
    if let Some(reason) = waived {
        return (ClauseStatus::Waived, format!("waived: {reason}"));
    }
    if let Some(reason) = &clause.unbacked {
        return (
            ClauseStatus::Untested,
            format!("not in force yet: {reason}"),
        );
    }
    let fresh = |seen: &&&Evidence| now.since(seen.at) <= FRESH;
    let recent: Vec<&&Evidence> = about.iter().filter(fresh).collect();
    let passed = |test: &&String| {
        let lately = recent.iter().any(
            |seen| matches!(&seen.kind, EvidenceKind::Test { name, passed: true } if name == *test),
        );
        lately
            || about.iter().any(|seen| {
                matches!(&seen.kind, EvidenceKind::Built { name, passed: true } if name == *test)
            })
    };
    let missing: Vec<&String> = clause.tests.iter().filter(|test| !passed(test)).collect();
    let live = recent
        .iter()
        .any(|seen| matches!(seen.kind, EvidenceKind::Live { agrees: true }));
    match (clause.tests.is_empty(), missing.first(), live) {
        (true, _, _) => (ClauseStatus::Untested, "no test proves it".to_owned()),
        (false, Some(test), _) => (
            ClauseStatus::Untested,
            format!("`{test}` was not seen to pass, neither of this build nor lately"),
        ),
        (false, None, false) if clause.evidence.is_some() => (
            ClauseStatus::Untested,
            "its evidence was not asked for lately".to_owned(),
        ),
        (false, None, _) => (
            ClauseStatus::Kept,
            "its tests pass and the evidence agrees".to_owned(),
        ),
    }
}

/// The latest word of each kind that speaks against the clause.
fn against(about: &[&Evidence]) -> Option<String> {
    let latest = |same: &dyn Fn(&EvidenceKind) -> bool| {
        about
            .iter()
            .filter(|seen| same(&seen.kind))
            .max_by_key(|seen| seen.at)
    };
    let live = latest(&|kind| matches!(kind, EvidenceKind::Live { .. }));
    if live.is_some_and(|seen| seen.kind == EvidenceKind::Live { agrees: false }) {
        return Some("the evidence of the installation speaks against it".to_owned());
    }
    about.iter().find_map(|seen| {
        let (name, _) = ran(&seen.kind)?;
        let last = latest(&|kind| ran(kind).is_some_and(|(other, _)| other == name))?;
        let failed = ran(&last.kind).is_some_and(|(_, passed)| !passed);
        failed.then(|| format!("`{name}` fails"))
    })
}

/// A test that ran, with its outcome.
fn ran(kind: &EvidenceKind) -> Option<(&str, bool)> {
    match kind {
        EvidenceKind::Test { name, passed } | EvidenceKind::Built { name, passed } => {
            Some((name, *passed))
        }
        EvidenceKind::Live { .. } | EvidenceKind::Waiver { .. } => None,
    }
}

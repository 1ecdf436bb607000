//! Finds what is wrong with a policy as a promise to people: sentences that contradict each
//! other, point at nothing, have lapsed, or leave out what a person needs to know.
//!
//! It judges what the document's predicates say, never the wording. Each rule names the clause
//! and how to mend it; what may be published has no finding.

mod coherence;
mod silence;

use std::fmt;

use domain::ClauseId;

use crate::document::{Clause, ClauseKind, Document};

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: LintRule,
    /// The clause it is about; none where the document as a whole is silent.
    pub clause: Option<ClauseId>,
    /// What is wrong.
    pub sentence: String,
    /// How to mend it.
    pub hint: String,
}

crate::document::words! {
    /// What the linter looks for.
    LintRule {
        /// A claim whose proof has ended, or that never had one.
        ExpiredClaim = "expired-claim",
        /// One clause says never, another may.
        Contradiction = "contradiction",
        /// A pointer at something that is not there.
        DanglingReference = "dangling-reference",
        /// A recipient whom no term binds to the policy.
        NoFlowDown = "no-flow-down",
        /// Data for which no time of keeping is given.
        NoRetention = "no-retention",
        /// A right without a way to use it.
        NoProcedure = "no-procedure",
        /// A "such as" without its list.
        NoList = "no-list",
        /// Agreement by being there.
        ConsentByVisit = "consent-by-visit",
        /// A heading that is torn or stands over nothing.
        TornHeading = "torn-heading",
        /// A clause that does not say whose data it is about.
        NoPlane = "no-plane",
        /// A usual topic on which nothing is said.
        SilentTopic = "silent-topic",
        /// A disclaimer that gives a person nothing to protect themselves with.
        DisclaimerWithoutTool = "disclaimer-without-tool",
        /// Words that were changed under the same predicates.
        WordsChanged = "words-changed",
        /// A clause of the hosting plane that nothing enforces, without saying so.
        NotEnforced = "not-enforced",
    }
}

impl LintRule {
    /// The number under which the source document's defects are known (D1 to D12).
    #[must_use]
    pub const fn defect(self) -> Option<&'static str> {
        match self {
            Self::ExpiredClaim => Some("D1"),
            Self::Contradiction => Some("D2"),
            Self::DanglingReference => Some("D3"),
            Self::NoFlowDown => Some("D4"),
            Self::NoRetention => Some("D5"),
            Self::NoProcedure => Some("D6"),
            Self::NoList => Some("D7"),
            Self::ConsentByVisit => Some("D8"),
            Self::TornHeading => Some("D9"),
            Self::NoPlane => Some("D10"),
            Self::SilentTopic => Some("D11"),
            Self::DisclaimerWithoutTool => Some("D12"),
            Self::WordsChanged | Self::NotEnforced => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clause = self
            .clause
            .as_ref()
            .map_or("the document", ClauseId::as_str);
        write!(
            f,
            "{clause}: {} [{}]\n  hint: {}",
            self.sentence, self.rule, self.hint
        )
    }
}

pub(crate) fn check(document: &Document) -> Vec<Finding> {
    let mut found = Vec::new();
    for clause in &document.clauses {
        found.extend(coherence::of_clause(document, clause));
        found.extend(silence::of_clause(document, clause));
        found.extend(backing(clause));
    }
    found.extend(coherence::contradictions(document));
    found.extend(coherence::headings(document));
    found.extend(silence::of_document(document));
    found.sort_by_key(|finding| finding.rule);
    found
}

fn backing(clause: &Clause) -> Vec<Finding> {
    let mut found = Vec::new();
    if clause
        .words
        .as_ref()
        .is_some_and(|words| *words != clause.hash_of_words())
    {
        found.push(about(
            LintRule::WordsChanged,
            clause,
            "its words were changed, its predicates may no longer say the same".to_owned(),
            format!(
                "read both again, then set words = \"{}\"",
                clause.hash_of_words()
            ),
        ));
    }
    let backed = !clause.enforcement_points.is_empty() && !clause.tests.is_empty();
    let promises = clause.kind != ClauseKind::Disclaimer;
    if clause.concerns_hosting() && promises && !backed && clause.unbacked.is_none() {
        found.push(about(
            LintRule::NotEnforced,
            clause,
            "nothing enforces or proves it, and it does not say so".to_owned(),
            "name where it is enforced and its tests, or why it is not in force yet (unbacked)"
                .to_owned(),
        ));
    }
    found
}

fn about(rule: LintRule, clause: &Clause, sentence: String, hint: String) -> Finding {
    Finding {
        rule,
        clause: Some(clause.id.clone()),
        sentence,
        hint,
    }
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

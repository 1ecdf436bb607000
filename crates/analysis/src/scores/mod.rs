//! Scorecards: weighted indicators, each a query or a ratio of two.
//!
//! `score = 100 · Σ weight · credit / Σ weight` over the indicators that apply. An indicator that
//! does not apply is in neither sum; a critical one that earns nothing makes the score zero.

mod agreement;

pub use agreement::{Level, cohen, krippendorff};

use domain::query::{Evidence, FieldTest, Node, Query};
use domain::{Credit, DefinitionName, IndicatorFinding, Override, Score, Weight};

/// Indicators of one scorecard.
const MAX_INDICATORS: usize = 100;

/// How an indicator is decided.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Met in full where the query holds: words, a category there or not, a metric's limit.
    Holds(Query),
    /// Matches of the first for each match of the second, at most one; does not apply where the
    /// second has none.
    Ratio(Query, Query),
}

/// One line of a scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// What it is called.
    pub name: String,
    /// How much it counts.
    pub weight: Weight,
    /// Not met, it makes the score zero.
    pub critical: bool,
    /// It applies only where this holds.
    pub applies: Option<Query>,
    /// How it is decided.
    pub measure: Measure,
}

/// A weighted sum of indicators.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Folders and name.
    pub name: DefinitionName,
    /// What it is for.
    pub about: String,
    /// Its indicators, at least one.
    pub indicators: Vec<Indicator>,
}

/// Why indicators make no scorecard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScorecardError {
    /// There is nothing to score.
    #[error("a scorecard has at least one indicator")]
    Empty,
    /// More than anybody reads.
    #[error("a scorecard has at most {MAX_INDICATORS} indicators")]
    TooMany,
    /// Two indicators of one name.
    #[error("two indicators are called `{0}`; give each a name of its own")]
    Twice(String),
}

impl Scorecard {
    /// A scorecard of checked indicators.
    ///
    /// # Errors
    /// [`ScorecardError`] naming the rule that the indicators break.
    pub fn new(
        name: DefinitionName,
        about: String,
        indicators: Vec<Indicator>,
    ) -> Result<Self, ScorecardError> {
        if indicators.is_empty() {
            return Err(ScorecardError::Empty);
        }
        if indicators.len() > MAX_INDICATORS {
            return Err(ScorecardError::TooMany);
        }
        for (place, indicator) in indicators.iter().enumerate() {
            let same = |other: &Indicator| other.name == indicator.name;
            if indicators.iter().skip(place + 1).any(same) {
                return Err(ScorecardError::Twice(indicator.name.clone()));
            }
        }
        Ok(Self {
            name,
            about,
            indicators,
        })
    }

    /// Every query it asks, in a fixed order: what [`Self::decide`] is given the answers to.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.indicators.iter().flat_map(Indicator::queries)
    }

    /// How each indicator comes out, from the answers to [`Self::queries`] in their order.
    /// `measured` says whether the interaction has a value of a field.
    #[must_use]
    pub fn decide(
        &self,
        answers: &[Option<Vec<Evidence>>],
        measured: &dyn Fn(&str) -> bool,
    ) -> Vec<IndicatorFinding> {
        let mut answers = answers.iter();
        let mut findings = Vec::with_capacity(self.indicators.len());
        for indicator in &self.indicators {
            let own: Vec<Option<&Vec<Evidence>>> = indicator
                .queries()
                .map(|_| answers.next().and_then(Option::as_ref))
                .collect();
            findings.push(indicator.decide(&own, measured));
        }
        findings
    }
}

impl Indicator {
    fn queries(&self) -> impl Iterator<Item = &Query> {
        let (first, second) = match &self.measure {
            Measure::Holds(query) => (query, None),
            Measure::Ratio(of, to) => (of, Some(to)),
        };
        self.applies.iter().chain(Some(first)).chain(second)
    }

    fn decide(
        &self,
        answers: &[Option<&Vec<Evidence>>],
        measured: &dyn Fn(&str) -> bool,
    ) -> IndicatorFinding {
        let mut answers = answers.iter().copied();
        let applies = self.applies.is_none() || answers.next().flatten().is_some();
        let first = answers.next().flatten();
        let second = answers.next().flatten();
        let (credit, evidence) = match &self.measure {
            _ if !applies => (None, None),
            Measure::Holds(query) if unmeasured(query, measured) => (None, None),
            Measure::Holds(_) => (Some(first.map_or(Credit::NONE, |_| Credit::FULL)), first),
            Measure::Ratio(..) => {
                let count = |found: Option<&Vec<Evidence>>| real(found.map_or(0, Vec::len));
                let to = count(second);
                let share = (to > 0.0).then(|| Credit::new(count(first) / to));
                (share, first)
            }
        };
        IndicatorFinding {
            name: self.name.clone(),
            weight: self.weight,
            critical: self.critical,
            credit,
            evidence: evidence.cloned().unwrap_or_default(),
        }
    }
}

/// A limit on a metric that the interaction does not have: a chat has no overtalk.
fn unmeasured(query: &Query, measured: &dyn Fn(&str) -> bool) -> bool {
    match &query.node {
        Node::Field { name, test } => {
            let limit = !matches!(test, FieldTest::Is(_) | FieldTest::IsNot(_));
            limit && !measured(name)
        }
        _ => false,
    }
}

/// The score of indicators as they came out; none where none applies.
#[must_use]
pub fn total(indicators: &[IndicatorFinding]) -> Option<Score> {
    let mut all = 0.0;
    let mut earned = 0.0;
    let mut failed = false;
    for indicator in indicators {
        let Some(credit) = indicator.credit else {
            continue;
        };
        failed |= indicator.critical && credit == Credit::NONE;
        all += indicator.weight.get();
        earned += indicator.weight.get() * credit.get();
    }
    let score = if failed { 0.0 } else { 100.0 * earned / all };
    (all > 0.0).then(|| Score::new(score))
}

/// The indicators with people's values in the places of the computed ones; of several for one
/// indicator the last counts.
#[must_use]
pub fn overridden(computed: &[IndicatorFinding], overrides: &[Override]) -> Vec<IndicatorFinding> {
    let mut all = computed.to_vec();
    for says in overrides {
        for one in all.iter_mut().filter(|one| one.name == says.indicator) {
            one.credit = says.credit;
        }
    }
    all
}

#[expect(
    clippy::cast_precision_loss,
    reason = "matches in one interaction are far below 2^52"
)]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;

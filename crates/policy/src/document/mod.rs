//! The policy document as data: what `policies/*.toml` may say, and nothing else.

mod clause;
mod keys;
mod resolve;
mod rule;

pub use clause::{Clause, ClauseKind, ClausePlane, Consent};
pub(crate) use keys::{key, keys, some_key, words};
pub use rule::{Condition, Effect, Rule, Who};

use domain::{ClauseId, DataCategory, RecipientKind};
use serde::Deserialize;

use crate::Day;

/// Everything a policy document holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    #[serde(rename = "policy")]
    pub(crate) head: Head,
    #[serde(default, rename = "section")]
    pub(crate) sections: Vec<Section>,
    #[serde(default, rename = "purpose")]
    pub(crate) purposes: Vec<PurposeEntry>,
    #[serde(default, rename = "category")]
    pub(crate) categories: Vec<CategoryEntry>,
    #[serde(default, rename = "condition")]
    pub(crate) conditions: Vec<ConditionEntry>,
    #[serde(default, rename = "recipient")]
    pub(crate) recipients: Vec<Recipient>,
    #[serde(default, rename = "term")]
    pub(crate) terms: Vec<Term>,
    #[serde(default, rename = "control")]
    pub(crate) controls: Vec<Control>,
    #[serde(default, rename = "transfer")]
    pub(crate) transfers: Vec<Transfer>,
    #[serde(default, rename = "list")]
    pub(crate) lists: Vec<Enumeration>,
    #[serde(default)]
    pub(crate) retention: Vec<RetentionRule>,
    #[serde(default, rename = "procedure")]
    pub(crate) procedures: Vec<Procedure>,
    #[serde(rename = "clause")]
    pub(crate) clauses: Vec<Clause>,
}

/// What the policy is and from when on it holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Title as shown.
    pub title: String,
    /// Number for people; the hash is what counts.
    pub number: String,
    /// Who answers for it.
    pub controller: String,
    /// Where questions and complaints go.
    pub contact: String,
    /// First day on which it holds.
    #[serde(deserialize_with = "key")]
    pub effective_from: Day,
    /// The day on which its claims were last looked at; expiry is judged by it.
    #[serde(deserialize_with = "key")]
    pub reviewed: Day,
    /// The clause that is cited where no rule permits what was asked.
    #[serde(deserialize_with = "key")]
    pub closed_by: ClauseId,
}

/// A heading over clauses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What clauses name it by.
    pub key: String,
    /// As shown.
    pub heading: String,
}

/// One thing that personal data may be opened for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeEntry {
    /// As in `domain::Purpose` where the hosting plane enforces it.
    pub key: String,
    /// Which plane it belongs to.
    #[serde(deserialize_with = "key")]
    pub plane: ClausePlane,
    /// As it stands in a sentence: "does not grant …".
    pub noun: String,
    /// What it means.
    pub means: String,
    /// The nearest fideslang data use, for exports.
    pub fideslang: String,
    /// The nearest purpose of the Data Privacy Vocabulary, for exports.
    pub dpv: String,
}

/// One kind of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    /// fideslang key.
    pub key: String,
    /// Which plane it belongs to.
    #[serde(deserialize_with = "key")]
    pub plane: ClausePlane,
    /// As it stands in a sentence.
    pub noun: String,
}

/// What a named condition of a rule means, and what is said where it is not met.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionEntry {
    /// Its name in rules.
    #[serde(deserialize_with = "key")]
    pub key: Condition,
    /// When it is met.
    pub means: String,
    /// The sentence where it is not; `{purpose}` and `{action}` are filled in.
    pub otherwise: String,
}

/// A kind of recipient of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// What clauses name it by.
    pub kind: String,
    /// As it stands in a sentence.
    pub noun: String,
    /// The contract term by which this policy binds it. None: it is not bound.
    pub bound_by: Option<String>,
    /// The nearest of P3P's six recipient values, for exports.
    pub p3p: Option<String>,
}

/// A term that the contract of a recipient must have before anything goes to it (P84).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What attestations name it by.
    pub key: String,
    /// What it says.
    pub means: String,
    /// Kinds of recipients whose contract needs it.
    #[serde(deserialize_with = "keys")]
    pub binds: Vec<RecipientKind>,
}

/// A control of ours, which a recipient's must at least equal (P106).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// What attestations name it by.
    pub key: String,
    /// As it stands in a sentence.
    pub noun: String,
    /// Our level: a place in `levels`, from 0 for the weakest.
    pub ours: u8,
    /// What each level means, weakest first.
    pub levels: Vec<String>,
}

/// A way in which data may cross from one region to another (P78, P79).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Region that it leaves.
    pub from: String,
    /// Region that it goes to.
    pub to: String,
    /// What makes it lawful, such as `adequacy` or `standard_clauses`.
    pub mechanism: String,
    /// What was found about the law of the place.
    pub note: String,
    /// Until when that holds.
    #[serde(default, deserialize_with = "some_key")]
    pub valid_until: Option<Day>,
}

/// A published list that stands behind a "such as".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enumeration {
    /// What clauses name it by.
    pub name: String,
    /// Who and what is on it, or where the running list is rendered from.
    pub items: Vec<String>,
}

/// How long something is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// fideslang key of what is kept; one of the document's categories.
    pub category: String,
    /// Longest time, in days, where the rule is a number. Hosting: the tenant may set less.
    pub days: Option<u32>,
    /// The rule in words.
    pub words: String,
    /// The clause that promises it.
    #[serde(deserialize_with = "key")]
    pub clause: ClauseId,
}

impl RetentionRule {
    /// The category, where the hosting plane enforces it.
    #[must_use]
    pub fn hosted(&self) -> Option<DataCategory> {
        self.category.parse().ok()
    }
}

/// How a person gets what a clause promises them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The right or matter, as in a clause's `rights`.
    pub about: String,
    /// Where and how to ask.
    pub ask: String,
    /// Days until the answer.
    pub days: u16,
    /// What it costs.
    pub fee: String,
}

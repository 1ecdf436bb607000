//! A policy document that was read, checked and compiled.

use domain::{ClauseId, DataCategory, Purpose, Timestamp};
use sha2::{Digest, Sha256};

use crate::Facts;
use crate::cedar::Cedar;
use crate::document::{
    Clause, Control, Document, Head, Procedure, PurposeEntry, Recipient, RetentionRule, Section,
    Term,
};
use crate::history::History;
use crate::lint::{self, Finding};

const SHIPPED: &str = include_str!("../../../policies/privity.policy.toml");

/// A loaded policy.
#[derive(Debug)]
pub struct Policy {
    text: String,
    version: String,
    document: Document,
    cedar: Cedar,
    history: History,
}

/// Why a policy document is none.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It does not follow the format.
    #[error("the policy document does not follow the format; see docs/policy.md")]
    Format(#[from] toml::de::Error),
    /// Two things have one name.
    #[error("the {what} `{name}` is there twice; keep one")]
    Twice {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Something is named that is not there.
    #[error("`{place}` names the {what} `{name}`, which the document does not define")]
    Unknown {
        /// Where it is named.
        place: String,
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A rule does not compile.
    #[error("rule `{rule}` cannot be compiled: {reason}")]
    Rule {
        /// Clause and position of the rule.
        rule: String,
        /// What Cedar, or the format's own rules, say about it.
        reason: String,
    },
}

impl Policy {
    /// The policy that ships with the program (`policies/`).
    ///
    /// # Errors
    /// [`PolicyError`] where the document is faulty.
    pub fn shipped() -> Result<Self, PolicyError> {
        Self::parse(SHIPPED)
    }

    /// Reads a document, resolves its references and compiles its rules.
    ///
    /// # Errors
    /// [`PolicyError`] naming the place.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document: Document = toml::from_str(text)?;
        document.resolve()?;
        Ok(Self {
            text: text.to_owned(),
            version: hex::encode(Sha256::digest(text.as_bytes())),
            cedar: Cedar::compile(&document)?,
            document,
            history: History::default(),
        })
    }

    /// The same policy, knowing the versions that were in force before it: data collected under
    /// one of them is not opened for a purpose that it did not permit, until notice was given.
    #[must_use]
    pub fn after(self, history: History) -> Self {
        Self { history, ..self }
    }

    /// SHA-256 of the document, in hex.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The document as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rules as Cedar policies, for auditors.
    #[must_use]
    pub fn cedar_text(&self) -> &str {
        self.cedar.text()
    }

    /// Title, number, dates.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.document.head
    }

    /// Every clause, in the document's order.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.document.clauses
    }

    /// One clause.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&Clause> {
        self.clauses().iter().find(|clause| clause.id == *id)
    }

    /// The closed list of purposes.
    #[must_use]
    pub fn purposes(&self) -> &[PurposeEntry] {
        &self.document.purposes
    }

    /// How long what is kept.
    #[must_use]
    pub fn retention(&self) -> &[RetentionRule] {
        &self.document.retention
    }

    /// Headings, in order.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.document.sections
    }

    /// Kinds of recipients and what binds them.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.document.recipients
    }

    /// Terms that contracts of recipients must have.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.document.terms
    }

    /// Our controls, which a recipient's must at least equal.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.document.controls
    }

    /// How a person gets what a clause promises.
    #[must_use]
    pub fn procedures(&self) -> &[Procedure] {
        &self.document.procedures
    }

    /// What is wrong with the policy as a promise; empty for one that may be published.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        lint::check(&self.document)
    }

    pub(crate) const fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) const fn cedar(&self) -> &Cedar {
        &self.cedar
    }

    pub(crate) fn widens(&self, purpose: Purpose, facts: &Facts, at: Timestamp) -> bool {
        self.history.widens(&self.version, purpose, facts, at)
    }

    pub(crate) fn noun_of_purpose(&self, purpose: Purpose) -> &str {
        self.purposes()
            .iter()
            .find(|entry| entry.key == purpose.key())
            .map_or(purpose.key(), |entry| &entry.noun)
    }

    pub(crate) fn noun_of_category(&self, category: DataCategory) -> &str {
        self.noun_of(category.key())
    }

    /// How a data category stands in a sentence; its key where the document does not name it.
    #[must_use]
    pub fn noun_of<'a>(&'a self, category: &'a str) -> &'a str {
        self.document
            .categories
            .iter()
            .find(|entry| entry.key == category)
            .map_or(category, |entry| &entry.noun)
    }
}

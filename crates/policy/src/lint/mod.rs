//! Finds what is wrong with a policy as a promise to people.

use std::fmt;

use domain::ClauseId;

use crate::document::Document;

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

/// What the linter looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintRule {}

impl fmt::Display for LintRule {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

pub(crate) fn check(_: &Document) -> Vec<Finding> {
    Vec::new()
}

//! Who may do what, for which purpose, under which clause.
//!
//! Pure: no storage, no HTTP, no clock. [`decide`] is the only maker of a [`Permit`]; every
//! function that opens, seals or destroys personal data takes one and reads tenant and id from it.

#![warn(missing_docs)]

mod action;
mod cedar;
mod day;
mod decide;
mod document;
mod explain;
mod facts;
mod history;
mod lint;
mod permit;
mod policy;
mod question;
mod scope;

pub use action::{Action, Disclose, Erase, Find, Interactions, Read, Resource, Seal};
pub use day::Day;
pub use decide::decide;
pub use document::{
    CategoryEntry, Clause, ClauseKind, ClausePlane, Condition, ConditionEntry, Consent, Effect,
    Enumeration, Head, Procedure, PurposeEntry, Recipient, RetentionRule, Rule, Section, Who,
};
pub use facts::Facts;
pub use history::{History, HistoryError, Notice, PostedVersion};
pub use lint::{Finding, LintRule};
pub use permit::{Denial, Permit, PermitError};
pub use policy::{Policy, PolicyError};
pub use scope::Scope;

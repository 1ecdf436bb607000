//! Who may do what, for which purpose, under which clause.
//!
//! Pure: no storage, no HTTP, no clock. [`decide`] is the only maker of a [`Permit`]; every
//! function that opens, seals or destroys personal data takes one and reads tenant and id from it.

#![warn(missing_docs)]

mod action;
mod cedar;
mod compare;
mod day;
mod decide;
mod diff;
mod document;
mod explain;
pub mod exports;
mod facts;
mod history;
mod lint;
pub mod pdf;
mod permit;
mod policy;
mod question;
mod redline;
pub mod render;
mod scope;
mod status;
mod witness;

pub use action::{Action, Desk, Disclose, Erase, Find, Interactions, Read, Resource, Seal};
pub use compare::{Attestation, compare};
pub use day::Day;
pub use decide::decide;
pub use diff::{Change, Difference, diff, permitted_purposes};
pub use document::{
    CategoryEntry, Clause, ClauseKind, ClausePlane, Condition, ConditionEntry, Consent, Control,
    Effect, Enumeration, Head, Procedure, PurposeEntry, Recipient, RetentionRule, Rule, Section,
    Term, Transfer, Who,
};
pub use facts::{Facts, Lacks, RecipientFacts};
pub use history::{History, HistoryError, Notice, PostedVersion};
pub use lint::{Finding, LintRule};
pub use permit::{Denial, Permit, PermitError};
pub use policy::{Policy, PolicyError};
pub use redline::{Mark, Redline, redline};
pub use scope::Scope;
pub use status::{ClauseStatus, Evidence, EvidenceKind, FRESH, Standing, statuses};
pub use witness::{Deed, Doubt, witness};

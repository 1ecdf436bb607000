//! The search language: one language for search, categories, scores, alerts and exports.
//!
//! Text becomes a tree ([`parse`]), the tree's words become hashes ([`terms`], [`Resolved`]), an
//! index proposes interactions ([`candidates`]), and [`evaluate`] decides over a stream of
//! hashes, with evidence. [`Battery`] does that for many queries at once. Nothing here sees a
//! word of a transcript except [`index_text`], which takes redacted ones only.
//!
//! Limits: inflections and spoken numbers are English; a query is at most 20,000 characters and
//! 40 levels deep; in one interaction a relation keeps its first 20,000 spans and a query looks
//! at 10 million pairs of matches.

mod battery;
mod categories;
mod compile;
mod complete;
mod cursor;
mod dates;
mod error;
mod explain;
mod fields;
mod format;
mod inflect;
mod matcher;
mod numbers;
mod operands;
mod parser;
mod pattern;
mod plan;
mod rank;
mod scan;
mod spans;
mod terms;
mod words;

pub use battery::{Battery, BatteryHit};
pub use categories::follow;
pub use complete::{Completion, completions};
pub use error::QueryError;
pub use explain::explain;
pub use fields::{FieldKind, FieldSet, FieldSpec, may_be_declared, undeclared};
pub use format::format;
pub use inflect::inflections;
pub use matcher::{Matcher, evaluate};
pub use parser::{parse, parse_with};
pub use pattern::Pattern;
pub use plan::{Bounds, CandidatePlan, bounds, candidates};
pub use rank::{Rank, fullest, rank};
pub use terms::{Resolved, Terms, terms};
pub use words::{index_text, normalise, placeholder};

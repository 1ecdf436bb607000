//! Pure work on words: redaction, metrics, the search language, categories, scores and forms.
//!
//! Same input, same output: no files, no network, no clock, no threads. Everything below the
//! redaction gate takes [`domain::RedactedTranscript`]; only [`redact`] reads a raw one.

#![warn(missing_docs)]

pub mod categories;
pub mod forms;
pub mod metrics;
mod numerals;
pub mod planting;
pub mod redact;
pub mod roles;
pub mod scores;
pub mod search;
pub mod topics;
pub mod turns;
pub mod unheard;

//! The ledger's tables, as a step for the migrations.

/// Text of the step for both engines; released, so never edited.
pub(crate) const TABLES: &str = include_str!("ledger.sql");

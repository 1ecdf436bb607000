//! Every engine finds what the slow reference evaluator finds, page by page and newest first, and
//! its bounds hold.

#[cfg(test)]
mod engines;
#[expect(dead_code, reason = "the matcher's own tests use the rest of it")]
#[path = "../../../analysis/tests/reference/mod.rs"]
mod reference;

//! Tables for people, JSON for programs.

use app::{AppError, rfc3339};
use comfy_table::{Table, presets};
use domain::Timestamp;
use serde_json::{Value, json};

/// A run that did its work and still has bad news; the exit code says which.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Some inputs were refused; each was printed with its reason.
    #[error("{0} of the inputs were refused; the reasons are above")]
    SomeRefused(usize),
    /// The log does not verify.
    #[error("the ledger does not verify: {0} fault(s)")]
    NotVerified(usize),
    /// The audit saw planted secrets where none should be.
    #[error("{0} planted secret(s) were seen; the report says where")]
    Sighted(u64),
    /// The installation needs mending.
    #[error("{0} thing(s) need mending")]
    Unhealthy(usize),
}

/// Prints rows as a table, or the value as JSON.
pub(crate) fn print(json: bool, value: &Value, head: &[&str], rows: Vec<Vec<String>>) {
    if json {
        println!("{value:#}");
    } else {
        println!("{}", table(head, rows));
    }
}

pub(crate) fn table(head: &[&str], rows: Vec<Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    table.set_header(head.to_vec());
    for row in rows {
        table.add_row(row);
    }
    table
}

/// One line, or the value as JSON.
pub(crate) fn line(json: bool, value: &Value, text: &str) {
    if json {
        println!("{value:#}");
    } else {
        println!("{text}");
    }
}

/// `2026-10-05 09:12` in UTC.
pub(crate) fn when(at: Timestamp) -> String {
    let text = rfc3339(at);
    text.get(..16)
        .map_or(text.clone(), |short| short.replace('T', " "))
}

/// An error with its causes, and the clauses of a refusal.
pub(crate) fn failure(error: &anyhow::Error, json: bool) {
    let denial = match error.downcast_ref::<AppError>() {
        Some(AppError::Denied(denial)) => Some(denial),
        _ => None,
    };
    let clauses: Vec<String> = denial
        .map(|denial| denial.clauses.iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    if json {
        eprintln!(
            "{}",
            json!({ "error": format!("{error:#}"), "clauses": clauses })
        );
        return;
    }
    if clauses.is_empty() {
        eprintln!("privity: {error:#}");
    } else {
        eprintln!("privity: refused under {}: {error:#}", clauses.join(", "));
    }
}

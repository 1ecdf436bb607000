//! `privity policy` and `privity ledger`.

use anyhow::{Context, Result};
use app::AppError;
use serde_json::{Value, json};

use crate::args::{Cli, LedgerCommand, PolicyCommand};
use crate::output::{self, Failure};

pub(super) fn policy(cli: &Cli, command: &PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::Check { file } => {
            let text = match file {
                Some(path) => Some(
                    std::fs::read_to_string(path)
                        .with_context(|| format!("cannot read `{}`", path.display()))?,
                ),
                None => None,
            };
            let findings = app::check_policy(text.as_deref())?;
            let rows = findings
                .iter()
                .map(|f| {
                    vec![
                        f.code.clone(),
                        f.clause.clone(),
                        f.sentence.clone(),
                        f.hint.clone(),
                    ]
                })
                .collect();
            let value: Value = findings
                .iter()
                .map(|f| json!({ "code": f.code, "clause": f.clause, "sentence": f.sentence, "hint": f.hint }))
                .collect();
            output::print(
                cli.json,
                &value,
                &["finding", "clause", "what is wrong", "how to mend it"],
                rows,
            );
            if findings.is_empty() {
                return Ok(());
            }
            Err(Failure::Unhealthy(findings.len()).into())
        }
        PolicyCommand::Show { clause } => {
            let id = clause
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(AppError::Id)?;
            let shown = app::show_policy(id.as_ref())?;
            let rows = shown
                .iter()
                .map(|c| {
                    vec![
                        c.id.clone(),
                        c.kind.clone(),
                        c.plane.clone(),
                        c.prose.clone(),
                    ]
                })
                .collect();
            let value: Value = shown
                .iter()
                .map(|c| json!({ "id": c.id, "kind": c.kind, "plane": c.plane, "prose": c.prose, "enforced_at": c.enforced_at }))
                .collect();
            output::print(
                cli.json,
                &value,
                &["clause", "kind", "plane", "what it says"],
                rows,
            );
            Ok(())
        }
    }
}

pub(super) async fn ledger(cli: &Cli, command: &LedgerCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        LedgerCommand::Verify => {
            let report = app.verify_ledger().await?;
            output::line(
                cli.json,
                &json!({
                    "leaves": report.leaves, "covered": report.covered,
                    "forgotten": report.forgotten, "checkpoints": report.checkpoints,
                    "origin": report.origin, "verifiers": report.verifiers, "faults": report.faults,
                }),
                &format!(
                    "{}: {} leaves, {} of them under {} signed checkpoint(s)",
                    report.origin, report.leaves, report.covered, report.checkpoints
                ),
            );
            if report.faults.is_empty() {
                return Ok(());
            }
            for fault in &report.faults {
                eprintln!("fault: {fault}");
            }
            Err(Failure::NotVerified(report.faults.len()).into())
        }
        LedgerCommand::Prove { leaf } => {
            print!("{}", app.prove_leaf(domain::LeafIndex(*leaf)).await?);
            Ok(())
        }
    }
}

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
        // The rest needs an installation and lives in `policy`.
        _ => Ok(()),
    }
}

pub(super) async fn ledger(cli: &Cli, command: &LedgerCommand) -> Result<()> {
    if let LedgerCommand::Verify {
        bundle: Some(file),
        keys,
    } = command
    {
        return offline(cli, file, keys);
    }
    let app = super::open(cli).await?;
    match command {
        LedgerCommand::Bundle { id, output, tenant } => {
            let tenant = super::tenant(&app, tenant).await?;
            let scope = super::officer(&app, &tenant);
            let id = id.parse().map_err(AppError::Id)?;
            let text = app.evidence_bundle(&scope, id).await?;
            match output {
                Some(path) => std::fs::write(path, text)
                    .with_context(|| format!("cannot write `{}`", path.display()))?,
                None => print!("{text}"),
            }
            Ok(())
        }
        LedgerCommand::Export {
            from,
            limit,
            output,
            tenant,
        } => {
            let tenant = super::tenant(&app, tenant).await?;
            let scope = super::officer(&app, &tenant);
            let from = domain::LeafIndex(*from);
            let text = app.ledger_proofs(&scope, from, *limit).await?;
            match output {
                Some(path) => std::fs::write(path, text)
                    .with_context(|| format!("cannot write `{}`", path.display()))?,
                None => print!("{text}"),
            }
            Ok(())
        }
        LedgerCommand::Keys => {
            let keys = app.ledger_keys().await?;
            output::line(cli.json, &json!({ "keys": keys }), &keys.join("\n"));
            Ok(())
        }
        LedgerCommand::Witnesses { ask } => super::witness::standing(cli, &app, *ask).await,
        LedgerCommand::Witness => witness(cli, &app).await,
        LedgerCommand::Verify { .. } => {
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

/// Needs nothing but the file and the keys that were pinned outside.
fn offline(cli: &Cli, file: &std::path::Path, keys: &[String]) -> Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read `{}`", file.display()))?;
    let checked = app::bundle::verify(&text, keys)?;
    output::line(
        cli.json,
        &json!({ "origin": checked.origin, "leaves": checked.leaves.len(), "pinned": checked.pinned }),
        &format!(
            "{}: {} leaves are in the log, signed by {}",
            checked.origin,
            checked.leaves.len(),
            if checked.pinned {
                "the pinned key"
            } else {
                "the key that the bundle itself names"
            }
        ),
    );
    for leaf in &checked.leaves {
        println!("{leaf}");
    }
    Ok(())
}

async fn witness(cli: &Cli, app: &app::App) -> Result<()> {
    let report = app.replay_ledger().await?;
    let rows = report
        .unmatched
        .iter()
        .map(|one| vec![one.leaf.0.to_string(), one.sentence.clone()])
        .collect();
    let value = json!({
        "leaves": report.leaves, "deeds": report.deeds, "kinds": report.kinds,
        "unmatched": report.unmatched.iter().map(|one| json!({
            "leaf": one.leaf.0, "sentence": one.sentence,
            "tenant": one.tenant.map(|id| id.to_string()),
        })).collect::<Vec<_>>(),
    });
    output::print(
        cli.json,
        &value,
        &["leaf", "has no matching decision because"],
        rows,
    );
    if report.unmatched.is_empty() {
        eprintln!(
            "{} deeds of {} leaves replayed; each has its decision",
            report.deeds, report.leaves
        );
        return Ok(());
    }
    Err(Failure::NotVerified(report.unmatched.len()).into())
}

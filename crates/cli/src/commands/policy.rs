//! `privity policy`.

use std::path::Path;

use anyhow::{Context, Result};
use app::policy_desk::{Question, TestReport, import};
use app::{App, AppError};
use domain::{ClauseId, InteractionId, Millis};
use serde_json::{Value, json};

use crate::args::{Cli, PolicyCommand};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::Check { .. } | PolicyCommand::Show { .. } => {
            super::evidence::policy(cli, command)
        }
        PolicyCommand::Import { file } => {
            let found = import(&read(file)?);
            let rows = found.iter().map(|one| {
                vec![
                    one.number.to_string(),
                    one.heading.clone(),
                    one.guess.to_owned(),
                    one.words.clone(),
                ]
            });
            let rows = rows.collect();
            let value: Value = found
                .iter()
                .map(|one| {
                    json!({ "number": one.number, "heading": one.heading, "guess": one.guess,
                            "span": [one.span.0, one.span.1], "words": one.words })
                })
                .collect();
            output::print(
                cli.json,
                &value,
                &["no.", "under", "perhaps a", "sentence"],
                rows,
            );
            Ok(())
        }
        PolicyCommand::Report { junit, output } => report(cli, junit, output),
        installed => {
            let app = super::open(cli).await?;
            on_installation(cli, &app, installed).await
        }
    }
}

async fn on_installation(cli: &Cli, app: &App, command: &PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::Publish { file, notice } => {
            let done = app.publish_policy("cli", &read(file)?, *notice).await?;
            let value = json!({ "version": done.version, "leaf": done.leaf.0,
                                "effective_from": app::rfc3339(done.effective_from),
                                "material": done.difference.is_material() });
            let said = format!(
                "Posted {}; it holds from {} on. {} change(s).",
                short(&done.version),
                when(done.effective_from),
                done.difference.changes.len()
            );
            output::line(cli.json, &value, &said);
        }
        PolicyCommand::Versions => {
            let all = app.policy_versions().await?;
            let rows = all.iter().map(|view| {
                vec![
                    view.number.clone(),
                    short(&view.version),
                    when(view.posted),
                    when(view.effective_from),
                    if view.in_force { "in force" } else { "" }.to_owned(),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|view| {
                    json!({ "number": view.number, "version": view.version,
                            "posted": app::rfc3339(view.posted), "in_force": view.in_force,
                            "effective_from": app::rfc3339(view.effective_from) })
                })
                .collect();
            output::print(
                cli.json,
                &value,
                &["number", "version", "posted", "from", ""],
                rows,
            );
        }
        PolicyCommand::At { time } => {
            let policy = app.policy_at(app::parse_time(time)?).await?;
            print!("{}", policy.text());
        }
        PolicyCommand::Diff { from, to } => diff(cli, app, from, to.as_deref()).await?,
        PolicyCommand::Render { form, status } => {
            if form == "pdf" {
                let made = app.policy_pdf(*status).await?;
                std::io::Write::write_all(&mut std::io::stdout(), &made)
                    .context("cannot write the PDF to standard output")?;
            } else {
                print!("{}", app.render_policy(form, *status).await?);
            }
        }
        PolicyCommand::Status { tests } => {
            if let Some(report) = tests {
                let named = app.record_tests(&read(report)?, app.now()).await?;
                eprintln!("{named} tests that clauses name are in the report");
            }
            status(cli, app).await?;
        }
        PolicyCommand::Verify { folder } => {
            let report = app.clause_report().await?;
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
            for (name, text) in [
                ("clauses.json", &report.json),
                ("clauses.html", &report.html),
            ] {
                let path = folder.join(name);
                std::fs::write(&path, text)
                    .with_context(|| format!("cannot write `{}`", path.display()))?;
            }
            output::line(
                cli.json,
                &json!({ "folder": folder.display().to_string(), "broken": report.broken }),
                &format!(
                    "Wrote clauses.json and clauses.html; {} broken.",
                    report.broken
                ),
            );
            if report.broken > 0 {
                return Err(output::Failure::Unhealthy(report.broken).into());
            }
        }
        PolicyCommand::Waive {
            clause,
            reason,
            days,
        } => {
            let id: ClauseId = clause.parse().map_err(AppError::Id)?;
            let length = Millis(u64::from(*days) * 86_400_000);
            app.waive(&id, reason, length).await?;
            output::line(cli.json, &json!({ "clause": clause }), "Waived.");
        }
        PolicyCommand::Ask { .. } => ask(cli, app, command).await?,
        PolicyCommand::Check { .. }
        | PolicyCommand::Show { .. }
        | PolicyCommand::Import { .. }
        | PolicyCommand::Report { .. } => {}
    }
    Ok(())
}

/// Needs no installation: the shipped policy's clauses, this program's sources.
fn report(cli: &Cli, junit: &Path, to: &Path) -> Result<()> {
    let source = crate::build::this().source;
    let made = TestReport::of_now(&source, &read(junit)?)?;
    std::fs::write(to, made.text()?).with_context(|| format!("cannot write `{}`", to.display()))?;
    output::line(
        cli.json,
        &json!({ "source": source, "passed": made.passed, "failed": made.failed,
                 "named": made.named(), "named_passed": made.named_passed() }),
        &format!(
            "{} tests passed, {} failed; of the {} that clauses name {} passed.",
            made.passed,
            made.failed,
            made.named(),
            made.named_passed()
        ),
    );
    Ok(())
}

async fn ask(cli: &Cli, app: &App, command: &PolicyCommand) -> Result<()> {
    let PolicyCommand::Ask {
        who,
        action,
        purpose,
        data,
        interaction,
        tenant,
    } = command
    else {
        return Ok(());
    };
    let about = match interaction {
        Some(id) => {
            let id: InteractionId = id.parse().map_err(AppError::Id)?;
            Some((super::tenant(app, tenant).await?.id, id))
        }
        None => None,
    };
    let question = Question {
        right: who.clone(),
        action: action.clone(),
        purpose: purpose.parse().map_err(AppError::Id)?,
        categories: super::ids(data)?,
        about,
    };
    let answer = app.ask_policy(&question).await?;
    let mut said = format!(
        "{} under {}: {}\n",
        if answer.allowed { "allowed" } else { "refused" },
        answer.clauses.join(", "),
        answer.sentence
    );
    for (clause, words) in answer.clauses.iter().zip(&answer.words) {
        said.push_str(&format!("\n{clause}  {words}\n"));
    }
    let value = json!({ "allowed": answer.allowed, "clauses": answer.clauses,
                        "sentence": answer.sentence, "words": answer.words,
                        "version": answer.version });
    output::line(cli.json, &value, said.trim_end());
    Ok(())
}

async fn diff(cli: &Cli, app: &App, from: &str, to: Option<&str>) -> Result<()> {
    let difference = app
        .compare_policies(&named(from)?, to.map(named).transpose()?.as_deref())
        .await?;
    let rows = difference.changes.iter().map(|change| {
        vec![
            change
                .clause
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            if change.material { "matters" } else { "" }.to_owned(),
            change.sentence.clone(),
        ]
    });
    let rows = rows.collect();
    let value = json!({
        "from": difference.from, "to": difference.to, "material": difference.is_material(),
        "opened": difference.opened.iter().map(|p| p.key()).collect::<Vec<_>>(),
        "changes": difference.changes.iter().map(|change| json!({
            "clause": change.clause.as_ref().map(ToString::to_string),
            "material": change.material, "sentence": change.sentence,
        })).collect::<Vec<_>>(),
    });
    output::print(cli.json, &value, &["clause", "", "what changed"], rows);
    if !cli.json {
        let verdict = if difference.is_material() {
            "It matters to people whose data is held: give notice before it holds."
        } else {
            "It does not widen what is done with data that is held."
        };
        println!("{verdict}");
    }
    Ok(())
}

/// A file's text, or the beginning of a version's hash as it is.
fn named(text: &str) -> Result<String> {
    let path = Path::new(text);
    if path.exists() {
        read(path)
    } else {
        Ok(text.to_owned())
    }
}

async fn status(cli: &Cli, app: &App) -> Result<()> {
    let standing = app.clause_status().await?;
    let rows = standing.clauses.iter().map(|one| {
        vec![
            one.clause.to_string(),
            one.plane.clone(),
            one.status.to_string(),
            one.last.map_or_else(String::new, when),
            one.sentence.clone(),
            one.live.clone().unwrap_or_default(),
        ]
    });
    let rows = rows.collect();
    let value = json!({
        "version": standing.version, "at": app::rfc3339(standing.at), "hosting": standing.hosting,
        "clauses": standing.clauses.iter().map(|one| json!({
            "clause": one.clause.to_string(), "kind": one.kind, "plane": one.plane,
            "status": one.status.key(), "sentence": one.sentence,
            "last": one.last.map(app::rfc3339), "live": one.live, "tests": one.tests,
            "unbacked": one.unbacked,
        })).collect::<Vec<_>>(),
    });
    let head = [
        "clause",
        "plane",
        "stands",
        "last seen",
        "why",
        "the installation says",
    ];
    output::print(cli.json, &value, &head, rows);
    if !cli.json {
        let counts: Vec<String> = standing
            .hosting
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        println!("hosting plane: {}", counts.join(", "));
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn short(version: &str) -> String {
    version.chars().take(12).collect()
}

//! `privity desk`: what people write to the operator, and who answers.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use app::App;
use domain::Secret;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::breach_args::DeskCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &DeskCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        DeskCommand::Mail { paths, owner } => mail(cli, &app, paths, owner).await?,
        DeskCommand::Inquiries => list(cli, &app).await?,
        DeskCommand::Answer { inquiry, text, by } => {
            let id = inquiry.parse().map_err(app::AppError::from)?;
            app.answer_inquiry(&app.privacy_desk(by), id, text).await?;
            output::line(cli.json, &json!({ "id": inquiry }), "Answered.");
        }
        DeskCommand::Dispute {
            from,
            facts,
            at,
            by,
        } => {
            let (desk, from) = (app.privacy_desk(by), Secret::new(from.clone()));
            let at = app::parse_time(at)?;
            let id = app.open_dispute(&desk, &from, facts, at).await?;
            let version = app.policy_at(at).await?.version().to_owned();
            output::line(
                cli.json,
                &json!({ "id": id.to_string(), "judged_by": version }),
                &format!("Opened {id}; it is judged by version {version}."),
            );
        }
    }
    Ok(())
}

/// A message that cannot be read does not keep the others out: each has its line.
async fn mail(cli: &Cli, app: &App, paths: &[PathBuf], owner: &str) -> Result<()> {
    let desk = app.privacy_desk(owner);
    let mut failed = 0;
    let mut rows = Vec::new();
    for path in messages(paths)? {
        let bytes =
            std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let (id, what) = match app.take_desk_mail(&desk, owner, &bytes).await {
            Ok(taken) if taken.known => (taken.id.to_string(), "here already".to_owned()),
            Ok(taken) => {
                let what = taken
                    .request
                    .map_or_else(|| "taken in".to_owned(), |id| format!("opened {id}"));
                (taken.id.to_string(), what)
            }
            Err(error) => {
                failed += 1;
                (String::new(), error.to_string())
            }
        };
        rows.push(vec![path.display().to_string(), id, what]);
    }
    let value: Value = rows
        .iter()
        .map(|row| json!({ "file": row.first(), "id": row.get(1), "outcome": row.get(2) }))
        .collect();
    output::print(cli.json, &value, &["file", "message", "outcome"], rows);
    if failed > 0 {
        anyhow::bail!("{failed} message(s) could not be taken in; they are where they were");
    }
    Ok(())
}

fn messages(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(files(path)?);
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

async fn list(cli: &Cli, app: &App) -> Result<()> {
    let all = app.inquiries(&app.privacy_desk("cli")).await?;
    let rows = all.iter().map(|view| {
        vec![
            view.id.to_string(),
            when(view.received),
            view.inquiry.kind.clone(),
            view.state.to_owned(),
            view.inquiry.owner.clone(),
            when(view.inquiry.due),
            view.inquiry.subject.expose().to_owned(),
        ]
    });
    let rows = rows.collect();
    let value: Value = all
        .iter()
        .map(|view| {
            let inquiry = &view.inquiry;
            json!({ "id": view.id.to_string(), "received": app::rfc3339(view.received),
                    "kind": inquiry.kind, "state": view.state, "owner": inquiry.owner,
                    "due": app::rfc3339(inquiry.due), "from": inquiry.from.expose(),
                    "subject": inquiry.subject.expose(), "text": inquiry.text.expose(),
                    "request": inquiry.request.map(|id| id.to_string()),
                    "judged_by": inquiry.judged_by })
        })
        .collect();
    let head = [
        "message",
        "received",
        "kind",
        "state",
        "owner",
        "answer by",
        "about",
    ];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

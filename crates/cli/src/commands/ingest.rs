//! `privity ingest`.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use app::{App, IntakeOrder, Outcome, Scope};
use domain::{Metadata, Purpose, Secret};
use serde_json::{Value, json};

use crate::args::{Cli, Ingest, Labels};
use crate::output::{self, Failure};

pub(super) async fn run(cli: &Cli, args: &Ingest) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.labels.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Storage);
    let order = order(&args.labels)?;
    let mut report = Report::default();
    for path in &args.paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            let outcomes = app.take_in(&scope, bytes, &order).await?;
            report.add(Path::new("-"), outcomes);
        } else {
            for file in files(path)? {
                report.add(&file, one_file(&app, &scope, &file, &order).await?);
                if !cli.json {
                    report.say_last();
                }
            }
        }
    }
    app.checkpoint().await?;
    report.finish(cli.json)
}

pub(super) async fn one_file(
    app: &App,
    scope: &Scope,
    file: &Path,
    order: &IntakeOrder,
) -> Result<Vec<Outcome>> {
    Ok(app.take_in_file(scope, file, order).await?)
}

pub(super) fn order(labels: &Labels) -> Result<IntakeOrder> {
    let mut metadata = Metadata::new();
    for (key, value) in labels.who.fields()? {
        metadata.insert(key.to_owned(), Secret::new(value));
    }
    let started = labels.started.as_deref().map(app::parse_time).transpose()?;
    Ok(IntakeOrder {
        agent: labels.who.agent.as_deref().map(Secret::from),
        consumer: labels.who.party.as_deref().map(Secret::from),
        agent_channel: labels.who.agent_channel,
        started,
        metadata,
        idempotency_key: None,
    })
}

/// The file itself, or every file below a folder in the order of their names.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    for entry in entries {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_none_or(|name| name.starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What became of every input.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<(String, Outcome)>,
}

impl Report {
    pub(super) fn add(&mut self, path: &Path, outcomes: Vec<Outcome>) {
        let name = path.display().to_string();
        self.rows
            .extend(outcomes.into_iter().map(|outcome| (name.clone(), outcome)));
    }

    fn say_last(&self) {
        if let Some((name, outcome)) = self.rows.last() {
            eprintln!("{name}: {}", words(outcome));
        }
    }

    pub(super) fn finish(self, as_json: bool) -> Result<()> {
        let count =
            |wanted: fn(&Outcome) -> bool| self.rows.iter().filter(|(_, o)| wanted(o)).count();
        let taken = count(|o| matches!(o, Outcome::Taken { .. }));
        let known = count(|o| matches!(o, Outcome::Known { .. }));
        let continued = count(|o| matches!(o, Outcome::Continued { .. }));
        let refused = count(|o| matches!(o, Outcome::Refused { .. }));
        let rows: Vec<Value> = self.rows.iter().map(|(name, o)| value(name, o)).collect();
        output::line(
            as_json,
            &json!({
                "taken_in": taken, "continued": continued, "known": known, "refused": refused,
                "inputs": rows,
            }),
            &format!(
                "{taken} taken in, {continued} continued, {known} already known, {refused} refused"
            ),
        );
        if refused > 0 {
            return Err(Failure::SomeRefused(refused).into());
        }
        Ok(())
    }
}

pub(super) fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Taken { id, channel, .. } => format!("taken in as {id} ({})", channel.key()),
        Outcome::Known { id } => format!("already known as {id}"),
        Outcome::Continued { id, messages } => format!("{messages} new message(s) of {id}"),
        Outcome::Refused { reason, sentence } => format!("refused ({reason}): {sentence}"),
    }
}

fn value(name: &str, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Taken {
            id,
            channel,
            warnings,
        } => json!({
            "input": name, "outcome": "taken_in", "id": id.to_string(),
            "channel": channel.key(), "warnings": warnings,
        }),
        Outcome::Known { id } => json!({ "input": name, "outcome": "known", "id": id.to_string() }),
        Outcome::Continued { id, messages } => json!({
            "input": name, "outcome": "continued", "id": id.to_string(), "messages": messages,
        }),
        Outcome::Refused { reason, sentence } => json!({
            "input": name, "outcome": "refused", "reason": reason, "sentence": sentence,
        }),
    }
}

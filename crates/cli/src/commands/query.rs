//! `privity query`.

use std::io::Read as _;

use anyhow::Result;
use app::{AppError, Completion};
use domain::Purpose;
use serde_json::{Value, json};

use crate::args::{Cli, QueryCommand};
use crate::output;

pub(super) async fn run(cli: &Cli, command: &QueryCommand) -> Result<()> {
    match command {
        QueryCommand::Fmt { query, check } => fmt(cli, &text(query)?, *check),
        QueryCommand::Explain { query } => {
            let text = text(query)?;
            let read = app::read_query(&text).inspect_err(|error| point(&text, error))?;
            let value = json!({ "query": read.standard, "explained": read.explained });
            output::line(cli.json, &value, &read.explained);
            Ok(())
        }
        QueryCommand::Check { query } => check(cli, &text(query)?),
        QueryCommand::Complete {
            query,
            cursor,
            tenant,
            categories,
        } => {
            let cursor = cursor.unwrap_or_else(|| query.chars().count());
            let names = if *categories {
                let app = super::open(cli).await?;
                let tenant = super::tenant(&app, tenant).await?;
                let scope = super::scope(&app, &tenant, Purpose::Review);
                app.category_names(&scope).await?
            } else {
                Vec::new()
            };
            print_completions(cli.json, &app::complete_query(query, cursor, &names));
            Ok(())
        }
    }
}

fn fmt(cli: &Cli, text: &str, check: bool) -> Result<()> {
    let read = app::read_query(text).inspect_err(|error| point(text, error))?;
    if check {
        if read.standard == text.trim() {
            return Ok(());
        }
        let message = format!("not in its standard form, which is: {}", read.standard);
        return Err(AppError::Input(message).into());
    }
    output::line(cli.json, &json!({ "query": read.standard }), &read.standard);
    Ok(())
}

fn check(cli: &Cli, text: &str) -> Result<()> {
    let faults = app::query_faults(text);
    if cli.json {
        let all: Value = faults
            .iter()
            .map(|fault| {
                json!({ "column": fault.column, "expected": fault.expected,
                        "found": fault.found, "nearest": fault.nearest })
            })
            .collect();
        println!("{:#}", json!({ "faults": all }));
    }
    let Some(first) = faults.first() else {
        if !cli.json {
            println!("The query is right.");
        }
        return Ok(());
    };
    if !cli.json {
        let column = first.column;
        eprintln!("  {text}\n  {:>column$}", "^");
    }
    let error = app::read_query(text).err();
    error.map_or(Ok(()), |error| Err(error.into()))
}

fn print_completions(json: bool, all: &[Completion]) {
    let value: Value = all
        .iter()
        .map(|one| json!({ "from": one.from, "to": one.to, "text": one.text, "about": one.about }))
        .collect();
    let rows = all
        .iter()
        .map(|one| vec![one.text.clone(), one.about.clone()])
        .collect();
    output::print(json, &value, &["text", "what it is"], rows);
}

/// The query with a caret under the column of its fault.
pub(super) fn point(text: &str, error: &AppError) {
    if let AppError::Query { column, .. } = error {
        eprintln!("  {text}\n  {:>column$}", "^");
    }
}

fn text(words: &[String]) -> Result<String> {
    if words == ["-"] {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text.trim_end().to_owned());
    }
    Ok(words.join(" "))
}

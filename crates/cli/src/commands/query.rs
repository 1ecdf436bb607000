//! `privity query` and `privity field`.

use std::io::Read as _;

use anyhow::Result;
use app::{AppError, Completion, FieldSet};
use domain::Purpose;
use serde_json::{Value, json};

use crate::args::{Cli, FieldCommand, QueryCommand, TenantArg};
use crate::output;

pub(super) async fn run(cli: &Cli, command: &QueryCommand) -> Result<()> {
    match command {
        QueryCommand::Fmt {
            query,
            check,
            tenant,
        } => fmt(cli, &text(query)?, *check, &fields(cli, tenant).await?),
        QueryCommand::Explain { query, tenant } => {
            let text = text(query)?;
            let fields = fields(cli, tenant).await?;
            let read = app::read_query(&text, &fields).inspect_err(|error| point(&text, error))?;
            let value = json!({ "query": read.standard, "explained": read.explained });
            output::line(cli.json, &value, &read.explained);
            Ok(())
        }
        QueryCommand::Check { query, tenant } => {
            check(cli, &text(query)?, &fields(cli, tenant).await?)
        }
        QueryCommand::Complete {
            query,
            cursor,
            tenant,
            categories,
        } => {
            let cursor = cursor.unwrap_or_else(|| query.chars().count());
            let (fields, names) = if *categories {
                let app = super::open(cli).await?;
                let tenant = super::tenant(&app, tenant).await?;
                let scope = super::scope(&app, &tenant, Purpose::Review);
                let fields = app.field_set(tenant.id).await?;
                (fields, app.category_names(&scope).await?)
            } else {
                (fields(cli, tenant).await?, Vec::new())
            };
            let all = app::complete_query(query, cursor, (&fields, &names));
            print_completions(cli.json, &all);
            Ok(())
        }
    }
}

/// The fields of the tenant that was named; without one, the standard ones, and no installation is
/// needed.
async fn fields(cli: &Cli, named: &TenantArg) -> Result<FieldSet> {
    if named.tenant.is_none() {
        return Ok(FieldSet::standard());
    }
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, named).await?;
    Ok(app.field_set(tenant.id).await?)
}

/// `privity field`.
pub(super) async fn field(cli: &Cli, command: &FieldCommand) -> Result<()> {
    let (FieldCommand::Declare { tenant, .. }
    | FieldCommand::List { tenant }
    | FieldCommand::Remove { tenant, .. }) = command;
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    match command {
        FieldCommand::Declare { name, about, .. } => {
            app.declare_field(&scope, name, about).await?;
            let said = format!("Queries may name `{}`.", name.to_lowercase());
            output::line(cli.json, &json!({ "name": name.to_lowercase() }), &said);
        }
        FieldCommand::List { .. } => {
            let all = app.declared_fields(&scope).await?;
            let value: Value = all
                .iter()
                .map(|one| json!({ "name": one.name, "about": one.about }))
                .collect();
            let rows = all
                .into_iter()
                .map(|one| vec![one.name, one.about])
                .collect();
            output::print(cli.json, &value, &["field", "what it is"], rows);
        }
        FieldCommand::Remove { name, .. } => {
            app.drop_field(&scope, name).await?;
            output::line(cli.json, &json!({ "name": name }), "Taken back.");
        }
    }
    Ok(())
}

fn fmt(cli: &Cli, text: &str, check: bool, fields: &FieldSet) -> Result<()> {
    let read = app::read_query(text, fields).inspect_err(|error| point(text, error))?;
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

fn check(cli: &Cli, text: &str, fields: &FieldSet) -> Result<()> {
    let faults = app::query_faults(text, fields);
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
    let error = app::read_query(text, fields).err();
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

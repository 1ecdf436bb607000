//! `privity breach`: exposures of data, their clock, who is told what.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use app::App;
use app::breaches::Breach;
use domain::{BreachId, DataCategory, Secret};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::breach_args::{BreachCommand, Exposure};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &BreachCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        BreachCommand::Report(exposure) => {
            let breach = breach(&app, exposure).await?;
            let desk = app.privacy_desk(&exposure.by);
            let id = app.report_breach(&desk, &breach).await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string(), "due": app::rfc3339(breach.due()) }),
                &format!(
                    "Written down as {id}; to be told by {}.",
                    when(breach.due())
                ),
            );
        }
        BreachCommand::Tell { breach, delay, by } => {
            let desk = app.privacy_desk(by);
            let told = app
                .tell_customers(&desk, number(breach)?, delay.as_deref())
                .await?;
            output::line(
                cli.json,
                &json!({ "told": told }),
                &format!("{told} customer(s) told."),
            );
        }
        BreachCommand::ToldAuthority { breach, by } => {
            app.told_authority(&app.privacy_desk(by), number(breach)?)
                .await?;
            output::line(cli.json, &json!({ "id": breach }), "Written down.");
        }
        BreachCommand::Form { breach } => {
            let form = app
                .breach_form(&app.privacy_desk("cli"), number(breach)?)
                .await?;
            output::line(cli.json, &json!({ "form": form }), &form);
        }
        BreachCommand::List => list(cli, &app).await?,
        BreachCommand::Notices { letters, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            notices(cli, &app, &scope, *letters).await?;
        }
    }
    Ok(())
}

async fn breach(app: &App, exposure: &Exposure) -> Result<Breach> {
    if !exposure.ids.is_empty() && exposure.tenants.len() != 1 {
        bail!("--interaction goes with one --of: an interaction is of one customer");
    }
    let categories = exposure
        .categories
        .iter()
        .map(|key| Ok(key.parse()?))
        .collect::<Result<BTreeSet<DataCategory>>>()?;
    let mut concerned = BTreeMap::new();
    for slug in &exposure.tenants {
        let tenant = app.tenant(&slug.parse()?).await?;
        concerned.insert(tenant.id, super::ids(&exposure.ids)?);
    }
    let known = exposure.known.as_deref().map(app::parse_time).transpose()?;
    Ok(Breach {
        known: known.unwrap_or_else(|| app.now()),
        what: Secret::new(exposure.what.clone()),
        categories,
        concerned,
        consequences: Secret::new(exposure.consequences.clone()),
        measures: Secret::new(exposure.measures.clone()),
        drill: exposure.drill,
        customers_told: None,
        authority_told: None,
        delay: None,
    })
}

async fn list(cli: &Cli, app: &App) -> Result<()> {
    let all = app.breaches(&app.privacy_desk("cli")).await?;
    let rows = all.iter().map(|view| {
        let breach = &view.breach;
        vec![
            view.id.to_string(),
            when(breach.known),
            when(breach.due()),
            view.state.to_owned(),
            breach.concerned.len().to_string(),
            if breach.drill { "exercise" } else { "" }.to_owned(),
        ]
    });
    let rows = rows.collect();
    let value: Value = all
        .iter()
        .map(|view| {
            json!({ "id": view.id.to_string(), "known": app::rfc3339(view.breach.known),
                    "due": app::rfc3339(view.breach.due()), "state": view.state,
                    "customers": view.breach.concerned.len(), "drill": view.breach.drill,
                    "late": view.breach.is_late(app.now()) })
        })
        .collect();
    let head = ["exposure", "known", "tell by", "state", "customers", ""];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

async fn notices(cli: &Cli, app: &App, scope: &app::Scope, letters: bool) -> Result<()> {
    let told = app.breach_notices(scope).await?;
    let policy = app.policy();
    let contact = &policy.head().contact;
    let value: Value = told
        .iter()
        .map(|notice| {
            json!({ "breach": notice.breach.to_string(), "known": app::rfc3339(notice.known),
                    "what": notice.what.expose(), "drill": notice.drill,
                    "interactions": notice.interactions.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "letter": notice.letter(contact) })
        })
        .collect();
    if letters && !cli.json {
        for notice in &told {
            output::line(false, &Value::Null, &notice.letter(contact));
        }
        return Ok(());
    }
    let rows = told.iter().map(|notice| {
        let which = match notice.interactions.len() {
            0 => "all".to_owned(),
            count => count.to_string(),
        };
        vec![
            notice.breach.to_string(),
            when(notice.known),
            which,
            notice.what.expose().to_owned(),
        ]
    });
    let rows = rows.collect();
    let head = ["exposure", "known", "interactions", "what happened"];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

fn number(text: &str) -> Result<BreachId, app::AppError> {
    Ok(text.parse()?)
}

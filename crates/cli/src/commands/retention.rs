//! `privity retention`.

use anyhow::Result;
use app::retention::{RetentionOrder, RunView};
use app::{App, Scope};
use domain::{Channel, RetentionRuleId};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::RetentionCommand;
use crate::output::{self, Failure, when};

pub(super) async fn run(cli: &Cli, command: &RetentionCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        RetentionCommand::Set {
            days,
            channel,
            voice,
            query,
            tenant,
        } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let channel: Option<Channel> = channel
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(app::AppError::Id)?;
            let reach = if *voice {
                app::retention::Reach::Voice
            } else {
                app::retention::Reach::Whole
            };
            let order = RetentionOrder {
                channel,
                reach,
                days: *days,
                query: query.clone(),
            };
            let (id, changed) = app.set_retention(&scope, &order).await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string(), "changed": changed }),
                &format!("Set {id}; {changed} interaction(s) end earlier now."),
            );
        }
        RetentionCommand::Rules { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            rules(cli, &app, &scope).await?;
        }
        RetentionCommand::End { rule, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let id: RetentionRuleId = rule.parse().map_err(app::AppError::Id)?;
            app.end_retention(&scope, id).await?;
            output::line(cli.json, &json!({ "id": rule }), "Taken back.");
        }
        RetentionCommand::Preview { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            preview(cli, &app, &scope).await?;
        }
        RetentionCommand::Run { tenant, yes } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            if !yes {
                preview(cli, &app, &scope).await?;
                eprintln!("nothing was erased; add --yes to erase");
                return Ok(());
            }
            let done = app.retention_run(&scope).await?;
            print_runs(cli, std::slice::from_ref(&done));
            if !done.run.failed.is_empty() {
                return Err(Failure::Unhealthy(done.run.failed.len()).into());
            }
        }
        RetentionCommand::Runs { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            print_runs(cli, &app.retention_runs(&scope).await?);
        }
    }
    Ok(())
}

async fn rules(cli: &Cli, app: &App, scope: &Scope) -> Result<()> {
    let rules = app.retention_rules(scope).await?;
    let rows = rules.iter().map(|view| {
        vec![
            view.id.to_string(),
            view.rule
                .channel
                .clone()
                .unwrap_or_else(|| "all".to_owned()),
            view.rule.query.clone().unwrap_or_default(),
            view.rule.reach.clone(),
            view.rule.days.to_string(),
            when(view.set),
        ]
    });
    let rows = rows.collect();
    let value: Value = rules
        .iter()
        .map(|view| {
            json!({ "id": view.id.to_string(), "channel": view.rule.channel,
                    "query": view.rule.query, "reach": view.rule.reach, "days": view.rule.days })
        })
        .collect();
    output::print(
        cli.json,
        &value,
        &["rule", "channel", "where", "reach", "days", "set"],
        rows,
    );
    Ok(())
}

async fn preview(cli: &Cli, app: &App, scope: &Scope) -> Result<()> {
    let overdue = app.retention_preview(scope).await?;
    let rows = overdue.iter().map(|one| {
        let fate = if one.on_hold {
            "kept by a hold"
        } else {
            "erased"
        };
        vec![
            one.interaction.to_string(),
            one.channel.key().to_owned(),
            one.reach.key().to_owned(),
            when(one.since),
            fate.to_owned(),
        ]
    });
    let rows = rows.collect();
    let value: Value = overdue
        .iter()
        .map(|one| {
            json!({ "interaction": one.interaction.to_string(), "channel": one.channel.key(),
                    "reach": one.reach.key(), "since": app::rfc3339(one.since),
                    "on_hold": one.on_hold })
        })
        .collect();
    let head = ["interaction", "channel", "what", "overdue since", "a run"];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

fn print_runs(cli: &Cli, runs: &[RunView]) {
    let rows = runs.iter().map(|view| {
        vec![
            view.id.to_string(),
            when(view.at),
            view.run.by.clone(),
            view.run.erased.len().to_string(),
            view.run.voice_erased.len().to_string(),
            view.run.held.len().to_string(),
            view.run.failed.len().to_string(),
        ]
    });
    let rows = rows.collect();
    let value: Value = runs
        .iter()
        .map(|view| {
            json!({
                "id": view.id.to_string(), "at": app::rfc3339(view.at), "by": view.run.by,
                "erased": view.run.erased.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "voice_erased": view.run.voice_erased.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "held": view.run.held.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "failed": view.run.failed,
            })
        })
        .collect();
    let head = ["run", "at", "by", "erased", "recordings", "held", "failed"];
    output::print(cli.json, &value, &head, rows);
}

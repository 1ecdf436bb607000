//! `privity obligation`: duties laid down by law.

use std::collections::BTreeSet;

use anyhow::Result;
use app::obligations::Obligation;
use domain::DataCategory;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::law_args::ObligationCommand;
use crate::output;

pub(super) async fn run(cli: &Cli, command: &ObligationCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        ObligationCommand::Add {
            law,
            article,
            demands,
            categories,
            keep_days,
            tenant,
        } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let categories = categories
                .iter()
                .map(|key| Ok(key.parse().map_err(app::AppError::Id)?))
                .collect::<Result<BTreeSet<DataCategory>>>()?;
            let obligation = Obligation {
                law: law.clone(),
                article: article.clone(),
                demands: demands.clone(),
                categories,
                keep_days: *keep_days,
                entered_by: String::new(),
                ended: None,
            };
            let id = app.enter_obligation(&scope, &obligation).await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string() }),
                &format!("Entered as {id}."),
            );
        }
        ObligationCommand::End { obligation, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let id = obligation.parse().map_err(app::AppError::Id)?;
            app.end_obligation(&scope, id).await?;
            output::line(cli.json, &json!({ "id": obligation }), "Taken back.");
        }
        ObligationCommand::List { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let all = app.obligations(&scope).await?;
            let state = |ended: bool| if ended { "ended" } else { "in force" };
            let rows = all.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    one.obligation.name(),
                    one.obligation.demands.clone(),
                    state(one.obligation.ended.is_some()).to_owned(),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "id": one.id.to_string(), "law": one.obligation.law,
                            "article": one.obligation.article,
                            "demands": one.obligation.demands,
                            "keep_days": one.obligation.keep_days,
                            "state": state(one.obligation.ended.is_some()) })
                })
                .collect();
            output::print(cli.json, &value, &["duty", "law", "demands", "state"], rows);
        }
    }
    Ok(())
}

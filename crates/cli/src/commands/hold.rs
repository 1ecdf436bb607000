//! `privity hold`.

use std::collections::BTreeSet;

use anyhow::Result;
use domain::{HoldId, InteractionId};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::HoldCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &HoldCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        HoldCommand::Place {
            case,
            reason,
            ids,
            tenant,
        } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let items: BTreeSet<InteractionId> = super::ids(ids)?;
            let id = app.place_hold(&scope, case, reason, &items).await?;
            let said = format!("Placed {id} on {} interaction(s).", items.len());
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        HoldCommand::Add { hold, ids, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let id: HoldId = hold.parse().map_err(app::AppError::Id)?;
            let items = super::ids(ids)?;
            app.change_hold(&scope, id, &items, &BTreeSet::new())
                .await?;
            output::line(cli.json, &json!({ "id": hold }), "Held.");
        }
        HoldCommand::Lift { hold, ids, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let id: HoldId = hold.parse().map_err(app::AppError::Id)?;
            if ids.is_empty() {
                app.lift_hold(&scope, id).await?;
            } else {
                let items = super::ids(ids)?;
                app.change_hold(&scope, id, &BTreeSet::new(), &items)
                    .await?;
            }
            output::line(cli.json, &json!({ "id": hold }), "Lifted.");
        }
        HoldCommand::List { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let holds = app.holds(&scope).await?;
            let rows = holds.iter().map(|view| {
                vec![
                    view.id.to_string(),
                    view.hold.case.expose().to_owned(),
                    view.hold.reason.expose().to_owned(),
                    when(view.placed),
                    view.hold.lifted.map_or_else(String::new, when),
                    view.interactions.len().to_string(),
                ]
            });
            let rows = rows.collect();
            let value: Value = holds
                .iter()
                .map(|view| {
                    json!({
                        "id": view.id.to_string(), "case": view.hold.case.expose(),
                        "reason": view.hold.reason.expose(), "placed": app::rfc3339(view.placed),
                        "lifted": view.hold.lifted.map(app::rfc3339),
                        "interactions": view.interactions.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let head = ["hold", "case", "reason", "placed", "lifted", "interactions"];
            output::print(cli.json, &value, &head, rows);
        }
    }
    Ok(())
}

//! `privity alert`.

use anyhow::Result;
use domain::{DefinitionKind, Purpose};
use serde_json::{Value, json};

use crate::args::{AlertCommand, Cli};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &AlertCommand) -> Result<()> {
    let tenant = match command {
        AlertCommand::Define(command) => {
            return super::definitions::run(cli, DefinitionKind::Alert, command).await;
        }
        AlertCommand::Raised { tenant, .. } | AlertCommand::Deliver { tenant, .. } => tenant,
    };
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    match command {
        AlertCommand::Define(_) => {}
        AlertCommand::Raised { limit, .. } => {
            let all = app.alerts(&scope, *limit).await?;
            let rows = all.iter().map(row).collect();
            let value: Value = all.iter().map(value).collect();
            let head = ["raised", "alert", "interaction", "state"];
            output::print(cli.json, &value, &head, rows);
        }
        AlertCommand::Deliver { folder, .. } => {
            let count = app.deliver_alerts(&scope, folder).await?;
            let said = format!("{count} alert(s) written to `{}`.", folder.display());
            output::line(cli.json, &json!({ "delivered": count }), &said);
        }
    }
    Ok(())
}

fn state(one: &app::AlertView) -> &'static str {
    match (one.alert.quiet, one.alert.delivered) {
        (true, _) => "quiet",
        (false, Some(_)) => "delivered",
        (false, None) => "waiting",
    }
}

fn row(one: &app::AlertView) -> Vec<String> {
    vec![
        when(one.alert.raised),
        one.name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        one.alert.interaction.to_string(),
        state(one).to_owned(),
    ]
}

fn value(one: &app::AlertView) -> Value {
    json!({
        "id": one.alert.id.to_string(),
        "raised": app::rfc3339(one.alert.raised),
        "alert": one.name.as_ref().map(ToString::to_string),
        "interaction": one.alert.interaction.to_string(),
        "state": state(one),
    })
}

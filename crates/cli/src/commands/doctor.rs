//! `privity doctor`.

use anyhow::Result;
use app::Health;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::output::{self, Failure};
use crate::settings;

pub(super) async fn run(cli: &Cli) -> Result<()> {
    let config = settings::config(cli)?;
    let checks = app::examine(&config).await;
    let rows = checks
        .iter()
        .map(|check| {
            vec![
                state(&check.health).to_owned(),
                check.what.clone(),
                detail(&check.health),
            ]
        })
        .collect();
    let value: Value = checks
        .iter()
        .map(|check| json!({ "check": check.what, "state": state(&check.health), "detail": detail(&check.health) }))
        .collect();
    output::print(
        cli.json,
        &value,
        &["", "check", "what was found, how to mend it"],
        rows,
    );
    let ill = checks
        .iter()
        .filter(|check| matches!(check.health, Health::Ill { .. }))
        .count();
    if ill > 0 {
        return Err(Failure::Unhealthy(ill).into());
    }
    Ok(())
}

const fn state(health: &Health) -> &'static str {
    match health {
        Health::Well(_) => "ok",
        Health::Note(_) => "note",
        Health::Ill { .. } => "FAULT",
    }
}

fn detail(health: &Health) -> String {
    match health {
        Health::Well(found) | Health::Note(found) => found.clone(),
        Health::Ill { found, mend } => format!("{found}; {mend}"),
    }
}

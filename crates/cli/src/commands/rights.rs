//! `privity rights`: agents that ask for persons by the Data Rights Protocol.

use anyhow::Result;
use app::requests::RightsAgentOrder;
use domain::RightsAgentId;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::RightsCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &RightsCommand) -> Result<()> {
    let app = super::open(cli).await?;
    let desk = app.privacy_desk("cli");
    match command {
        RightsCommand::Add {
            agent,
            name,
            key,
            site,
            trusted,
        } => {
            let order = RightsAgentOrder {
                key: agent.clone(),
                name: name.clone(),
                verify_key: key.clone(),
                site: site.clone(),
                trusted: *trusted,
            };
            let id = app.add_rights_agent(&desk, &order).await?;
            let said = format!("{id}\nIt can set up a key at /drp/v1/agent/{agent}.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        RightsCommand::List => {
            let all = app.rights_agents(&desk).await?;
            let rows = all.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    one.agent.key.clone(),
                    one.agent.name.clone(),
                    one.agent.site.clone(),
                    trust(one.agent.trusted).to_owned(),
                    one.agent
                        .ended
                        .map_or_else(|| "heard".to_owned(), |at| format!("ended {}", when(at))),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "id": one.id.to_string(), "agent": one.agent.key,
                            "name": one.agent.name, "site": one.agent.site,
                            "trusted": one.agent.trusted, "keys": one.agent.keys.len(),
                            "ended": one.agent.ended.map(app::rfc3339) })
                })
                .collect();
            let head = ["number", "agent", "name", "site", "addresses", "state"];
            output::print(cli.json, &value, &head, rows);
        }
        RightsCommand::End { number } => {
            let id: RightsAgentId = number.parse().map_err(app::AppError::Id)?;
            app.end_rights_agent(&desk, id).await?;
            let said = "It is heard no longer; its requests go on.";
            output::line(cli.json, &json!({ "id": number }), said);
        }
        RightsCommand::Directory => {
            println!("{:#}", app.rights_directory().await?);
        }
    }
    Ok(())
}

const fn trust(trusted: bool) -> &'static str {
    if trusted {
        "its word counts"
    } else {
        "proven by code"
    }
}

//! `privity recipient`, `privity disclose` and `privity disclosures`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use app::disclosures::{Recipient, SHORTEST_NOTICE_DAYS};
use domain::{DataCategory, InteractionId, Millis, Purpose, RecipientId, Secret};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::{Disclose, DisclosuresCommand, RecipientCommand};
use crate::output::{self, when};

/// A recipient as its file says it; the granting person and the times are ours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientFile {
    name: String,
    kind: String,
    contract: String,
    categories: Vec<String>,
    #[serde(default)]
    terms: BTreeSet<String>,
    #[serde(default)]
    controls: BTreeMap<String, u8>,
    attested_until: String,
    region: String,
    mechanism: Option<String>,
    notice_days: Option<u32>,
    erase_after_days: Option<u32>,
    transport: String,
    address: String,
    secret: String,
}

pub(super) async fn recipient(cli: &Cli, command: &RecipientCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        RecipientCommand::Add { file, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read `{}`", file.display()))?;
            let said: RecipientFile = toml::from_str(&text)
                .with_context(|| format!("`{}` is no recipient", file.display()))?;
            let days = said.notice_days.unwrap_or(SHORTEST_NOTICE_DAYS);
            let categories: Result<BTreeSet<DataCategory>, _> =
                said.categories.iter().map(|key| key.parse()).collect();
            let new = Recipient {
                name: Secret::new(said.name),
                kind: said.kind.parse().map_err(app::AppError::Id)?,
                contract: said.contract,
                purposes: BTreeSet::from([Purpose::Sharing]),
                categories: categories.map_err(app::AppError::Id)?,
                terms: said.terms,
                controls: said.controls,
                attested_until: app::parse_time(&said.attested_until)?,
                region: said.region,
                mechanism: said.mechanism,
                noticed_from: app.now().plus(Millis(u64::from(days) * 86_400_000)),
                erase_after_days: said.erase_after_days,
                transport: said.transport,
                address: Secret::new(said.address),
                secret: Secret::new(said.secret),
                granted_by: scope.actor().handle.clone(),
                stopped: None,
            };
            let id = app.grant_recipient(&scope, &new).await?;
            let from = when(new.noticed_from);
            let said = format!("Granted {id}; something may go there from {from} on.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        RecipientCommand::List { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let all = app.recipients(&scope).await?;
            let rows = all.iter().map(|view| {
                let who = &view.recipient;
                let state = match &who.stopped {
                    Some(why) => format!("stopped: {why}"),
                    None if view.lacks.is_empty() => "granted".to_owned(),
                    None => format!("lacks: {}", view.lacks.join("; ")),
                };
                vec![
                    view.id.to_string(),
                    who.name.expose().to_owned(),
                    who.kind.to_string(),
                    who.region.clone(),
                    who.transport.clone(),
                    when(who.noticed_from),
                    state,
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|view| {
                    json!({ "id": view.id.to_string(), "name": view.recipient.name.expose(),
                            "kind": view.recipient.kind.key(), "region": view.recipient.region,
                            "transport": view.recipient.transport, "lacks": view.lacks,
                            "from": app::rfc3339(view.recipient.noticed_from),
                            "stopped": view.recipient.stopped })
                })
                .collect();
            let head = [
                "recipient",
                "name",
                "kind",
                "region",
                "transport",
                "from",
                "state",
            ];
            output::print(cli.json, &value, &head, rows);
        }
        RecipientCommand::Stop {
            recipient,
            why,
            tenant,
        } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let id: RecipientId = recipient.parse().map_err(app::AppError::Id)?;
            app.stop_recipient(&scope, id, why).await?;
            output::line(cli.json, &json!({ "id": recipient }), "Stopped.");
        }
    }
    Ok(())
}

pub(super) async fn disclose(cli: &Cli, args: &Disclose) -> Result<()> {
    let app = super::open(cli).await?;
    let scope = super::officer(&app, &super::tenant(&app, &args.tenant).await?);
    let id: InteractionId = args.id.parse().map_err(app::AppError::Id)?;
    let to: RecipientId = args.to.parse().map_err(app::AppError::Id)?;
    let done = app
        .disclose(&scope, to, id, args.format.parse()?, &args.reason)
        .await?;
    let answer = done
        .disclosure
        .slip
        .as_ref()
        .map(|slip| slip.answer.clone());
    let said = format!(
        "{} under {}: {}",
        done.id,
        done.disclosure.clauses.join(", "),
        answer.clone().unwrap_or_default()
    );
    let value = json!({ "id": done.id.to_string(), "clauses": done.disclosure.clauses,
                        "leaf": done.leaf.map(|leaf| leaf.0), "answer": answer });
    output::line(cli.json, &value, &said);
    Ok(())
}

pub(super) async fn list(cli: &Cli, command: &DisclosuresCommand) -> Result<()> {
    match command {
        DisclosuresCommand::OpenBundle { file } => {
            let bytes =
                std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
            let secret = super::secret_from_stdin()?;
            let (payload, policy) = app::disclosures::open_bundle(&secret, &bytes)?;
            eprintln!("for {} under {}", policy.purpose, policy.clauses.join(", "));
            std::io::Write::write_all(&mut std::io::stdout(), &payload)?;
            Ok(())
        }
        DisclosuresCommand::List { tenant } => {
            use app::disclosures::Registered as _;
            let app = super::open(cli).await?;
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let all = app.disclosures(&scope).await?;
            let rows = all.iter().map(|view| {
                let what = &view.disclosure;
                vec![
                    view.id.to_string(),
                    when(view.at),
                    what.interaction.to_string(),
                    what.kind.to_string(),
                    what.reason.expose().to_owned(),
                    what.basis.clone(),
                    what.clauses.join(", "),
                    what.state().to_owned(),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|view| {
                    let what = &view.disclosure;
                    json!({ "id": view.id.to_string(), "at": app::rfc3339(view.at),
                            "interaction": what.interaction.to_string(), "kind": what.kind.key(),
                            "recipient": what.recipient.map(|id| id.to_string()),
                            "format": what.format, "reason": what.reason.expose(),
                            "basis": what.basis, "clauses": what.clauses,
                            "policy_version": what.policy_version, "state": what.state(),
                            "slip": what.slip, "failure": what.failure })
                })
                .collect();
            let head = [
                "disclosure",
                "at",
                "what",
                "to",
                "why",
                "basis",
                "clauses",
                "state",
            ];
            output::print(cli.json, &value, &head, rows);
            Ok(())
        }
    }
}

//! `privity request`.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use app::requests::{CorrectionOrder, Outcome, RequestOrder};
use domain::{CaseId, Purpose, RequestId, Secret};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::{OutcomeArgs, RequestCommand};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &RequestCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        RequestCommand::Open {
            kind,
            address,
            law,
            message,
        } => {
            let order = RequestOrder {
                kind: kind.parse().map_err(app::AppError::Id)?,
                law: law.parse().map_err(app::AppError::Id)?,
                identifier: Secret::new(address.clone()),
                message: Secret::new(message.clone()),
            };
            let ticket = app.open_request(&order).await?;
            let value = json!({ "id": ticket.id.to_string(), "ticket": ticket.token.expose() });
            let said = format!(
                "{}\nticket {}\nA code was sent to the address.",
                ticket.id,
                ticket.token.expose()
            );
            output::line(cli.json, &value, &said);
        }
        RequestCommand::Prove {
            request,
            ticket,
            code,
        } => {
            let id: RequestId = request.parse().map_err(app::AppError::Id)?;
            let (ticket, code) = (Secret::new(ticket.clone()), Secret::new(code.clone()));
            app.prove_request(id, &ticket, &code).await?;
            output::line(cli.json, &json!({ "id": request }), "Proven and passed on.");
        }
        RequestCommand::Status { request, ticket } => {
            let id: RequestId = request.parse().map_err(app::AppError::Id)?;
            let status = app.request_status(id, &Secret::new(ticket.clone())).await?;
            let value = json!({ "kind": status.kind.key(), "state": status.state,
                                "received": app::rfc3339(status.received),
                                "due": app::rfc3339(status.due) });
            let said = format!(
                "{}, {}, due {}",
                status.kind,
                status.state,
                when(status.due)
            );
            output::line(cli.json, &value, &said);
        }
        RequestCommand::List => {
            let all = app.requests(&app.privacy_desk("cli")).await?;
            let rows = all.iter().map(|view| {
                let back: Vec<&str> = view.escalated.iter().map(|e| e.why.as_str()).collect();
                vec![
                    view.id.to_string(),
                    when(view.received),
                    view.kind.to_string(),
                    view.state.to_owned(),
                    when(view.due),
                    back.join("; "),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|view| {
                    json!({ "id": view.id.to_string(), "received": app::rfc3339(view.received),
                            "kind": view.kind.key(), "state": view.state,
                            "due": app::rfc3339(view.due), "escalated": view.escalated.len() })
                })
                .collect();
            let head = ["request", "received", "kind", "state", "due", "came back"];
            output::print(cli.json, &value, &head, rows);
        }
        RequestCommand::End { request, outcome } => {
            let id: RequestId = request.parse().map_err(app::AppError::Id)?;
            let desk = app.privacy_desk("cli");
            app.end_request(&desk, id, &ended(outcome)?).await?;
            output::line(cli.json, &json!({ "id": request }), "Ended.");
        }
        RequestCommand::Clock => {
            let did = app.tick().await?;
            let value = json!({ "sent_back": did.sent_back, "told": did.told,
                                "agents_told": did.agents, "retention_runs": did.erased, "broken": did.broken });
            let looked = did.broken.map_or_else(
                || "the clauses were looked at within a day".to_owned(),
                |broken| format!("{broken} clause(s) do not hold"),
            );
            let said = format!(
                "{} case(s) sent back, {} tenant(s) and {} agent(s) told, {} retention run(s); {looked}",
                did.sent_back, did.told, did.agents, did.erased
            );
            output::line(cli.json, &value, &said);
        }
        of_tenant => case(cli, &app, of_tenant).await?,
    }
    Ok(())
}

async fn case(cli: &Cli, app: &app::App, command: &RequestCommand) -> Result<()> {
    match command {
        RequestCommand::Cases { tenant } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let all = app.cases(&scope).await?;
            let rows = all.iter().map(|view| {
                vec![
                    view.id.to_string(),
                    view.case.kind.to_string(),
                    view.case.law.to_string(),
                    view.case.identifier.expose().to_owned(),
                    view.state.to_owned(),
                    when(view.case.due),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|view| {
                    json!({ "id": view.id.to_string(), "request": view.case.request.to_string(),
                            "kind": view.case.kind.key(), "law": view.case.law.key(),
                            "address": view.case.identifier.expose(), "state": view.state,
                            "due": app::rfc3339(view.case.due), "outcome": view.case.outcome })
                })
                .collect();
            let head = ["case", "asks for", "law", "person", "state", "due"];
            output::print(cli.json, &value, &head, rows);
        }
        RequestCommand::Extend { case, why, tenant } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            app.extend_case(&scope, id, why).await?;
            output::line(cli.json, &json!({ "id": case }), "Extended.");
        }
        RequestCommand::Rectify {
            case,
            interaction,
            says,
            from,
            until,
            tenant,
        } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            let moment = |text: &Option<String>| {
                let text = text.as_deref();
                text.map(app::review::moment_of).transpose()
            };
            let order = CorrectionOrder {
                interaction: interaction.parse().map_err(app::AppError::Id)?,
                says: Secret::new(says.clone()),
                stretch: moment(from)?.zip(moment(until)?),
            };
            let kept = app.rectify_for(&scope, id, &order).await?;
            let said = format!("{kept} stands beside `{interaction}` from now on.");
            output::line(cli.json, &json!({ "id": kept.to_string() }), &said);
        }
        RequestCommand::Pack {
            case,
            output: file,
            tenant,
        } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            let pack = app.access_pack(&scope, id).await?;
            std::fs::write(file, &*pack.bytes)
                .with_context(|| format!("cannot write `{}`", file.display()))?;
            let value = json!({ "case": case, "interactions": pack.interactions });
            let said = format!(
                "{} interaction(s) in `{}`",
                pack.interactions,
                file.display()
            );
            output::line(cli.json, &value, &said);
        }
        RequestCommand::Erase { case, tenant, yes } => {
            if !yes {
                eprintln!("nothing was erased; add --yes to erase");
                return Ok(());
            }
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            let receipt = app.erase_for(&scope, id).await?;
            let value = json!({ "case": case, "erased": receipt.erased.len(),
                                "taken_out": receipt.taken_out.len(), "receipt": receipt.text });
            output::line(cli.json, &value, &receipt.text);
        }
        RequestCommand::Refuse {
            case,
            purposes,
            tenant,
        } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            let purposes: Result<BTreeSet<Purpose>, _> =
                purposes.iter().map(|key| key.parse()).collect();
            let purposes = purposes.map_err(app::AppError::Id)?;
            let stopped = app.refuse_for(&scope, id, &purposes).await?;
            let ids: Vec<String> = stopped.iter().map(ToString::to_string).collect();
            let said = format!("Stopped in {} interaction(s): {}", ids.len(), ids.join(" "));
            output::line(
                cli.json,
                &json!({ "case": case, "interactions": ids }),
                &said,
            );
        }
        RequestCommand::Lift { ids, tenant } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            app.lift_refusals(&scope, &super::ids(ids)?).await?;
            output::line(cli.json, &json!({ "lifted": ids }), "Lifted.");
        }
        RequestCommand::Answer {
            case,
            outcome,
            tenant,
        } => {
            let scope = super::officer(app, &super::tenant(app, tenant).await?);
            let id: CaseId = case.parse().map_err(app::AppError::Id)?;
            app.end_case(&scope, id, &ended(outcome)?).await?;
            output::line(cli.json, &json!({ "id": case }), "Ended.");
        }
        RequestCommand::Open { .. }
        | RequestCommand::Prove { .. }
        | RequestCommand::Status { .. }
        | RequestCommand::List
        | RequestCommand::End { .. }
        | RequestCommand::Clock => {}
    }
    Ok(())
}

fn ended(args: &OutcomeArgs) -> Result<Outcome> {
    if let Some(what) = &args.fulfilled {
        return Ok(Outcome::Fulfilled { what: what.clone() });
    }
    if let Some(authority) = &args.referred {
        // Two letters are a country; its authority is looked up.
        if authority.len() == 2 {
            return Ok(Outcome::referred_to(authority)?);
        }
        return Ok(Outcome::Referred {
            authority: authority.clone(),
        });
    }
    let refused = args.refused.as_deref().unwrap_or_default();
    let (why, sentence) = refused
        .split_once('=')
        .context("a refusal is REASON=SENTENCE, such as rights_of_others=…")?;
    Ok(Outcome::Refused {
        why: why.parse().map_err(app::AppError::Id)?,
        sentence: sentence.to_owned(),
    })
}

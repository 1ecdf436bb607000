//! `privity order`: the legal process desk.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use app::orders::Order;
use domain::{OrderId, Secret};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::desk_args::OrderCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &OrderCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        OrderCommand::Receive {
            issuer,
            country,
            kind,
            authority,
            scope,
            document,
            gag_until,
            tenant,
        } => {
            let tenant = super::tenant(&app, tenant).await?;
            let bytes = std::fs::read(document)
                .with_context(|| format!("cannot read `{}`", document.display()))?;
            let order = Order {
                issuer: Secret::new(issuer.clone()),
                country: country.clone(),
                kind: kind.clone(),
                authority: authority.clone(),
                demand_sha256: app::orders::hash(&bytes),
                scope: Secret::new(scope.clone()),
                tenant: tenant.id,
                gag_until: gag_until.as_deref().map(app::parse_time).transpose()?,
                review: None,
                approvals: BTreeSet::new(),
                told: None,
                produced: Vec::new(),
                produced_at: None,
                reasons: Vec::new(),
                looked_back: None,
                rejected: None,
            };
            let id = app.receive_order(&app.privacy_desk("cli"), &order).await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string() }),
                &format!("Received {id}."),
            );
        }
        OrderCommand::Review {
            order,
            narrowing,
            ids,
            by,
        } => {
            let desk = app.privacy_desk(by);
            app.review_order(&desk, number(order)?, narrowing, super::ids(ids)?)
                .await?;
            output::line(cli.json, &json!({ "id": order }), "Reviewed.");
        }
        OrderCommand::Approve { order, by, reasons } => {
            let (desk, id) = (app.privacy_desk(by), number(order)?);
            match reasons {
                Some(reasons) => app.approve_emergency(&desk, id, reasons).await?,
                None => app.approve_order(&desk, id).await?,
            }
            output::line(cli.json, &json!({ "id": order }), "Approved.");
        }
        OrderCommand::LookBack {
            order,
            finding,
            unjustified,
            by,
        } => {
            let desk = app.privacy_desk(by);
            app.look_back(&desk, number(order)?, !unjustified, finding)
                .await?;
            output::line(cli.json, &json!({ "id": order }), "Written down.");
        }
        OrderCommand::Reject { order, why, by } => {
            app.reject_order(&app.privacy_desk(by), number(order)?, why)
                .await?;
            output::line(cli.json, &json!({ "id": order }), "Turned down.");
        }
        OrderCommand::Produce { order, folder, by } => {
            let secret = super::secret_from_stdin()?;
            let desk = app.privacy_desk(by);
            let done = app
                .produce_order(&desk, number(order)?, folder, &secret)
                .await?;
            let value: Value = done
                .iter()
                .map(|one| Value::from(one.id.to_string()))
                .collect();
            output::line(cli.json, &value, &format!("{} disclosure(s)", done.len()));
        }
        OrderCommand::List => list(cli, &app).await?,
        OrderCommand::Report => {
            let rows = app.transparency_report(&app.privacy_desk("cli")).await?;
            let few =
                |n: Option<u64>| n.map_or_else(|| "fewer than 5".to_owned(), |n| n.to_string());
            let table = rows.iter().map(|row| {
                vec![
                    row.country.clone(),
                    row.kind.clone(),
                    few(row.received),
                    few(row.complied),
                    few(row.rejected),
                    few(row.tenants),
                ]
            });
            let table = table.collect();
            let head = [
                "country",
                "kind",
                "received",
                "complied",
                "turned down",
                "customers",
            ];
            output::print(cli.json, &serde_json::to_value(&rows)?, &head, table);
        }
        OrderCommand::Notices { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let told = app.order_notices(&scope).await?;
            let rows = told.iter().map(|notice| {
                vec![
                    notice.order.to_string(),
                    notice.issuer.expose().to_owned(),
                    notice.authority.clone(),
                    notice.scope.expose().to_owned(),
                ]
            });
            let rows = rows.collect();
            let value: Value = told
                .iter()
                .map(|notice| {
                    json!({ "order": notice.order.to_string(), "issuer": notice.issuer.expose(),
                            "authority": notice.authority, "scope": notice.scope.expose() })
                })
                .collect();
            output::print(
                cli.json,
                &value,
                &["order", "issuer", "law", "asks for"],
                rows,
            );
        }
    }
    Ok(())
}

async fn list(cli: &Cli, app: &app::App) -> Result<()> {
    use app::disclosures::Registered as _;
    let all = app.orders(&app.privacy_desk("cli")).await?;
    let rows = all.iter().map(|view| {
        let told = match (view.order.told, view.order.gag_until) {
            (Some(at), _) => when(at),
            (None, Some(until)) => format!("not before {}", when(until)),
            (None, None) => String::new(),
        };
        vec![
            view.id.to_string(),
            when(view.received),
            view.order.country.clone(),
            view.order.kind.clone(),
            view.order.state().to_owned(),
            view.order
                .approvals
                .iter()
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
            told,
        ]
    });
    let rows = rows.collect();
    let value: Value = all
        .iter()
        .map(|view| {
            json!({ "id": view.id.to_string(), "received": app::rfc3339(view.received),
                    "country": view.order.country, "kind": view.order.kind,
                    "state": view.order.state(), "approvals": view.order.approvals,
                    "told": view.order.told.map(app::rfc3339) })
        })
        .collect();
    let head = [
        "order",
        "received",
        "country",
        "kind",
        "state",
        "approved by",
        "told",
    ];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

fn number(text: &str) -> Result<OrderId, app::AppError> {
    Ok(text.parse()?)
}

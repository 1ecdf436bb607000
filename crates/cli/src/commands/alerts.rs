//! `privity alert`.

use anyhow::{Result, bail};
use app::{App, AppError, NewRoute, Tried};
use domain::{AlertRouteId, DefinitionKind, DeliveryId, Millis, Purpose, RecipientId};
use serde_json::{Value, json};

use crate::args::{AlertCommand, Cli, TenantArg};
use crate::output::{self, when};
use crate::review_args::RouteCommand;

pub(super) async fn run(cli: &Cli, command: &AlertCommand) -> Result<()> {
    let tenant = match command {
        AlertCommand::Define(command) => {
            return super::definitions::run(cli, DefinitionKind::Alert, command).await;
        }
        AlertCommand::Route(command) => return route(cli, command).await,
        AlertCommand::Raised { tenant, .. }
        | AlertCommand::Deliver { tenant }
        | AlertCommand::Retry { tenant, .. } => tenant,
    };
    let app = super::open(cli).await?;
    let found = super::tenant(&app, tenant).await?;
    match command {
        AlertCommand::Raised { limit, .. } => raised(cli, &app, tenant, *limit).await?,
        AlertCommand::Deliver { .. } => {
            let told = app.tell_of_alerts(found.id).await?;
            let said = format!(
                "{} message(s) taken, {} to be tried again, {} given up or refused.",
                told.delivered, told.again, told.ended
            );
            let value = json!({ "delivered": told.delivered, "again": told.again,
                                "ended": told.ended });
            output::line(cli.json, &value, &said);
        }
        AlertCommand::Retry { delivery, .. } => {
            let id: DeliveryId = delivery.parse().map_err(AppError::Id)?;
            let officer = super::officer(&app, &found);
            app.retry_alert_delivery(&officer, id).await?;
            let said = "It waits to be sent again, under the same id.";
            output::line(cli.json, &json!({ "id": delivery }), said);
        }
        AlertCommand::Define(_) | AlertCommand::Route(_) => {}
    }
    Ok(())
}

async fn raised(cli: &Cli, app: &App, tenant: &TenantArg, limit: u64) -> Result<()> {
    let tenant = super::tenant(app, tenant).await?;
    let scope = super::scope(app, &tenant, Purpose::Review);
    let all = app.alerts(&scope, limit).await?;
    let rows = all.iter().map(row).collect();
    let value: Value = all.iter().map(value).collect();
    let head = ["raised", "alert", "interaction", "state"];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

async fn route(cli: &Cli, command: &RouteCommand) -> Result<()> {
    let app = super::open(cli).await?;
    let (RouteCommand::Add { tenant, .. }
    | RouteCommand::List { tenant }
    | RouteCommand::Stop { tenant, .. }
    | RouteCommand::Test { tenant, .. }) = command;
    let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
    match command {
        RouteCommand::Add {
            recipient,
            alerts,
            digest,
            ..
        } => {
            let recipient: RecipientId = recipient.parse().map_err(AppError::Id)?;
            let digest = match digest {
                Some(text) => app::length(text)
                    .map_err(|said| AppError::Input(format!("--digest: {said}")))?,
                None => Millis::ZERO,
            };
            let new = NewRoute {
                recipient,
                alerts: alerts.clone(),
                digest,
            };
            let id = app.add_alert_route(&scope, &new).await?;
            let said = format!("{id} tells of what is raised from now on.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        RouteCommand::List { .. } => routes(cli, &app, &scope).await?,
        RouteCommand::Stop { route, why, .. } => {
            app.stop_alert_route(&scope, parsed(route)?, why).await?;
            output::line(cli.json, &json!({ "id": route }), "Stopped.");
        }
        RouteCommand::Test { route, .. } => {
            let tried = app.try_alert_route(&scope, parsed(route)?).await?;
            if let Some(why) = &tried.failure {
                bail!("it did not arrive: {why}");
            }
            let value = json!({ "id": route, "answer": answer(&tried) });
            output::line(cli.json, &value, &format!("It arrived: {}", answer(&tried)));
        }
    }
    Ok(())
}

async fn routes(cli: &Cli, app: &App, scope: &app::Scope) -> Result<()> {
    let all = app.alert_routes(scope).await?;
    let rows = all.iter().map(|view| {
        let name = view.recipient.as_ref().map(|who| who.name.expose());
        let tried = view.route.tried.as_ref();
        vec![
            view.id.to_string(),
            name.unwrap_or_default().to_owned(),
            match view.route.alerts.len() {
                0 => "all".to_owned(),
                count => count.to_string(),
            },
            match view.route.digest {
                0 => "each at once".to_owned(),
                millis => format!("every {}", Millis(millis)),
            },
            tried.map(answer).unwrap_or_default(),
            view.route.stopped.clone().unwrap_or_default(),
        ]
    });
    let rows = rows.collect();
    let value: Value = all
        .iter()
        .map(|view| {
            json!({ "id": view.id.to_string(), "since": app::rfc3339(view.since),
                    "recipient": view.route.recipient.to_string(),
                    "alerts": view.route.alerts.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "digest_ms": view.route.digest, "stopped": view.route.stopped,
                    "tested": view.route.tried.as_ref().map(answer) })
        })
        .collect();
    let head = [
        "route",
        "recipient",
        "alerts",
        "when",
        "last test",
        "stopped",
    ];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

fn answer(tried: &Tried) -> String {
    match (&tried.slip, &tried.failure) {
        (Some(slip), _) => slip.answer.clone(),
        (None, Some(why)) => format!("failed: {why}"),
        (None, None) => String::new(),
    }
}

fn parsed(route: &str) -> Result<AlertRouteId, AppError> {
    Ok(route.parse()?)
}

fn state(one: &app::AlertView) -> String {
    if one.alert.quiet {
        return "quiet".to_owned();
    }
    match one.deliveries.first() {
        Some(delivery) => delivery.state.key().to_owned(),
        None => "raised".to_owned(),
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
        state(one),
    ]
}

fn value(one: &app::AlertView) -> Value {
    let deliveries: Vec<Value> = one
        .deliveries
        .iter()
        .map(|delivery| {
            json!({ "id": delivery.id.to_string(), "route": delivery.route.to_string(),
                    "state": delivery.state.key(), "attempts": delivery.attempt,
                    "failure": delivery.failure })
        })
        .collect();
    json!({
        "id": one.alert.id.to_string(),
        "raised": app::rfc3339(one.alert.raised),
        "alert": one.name.as_ref().map(ToString::to_string),
        "interaction": one.alert.interaction.to_string(),
        "state": state(one),
        "deliveries": deliveries,
    })
}

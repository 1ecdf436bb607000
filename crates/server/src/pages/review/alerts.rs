//! Alerts: what was raised, with the words that raised it and the messages that tell of it; for
//! privacy officers the routes by which recipients are told.

use app::{AlertView, AppError, Delivery, DeliveryState, NewRoute, Piece, RouteView, length};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{AlertRouteId, DefinitionKind, DeliveryId, Millis, Purpose};

use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::routes::scope;
use crate::{State, t};

/// Alerts shown; the words of each are opened.
const SHOWN: u64 = 25;

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage {
    me: Me,
    rules: Vec<RuleRow>,
    raised: Vec<RaisedRow>,
    routes: Vec<RouteRow>,
    recipients: Vec<(String, String)>,
}

struct RuleRow {
    id: String,
    name: String,
    about: String,
    live: bool,
}

struct RaisedRow {
    name: String,
    rule: String,
    interaction: String,
    raised: Moment,
    quiet: bool,
    snippets: Vec<SnippetRow>,
    deliveries: Vec<DeliveryRow>,
}

struct SnippetRow {
    at: String,
    link_ms: u64,
    speaker: String,
    pieces: Vec<Piece>,
}

struct DeliveryRow {
    id: String,
    state: &'static str,
    stands: String,
    attempts: u32,
    when: Moment,
    next: bool,
    failure: String,
    may_retry: bool,
}

struct RouteRow {
    id: String,
    recipient: String,
    transport: String,
    alerts: String,
    digest: String,
    stopped: String,
    tried: Option<(Moment, bool, String)>,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "alerts").await?;
    let review = scope(&state, &person.caller, Purpose::Review)?;
    let rules = state
        .app
        .definitions(&review, DefinitionKind::Alert)
        .await?;
    let mut raised = Vec::new();
    for one in state.app.alerts(&review, SHOWN).await? {
        let snippets = state.app.alert_evidence(&review, &one.alert).await?;
        raised.push(row(&one, &snippets, &me));
    }
    let (mut routes, mut recipients) = (Vec::new(), Vec::new());
    if me.ledger {
        routes = state.app.alert_routes(&review).await?;
        recipients = state.app.recipients(&review).await?;
    }
    Ok(page(&AlertsPage {
        rules: rules
            .iter()
            .map(|one| RuleRow {
                id: one.definition.id.to_string(),
                name: one.definition.name.to_string(),
                about: one.about.clone(),
                live: one.definition.live.is_some(),
            })
            .collect(),
        routes: routes.iter().map(|one| route(one, &rules)).collect(),
        recipients: recipients
            .iter()
            .filter(|one| one.recipient.stopped.is_none())
            .map(|one| (one.id.to_string(), one.recipient.name.expose().to_owned()))
            .collect(),
        raised,
        me,
    }))
}

fn row(one: &AlertView, snippets: &[app::Snippet], me: &Me) -> RaisedRow {
    RaisedRow {
        name: one.name.as_ref().map_or_else(
            || t("alerts-a-retired-alert").to_string(),
            ToString::to_string,
        ),
        rule: one.alert.definition.to_string(),
        interaction: one.alert.interaction.to_string(),
        raised: Moment::of(one.alert.raised),
        quiet: one.alert.quiet,
        snippets: snippets
            .iter()
            .map(|snippet| SnippetRow {
                at: snippet.at.to_string(),
                link_ms: snippet.turn_start.0,
                speaker: snippet.speaker.to_string(),
                pieces: snippet.pieces.clone(),
            })
            .collect(),
        deliveries: one
            .deliveries
            .iter()
            .map(|delivery| delivered(delivery, one, me))
            .collect(),
    }
}

fn delivered(delivery: &Delivery, of: &AlertView, me: &Me) -> DeliveryRow {
    let own = delivery.alerts.iter().find(|(id, _)| *id == of.alert.id);
    let refused = own.and_then(|(_, refused)| refused.clone());
    let waiting = delivery.state == DeliveryState::Waiting;
    DeliveryRow {
        id: delivery.id.to_string(),
        state: match delivery.state {
            DeliveryState::Delivered if refused.is_none() => "good",
            DeliveryState::Waiting | DeliveryState::Sending => "busy",
            DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Refused => "bad",
        },
        stands: match (&refused, delivery.state) {
            (Some(_), _) => t("alerts-left-out").to_string(),
            (None, state) => state.key().to_owned(),
        },
        attempts: delivery.attempt,
        when: Moment::of(match delivery.closed {
            Some(closed) => closed,
            None => delivery.ready_at,
        }),
        next: waiting && delivery.attempt > 0,
        failure: refused
            .map(|clauses| t("alerts-refused-under").a("clauses", clauses).to_string())
            .or_else(|| delivery.failure.clone())
            .unwrap_or_default(),
        may_retry: me.officer && delivery.state == DeliveryState::Failed,
    }
}

fn route(view: &RouteView, rules: &[app::DefinitionSummary]) -> RouteRow {
    let name = |id| {
        let found = rules.iter().find(|one| one.definition.id == id);
        found.map_or_else(
            || t("alerts-a-retired-alert").to_string(),
            |one| one.definition.name.to_string(),
        )
    };
    let only: Vec<String> = view.route.alerts.iter().map(|id| name(*id)).collect();
    RouteRow {
        id: view.id.to_string(),
        recipient: view
            .recipient
            .as_ref()
            .map_or_else(String::new, |who| who.name.expose().to_owned()),
        transport: view
            .recipient
            .as_ref()
            .map_or_else(String::new, |who| who.transport.clone()),
        alerts: if only.is_empty() {
            t("alerts-of-all").to_string()
        } else {
            only.join(", ")
        },
        digest: match view.route.digest {
            0 => t("alerts-each-at-once").to_string(),
            millis => t("alerts-together-every")
                .a("time", crate::pages::overview::lasting(Millis(millis)))
                .to_string(),
        },
        stopped: view.route.stopped.clone().unwrap_or_default(),
        tried: view.route.tried.as_ref().map(|tried| {
            let said = match (&tried.slip, &tried.failure) {
                (Some(slip), _) => slip.answer.clone(),
                (None, Some(why)) => why.clone(),
                (None, None) => String::new(),
            };
            (Moment::of(tried.at), tried.slip.is_some(), said)
        }),
    }
}

pub(super) async fn add(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let digest = match fields.get("digest") {
        "" | "0" => Millis::ZERO,
        text => length(text)?,
    };
    let new = NewRoute {
        recipient: fields.get("recipient").parse().map_err(AppError::Id)?,
        alerts: fields.all("alert").map(str::to_owned).collect(),
        digest,
    };
    state.app.add_alert_route(&scope, &new).await?;
    Ok(see("/alerts#routes"))
}

/// Tests or stops a route.
pub(super) async fn change(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: AlertRouteId = id
        .parse()
        .map_err(|error| Problem::from(AppError::Id(error)))?;
    match fields.get("act") {
        "test" => {
            state.app.try_alert_route(&scope, id).await?;
        }
        "stop" => {
            state
                .app
                .stop_alert_route(&scope, id, "stopped by hand")
                .await?
        }
        _ => return Err(Problem::input(t("problem-choose-for-the-route")).into()),
    }
    Ok(see("/alerts#routes"))
}

pub(super) async fn retry(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: DeliveryId = id
        .parse()
        .map_err(|error| Problem::from(AppError::Id(error)))?;
    state.app.retry_alert_delivery(&scope, id).await?;
    Ok(see("/alerts"))
}

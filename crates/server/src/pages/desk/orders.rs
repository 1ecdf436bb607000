//! Orders of courts and authorities: the operator's desk takes them down, narrows them and, with
//! two persons' approval, answers them; a tenant sees what it was told.

use std::collections::BTreeSet;

use app::disclosures::Registered as _;
use app::orders::{Order, OrderView};
use askama::Template;
use axum::extract::{Path, Request, State as Shared};
use axum::response::Response;
use domain::{OrderId, Secret, TenantSlug, Timestamp};

use super::leaves::{self, Leaf};
use super::sent::{self, interactions, operators_only};
use super::uploads::Upload;
use super::{At, Desk, acting};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::public::transparency::in_words;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Why somebody of a customer does not act here.
const OPERATORS: Say = t("problem-orders-are-the-operators");

/// Kinds of orders, with their names.
const KINDS: &[(&str, Say)] = &[
    ("court_order", t("public-transparency-kind-court-order")),
    ("subpoena", t("public-transparency-kind-subpoena")),
    ("warrant", t("public-transparency-kind-warrant")),
    (
        "authority_request",
        t("public-transparency-kind-request-of-an-authority"),
    ),
    ("emergency", t("public-transparency-kind-emergency")),
];

#[derive(Template)]
#[template(path = "desk/orders.html")]
struct OrdersPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    notices: Vec<Notice>,
    kinds: &'static [(&'static str, Say)],
    report: Vec<[String; 6]>,
}

struct Row {
    id: String,
    received: Moment,
    country: String,
    kind: Say,
    authority: String,
    state: Say,
    colour: &'static str,
    approvals: usize,
    told: String,
    /// By when a third person looks at an emergency again.
    look_back: Option<Moment>,
}

struct Notice {
    order: String,
    issuer: String,
    authority: String,
    scope: String,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/orders").await?;
    let (mut rows, mut notices, mut report) = (Vec::new(), Vec::new(), Vec::new());
    if at.me.operator {
        let all = state.app.orders(&at.scope).await?;
        rows = all.iter().map(row).collect();
        let counted = state.app.transparency_report(&at.scope).await?;
        report = counted.iter().map(in_words).collect();
    } else {
        let told = state.app.order_notices(&at.scope).await?;
        notices = told
            .iter()
            .map(|notice| Notice {
                order: notice.order.to_string(),
                issuer: notice.issuer.expose().to_owned(),
                authority: notice.authority.clone(),
                scope: notice.scope.expose().to_owned(),
            })
            .collect();
    }
    Ok(page(&OrdersPage {
        me: at.me,
        desk: at.desk,
        rows,
        notices,
        kinds: KINDS,
        report,
    }))
}

/// A kind of order as people say it.
pub(crate) fn kind_in_words(key: &str) -> Say {
    let found = KINDS.iter().find(|(known, _)| *known == key);
    found.map_or(t("public-transparency-kind-other-order"), |(_, name)| *name)
}

fn row(view: &OrderView) -> Row {
    let order = &view.order;
    let (state, colour) = match order.state() {
        "received" => (t("desk-order-to-be-reviewed"), "busy"),
        "reviewed" => (t("desk-order-to-be-approved"), "busy"),
        "approved" => (t("desk-order-approved-by-two"), "busy"),
        "produced" => (t("desk-order-answered"), "good"),
        _ => (t("desk-order-was-turned-down"), "good"),
    };
    Row {
        id: view.id.to_string(),
        received: Moment::of(view.received),
        country: order.country.clone(),
        kind: kind_in_words(&order.kind),
        authority: order.authority.clone(),
        state,
        colour,
        approvals: order.approvals.len(),
        told: match (order.told, order.gag_until) {
            (Some(at), _) => t("desk-order-customer-told")
                .a("at", Moment::of(at).text)
                .to_string(),
            (None, Some(until)) => t("desk-order-not-before")
                .a("at", Moment::of(until).text)
                .to_string(),
            (None, None) => t("desk-order-not-yet").to_string(),
        },
        look_back: order.look_back_by().map(Moment::of),
    }
}

#[derive(Template)]
#[template(path = "desk/order.html")]
struct OrderPage {
    me: Me,
    desk: Desk,
    row: Row,
    issuer: String,
    asks: String,
    sha256: String,
    tenant: String,
    review: Option<Reviewed>,
    /// Who approved, with their reasons where it is an emergency.
    approvals: Vec<(String, String)>,
    mine: bool,
    emergency: bool,
    look_back_by: Option<Moment>,
    looked_back: Option<(String, bool, String)>,
    produced: Vec<String>,
    rejected: Option<String>,
    open: bool,
    ready: bool,
    leaves: Vec<Leaf>,
}

struct Reviewed {
    by: String,
    narrowing: String,
    interactions: Vec<String>,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/orders").await?;
    operators_only(&person, OPERATORS)?;
    let view = state.app.order_view(&at.scope, sent::id(&id)?).await?;
    let leaves = leaves::of(&state, &at, &id).await?;
    let order = &view.order;
    let open = order.rejected.is_none() && order.produced.is_empty();
    let told = order.told.is_some() || order.gag_until.is_some_and(|until| until > state.app.now());
    Ok(page(&OrderPage {
        me: at.me,
        desk: at.desk,
        row: row(&view),
        issuer: order.issuer.expose().to_owned(),
        asks: order.scope.expose().to_owned(),
        sha256: order.demand_sha256.clone(),
        tenant: state.app.tenant_by_id(order.tenant).await?.name,
        review: order.review.as_ref().map(|review| Reviewed {
            by: review.by.clone(),
            narrowing: review.narrowing.expose().to_owned(),
            interactions: review
                .interactions
                .iter()
                .map(ToString::to_string)
                .collect(),
        }),
        approvals: order
            .approvals
            .iter()
            .map(|who| {
                let reason = order.reasons.iter().find(|reason| reason.by == *who);
                let reason = reason.map_or("", |reason| reason.text.expose());
                (who.clone(), reason.to_owned())
            })
            .collect(),
        emergency: order.is_emergency(),
        look_back_by: order.look_back_by().map(Moment::of),
        looked_back: order.looked_back.as_ref().map(|found| {
            let finding = found.finding.expose().to_owned();
            (found.by.clone(), found.justified, finding)
        }),
        mine: order.approvals.contains(person.caller.handle()),
        produced: order.produced.iter().map(ToString::to_string).collect(),
        rejected: order.rejected.clone(),
        open,
        ready: open && order.review.is_some() && order.approvals.len() >= 2 && told,
        leaves,
    }))
}

/// Takes an order down. Of its document only the hash is kept.
pub(super) async fn receive(
    Shared(state): Shared<State>,
    person: Person,
    request: Request,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let scope = acting(&state, &person)?;
    let form = Upload::read(&person, request, "document").await?;
    let get = |name: &str| form.get(name);
    if !KINDS.iter().any(|(key, _)| *key == get("kind")) {
        return Err(Problem::input(t("problem-choose-the-kind-of-order")).into());
    }
    let slug: TenantSlug = sent::id(get("tenant"))?;
    let gag_until: Option<Timestamp> = match get("gag_until") {
        "" => None,
        day => Some(app::parse_time(&format!("{day}T00:00:00Z"))?),
    };
    let order = Order {
        issuer: Secret::new(get("issuer")),
        country: get("country").to_uppercase(),
        kind: get("kind").to_owned(),
        authority: get("authority").to_owned(),
        demand_sha256: app::orders::hash(form.file()?),
        scope: Secret::new(get("scope")),
        tenant: state.app.tenant(&slug).await?.id,
        gag_until,
        review: None,
        approvals: BTreeSet::new(),
        reasons: Vec::new(),
        looked_back: None,
        produced_at: None,
        told: None,
        produced: Vec::new(),
        rejected: None,
    };
    let id = state.app.receive_order(&scope, &order).await?;
    Ok(see(&format!("/desk/orders/{id}")))
}

/// Reviews, approves, turns down or answers an order.
pub(super) async fn act(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let (scope, order) = (acting(&state, &person)?, sent::id::<OrderId>(&id)?);
    match fields.get("act") {
        "review" => {
            let ids = interactions(&fields, "ids")?;
            let narrowing = fields.get("narrowing");
            state
                .app
                .review_order(&scope, order, narrowing, ids)
                .await?;
        }
        "approve" => match fields.get("reasons").trim() {
            "" => state.app.approve_order(&scope, order).await?,
            reasons => state.app.approve_emergency(&scope, order, reasons).await?,
        },
        "look-back" => {
            let justified = fields.get("justified") == "yes";
            let finding = fields.get("finding");
            state
                .app
                .look_back(&scope, order, justified, finding)
                .await?;
        }
        "reject" => {
            let why = fields.get("why").trim();
            if why.is_empty() {
                return Err(Problem::input(t("problem-say-why-it-is-turned-down")).into());
            }
            state.app.reject_order(&scope, order, why).await?;
        }
        "produce" => {
            let secret = fields.secret("secret");
            if secret.expose().len() < 12 {
                return Err(Problem::input(t("problem-the-secret-has-twelve")).into());
            }
            // A page does not choose where the program writes.
            let folder = state
                .app
                .config()
                .data
                .join("produced")
                .join(order.to_string());
            state
                .app
                .produce_order(&scope, order, &folder, &secret)
                .await?;
        }
        _ => return Err(Problem::input(t("problem-choose-for-the-order")).into()),
    }
    Ok(see(&format!("/desk/orders/{id}")))
}

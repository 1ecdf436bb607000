//! The installation passes to another operator: planned, approved by two, told to every customer,
//! handed over as a sealed pack; and a pack of somebody else is taken in. A tenant sees what it was
//! told.

use std::collections::BTreeSet;

use app::succession::{Received, Succession, SuccessionView, TRIGGERS, document_hash};
use askama::Template;
use axum::extract::{Path, Request, State as Shared};
use axum::response::Response;
use domain::SuccessionId;

use super::leaves::{self, Leaf};
use super::sent::{self, operators_only};
use super::uploads::Upload;
use super::{At, Desk, acting, file};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Why somebody of a customer does not act here.
const OPERATORS: Say = t("problem-passing-on-is-the-operators");

/// Shortest secret that a pack is sealed with.
const SHORTEST: usize = 12;

#[derive(Template)]
#[template(path = "desk/successions.html")]
struct SuccessionsPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    notices: Vec<Told>,
    triggers: &'static [&'static str],
    /// What a pack brought just now.
    received: Option<Received>,
}

struct Row {
    id: String,
    successor: String,
    trigger: String,
    signed: Moment,
    approvals: usize,
    state: Say,
    colour: &'static str,
}

struct Told {
    id: String,
    successor: String,
    trigger: String,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/successions").await?;
    shown(&state, at, None).await
}

async fn shown(state: &State, at: At, received: Option<Received>) -> Result<Response, Oops> {
    let (mut rows, mut notices) = (Vec::new(), Vec::new());
    if at.me.operator {
        let all = state.app.successions(&at.scope).await?;
        rows = all.iter().map(row).collect();
    } else {
        let all = state.app.succession_notices(&at.scope).await?;
        notices = all
            .iter()
            .map(|told| Told {
                id: told.succession.to_string(),
                successor: told.successor.expose().to_owned(),
                trigger: told.trigger.clone(),
            })
            .collect();
    }
    Ok(page(&SuccessionsPage {
        me: at.me,
        desk: at.desk,
        rows,
        notices,
        triggers: TRIGGERS,
        received,
    }))
}

fn row(view: &SuccessionView) -> Row {
    let plan = &view.succession;
    let (state, colour) = match view.state {
        "planned" => (t("desk-successions-to-be-approved"), "busy"),
        "approved" => (t("desk-successions-approved-by-two-the-customers"), "busy"),
        "told" => (t("desk-successions-the-customers-are-told"), "busy"),
        _ => (t("desk-successions-handed-over"), "good"),
    };
    Row {
        id: view.id.to_string(),
        successor: plan.successor.expose().to_owned(),
        trigger: plan.trigger.clone(),
        signed: Moment::of(plan.signed),
        approvals: plan.approvals.len(),
        state,
        colour,
    }
}

#[derive(Template)]
#[template(path = "desk/succession.html")]
struct SuccessionPage {
    me: Me,
    desk: Desk,
    row: Row,
    sha256: String,
    approvals: Vec<String>,
    mine: bool,
    told: Option<Moment>,
    handed: Option<Moment>,
    leaves: Vec<Leaf>,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let at = At::of(&state, &person, "/desk/successions").await?;
    let view = state.app.succession_view(&at.scope, sent::id(&id)?).await?;
    let leaves = leaves::of(&state, &at, &id).await?;
    let plan = &view.succession;
    Ok(page(&SuccessionPage {
        me: at.me,
        desk: at.desk,
        row: row(&view),
        sha256: plan.document_sha256.clone(),
        approvals: plan.approvals.iter().cloned().collect(),
        mine: plan.approvals.contains(person.caller.handle()),
        told: plan.told.map(Moment::of),
        handed: plan.handed.map(Moment::of),
        leaves,
    }))
}

/// Writes a passing down. Of the contract behind it only the hash is kept.
pub(super) async fn plan(
    Shared(state): Shared<State>,
    person: Person,
    request: Request,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let scope = acting(&state, &person)?;
    let form = Upload::read(&person, request, "document").await?;
    let plan = Succession {
        successor: form.secret("successor"),
        trigger: form.get("trigger").to_owned(),
        signed: app::parse_time(&format!("{}T00:00:00Z", form.get("signed")))?,
        document_sha256: document_hash(form.file()?),
        approvals: BTreeSet::new(),
        told: None,
        handed: None,
    };
    let id = state.app.plan_succession(&scope, &plan).await?;
    Ok(see(&format!("/desk/successions/{id}")))
}

/// Approves, tells every customer, or hands the sealed pack over.
pub(super) async fn act(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let (scope, id) = (acting(&state, &person)?, sent::id::<SuccessionId>(&id)?);
    match fields.get("act") {
        "approve" => state.app.approve_succession(&scope, id).await?,
        "tell" => {
            state.app.tell_of_succession(&scope, id).await?;
        }
        "hand-over" => {
            let secret = fields.secret("secret");
            if secret.expose().len() < SHORTEST {
                return Err(Problem::input(t("problem-the-secret-has-twelve")).into());
            }
            let pack = state.app.hand_over(&scope, id, &secret).await?;
            return Ok(file(
                &format!("{id}.pack"),
                "application/octet-stream",
                pack,
            ));
        }
        _ => return Err(Problem::input(t("problem-choose-for-the-passing")).into()),
    }
    Ok(see(&format!("/desk/successions/{id}")))
}

/// Takes a pack in that another operator sealed, whole or not at all.
pub(super) async fn receive(
    Shared(state): Shared<State>,
    person: Person,
    request: Request,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let scope = acting(&state, &person)?;
    let form = Upload::read(&person, request, "pack").await?;
    let secret = form.secret("secret");
    let received = state
        .app
        .receive_succession(&scope, &secret, form.file()?)
        .await?;
    let at = At::of(&state, &person, "/desk/successions").await?;
    shown(&state, at, Some(received)).await
}

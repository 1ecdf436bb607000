//! Break-glass: a tenant's word on who of the operator is let in, and the operator's side of it.

use app::letting_in::OpeningView;
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{BreakGlassId, InteractionId, Millis, TenantSlug};

use super::sent::{self, operators_only};
use super::{At, Desk, acting, file};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Why somebody of a customer does not act here.
const OPERATORS: Say = t("problem-only-the-operator-asks");

const HOUR: u64 = 3_600_000;

#[derive(Template)]
#[template(path = "desk/openings.html")]
struct OpeningsPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    /// Number of what was just asked for.
    asked: Option<String>,
}

struct Row {
    id: String,
    asked: Moment,
    asked_by: String,
    reason: String,
    length: String,
    until: Option<Moment>,
    over: bool,
    approved_by: String,
    seconded_by: String,
    state: Say,
    colour: &'static str,
    answerable: bool,
    endable: bool,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/openings").await?;
    shown(&state, at, None).await
}

async fn shown(state: &State, at: At, asked: Option<String>) -> Result<Response, Oops> {
    let rows = if at.me.operator {
        Vec::new()
    } else {
        let now = state.app.now();
        let all = state.app.openings(&at.scope).await?;
        all.iter().map(|view| row(view, now)).collect()
    };
    Ok(page(&OpeningsPage {
        me: at.me,
        desk: at.desk,
        rows,
        asked,
    }))
}

fn row(view: &OpeningView, now: domain::Timestamp) -> Row {
    let opening = &view.opening;
    let over = opening.until.is_some_and(|until| until <= now);
    let (state, colour) = match (view.state, over) {
        ("refused", _) => (t("desk-openings-refused-or-ended-by-you"), "good"),
        (_, true) => (t("desk-openings-its-time-is-over"), "good"),
        ("asked", _) => (t("desk-openings-waits-for-your-word"), "busy"),
        ("approved", _) => (t("desk-openings-waits-for-the-operators-second"), "busy"),
        _ => (t("desk-openings-is-open"), "bad"),
    };
    Row {
        id: view.id.to_string(),
        asked: Moment::of(view.asked),
        asked_by: opening.asked_by.clone(),
        reason: opening.reason.expose().to_owned(),
        length: t("desk-openings-so-many-hours")
            .a("hours", opening.length.div_ceil(HOUR))
            .to_string(),
        until: opening.until.map(Moment::of),
        over,
        approved_by: opening.approved_by.clone().unwrap_or_default(),
        seconded_by: opening.seconded_by.clone().unwrap_or_default(),
        state,
        colour,
        answerable: view.state == "asked",
        endable: !over && matches!(view.state, "approved" | "open"),
    }
}

/// Somebody of the operator asks a tenant to be let in.
pub(super) async fn ask(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let at = At::of(&state, &person, "/desk/openings").await?;
    let tenant = tenant(&state, &fields).await?;
    let hours: u64 = sent::whole(fields.get("hours"), t("problem-hours-are-a-whole-number"))?;
    let length = Millis(hours.saturating_mul(HOUR));
    let id = state
        .app
        .ask_to_open(tenant, person.caller.handle(), fields.get("reason"), length)
        .await?;
    shown(&state, at, Some(id.to_string())).await
}

/// The tenant's answer; or, by the operator, the second person's word and the opening itself.
pub(super) async fn answer(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    // The operator's forms name the opening in a field: one page serves for any.
    let named = if person.caller.is_operator() {
        fields.get("opening").trim()
    } else {
        id.as_str()
    };
    let id: BreakGlassId = sent::id(named)?;
    match fields.get("act") {
        "approve" | "refuse" => {
            let scope = acting(&state, &person)?;
            let approve = fields.get("act") == "approve";
            state.app.answer_opening(&scope, id, approve).await?;
        }
        "second" => {
            operators_only(&person, OPERATORS)?;
            let tenant = tenant(&state, &fields).await?;
            state
                .app
                .second_opening(tenant, id, person.caller.handle())
                .await?;
        }
        "open" => {
            operators_only(&person, OPERATORS)?;
            let tenant = tenant(&state, &fields).await?;
            let about: InteractionId = sent::id(fields.get("about"))?;
            let text = state
                .app
                .open_let_in(tenant, id, about, person.caller.handle())
                .await?;
            return Ok(file(
                &format!("{about}.txt"),
                "text/plain; charset=utf-8",
                text,
            ));
        }
        _ => return Err(Problem::input(t("problem-choose-for-the-opening")).into()),
    }
    Ok(see("/desk/openings"))
}

async fn tenant(state: &State, fields: &Fields) -> Result<domain::TenantId, Oops> {
    let slug: TenantSlug = sent::id(fields.get("tenant"))?;
    Ok(state.app.tenant(&slug).await?.id)
}

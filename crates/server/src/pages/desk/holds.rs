//! Legal holds: cases with the interactions that they keep from erasure.

use std::collections::BTreeSet;

use app::holds::HoldView;
use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use domain::HoldId;

use super::sent::{self, interactions};
use super::{At, Desk, acting};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{State, t};

#[derive(Template)]
#[template(path = "desk/holds.html")]
struct HoldsPage {
    me: Me,
    desk: Desk,
    placed: Vec<Row>,
    lifted: Vec<Row>,
    /// Interactions that the form begins with.
    ids: String,
}

struct Row {
    id: String,
    case: String,
    reason: String,
    placed: Moment,
    lifted: Option<Moment>,
    interactions: Vec<String>,
}

pub(super) async fn list(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/holds").await?;
    let holds = state.app.holds(&at.scope).await?;
    let rows = |lifted: bool| {
        let of = holds
            .iter()
            .filter(|view| view.hold.lifted.is_some() == lifted);
        of.map(row).collect()
    };
    let ids: Vec<&str> = pairs
        .iter()
        .filter(|(name, _)| name == "id")
        .map(|(_, id)| id.as_str())
        .collect();
    Ok(page(&HoldsPage {
        me: at.me,
        desk: at.desk,
        placed: rows(false),
        lifted: rows(true),
        ids: ids.join("\n"),
    }))
}

fn row(view: &HoldView) -> Row {
    Row {
        id: view.id.to_string(),
        case: view.hold.case.expose().to_owned(),
        reason: view.hold.reason.expose().to_owned(),
        placed: Moment::of(view.placed),
        lifted: view.hold.lifted.map(Moment::of),
        interactions: view.interactions.iter().map(ToString::to_string).collect(),
    }
}

pub(super) async fn place(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let ids = interactions(&fields, "ids")?;
    state
        .app
        .place_hold(&scope, fields.get("case"), fields.get("reason"), &ids)
        .await?;
    Ok(see("/desk/holds"))
}

/// Lays a hold on more, takes it off one, or lifts it as a whole.
pub(super) async fn change(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id: HoldId = sent::id(&id)?;
    let (none, ids) = (BTreeSet::new(), interactions(&fields, "ids")?);
    match fields.get("act") {
        "lift" => state.app.lift_hold(&scope, id).await?,
        "add" => state.app.change_hold(&scope, id, &ids, &none).await?,
        "release" => state.app.change_hold(&scope, id, &none, &ids).await?,
        _ => return Err(Problem::input(t("problem-choose-for-the-hold")).into()),
    }
    Ok(see("/desk/holds"))
}

//! Duties laid down by law: what a refusal or a longer keeping may rest on.

use app::obligations::{Obligation, ObligationView};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{DataCategory, ObligationId};

use super::clauses::{kinds_in_words, kinds_offered};
use super::{At, Desk, acting, sent};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "desk/obligations.html")]
struct ObligationsPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    kinds: Vec<(&'static str, Say)>,
}

struct Row {
    id: String,
    name: String,
    demands: String,
    kinds: String,
    keep_days: Option<u32>,
    entered: Moment,
    by: String,
    ended: Option<Moment>,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/obligations").await?;
    let all = state.app.obligations(&at.scope).await?;
    Ok(page(&ObligationsPage {
        me: at.me,
        desk: at.desk,
        rows: all.iter().map(row).collect(),
        kinds: kinds_offered(DataCategory::ALL),
    }))
}

fn row(view: &ObligationView) -> Row {
    let duty = &view.obligation;
    Row {
        id: view.id.to_string(),
        name: duty.name(),
        demands: duty.demands.clone(),
        kinds: kinds_in_words(&duty.categories),
        keep_days: duty.keep_days,
        entered: Moment::of(view.entered),
        by: duty.entered_by.clone(),
        ended: duty.ended.map(Moment::of),
    }
}

/// Enters a duty.
pub(super) async fn enter(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let keep_days = match fields.get("days").trim() {
        "" => None,
        days => Some(sent::whole(days, t("problem-days-are-a-whole-number"))?),
    };
    let duty = Obligation {
        law: fields.get("law").trim().to_owned(),
        article: fields.get("article").trim().to_owned(),
        demands: fields.get("demands").trim().to_owned(),
        categories: sent::kinds(&fields)?,
        keep_days,
        entered_by: String::new(),
        ended: None,
    };
    state.app.enter_obligation(&scope, &duty).await?;
    Ok(see("/desk/obligations"))
}

/// Takes a duty back: nothing rests on it from now on.
pub(super) async fn end(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id: ObligationId = sent::id(&id)?;
    state.app.end_obligation(&scope, id).await?;
    Ok(see("/desk/obligations"))
}

//! Scoring: forms in use, what plans draw of this week and the last, what was filled in and what
//! agents say to it.

use app::review::{SeenFillings, week_of};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{AnswerStep, FillingId, Purpose, SamplingId};

use super::beside::{FillingRow, filling};
use super::names::Names;
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::{Moment, lasting};
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::routes::scope;
use crate::{Say, State, t};

/// Filled forms shown.
const SHOWN: u64 = 50;

#[derive(Template)]
#[template(path = "scoring.html")]
struct ScoringPage {
    me: Me,
    forms: Vec<FormRow>,
    plans: Vec<PlanRow>,
    disputed: Vec<FillingRow>,
    fillings: Vec<FillingRow>,
}

struct FormRow {
    id: String,
    name: String,
    about: String,
    version: u32,
    questions: usize,
}

struct PlanRow {
    id: String,
    form: String,
    form_id: String,
    per_week: u8,
    seed: u64,
    drawn: Vec<DrawnRow>,
    to_do: usize,
}

struct DrawnRow {
    interaction: String,
    agent: String,
    started: Moment,
    channel: Say,
    length: String,
    done: bool,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "scoring").await?;
    if me.agent {
        return Ok(see("/coaching"));
    }
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let names = Names::of(&state, &person).await?;
    let mut plans = Vec::new();
    for one in state.app.samplings(&scope).await? {
        let week = week_of(state.app.now());
        let mut drawn = state.app.sampled(&scope, one.id, week).await?;
        drawn.extend(state.app.sampled(&scope, one.id, week - 1).await?);
        drawn.sort_by_key(|one| (one.done, std::cmp::Reverse(one.summary.started)));
        plans.push(PlanRow {
            id: one.id.to_string(),
            form: one.form,
            form_id: one.plan.form.to_string(),
            per_week: one.plan.per_week,
            seed: one.plan.seed,
            to_do: drawn.iter().filter(|one| !one.done).count(),
            drawn: drawn
                .iter()
                .map(|one| DrawnRow {
                    interaction: one.summary.id.to_string(),
                    agent: one.name.expose().to_owned(),
                    started: Moment::of(one.summary.started),
                    channel: crate::pages::said::channel(one.summary.channel),
                    length: one.summary.duration.map_or_else(String::new, lasting),
                    done: one.done,
                })
                .collect(),
        });
    }
    let seen = SeenFillings {
        limit: SHOWN,
        ..SeenFillings::default()
    };
    let disputed = SeenFillings {
        states: &["disputed"],
        ..seen
    };
    let row = |one: &app::review::FillingView| filling(one, &person, &me, &names);
    let disputed: Vec<FillingRow> = state
        .app
        .fillings(&scope, &disputed)
        .await?
        .iter()
        .map(row)
        .collect();
    let fillings: Vec<FillingRow> = state
        .app
        .fillings(&scope, &seen)
        .await?
        .iter()
        .map(row)
        .collect();
    let forms = state.app.forms(&scope).await?;
    Ok(page(&ScoringPage {
        forms: forms
            .into_iter()
            .map(|one| FormRow {
                id: one.id.to_string(),
                name: one.name.to_string(),
                about: one.form.about.clone(),
                version: one.version.0,
                questions: one.form.questions.len(),
            })
            .collect(),
        me,
        plans,
        disputed,
        fillings,
    }))
}

pub(super) async fn set_plan(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let per_week = fields
        .get("per_week")
        .parse()
        .map_err(|_| Problem::input(t("problem-how-many-of-each-agent")))?;
    let seed = Some(fields.get("seed").trim()).filter(|text| !text.is_empty());
    let seed = seed
        .map(|text| {
            text.parse()
                .map_err(|_| Problem::input(t("problem-the-seed-is-a-whole-number")))
        })
        .transpose()?;
    state
        .app
        .set_sampling(&scope, fields.get("form"), per_week, seed)
        .await?;
    Ok(see("/scoring"))
}

pub(super) async fn end_plan(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: SamplingId = id.parse().map_err(app::AppError::Id)?;
    state.app.end_sampling(&scope, id).await?;
    Ok(see("/scoring"))
}

/// What an agent says to a filled form, or what becomes of it after a dispute.
pub(super) async fn answer(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: FillingId = id.parse().map_err(app::AppError::Id)?;
    let next: AnswerStep = fields.get("act").parse().map_err(app::AppError::Id)?;
    state
        .app
        .answer_filling(&scope, id, next, fields.get("note"))
        .await?;
    Ok(see(match fields.get("here") {
        "coaching" => "/coaching",
        _ => "/scoring",
    }))
}

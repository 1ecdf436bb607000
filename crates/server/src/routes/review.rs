//! What people and systems write about interactions: moments, filled forms, assignments; and the
//! alerts that were raised.

use app::review::{NewAssignment, NewFilling, NewMoment, SeenAssignments, StepOrder};
use app::{AppError, parse_time};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::{AssignmentId, CalibrationId, Lesson, Millis, MomentId, Purpose, Secret};

use super::interactions::parse;
use super::scope;
use crate::State;
use crate::door::Machine;
use crate::problem::Problem;
use crate::review_wire::{
    AlertWire, AssignmentWire, CalibrationWire, FillingWire, FormWire, MadeWire, MomentWire,
    NewAssignmentWire, NewFillingWire, NewMomentWire, StepOrderWire,
};

/// The newest alerts with the messages that tell of them.
#[utoipa::path(get, path = "/api/v1/alerts",
    responses((status = 200, body = Vec<AlertWire>), (status = 403, body = Problem)))]
pub(crate) async fn alerts(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<AlertWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.alerts(&scope, 200).await?;
    Ok(Json(found.iter().map(AlertWire::from).collect()))
}

/// The moments noted in an interaction, in its order.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/moments", params(("id" = String, Path)),
    responses((status = 200, body = Vec<MomentWire>), (status = 404, body = Problem)))]
pub(crate) async fn moments(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<Vec<MomentWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.moments(&scope, parse(&id)?).await?;
    Ok(Json(found.iter().map(MomentWire::from).collect()))
}

/// Notes a moment of an interaction.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/moments", params(("id" = String, Path)),
    request_body = NewMomentWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn note(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<NewMomentWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let new = NewMoment {
        kind: asked.kind.parse().map_err(AppError::Id)?,
        from: Millis(asked.from_ms),
        until: asked.until_ms.map(Millis),
        text: Secret::new(asked.text),
    };
    let made = state.app.add_moment(&scope, parse(&id)?, &new).await?;
    Ok((StatusCode::CREATED, Json(MadeWire::of(&made))))
}

/// Takes a moment away.
#[utoipa::path(delete, path = "/api/v1/interactions/{id}/moments/{moment}",
    params(("id" = String, Path), ("moment" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn remove(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path((id, moment)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let moment: MomentId = moment.parse().map_err(AppError::Id)?;
    state.app.remove_moment(&scope, parse(&id)?, moment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The forms in use with their questions.
#[utoipa::path(get, path = "/api/v1/forms",
    responses((status = 200, body = Vec<FormWire>), (status = 403, body = Problem)))]
pub(crate) async fn forms(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<FormWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.forms(&scope).await?;
    Ok(Json(found.iter().map(FormWire::from).collect()))
}

/// The forms filled in about an interaction, newest first.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/forms", params(("id" = String, Path)),
    responses((status = 200, body = Vec<FillingWire>), (status = 404, body = Problem)))]
pub(crate) async fn filled(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<Vec<FillingWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.fillings_of(&scope, parse(&id)?).await?;
    Ok(Json(found.iter().map(FillingWire::from).collect()))
}

/// Fills a form in about an interaction.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/forms", params(("id" = String, Path)),
    request_body = NewFillingWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn fill(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<NewFillingWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let new = NewFilling {
        form: asked.form,
        answers: asked.answers.into_iter().collect(),
        session: None,
    };
    let made = state.app.fill_form(&scope, parse(&id)?, &new).await?;
    Ok((StatusCode::CREATED, Json(MadeWire::of(&made))))
}

/// Asks somebody to listen to a part of an interaction.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/assignments", params(("id" = String, Path)),
    request_body = NewAssignmentWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn assign(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<NewAssignmentWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let lesson: Option<Lesson> = asked
        .lesson
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(AppError::Id)?;
    let new = NewAssignment {
        person: asked.person.parse().map_err(AppError::Id)?,
        from: Millis(asked.from_ms),
        until: Millis(asked.until_ms),
        lesson: lesson.unwrap_or(Lesson::Improve),
        note: Secret::new(asked.note),
        due: asked.due.as_deref().map(parse_time).transpose()?,
    };
    let made = state.app.assign(&scope, parse(&id)?, &new).await?;
    Ok((StatusCode::CREATED, Json(MadeWire::of(&made))))
}

/// What people are asked to listen to, newest first, with every step.
#[utoipa::path(get, path = "/api/v1/assignments",
    responses((status = 200, body = Vec<AssignmentWire>), (status = 403, body = Problem)))]
pub(crate) async fn assignments(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<AssignmentWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let all = SeenAssignments::default();
    let found = state.app.assignments(&scope, &all).await?;
    Ok(Json(found.iter().map(AssignmentWire::from).collect()))
}

/// Completes or forwards an assignment; the other steps are the asked person's own.
#[utoipa::path(post, path = "/api/v1/assignments/{id}/steps", params(("id" = String, Path)),
    request_body = StepOrderWire,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn take_step(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<StepOrderWire>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: AssignmentId = id.parse().map_err(AppError::Id)?;
    let to = asked.to.as_deref().map(str::parse).transpose();
    let order = StepOrder {
        step: asked.step.parse().map_err(AppError::Id)?,
        note: asked.note,
        to: to.map_err(AppError::Id)?,
    };
    state.app.step_assignment(&scope, id, &order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A calibration session: how far its judges are, and their agreement once it is closed.
#[utoipa::path(get, path = "/api/v1/calibrations/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CalibrationWire), (status = 404, body = Problem)))]
pub(crate) async fn calibration(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<CalibrationWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: CalibrationId = id.parse().map_err(AppError::Id)?;
    let found = state.app.calibration(&scope, id).await?;
    Ok(Json(CalibrationWire::from(&found)))
}

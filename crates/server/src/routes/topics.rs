//! What conversations are about.

use app::AppError;
use app::topics::NewTopics;
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::{Purpose, TopicRunId};

use super::scope;
use crate::State;
use crate::door::Machine;
use crate::problem::Problem;
use crate::review_wire::MadeWire;
use crate::topic_wire::{NewTopicsWire, TopicsRowWire, TopicsWire};

/// Asks for the topics of a query's interactions; they are found in the background.
#[utoipa::path(post, path = "/api/v1/topics", request_body = NewTopicsWire,
    responses((status = 202, body = MadeWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn ask(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<NewTopicsWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let new = NewTopics {
        query: asked.query,
        split: asked.split.as_deref().map(app::parse_time).transpose()?,
        seed: asked.seed,
        most: asked.most,
    };
    let id = state.app.ask_for_topics(&scope, &new).await?;
    Ok((StatusCode::ACCEPTED, Json(MadeWire::of(&id))))
}

/// The searches for topics, newest first.
#[utoipa::path(get, path = "/api/v1/topics",
    responses((status = 200, body = Vec<TopicsRowWire>), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<TopicsRowWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.topic_runs(&scope).await?;
    Ok(Json(found.iter().map(TopicsRowWire::from).collect()))
}

/// A search for topics: how far it is, and what it found.
#[utoipa::path(get, path = "/api/v1/topics/{id}", params(("id" = String, Path)),
    responses((status = 200, body = TopicsWire), (status = 404, body = Problem)))]
pub(crate) async fn show(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<TopicsWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: TopicRunId = id.parse().map_err(AppError::Id)?;
    let found = state.app.topics(&scope, id).await?;
    Ok(Json(TopicsWire::from(&found)))
}

/// Takes a search for topics away, with what it found.
#[utoipa::path(delete, path = "/api/v1/topics/{id}", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn remove(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: TopicRunId = id.parse().map_err(AppError::Id)?;
    state.app.drop_topics(&scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Categories, and what people say they ought to find. A name is no part of an address, so a
//! category goes by its id.

use app::{AppError, DefinitionView, Page};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::{DefinitionId, DefinitionKind, DefinitionName, InteractionId, Purpose};

use super::scope;
use crate::State;
use crate::category_wire::{
    CategoryWire, FoundByWire, JudgedWire, NewCategoryWire, PublishedWire, WorkbenchWire,
};
use crate::door::Machine;
use crate::problem::Problem;

/// Interactions told of those that a category found, the newest.
const SHOWN: u32 = 100;

/// The categories, by name.
#[utoipa::path(get, path = "/api/v1/categories",
    responses((status = 200, body = Vec<CategoryWire>), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<CategoryWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let kind = DefinitionKind::Category;
    let found = state.app.definitions(&scope, kind).await?;
    Ok(Json(found.iter().map(CategoryWire::from).collect()))
}

/// Takes a category's text in as a draft, and publishes it where that is asked for.
#[utoipa::path(post, path = "/api/v1/categories", request_body = NewCategoryWire,
    responses((status = 201, body = CategoryWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn take_in(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<NewCategoryWire>,
) -> Result<(StatusCode, Json<CategoryWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let app = &state.app;
    let taken = app
        .import_definition(&scope, &asked.text, &asked.reason)
        .await?;
    if asked.publish {
        let names: [DefinitionName; 1] = [taken.name.clone()];
        app.publish_definitions(&scope, &names).await?;
    }
    let view = app
        .definition(&scope, taken.kind, taken.name.as_str())
        .await?;
    let made = CategoryWire::from(&view.summary);
    Ok((StatusCode::CREATED, Json(made)))
}

/// Publishes a category's newest version: all history is evaluated with it.
#[utoipa::path(post, path = "/api/v1/categories/{id}/publish", params(("id" = String, Path)),
    responses((status = 202, body = PublishedWire), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn publish(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<PublishedWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let view = by_id(&state, &scope, &id).await?;
    let names = [view.summary.definition.name];
    let touched = state.app.publish_definitions(&scope, &names).await?;
    Ok((StatusCode::ACCEPTED, Json(PublishedWire::from(&touched))))
}

/// The newest interactions in which a category's published version found something.
#[utoipa::path(get, path = "/api/v1/categories/{id}/found", params(("id" = String, Path)),
    responses((status = 200, body = Vec<FoundByWire>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn found(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<Vec<FoundByWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let view = by_id(&state, &scope, &id).await?;
    let page = Page {
        limit: SHOWN,
        after: None,
    };
    let (kind, name) = (DefinitionKind::Category, view.summary.definition.name);
    let found = state.app.found_by(&scope, kind, name.as_str(), &page);
    Ok(Json(found.await?.iter().map(FoundByWire::from).collect()))
}

/// Says whether a category ought to match an interaction; a second word replaces the first.
#[utoipa::path(post, path = "/api/v1/categories/{id}/judgements", params(("id" = String, Path)), request_body = JudgedWire,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn judge(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<JudgedWire>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let view = by_id(&state, &scope, &id).await?;
    let interaction: InteractionId = asked.interaction.parse().map_err(AppError::Id)?;
    let name = view.summary.definition.name;
    state
        .app
        .mark_example(&scope, name.as_str(), interaction, asked.belongs)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How the version that is read and the newest one do on what was judged.
#[utoipa::path(get, path = "/api/v1/categories/{id}/workbench", params(("id" = String, Path)),
    responses((status = 200, body = WorkbenchWire), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn workbench(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<WorkbenchWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let view = by_id(&state, &scope, &id).await?;
    let name = view.summary.definition.name;
    let bench = state.app.workbench(&scope, name.as_str()).await?;
    Ok(Json(WorkbenchWire::from(&bench)))
}

async fn by_id(state: &State, scope: &app::Scope, id: &str) -> Result<DefinitionView, AppError> {
    let id: DefinitionId = id.parse()?;
    let kind = DefinitionKind::Category;
    let all = state.app.definitions(scope, kind).await?;
    let found = all.into_iter().find(|one| one.definition.id == id);
    let found = found.ok_or_else(|| AppError::NotFound {
        what: kind.key(),
        name: id.to_string(),
    })?;
    let name = found.definition.name.as_str();
    state.app.definition(scope, kind, name).await
}

//! What is of no single interaction: kept views, sampling plans, routes of alerts.

use app::review::{SavedView, week_of};
use app::{AppError, NewRoute, parse_time};
use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use domain::{AlertRouteId, Millis, Purpose, SamplingId, SavedViewId, Secret};

use super::scope;
use crate::State;
use crate::arranging_wire::{
    DrawnWire, NewRouteWire, NewSamplingWire, NewViewWire, RouteWire, SamplingWire, StopWire,
    TriedWire, ViewWire, WeekWire,
};
use crate::door::Machine;
use crate::problem::Problem;
use crate::review_wire::MadeWire;

/// One's own views and those that are for everybody, by name.
#[utoipa::path(get, path = "/api/v1/views",
    responses((status = 200, body = Vec<ViewWire>), (status = 403, body = Problem)))]
pub(crate) async fn views(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<ViewWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.saved_views(&scope).await?;
    Ok(Json(found.iter().map(ViewWire::from).collect()))
}

/// Keeps a view of the list.
#[utoipa::path(post, path = "/api/v1/views", request_body = NewViewWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn keep_view(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<NewViewWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    // It becomes a link: nothing but plain pairs.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=&".contains(&byte);
    if !asked.filters.bytes().all(plain) {
        return Err(Problem::input("the view's filters are not plain"));
    }
    let view = SavedView {
        name: Secret::new(asked.name),
        address: asked.filters,
        shared: asked.shared,
    };
    let id = state.app.save_view(&scope, &view).await?;
    Ok((StatusCode::CREATED, Json(MadeWire::of(&id))))
}

/// Takes one's own view away.
#[utoipa::path(delete, path = "/api/v1/views/{id}", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn drop_view(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: SavedViewId = id.parse().map_err(AppError::Id)?;
    state.app.drop_view(&scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sampling plans, newest first.
#[utoipa::path(get, path = "/api/v1/samplings",
    responses((status = 200, body = Vec<SamplingWire>), (status = 403, body = Problem)))]
pub(crate) async fn samplings(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<SamplingWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.samplings(&scope).await?;
    Ok(Json(found.iter().map(SamplingWire::from).collect()))
}

/// Sets a sampling plan.
#[utoipa::path(post, path = "/api/v1/samplings", request_body = NewSamplingWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_sampling(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<NewSamplingWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let set = state
        .app
        .set_sampling(&scope, &asked.form, asked.per_week, asked.seed);
    Ok((StatusCode::CREATED, Json(MadeWire::of(&set.await?))))
}

/// Takes a sampling plan back; what was filled in by it stays.
#[utoipa::path(delete, path = "/api/v1/samplings/{id}", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn end_sampling(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: SamplingId = id.parse().map_err(AppError::Id)?;
    state.app.end_sampling(&scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a plan draws of a week.
#[utoipa::path(get, path = "/api/v1/samplings/{id}/drawn", params(("id" = String, Path), WeekWire),
    responses((status = 200, body = Vec<DrawnWire>), (status = 404, body = Problem)))]
pub(crate) async fn drawn(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Query(week): Query<WeekWire>,
) -> Result<Json<Vec<DrawnWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id: SamplingId = id.parse().map_err(AppError::Id)?;
    let at = match week.within.as_deref() {
        Some(text) => parse_time(text)?,
        None => state.app.now(),
    };
    let found = state.app.sampled(&scope, id, week_of(at)).await?;
    Ok(Json(found.iter().map(DrawnWire::from).collect()))
}

/// The routes of alerts with their last test.
#[utoipa::path(get, path = "/api/v1/alert-routes",
    responses((status = 200, body = Vec<RouteWire>), (status = 403, body = Problem)))]
pub(crate) async fn routes(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<RouteWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Governance)?;
    let found = state.app.alert_routes(&scope).await?;
    Ok(Json(found.iter().map(RouteWire::from).collect()))
}

/// Sends alerts to a granted recipient from now on.
#[utoipa::path(post, path = "/api/v1/alert-routes", request_body = NewRouteWire,
    responses((status = 201, body = MadeWire), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn add_route(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<NewRouteWire>,
) -> Result<(StatusCode, Json<MadeWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Governance)?;
    let new = NewRoute {
        recipient: asked.recipient.parse().map_err(AppError::Id)?,
        alerts: asked.alerts,
        digest: Millis(asked.digest_ms),
    };
    let id = state.app.add_alert_route(&scope, &new).await?;
    Ok((StatusCode::CREATED, Json(MadeWire::of(&id))))
}

/// Stops a route.
#[utoipa::path(post, path = "/api/v1/alert-routes/{id}/stop", params(("id" = String, Path)),
    request_body = StopWire,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn stop_route(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    Json(asked): Json<StopWire>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Governance)?;
    let id: AlertRouteId = id.parse().map_err(AppError::Id)?;
    state.app.stop_alert_route(&scope, id, &asked.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a message about nobody by a route.
#[utoipa::path(post, path = "/api/v1/alert-routes/{id}/test", params(("id" = String, Path)),
    responses((status = 200, body = TriedWire), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn try_route(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<TriedWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Governance)?;
    let id: AlertRouteId = id.parse().map_err(AppError::Id)?;
    let tried = state.app.try_alert_route(&scope, id).await?;
    Ok(Json(TriedWire::from(&tried)))
}

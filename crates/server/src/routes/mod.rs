//! The API under `/api/v1`.

pub(crate) mod interactions;
pub(crate) mod upload;

use app::Scope;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::Purpose;

use crate::State;
use crate::door::Machine;
use crate::problem::Problem;

/// Room for the form's other fields beside the file.
const FORM: u64 = 1_048_576;

pub(crate) fn router(state: &State) -> Router<State> {
    let largest = state.app.config().largest.saturating_add(FORM);
    let limit = DefaultBodyLimit::max(usize::try_from(largest).unwrap_or(usize::MAX));
    Router::new()
        .route(
            "/api/v1/interactions",
            get(interactions::list).merge(post(upload::take_in).layer(limit)),
        )
        .route("/api/v1/interactions/{id}", get(interactions::show))
        .route("/api/v1/interactions/{id}/audio", get(interactions::audio))
        .route(
            "/api/v1/interactions/{id}/access",
            get(interactions::access),
        )
        .route(
            "/api/v1/interactions/{id}/export/{format}",
            get(interactions::export),
        )
        .route(
            "/api/v1/interactions/{id}/replay",
            post(interactions::replay),
        )
        .route("/api/v1/search", post(interactions::search))
        .route("/api/v1/troubles", get(interactions::troubles))
        .route("/api/v1/openapi.json", get(openapi))
}

async fn openapi(_: Machine) -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(crate::openapi())
}

/// The caller's scope for a purpose, or the problem that the key is not for it.
pub(crate) fn scope(
    state: &State,
    caller: &app::Caller,
    purpose: Purpose,
) -> Result<Scope, Problem> {
    state
        .app
        .caller_scope(caller, purpose)
        .ok_or_else(|| Problem::not_scoped(purpose.key()))
}

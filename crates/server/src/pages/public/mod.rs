//! What anybody may read and do without signing in and without script: the policy, a person's
//! request, how to verify. The same is served to programs by `routes`.

pub(crate) mod policy;
pub(crate) mod requests;
mod rights;
pub(crate) mod transparency;
mod verify;

use axum::Router;
use axum::routing::get;

use crate::State;

pub(super) fn router() -> Router<State> {
    Router::new()
        .route("/policy", get(policy::in_force))
        .route("/policy/versions", get(policy::versions))
        .route("/policy/versions/{version}", get(policy::version))
        .route("/policy/compare", get(policy::compare))
        .route("/policy/as/{form}", get(policy::machine))
        .route("/requests", get(requests::form).post(requests::open))
        .route(
            "/requests/prove",
            get(requests::prove_form).post(requests::prove),
        )
        .route(
            "/requests/status",
            get(requests::status_form).post(requests::status),
        )
        .route(
            "/requests/verify/{id}",
            get(rights::form).post(rights::prove),
        )
        .route("/transparency", get(transparency::show))
        .route("/transparency.json", get(transparency::json))
        .route("/verify", get(verify::show))
        .route("/log/checkpoint", get(verify::checkpoint))
        .route("/log/tile/{*path}", get(verify::tile))
}

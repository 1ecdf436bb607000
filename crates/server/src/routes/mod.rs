//! The API under `/api/v1`.

pub(crate) mod arranging;
pub(crate) mod categories;
pub(crate) mod interactions;
pub(crate) mod policy;
pub(crate) mod requests;
pub(crate) mod review;
pub(crate) mod rights;
pub(crate) mod topics;
pub(crate) mod upload;
pub(crate) mod uploads;

use app::Scope;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
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
        .merge(public())
        .route("/api/v1/openapi.json", get(openapi))
        .merge(reviewing())
        .merge(judging())
        .merge(arranging())
        .merge(rights::router())
        .merge(uploads::router(state))
}

fn reviewing() -> Router<State> {
    Router::new()
        .route("/api/v1/alerts", get(review::alerts))
        .route("/api/v1/forms", get(review::forms))
        .route(
            "/api/v1/interactions/{id}/moments",
            get(review::moments).post(review::note),
        )
        .route(
            "/api/v1/interactions/{id}/moments/{moment}",
            delete(review::remove),
        )
        .route(
            "/api/v1/interactions/{id}/forms",
            get(review::filled).post(review::fill),
        )
        .route(
            "/api/v1/interactions/{id}/assignments",
            post(review::assign),
        )
        .route("/api/v1/assignments", get(review::assignments))
        .route("/api/v1/assignments/{id}/steps", post(review::take_step))
        .route("/api/v1/calibrations/{id}", get(review::calibration))
        .route("/api/v1/topics", get(topics::list).post(topics::ask))
        .route(
            "/api/v1/topics/{id}",
            get(topics::show).delete(topics::remove),
        )
}

fn judging() -> Router<State> {
    Router::new()
        .route(
            "/api/v1/categories",
            get(categories::list).post(categories::take_in),
        )
        .route("/api/v1/categories/{id}/publish", post(categories::publish))
        .route("/api/v1/categories/{id}/found", get(categories::found))
        .route(
            "/api/v1/categories/{id}/judgements",
            post(categories::judge),
        )
        .route(
            "/api/v1/categories/{id}/workbench",
            get(categories::workbench),
        )
}

fn arranging() -> Router<State> {
    Router::new()
        .route(
            "/api/v1/views",
            get(arranging::views).post(arranging::keep_view),
        )
        .route("/api/v1/views/{id}", delete(arranging::drop_view))
        .route(
            "/api/v1/samplings",
            get(arranging::samplings).post(arranging::set_sampling),
        )
        .route("/api/v1/samplings/{id}", delete(arranging::end_sampling))
        .route("/api/v1/samplings/{id}/drawn", get(arranging::drawn))
        .route(
            "/api/v1/alert-routes",
            get(arranging::routes).post(arranging::add_route),
        )
        .route(
            "/api/v1/alert-routes/{id}/stop",
            post(arranging::stop_route),
        )
        .route("/api/v1/alert-routes/{id}/test", post(arranging::try_route))
}

/// What needs no key: the same as on the public pages.
fn public() -> Router<State> {
    Router::new()
        .route("/api/v1/policy", get(policy::in_force))
        .route("/api/v1/policy/versions", get(policy::versions))
        .route("/api/v1/policy/versions/{version}", get(policy::version))
        .route("/api/v1/policy/compare", get(policy::compare))
        .route("/api/v1/log", get(policy::log))
        .route("/api/v1/requests", post(requests::open))
        .route("/api/v1/requests/prove", post(requests::prove))
        .route("/api/v1/requests/status", post(requests::status))
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

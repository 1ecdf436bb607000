//! The API's description, made from the code that serves it.

use utoipa::OpenApi;

use crate::routes::{
    arranging, categories, interactions, policy, requests, review, rights, topics, upload, uploads,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Privity",
        description = "Conversations in, redacted and searchable; every read under a purpose."
    ),
    paths(
        upload::take_in,
        uploads::begin,
        uploads::offset,
        uploads::show,
        uploads::append,
        uploads::drop_it,
        interactions::list,
        interactions::show,
        interactions::audio,
        interactions::access,
        interactions::export,
        interactions::replay,
        interactions::search,
        interactions::troubles,
        policy::in_force,
        policy::versions,
        policy::version,
        policy::compare,
        policy::log,
        requests::open,
        requests::prove,
        requests::status,
        rights::exercise,
        rights::status,
        rights::revoke,
        rights::pair,
        rights::known,
        review::alerts,
        review::moments,
        review::note,
        review::remove,
        review::forms,
        review::filled,
        review::fill,
        review::assign,
        review::assignments,
        review::take_step,
        review::calibration,
        arranging::views,
        arranging::keep_view,
        arranging::drop_view,
        arranging::samplings,
        arranging::set_sampling,
        arranging::end_sampling,
        arranging::drawn,
        arranging::routes,
        arranging::add_route,
        arranging::stop_route,
        arranging::try_route,
        topics::ask,
        topics::list,
        topics::show,
        topics::remove,
        categories::list,
        categories::take_in,
        categories::publish,
        categories::found,
        categories::judge,
        categories::workbench,
    )
)]
struct Api;

/// The OpenAPI document of every route under `/api/v1` and `/drp`.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

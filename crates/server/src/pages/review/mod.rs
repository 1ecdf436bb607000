//! Pages of what people do with interactions beside reading them: moments, forms, calibration,
//! sampling, coaching, and the alerts.

mod alerts;
mod beside;
mod calibration;
mod coaching;
mod filling;
mod names;
mod scoring;
mod views;

use axum::Router;
use axum::routing::{get, post};

use crate::State;

pub(super) use beside::{Beside, beside};
pub(super) use filling::FillForm;
pub(super) use views::{ViewRow, views};

pub(super) fn router() -> Router<State> {
    Router::new()
        .route("/alerts", get(alerts::show))
        .route("/alerts/routes", post(alerts::add))
        .route("/alerts/routes/{id}", post(alerts::change))
        .route("/alerts/deliveries/{id}/retry", post(alerts::retry))
        .route("/interactions/views", post(views::save))
        .route("/interactions/views/{id}/drop", post(views::drop_view))
        .route("/interactions/{id}/moments", post(beside::note))
        .route(
            "/interactions/{id}/moments/{moment}/remove",
            post(beside::remove),
        )
        .route("/interactions/{id}/assign", post(coaching::assign))
        .route(
            "/interactions/{id}/fill",
            get(filling::form).post(filling::fill),
        )
        .route("/scoring", get(scoring::show))
        .route("/scoring/plans", post(scoring::set_plan))
        .route("/scoring/plans/{id}/end", post(scoring::end_plan))
        .route("/scoring/fillings/{id}", post(scoring::answer))
        .route(
            "/calibration",
            get(calibration::list).post(calibration::open),
        )
        .route("/calibration/{id}", get(calibration::show))
        .route("/calibration/{id}/close", post(calibration::close))
        .route("/coaching", get(coaching::show))
        .route("/coaching/{id}", post(coaching::take_step))
}

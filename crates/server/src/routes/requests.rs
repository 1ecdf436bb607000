//! A person's request for programs; no key is asked for, and the answers are the same for
//! everybody.

use app::requests::{RequestOrder, Ticket};
use app::{AppError, rfc3339};
use axum::Json;
use axum::extract::State as Shared;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use domain::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::pace::{Guest, Paced};
use crate::pages::public::requests::{proven, unknown};
use crate::problem::Problem;

type Body<T> = Result<Json<T>, JsonRejection>;

/// What a person asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestWire {
    /// `access`, `portability`, `erasure`, `rectification`, `restriction`, `objection`, `locate`
    /// or `complaint`.
    kind: String,
    /// `gdpr` or `ccpa`.
    law: String,
    /// A mail address or number of theirs; the code goes there.
    address: String,
    /// Anything to add, at most 4,000 characters.
    #[serde(default)]
    message: String,
}

/// What opens the state of a request.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReferenceWire {
    /// Given once.
    reference: String,
}

/// Takes a request in and sends a code. Whether anything is held does not show.
#[utoipa::path(post, path = "/api/v1/requests", request_body = RequestWire, security(()),
    responses((status = 202, body = ReferenceWire), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn open(
    Shared(state): Shared<State>,
    guest: Guest,
    body: Body<RequestWire>,
) -> Result<(StatusCode, Json<ReferenceWire>), Problem> {
    state.pace.take(&guest, Paced::Opening)?;
    let asked = read(body)?;
    let order = RequestOrder {
        kind: asked.kind.parse().map_err(AppError::Id)?,
        law: asked.law.parse().map_err(AppError::Id)?,
        identifier: Secret::new(asked.address.trim()),
        message: Secret::new(asked.message.trim()),
    };
    let ticket = state.app.open_request(&order).await?;
    let reference = ticket.reference().expose().to_owned();
    Ok((StatusCode::ACCEPTED, Json(ReferenceWire { reference })))
}

/// A reference with the code that was sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofWire {
    /// As it was given.
    reference: String,
    /// Eight digits.
    code: String,
}

/// Proves a request; then it is passed on to whoever holds a match.
#[utoipa::path(post, path = "/api/v1/requests/prove", request_body = ProofWire, security(()),
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn prove(
    Shared(state): Shared<State>,
    guest: Guest,
    body: Body<ProofWire>,
) -> Result<StatusCode, Problem> {
    state.pace.take(&guest, Paced::Trying)?;
    let shown = read(body)?;
    proven(&state, &Secret::new(shown.reference), &shown.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A reference.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuery {
    /// As it was given.
    reference: String,
}

/// How a request stands; the same whether or not anything was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusWire {
    /// What was asked for.
    kind: &'static str,
    /// `unproven`, `passed_on`, `escalated` or `ended`.
    state: &'static str,
    /// When it came in, RFC 3339.
    received: String,
    /// By when it must be answered, RFC 3339.
    due: String,
}

/// How a request stands.
#[utoipa::path(post, path = "/api/v1/requests/status", request_body = StatusQuery, security(()),
    responses((status = 200, body = StatusWire), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn status(
    Shared(state): Shared<State>,
    guest: Guest,
    body: Body<StatusQuery>,
) -> Result<Json<StatusWire>, Problem> {
    state.pace.take(&guest, Paced::Trying)?;
    let ticket = Ticket::read(&Secret::new(read(body)?.reference))?;
    let found = state
        .app
        .request_status(ticket.id, &ticket.token)
        .await
        .map_err(unknown)?;
    Ok(Json(StatusWire {
        kind: found.kind.key(),
        state: found.state,
        received: rfc3339(found.received),
        due: rfc3339(found.due),
    }))
}

fn read<T>(body: Body<T>) -> Result<T, Problem> {
    match body {
        Ok(Json(read)) => Ok(read),
        Err(rejection) => Err(Problem::input(rejection.body_text())),
    }
}

//! The Data Rights Protocol 1.0 under `/drp`: agents that ask for persons.
//!
//! Bodies are `text/plain`: base64 over an Ed25519 signature and JSON. Faults have the protocol's
//! own form (section 3.06) in place of a problem document.

use app::AppError;
use app::requests::{RightsFault, RightsStanding};
use axum::Json;
use axum::Router;
use axum::extract::rejection::StringRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, State as Shared};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::{RequestId, Secret};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::State;
use crate::pace::{Guest, Paced};
use crate::problem::Problem;

/// Room for base64 of a signed request.
const LARGEST: usize = 65_536;

type Body = Result<String, StringRejection>;

pub(super) fn router() -> Router<State> {
    let one = post(exercise);
    Router::new()
        .route("/drp/v1/data-rights-request", one.clone())
        // Versions before 0.9.3 wrote a slash at the end.
        .route("/drp/v1/data-rights-request/", one)
        .route(
            "/drp/v1/data-rights-request/{id}",
            axum::routing::get(status).delete(revoke),
        )
        .route("/drp/v1/agent/{agent}", post(pair).get(known))
        .layer(DefaultBodyLimit::max(LARGEST))
}

/// A fault as section 3.06 has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RightsProblem {
    /// The HTTP status as text.
    code: String,
    /// What is wrong and what to do.
    message: String,
    /// Whether the same message can never succeed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fatal: bool,
}

impl RightsProblem {
    fn new(status: StatusCode, message: &str, fatal: bool) -> Self {
        Self {
            code: status.as_u16().to_string(),
            message: message.to_owned(),
            fatal,
        }
    }

    fn status(&self) -> StatusCode {
        self.code
            .parse::<u16>()
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Problem> for RightsProblem {
    fn from(problem: Problem) -> Self {
        Self::new(problem.status(), problem.detail(), false)
    }
}

impl From<AppError> for RightsProblem {
    fn from(error: AppError) -> Self {
        let AppError::Rights(fault) = error else {
            return Problem::from(error).into();
        };
        let (status, fatal) = match &fault {
            RightsFault::NotOffered => (StatusCode::NOT_FOUND, true),
            RightsFault::Forbidden(_) => (StatusCode::FORBIDDEN, false),
            RightsFault::Expired => (StatusCode::FORBIDDEN, true),
            RightsFault::Unusable(_) => (StatusCode::BAD_REQUEST, true),
            RightsFault::TooMany => (StatusCode::TOO_MANY_REQUESTS, false),
            RightsFault::Ended => (StatusCode::CONFLICT, true),
        };
        Self::new(status, &fault.to_string(), fatal)
    }
}

impl IntoResponse for RightsProblem {
    fn into_response(self) -> Response {
        (self.status(), Json(self)).into_response()
    }
}

/// What an agent is known by.
pub(crate) struct Key(Secret);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = RightsProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RightsProblem> {
        let sent = parts.headers.get(header::AUTHORIZATION);
        let text = sent.and_then(|value| value.to_str().ok());
        let token = text.and_then(|text| text.strip_prefix("Bearer "));
        token
            .filter(|token| !token.is_empty())
            .map(|token| Self(Secret::new(token)))
            .ok_or_else(|| {
                RightsProblem::new(
                    StatusCode::FORBIDDEN,
                    "send the key of `POST /v1/agent/{agent-id}` as `Authorization: Bearer …`",
                    false,
                )
            })
    }
}

/// A right is exercised for a person. The same signed message again is the same request.
#[utoipa::path(post, path = "/drp/v1/data-rights-request", request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "How it stands (section 3.03)"), (status = 400, body = RightsProblem),
        (status = 403, body = RightsProblem), (status = 429, body = RightsProblem)))]
pub(crate) async fn exercise(
    Shared(state): Shared<State>,
    guest: Guest,
    Key(token): Key,
    body: Body,
) -> Result<Json<RightsStanding>, RightsProblem> {
    let body = read(body)?;
    let taken = state.app.exercise_right(&token, &body).await;
    Ok(Json(counted(&state, &guest, taken)?))
}

/// How an agent's own request stands.
#[utoipa::path(get, path = "/drp/v1/data-rights-request/{id}", params(("id" = String, Path)),
    responses((status = 200, description = "How it stands (section 3.03)"), (status = 403, body = RightsProblem)))]
pub(crate) async fn status(
    Shared(state): Shared<State>,
    guest: Guest,
    Key(token): Key,
    Path(id): Path<String>,
) -> Result<Json<RightsStanding>, RightsProblem> {
    let id = number(&id)?;
    let found = state.app.right_exercised(&token, id).await;
    Ok(Json(counted(&state, &guest, found)?))
}

/// The person takes their request back.
#[utoipa::path(delete, path = "/drp/v1/data-rights-request/{id}", params(("id" = String, Path)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, description = "The new state, `revoked`"), (status = 403, body = RightsProblem),
        (status = 409, body = RightsProblem)))]
pub(crate) async fn revoke(
    Shared(state): Shared<State>,
    guest: Guest,
    Key(token): Key,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<RightsStanding>, RightsProblem> {
    let (id, body) = (number(&id)?, read(body)?);
    let revoked = state.app.revoke_right(&token, id, &body).await;
    Ok(Json(counted(&state, &guest, revoked)?))
}

/// Sets up the key for a pair of agent and business. A fault has no body (section 2.05.1).
#[utoipa::path(post, path = "/drp/v1/agent/{agent}", params(("agent" = String, Path)),
    request_body(content = String, content_type = "text/plain"), security(()),
    responses((status = 200, description = "`agent-id` and `token`"), (status = 403, description = "Without a body")))]
pub(crate) async fn pair(
    Shared(state): Shared<State>,
    guest: Guest,
    Path(agent): Path<String>,
    body: Body,
) -> Response {
    let paced = state.pace.take(&guest, Paced::Trying);
    if let Err(problem) = paced {
        return RightsProblem::from(problem).into_response();
    }
    let Ok(body) = body else {
        return StatusCode::FORBIDDEN.into_response();
    };
    match state.app.pair_rights_agent(&agent, &body).await {
        Ok(token) => Json(json!({ "agent-id": agent, "token": token.expose() })).into_response(),
        Err(AppError::Rights(RightsFault::NotOffered)) => {
            RightsProblem::from(AppError::from(RightsFault::NotOffered)).into_response()
        }
        Err(AppError::Rights(fault)) => {
            // The agent learns nothing more; the operator's log says why.
            tracing::warn!(why = fault.to_string(), "a key set-up was refused");
            StatusCode::FORBIDDEN.into_response()
        }
        Err(other) => RightsProblem::from(other).into_response(),
    }
}

/// Whether the key is this agent's and still good.
#[utoipa::path(get, path = "/drp/v1/agent/{agent}", params(("agent" = String, Path)),
    responses((status = 200, description = "An empty object"), (status = 403, body = RightsProblem)))]
pub(crate) async fn known(
    Shared(state): Shared<State>,
    guest: Guest,
    Key(token): Key,
    Path(agent): Path<String>,
) -> Result<Json<Value>, RightsProblem> {
    let known = state.app.knows_rights_agent(&agent, &token).await;
    counted(&state, &guest, known)?;
    Ok(Json(json!({})))
}

/// Refusals are counted by the address that speaks to us, so that keys cannot be tried out.
fn counted<T>(
    state: &State,
    guest: &Guest,
    outcome: Result<T, AppError>,
) -> Result<T, RightsProblem> {
    outcome.map_err(|error| {
        if matches!(error, AppError::Rights(RightsFault::Forbidden(_)))
            && let Err(problem) = state.pace.take(guest, Paced::Trying)
        {
            return problem.into();
        }
        error.into()
    })
}

fn read(body: Body) -> Result<String, RightsProblem> {
    body.map_err(|rejection| RightsProblem::new(rejection.status(), &rejection.body_text(), true))
}

/// A number that is none is answered as another agent's.
fn number(text: &str) -> Result<RequestId, RightsProblem> {
    text.parse().map_err(|_| {
        RightsProblem::new(
            StatusCode::FORBIDDEN,
            "this agent made no such request",
            false,
        )
    })
}

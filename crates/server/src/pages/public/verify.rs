//! How anybody checks what this installation hands out, and the log's own resources.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::State;
use crate::pages::{Oops, page};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "public/verify.html")]
struct VerifyPage {
    origin: String,
    keys: Vec<String>,
}

pub(super) async fn show(Shared(state): Shared<State>) -> Result<Response, Oops> {
    Ok(page(&VerifyPage {
        origin: state.app.ledger_origin().to_owned(),
        keys: state.app.ledger_keys().await?,
    }))
}

/// The newest signed checkpoint.
pub(super) async fn checkpoint(Shared(state): Shared<State>) -> Result<Response, Problem> {
    resource(&state, "checkpoint", "text/plain; charset=utf-8").await
}

/// A tile of the log; it holds commitments only and tells nothing of what they commit to.
pub(super) async fn tile(
    Shared(state): Shared<State>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    resource(&state, &format!("tile/{path}"), "application/octet-stream").await
}

async fn resource(state: &State, path: &str, kind: &'static str) -> Result<Response, Problem> {
    let Some(bytes) = state.app.log_resource(path).await? else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Not found",
            "the log has no such resource; its first checkpoint may still be to come",
        ));
    };
    let mut response = bytes.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

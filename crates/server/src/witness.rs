//! A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and nothing else.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::Clock;
use tokio::net::TcpListener;
use verifier::{Refusal, Witness};

use crate::ServerError;

/// A checkpoint with a proof is a few kilobytes.
const LARGEST: usize = 64 * 1024;

#[derive(Clone)]
struct Post {
    /// One request at a time: what was seen is read, judged and written in one go.
    witness: Arc<Mutex<Witness>>,
    clock: Arc<dyn Clock>,
}

/// Serves a witness until `stop` ends.
///
/// # Errors
/// [`ServerError::Listen`].
pub async fn serve_witness(
    witness: Witness,
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let router = Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Post {
            witness: Arc::new(Mutex::new(witness)),
            clock,
        });
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await?;
    Ok(())
}

async fn add_checkpoint(State(post): State<Post>, body: String) -> Response {
    let now = u64::try_from(post.clock.now().0 / 1000).unwrap_or(0);
    let mut witness = post.witness.lock().unwrap_or_else(PoisonError::into_inner);
    match witness.add_checkpoint(&body, now) {
        Ok(line) => line.into_response(),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::Conflict(size) => {
            let kind = HeaderValue::from_static("text/x.tlog.size");
            let mut answer = (StatusCode::CONFLICT, format!("{size}\n")).into_response();
            answer.headers_mut().insert(CONTENT_TYPE, kind);
            return answer;
        }
        Refusal::Form(_) => StatusCode::BAD_REQUEST,
        Refusal::UnknownLog => StatusCode::NOT_FOUND,
        Refusal::Unsigned => StatusCode::FORBIDDEN,
        Refusal::Fork => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::State(source) => {
            tracing::error!(error = source.to_string(), "the state cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    (status, format!("{refusal}\n")).into_response()
}

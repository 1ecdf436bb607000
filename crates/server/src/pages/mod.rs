//! Server-rendered pages; everything on them works without script except following the audio.

mod find;
mod one;
mod sign_in;

use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::State;
use crate::problem::Problem;

pub(crate) fn router() -> Router<State> {
    Router::new()
        .route("/", get(find::list))
        .route("/search", get(find::ask).post(find::search))
        .route("/troubles", get(find::troubles))
        .route("/interactions/{id}", get(one::show))
        .route("/interactions/{id}/audio", get(one::audio))
        .route("/interactions/{id}/export/{format}", get(one::export))
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/policy", get(sign_in::policy))
        .route("/assets/app.css", get(style))
        .route("/assets/player.js", get(script))
        .route("/assets/icon.svg", get(icon))
}

async fn style() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../../../../web/app.css"),
    )
}

async fn script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../../../../web/player.js"),
    )
}

async fn icon() -> Response {
    asset("image/svg+xml", include_str!("../../../../web/icon.svg"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("max-age=300"),
    );
    response
}

/// A rendered template, or the problem that it could not be rendered.
fn page<T: Template>(template: &T) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(error = error.to_string(), "a page could not be rendered");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    detail: &'a str,
    clauses: &'a [String],
}

/// A problem as a page.
pub(crate) struct Oops(Problem);

impl<E: Into<Problem>> From<E> for Oops {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        let body = page(&ProblemPage {
            title: self.0.title(),
            detail: self.0.detail(),
            clauses: self.0.clauses(),
        });
        (self.0.status(), body).into_response()
    }
}

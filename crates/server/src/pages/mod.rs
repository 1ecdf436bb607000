//! Server-rendered pages; everything on them works without script except following the audio.

mod account;
mod assets;
mod definitions;
mod desk;
mod filters;
pub(crate) mod forms;
mod keys;
mod ledger;
mod list;
mod me;
mod measured;
mod one;
mod overview;
mod people;
pub(crate) mod public;
mod review;
mod said;
mod search;
mod sign_in;
mod single;
pub(crate) mod take_in;
mod topics;
mod wave;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::State;
use crate::problem::Problem;

/// Room for a form's other fields beside its files.
const FORM: u64 = 1_048_576;

pub(crate) fn router(state: &State) -> Router<State> {
    let largest = state.app.config().largest.saturating_add(FORM);
    let limit = DefaultBodyLimit::max(usize::try_from(largest).unwrap_or(usize::MAX));
    Router::new()
        .route("/", get(overview::show))
        .merge(reading())
        .merge(review::router())
        .merge(people())
        .route(
            "/take-in",
            get(take_in::form).merge(post(take_in::take).layer(limit)),
        )
        .route("/take-in/give-up", post(take_in::give_up))
        .route("/troubles", get(take_in::troubles))
        .route("/troubles/replay", post(take_in::replay))
        .route("/ledger", get(ledger::show))
        .route("/ledger/{leaf}", get(ledger::leaf))
        .route("/ledger/{leaf}/proof", get(ledger::proof))
        .route("/interactions/{id}/evidence", get(ledger::evidence))
        .merge(desk::router())
        .merge(public::router())
        .layer(axum::middleware::from_fn(forms::same_site))
        .layer(axum::middleware::from_fn_with_state(
            state.clone(),
            crate::wording::follow,
        ))
        .merge(assets::router())
}

fn reading() -> Router<State> {
    Router::new()
        .route("/interactions", get(list::show))
        .route("/interactions/bulk", post(list::bulk))
        .route("/interactions/progress", get(list::progress))
        .route("/search", get(search::ask).post(search::search))
        .route(
            "/categories",
            get(definitions::list).post(definitions::save),
        )
        .route("/categories/from-search", post(definitions::from_search))
        .route("/categories/{id}", get(definitions::show))
        .route("/topics", get(topics::list).post(topics::ask))
        .route("/topics/{id}", get(topics::show))
        .route("/topics/{id}/remove", post(topics::remove))
        .route("/interactions/{id}", get(one::show))
        .route("/interactions/{id}/tag", post(one::tag))
        .route("/interactions/{id}/untag", post(one::untag))
        .route("/interactions/{id}/audio", get(one::audio))
        .route("/interactions/{id}/wave.svg", get(wave::draw))
        .route("/interactions/{id}/export/{format}", get(one::export))
}

fn people() -> Router<State> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-in/key", post(sign_in::enter_by_secret))
        .route("/sign-in/with", post(single::away))
        .route("/sign-in/back", get(single::back))
        .route("/single-sign-on", get(single::settings).post(single::set))
        .route("/single-sign-on/drop", post(single::remove))
        .route("/sign-out", post(sign_in::leave))
        .route("/set-up", get(sign_in::first_form).post(sign_in::first))
        .route("/join", get(sign_in::join_form).post(sign_in::join))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/account/reading", post(account::reading))
        .route("/account/codes", post(account::codes_on))
        .route("/account/codes-off", post(account::codes_off))
        .route("/account/sign-out-everywhere", post(account::everywhere))
        .route("/account/report", post(account::report))
        .route("/people", get(people::show).post(people::invite))
        .route("/people/{id}", post(people::change))
        .route("/keys", get(keys::show).post(keys::make))
        .route("/keys/{id}/revoke", post(keys::revoke))
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

/// Sends the reader on after a form was carried out.
fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
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

//! Coming in and going out, and the policy that anybody may read.

use app::{ClauseView, show_policy};
use askama::Template;
use axum::Form;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Secret;
use serde::Deserialize;

use super::{Oops, page};
use crate::State;
use crate::door::{COOKIE_NAME, session_token};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    failed: bool,
}

pub(super) async fn form() -> Response {
    page(&SignIn { failed: false })
}

#[derive(Deserialize)]
pub(super) struct Shown {
    secret: String,
}

pub(super) async fn enter(
    Shared(state): Shared<State>,
    Form(shown): Form<Shown>,
) -> Result<Response, Oops> {
    let secret = Secret::new(shown.secret.trim());
    let Some(token) = state.door.sign_in(&state.app, &secret).await? else {
        // Guessing is slow for whoever guesses and costs nobody else anything.
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        return Ok((StatusCode::UNAUTHORIZED, page(&SignIn { failed: true })).into_response());
    };
    let mut response = Redirect::to("/").into_response();
    let cookie = format!(
        "{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Strict",
        token.expose()
    );
    set_cookie(&mut response, &cookie);
    Ok(response)
}

pub(super) async fn leave(Shared(state): Shared<State>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Some(token) = session_token(&parts) {
        state.door.sign_out(&token);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(
        &mut response,
        &format!("{COOKIE_NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
    );
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cookies\", \"storage\""),
    );
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

#[derive(Template)]
#[template(path = "policy.html")]
struct PolicyPage {
    version: String,
    clauses: Vec<ClauseView>,
}

pub(super) async fn policy(Shared(state): Shared<State>) -> Result<Response, Oops> {
    Ok(page(&PolicyPage {
        version: state.app.policy().version().chars().take(16).collect(),
        clauses: show_policy(None)?,
    }))
}

//! Forms that people send: bound to their cookie, so that no other site can send one for them.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Secret;

use super::Oops;
use crate::door::{form_token, is_ours};
use crate::problem::Problem;
use crate::{State, t};

/// The fields of a form that came from one of our pages.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A field as something that hides itself.
    pub(crate) fn secret(&self, name: &str) -> Secret {
        Secret::new(self.get(name))
    }
}

impl FromRequest<State> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let cookies = state.cookies();
        let bound = cookies.session(&parts).or_else(|| cookies.form(&parts));
        let request = Request::from_parts(parts, body);
        let fields = axum::Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|error| Oops::from(Problem::input(error.body_text())).into_response())?;
        let fields = Self(fields.0);
        match bound {
            Some(cookie) if is_ours(&cookie, fields.get("csrf")) => Ok(fields),
            _ => Err(Oops::from(not_ours()).into_response()),
        }
    }
}

/// The problem that a form was not sent from one of our pages.
pub(crate) fn not_ours() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "form",
        t("problem-the-form-is-too-old"),
        t("problem-the-page-it-stands-on"),
    )
}

/// Refuses what another site's page sends, where the browser says so.
pub(crate) async fn same_site(
    headers: HeaderMap,
    request: Request,
    next: axum::middleware::Next,
) -> Response {
    let from = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    let foreign = matches!(from, Some("cross-site" | "same-site"));
    if foreign && request.method() != axum::http::Method::GET {
        return Oops::from(not_ours()).into_response();
    }
    next.run(request).await
}

/// What a form of somebody who is not signed in carries, and the cookie it is bound to where the
/// browser has none yet.
pub(crate) struct Bound {
    pub(crate) csrf: String,
    cookie: Option<String>,
}

impl Bound {
    pub(crate) fn new(state: &State, request: &Request) -> Result<Self, Oops> {
        let (cookies, headers) = (state.cookies(), request.headers().clone());
        let mut bare = Request::new(());
        *bare.headers_mut() = headers;
        let (parts, ()) = bare.into_parts();
        let known = cookies.session(&parts).or_else(|| cookies.form(&parts));
        if let Some(cookie) = known {
            return Ok(Self {
                csrf: form_token(&cookie),
                cookie: None,
            });
        }
        let fresh = state.app.token()?;
        Ok(Self {
            csrf: form_token(&fresh),
            cookie: Some(cookies.for_forms(&fresh)),
        })
    }

    pub(crate) fn on(self, mut response: Response) -> Response {
        if let Some(cookie) = self.cookie {
            set_cookie(&mut response, &cookie);
        }
        response
    }
}

pub(crate) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

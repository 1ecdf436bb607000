//! A person's request without an account: asked, proven by a code, looked up by a reference that
//! is given once. The answers are the same for everybody, whatever is or is not held.

use app::AppError;
use app::requests::{Law, RequestKind, RequestOrder, Ticket};
use askama::Template;
use axum::extract::{Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Secret;

use crate::pace::{Guest, Paced};
use crate::pages::forms::{Bound, Fields};
use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{Say, State, t};

/// What can be asked for, as a person would say it.
const KINDS: &[(&str, Say)] = &[
    ("access", t("public-request-see-what-is-held-about")),
    ("portability", t("public-request-get-a-copy-to-take")),
    ("erasure", t("public-request-have-it-erased")),
    ("rectification", t("public-request-have-it-corrected")),
    ("restriction", t("public-request-have-its-use-restricted")),
    ("objection", t("public-request-object-to-a-use")),
    ("locate", t("public-request-know-who-holds-it")),
    ("complaint", t("public-request-complain")),
];

#[derive(Template)]
#[template(path = "public/request.html")]
struct FormPage {
    csrf: String,
    fault: Option<String>,
    kinds: &'static [(&'static str, Say)],
    kind: String,
    law: String,
    address: String,
    message: String,
    /// Codes can be sent from here; where not, to whom to write.
    letters: bool,
    contact: String,
}

impl FormPage {
    fn of(state: &State, csrf: &str) -> Self {
        Self {
            csrf: csrf.to_owned(),
            fault: None,
            kinds: KINDS,
            kind: "access".to_owned(),
            law: "gdpr".to_owned(),
            address: String::new(),
            message: String::new(),
            letters: state.app.writes_letters(),
            contact: state.app.policy().head().contact.clone(),
        }
    }
}

pub(super) async fn form(Shared(state): Shared<State>, request: Request) -> Result<Response, Oops> {
    let bound = Bound::new(&state, &request)?;
    let shown = page(&FormPage::of(&state, &bound.csrf));
    Ok(bound.on(shown))
}

#[derive(Template)]
#[template(path = "public/sent.html")]
struct SentPage {
    csrf: String,
    reference: String,
}

/// Takes a request in. The reference is on the page that answers, once.
pub(super) async fn open(
    Shared(state): Shared<State>,
    guest: Guest,
    fields: Fields,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::Opening)?;
    match state.app.open_request(&order(&fields)?).await {
        Ok(ticket) => Ok(page(&SentPage {
            csrf: fields.get("csrf").to_owned(),
            reference: ticket.reference().expose().to_owned(),
        })),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status() != StatusCode::UNPROCESSABLE_ENTITY {
                return Err(problem.into());
            }
            let shown = page(&FormPage {
                fault: Some(problem.detail().to_owned()),
                kind: fields.get("kind").to_owned(),
                law: fields.get("law").to_owned(),
                address: fields.get("address").to_owned(),
                message: fields.get("message").to_owned(),
                ..FormPage::of(&state, fields.get("csrf"))
            });
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
    }
}

fn order(fields: &Fields) -> Result<RequestOrder, Oops> {
    let kind: RequestKind = fields.get("kind").parse().map_err(AppError::Id)?;
    let law: Law = fields.get("law").parse().map_err(AppError::Id)?;
    Ok(RequestOrder {
        kind,
        law,
        identifier: Secret::new(fields.get("address").trim()),
        message: Secret::new(fields.get("message").trim()),
    })
}

#[derive(Template)]
#[template(path = "public/prove.html")]
struct ProvePage {
    csrf: String,
    reference: String,
    fault: Option<String>,
    proven: bool,
}

pub(super) async fn prove_form(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<Response, Oops> {
    let bound = Bound::new(&state, &request)?;
    let shown = page(&ProvePage {
        csrf: bound.csrf.clone(),
        reference: String::new(),
        fault: None,
        proven: false,
    });
    Ok(bound.on(shown))
}

pub(super) async fn prove(
    Shared(state): Shared<State>,
    guest: Guest,
    fields: Fields,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::Trying)?;
    let shown = |status, fault: Option<String>| {
        let proven = fault.is_none();
        let shown = page(&ProvePage {
            csrf: fields.get("csrf").to_owned(),
            reference: fields.get("reference").to_owned(),
            fault,
            proven,
        });
        (status, shown).into_response()
    };
    match proven(&state, &fields.secret("reference"), fields.get("code")).await {
        Ok(()) => Ok(shown(StatusCode::OK, None)),
        Err(problem) if problem.status().is_server_error() => Err(problem.into()),
        Err(problem) => Ok(shown(problem.status(), Some(problem.detail().to_owned()))),
    }
}

/// Proves a request; an unknown reference is told without its words.
pub(crate) async fn proven(state: &State, reference: &Secret, code: &str) -> Result<(), Problem> {
    let ticket = Ticket::read(reference)?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    state
        .app
        .prove_request(ticket.id, &ticket.token, &Secret::new(digits))
        .await
        .map_err(unknown)
}

/// There is no request of that reference, or the token is wrong: the same words.
pub(crate) fn unknown(error: AppError) -> Problem {
    match error {
        AppError::NotFound { .. } => Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            t("problem-not-found"),
            t("problem-no-request-with-this-reference"),
        ),
        other => other.into(),
    }
}

#[derive(Template)]
#[template(path = "public/status.html")]
struct StatusPage {
    csrf: String,
    fault: Option<String>,
    found: Option<Standing>,
}

struct Standing {
    kind: Say,
    state: Say,
    colour: &'static str,
    next: Say,
    received: Moment,
    due: Moment,
}

pub(super) async fn status_form(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<Response, Oops> {
    let bound = Bound::new(&state, &request)?;
    let shown = page(&StatusPage {
        csrf: bound.csrf.clone(),
        fault: None,
        found: None,
    });
    Ok(bound.on(shown))
}

pub(super) async fn status(
    Shared(state): Shared<State>,
    guest: Guest,
    fields: Fields,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::Trying)?;
    let found = match Ticket::read(&fields.secret("reference")) {
        Ok(ticket) => state
            .app
            .request_status(ticket.id, &ticket.token)
            .await
            .map_err(unknown),
        Err(error) => Err(error.into()),
    };
    let (code, fault, found) = match found {
        Ok(found) => (StatusCode::OK, None, Some(standing(&found))),
        Err(problem) if problem.status().is_server_error() => return Err(problem.into()),
        Err(problem) => (problem.status(), Some(problem.detail().to_owned()), None),
    };
    let shown = page(&StatusPage {
        csrf: fields.get("csrf").to_owned(),
        fault,
        found,
    });
    Ok((code, shown).into_response())
}

fn standing(found: &app::requests::RequestStatus) -> Standing {
    let (state, colour, next) = match found.state {
        "unproven" => (
            t("public-request-waits-for-your-code"),
            "busy",
            t("public-request-type-the-code-that-was"),
        ),
        "passed_on" => (
            t("public-request-proven-and-under-way"),
            "busy",
            t("public-request-a-letter-told-you-who"),
        ),
        "escalated" => (
            t("public-request-came-back-to-us"),
            "busy",
            t("public-request-somebody-did-not-answer-in"),
        ),
        _ => (
            t("public-request-ended"),
            "good",
            t("public-request-the-letter-says-how-it"),
        ),
    };
    let known = KINDS.iter().find(|(key, _)| *key == found.kind.key());
    Standing {
        kind: known.map_or(t("public-request-a-request"), |(_, name)| *name),
        state,
        colour,
        next,
        received: Moment::of(found.received),
        due: Moment::of(found.due),
    }
}

//! Taking in over HTTP: the file as the body, or a form with the file and its labels.

use app::{AppError, IntakeOrder, parse_time};
use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State as Shared};
use axum::http::{StatusCode, header};
use domain::{Purpose, Secret};

use super::scope;
use crate::State;
use crate::door::Machine;
use crate::problem::Problem;
use crate::wire::{OutcomeWire, UploadWire};

/// Takes a recording, chat, mail or archive in. What it is, is decided by its content.
///
/// Labels that may be personal come in the form, never in the address: `agent`, `party`,
/// `agent_channel`, `started`, `meta` (`key=value`, repeatable). The same content, or the same
/// `Idempotency-Key`, is one interaction however often it is sent.
#[utoipa::path(post, path = "/api/v1/interactions",
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
                 description = "the file, or multipart/form-data with a part `file`"),
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = UploadWire), (status = 200, body = UploadWire),
              (status = 413), (status = 422, body = UploadWire), (status = 403, body = Problem)))]
pub(crate) async fn take_in(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    request: Request,
) -> Result<(StatusCode, Json<UploadWire>), Problem> {
    let scope = scope(&state, &caller, Purpose::Storage)?;
    let key = request
        .headers()
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    let (bytes, mut order) = if is_form {
        form(request).await?
    } else {
        let bytes = axum::body::Bytes::from_request(request, &())
            .await
            .map_err(|error| too_large_or(error.status(), &error.body_text()))?;
        (bytes.to_vec(), IntakeOrder::default())
    };
    order.idempotency_key = key;
    let outcomes = state.app.take_in(&scope, bytes, &order).await?;
    let status = status(&outcomes);
    Ok((
        status,
        Json(UploadWire {
            outcomes: outcomes.into_iter().map(OutcomeWire::from).collect(),
        }),
    ))
}

fn status(outcomes: &[app::Outcome]) -> StatusCode {
    let any = |wanted: fn(&app::Outcome) -> bool| outcomes.iter().any(wanted);
    if any(|outcome| matches!(outcome, app::Outcome::Taken { .. })) {
        StatusCode::CREATED
    } else if any(|outcome| {
        matches!(
            outcome,
            app::Outcome::Known { .. } | app::Outcome::Continued { .. }
        )
    }) {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

async fn form(request: Request) -> Result<(Vec<u8>, IntakeOrder), Problem> {
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::input(error.body_text()))?;
    let mut order = IntakeOrder::default();
    let mut file = None;
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|e| too_large_or(e.status(), &e.body_text()))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let bytes = part
                .bytes()
                .await
                .map_err(|e| too_large_or(e.status(), &e.body_text()))?;
            file = Some(bytes.to_vec());
            continue;
        }
        let text = part
            .text()
            .await
            .map_err(|error| Problem::input(error.body_text()))?;
        label(&mut order, &name, &text)?;
    }
    let file = file.ok_or_else(|| Problem::input("the form has no part `file`"))?;
    Ok((file, order))
}

fn label(order: &mut IntakeOrder, name: &str, text: &str) -> Result<(), Problem> {
    match name {
        "agent" => order.agent = Some(Secret::new(text)),
        "party" => order.consumer = Some(Secret::new(text)),
        "started" => order.started = Some(parse_time(text)?),
        "agent_channel" => {
            let channel = text
                .parse()
                .map_err(|_| Problem::input("`agent_channel` is a number from 0"))?;
            order.agent_channel = Some(channel);
        }
        "meta" => {
            let (key, value) = text
                .split_once('=')
                .ok_or_else(|| AppError::Input("`meta` is written key=value".to_owned()))?;
            order.metadata.insert(key.to_owned(), Secret::new(value));
        }
        _ => {
            return Err(Problem::input(
                "a part of the form is unknown; the parts are file, agent, party, started, agent_channel, meta",
            ));
        }
    }
    Ok(())
}

fn too_large_or(status: StatusCode, text: &str) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(
            status,
            "too_large",
            "Too large",
            "the upload is over the limit `largest_file_megabytes`; divide it or raise the limit",
        )
    } else {
        Problem::input(text)
    }
}

//! Resumable uploads by tus 1.0.0 (<https://tus.io/protocols/resumable-upload>), with its creation,
//! expiration and termination extensions: for programs under `/api/v1/uploads`, for the page under
//! `/take-in/uploads`.

use std::time::Duration;

use app::{AppError, Appended, PART, Scope, UploadLabels, UploadView, parse_time, rfc3339};
use axum::Json;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Purpose, Secret, UploadId};
use futures::StreamExt;

use super::scope;
use crate::State;
use crate::door::{Machine, Person, is_ours};
use crate::problem::Problem;
use crate::wire::{OutcomeWire, UploadStateWire};

const VERSION: &str = "1.0.0";
const API: &str = "/api/v1/uploads";
const PAGE: &str = "/take-in/uploads";
/// The other side may pause so long within a part.
const PATIENCE: Duration = Duration::from_secs(60);

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// Whoever uploads, and where their uploads are.
pub(crate) struct Sender {
    pub(crate) scope: Scope,
    base: &'static str,
}

impl FromRequestParts<State> for Sender {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let (caller, base) = if parts.uri.path().starts_with(API) {
            let machine = Machine::from_request_parts(parts, state).await;
            (machine.map_err(IntoResponse::into_response)?.0, API)
        } else {
            let person = Person::from_request_parts(parts, state).await?;
            // What another site's page cannot add to a request: its form's token, in a header.
            let carried = parts.headers.get("x-form").and_then(|v| v.to_str().ok());
            if !carried.is_some_and(|carried| is_ours(&person.token, carried)) {
                return Err(crate::pages::forms::not_ours().into_response());
            }
            (person.caller, PAGE)
        };
        let scope = scope(state, &caller, Purpose::Storage).map_err(IntoResponse::into_response)?;
        speaks(parts).map_err(IntoResponse::into_response)?;
        Ok(Self { scope, base })
    }
}

/// Only one version is spoken. Reading what became of an upload is ours and needs no version.
fn speaks(parts: &Parts) -> Result<(), Problem> {
    let asked = parts.headers.get(RESUMABLE);
    let speaks = asked.is_some_and(|asked| asked.as_bytes() == VERSION.as_bytes());
    if speaks || parts.method == axum::http::Method::GET {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "tus_version",
        "Another version of the protocol",
        "send `Tus-Resumable: 1.0.0`",
    ))
}

pub(crate) fn router(state: &State) -> Router<State> {
    let one = |shown: MethodRouter<State>| shown.head(offset).patch(append).delete(drop_it);
    let read = axum::middleware::from_fn_with_state(state.clone(), crate::wording::follow);
    let page = get(crate::pages::take_in::became).layer(read);
    Router::new()
        .route(API, post(begin).options(options))
        .route(&format!("{API}/{{id}}"), one(get(show)))
        .route(PAGE, post(begin).options(options))
        .route(&format!("{PAGE}/{{id}}"), one(page))
        .layer(axum::middleware::from_fn(speaks_tus))
}

/// Every answer says which version is spoken.
async fn speaks_tus(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fields = response.headers_mut();
    fields.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    fields.insert("tus-version", HeaderValue::from_static(VERSION));
    response
}

async fn options(Shared(state): Shared<State>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let fields = response.headers_mut();
    fields.insert(
        "tus-extension",
        HeaderValue::from_static("creation,expiration,termination"),
    );
    fields.insert("tus-max-size", state.app.config().largest.into());
    response
}

/// Begins a resumable upload (tus 1.0.0, creation). `Upload-Metadata` may carry, base 64 as tus
/// wants it: `filename`, `agent`, `party`, `agent_channel`, `started`, `idempotency_key` and
/// `meta.NAME`; other names are left out.
#[utoipa::path(post, path = "/api/v1/uploads",
    params(("Tus-Resumable" = String, Header), ("Upload-Length" = u64, Header),
           ("Upload-Metadata" = Option<String>, Header)),
    responses((status = 201, description = "`Location` is the upload"), (status = 403, body = Problem),
              (status = 412, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn begin(
    Shared(state): Shared<State>,
    sender: Sender,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let length = number(&headers, &LENGTH)?;
    let labels = labels(&headers)?;
    let begun = state
        .app
        .begin_upload(&sender.scope, length, &labels)
        .await?;
    let mut response = StatusCode::CREATED.into_response();
    let place = format!("{}/{}", sender.base, begun.id);
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    marks(&mut response, &begun);
    Ok(response)
}

/// How many bytes of an upload are here (tus 1.0.0).
#[utoipa::path(head, path = "/api/v1/uploads/{id}",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header)),
    responses((status = 204, description = "`Upload-Offset`, `Upload-Length`, `Upload-Expires`"),
              (status = 404)))]
pub(crate) async fn offset(
    Shared(state): Shared<State>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = state.app.upload_offset(&sender.scope, parse(&id)?).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(LENGTH, found.length.into());
    marks(&mut response, &found);
    Ok(response)
}

/// What became of an upload: how much is here and, once all is, each interaction or why it was
/// refused. A complete one that was not taken in yet is taken in by this.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", params(("id" = String, Path)),
    responses((status = 200, body = UploadStateWire), (status = 404, body = Problem)))]
pub(crate) async fn show(
    Shared(state): Shared<State>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Json<UploadStateWire>, Problem> {
    let found = state.app.upload(&sender.scope, parse(&id)?).await?;
    Ok(Json(UploadStateWire {
        id: found.id.to_string(),
        length: found.length,
        received: found.received,
        until: rfc3339(found.until),
        outcomes: found
            .outcomes
            .map(|all| all.into_iter().map(OutcomeWire::from).collect()),
    }))
}

/// Continues an upload (tus 1.0.0): what came before a connection broke is kept. With the last
/// byte the file is taken in.
#[utoipa::path(patch, path = "/api/v1/uploads/{id}",
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    params(("id" = String, Path), ("Tus-Resumable" = String, Header),
           ("Upload-Offset" = u64, Header)),
    responses((status = 204, description = "`Upload-Offset`, `Upload-Expires`"),
              (status = 409, body = Problem), (status = 404, body = Problem),
              (status = 415, body = Problem)))]
pub(crate) async fn append(
    Shared(state): Shared<State>,
    sender: Sender,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let kind = headers.get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind.as_bytes() != b"application/offset+octet-stream") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media_type",
            "Another kind of content",
            "a part is sent as `application/offset+octet-stream`",
        ));
    }
    let offset = number(&headers, &OFFSET)?;
    // On its own, so that what has arrived is sealed although the connection, and with it this
    // request, has ended.
    let receiving = tokio::spawn(receive(state, sender.scope, id, offset, body));
    let found = receiving.await.map_err(|_| AppError::Stopped)??;
    let mut response = StatusCode::NO_CONTENT.into_response();
    marks(&mut response, &found);
    Ok(response)
}

async fn receive(
    state: State,
    scope: Scope,
    id: UploadId,
    mut offset: u64,
    body: Body,
) -> Result<UploadView, Problem> {
    let app = &state.app;
    let found = app.upload_offset(&scope, id).await?;
    if found.received != offset {
        return Err(elsewhere(found.received));
    }
    let mut stream = body.into_data_stream();
    let mut waiting: Vec<u8> = Vec::new();
    loop {
        // A pause that is too long ends the part as a broken connection does.
        let next = tokio::time::timeout(PATIENCE, stream.next()).await;
        let piece: Option<Bytes> = next.ok().flatten().and_then(Result::ok);
        if let Some(piece) = &piece {
            waiting.extend_from_slice(piece);
        }
        while waiting.len() >= PART || (piece.is_none() && !waiting.is_empty()) {
            let rest = waiting.split_off(PART.min(waiting.len()));
            offset = match app.append_upload(&scope, id, offset, &waiting).await? {
                Appended::At(end) => end,
                Appended::Elsewhere(end) => return Err(elsewhere(end)),
            };
            waiting = rest;
        }
        if piece.is_none() {
            break;
        }
    }
    if offset < found.length {
        return Ok(app.upload_offset(&scope, id).await?);
    }
    Ok(app.upload(&scope, id).await?)
}

/// Gives an upload up (tus 1.0.0, termination): nothing of it stays.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(crate) async fn drop_it(
    Shared(state): Shared<State>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    state.app.drop_upload(&sender.scope, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn marks(response: &mut Response, upload: &UploadView) {
    let fields = response.headers_mut();
    fields.insert(OFFSET, upload.received.into());
    let until = app::http_date(upload.until);
    if let Ok(until) = HeaderValue::from_str(&until) {
        fields.insert(EXPIRES, until);
    }
}

fn elsewhere(received: u64) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "offset",
        "Another offset",
        format!("{received} bytes are here; ask with HEAD and go on from there"),
    )
}

pub(crate) fn parse(id: &str) -> Result<UploadId, Problem> {
    Ok(id.parse().map_err(AppError::Id)?)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| Problem::input(format!("`{name}` is a number of bytes")))
}

/// `name base64, name base64`, as tus writes it.
fn labels(headers: &HeaderMap) -> Result<UploadLabels, Problem> {
    let mut labels = UploadLabels::default();
    let said = headers.get("upload-metadata").and_then(|v| v.to_str().ok());
    for pair in said.unwrap_or_default().split(',').map(str::trim) {
        let (name, coded) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = STANDARD
            .decode(coded.trim())
            .map_err(|_| Problem::input("values of `Upload-Metadata` are base 64"))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Problem::input("values of `Upload-Metadata` are UTF-8"))?;
        label(&mut labels, name, text.trim())?;
    }
    Ok(labels)
}

fn label(labels: &mut UploadLabels, name: &str, text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Ok(());
    }
    let order = &mut labels.order;
    match name {
        "filename" => labels.file = Some(Secret::new(text)),
        "agent" => order.agent = Some(Secret::new(text)),
        "party" => order.consumer = Some(Secret::new(text)),
        "started" => order.started = Some(parse_time(text)?),
        "idempotency_key" => order.idempotency_key = Some(text.to_owned()),
        "agent_channel" => {
            let channel = text.parse();
            order.agent_channel =
                Some(channel.map_err(|_| Problem::input("`agent_channel` is a number from 0"))?);
        }
        _ => {
            if let Some(key) = name.strip_prefix("meta.") {
                order.metadata.insert(key.to_owned(), Secret::new(text));
            }
        }
    }
    Ok(())
}

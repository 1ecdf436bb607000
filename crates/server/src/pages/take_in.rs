//! Taking in by hand, and what did not get through with its reason and a way to try again.

use app::{AppError, IntakeOrder, Outcome, UploadView, WatchedKind, WatchedNow, WatchedState};
use askama::Template;
use axum::extract::{FromRequest, Multipart, Path, Request, State as Shared};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::{Purpose, Secret};

use super::forms::{Fields, not_ours};
use super::me::Me;
use super::overview::Moment;
use super::{Oops, page, see};
use crate::door::{Person, is_ours};
use crate::problem::Problem;
use crate::routes::interactions::parse;
use crate::routes::scope;
use crate::routes::uploads::{self, Sender};
use crate::{State, t};

#[derive(Template)]
#[template(path = "take_in.html")]
struct TakeInPage {
    me: Me,
    outcomes: Vec<OutcomeRow>,
    largest: u64,
    /// Files on their way in that stopped.
    open: Vec<OpenRow>,
    /// Folders and mailboxes that are watched.
    sources: Vec<SourceRow>,
    /// Interactions that are still being processed.
    working: u64,
}

struct SourceRow {
    /// An address, or the name of a folder; the rest of its path says how the machine is set up.
    name: String,
    mailbox: bool,
    state: &'static str,
    words: String,
    last: Option<Moment>,
    counts: [u64; 3],
}

struct OpenRow {
    id: String,
    file: String,
    received: u64,
    length: u64,
    until: Moment,
}

struct OutcomeRow {
    /// The file's own name; shown to whoever sent it and kept nowhere.
    file: String,
    state: &'static str,
    words: String,
    id: Option<String>,
}

pub(super) async fn form(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "take-in").await?;
    show(&state, &person, me, Vec::new()).await
}

async fn show(
    state: &State,
    person: &Person,
    me: Me,
    outcomes: Vec<OutcomeRow>,
) -> Result<Response, Oops> {
    // Whoever only brings interactions in, or only reads them, sees the rest of the page.
    let open = match scope(state, &person.caller, Purpose::Storage) {
        Ok(storage) => state.app.open_uploads(&storage).await?,
        Err(_) => Vec::new(),
    };
    let working = match scope(state, &person.caller, Purpose::Review) {
        Ok(review) if me.notes => super::list::still_open(state, &review).await?,
        Ok(_) | Err(_) => 0,
    };
    Ok(page(&TakeInPage {
        me,
        outcomes,
        largest: state.app.config().largest / 1_048_576,
        open: open.iter().map(open_row).collect(),
        sources: state
            .app
            .watched_now(person.caller.tenant)
            .into_iter()
            .map(source_row)
            .collect(),
        working,
    }))
}

fn source_row(source: WatchedNow) -> SourceRow {
    let name = source.folder.file_name().unwrap_or_default();
    let (state, words) = match source.state {
        WatchedState::Watched => ("good", t("take-in-watched")),
        WatchedState::Unreadable => ("bad", t("take-in-cannot-be-read")),
    };
    SourceRow {
        name: source
            .address
            .unwrap_or_else(|| name.to_string_lossy().into_owned()),
        mailbox: source.kind == WatchedKind::Mailbox,
        state,
        words: words.to_string(),
        last: source.last.map(Moment::of),
        counts: [source.taken, source.known, source.refused],
    }
}

fn open_row(upload: &UploadView) -> OpenRow {
    OpenRow {
        id: upload.id.to_string(),
        file: upload.file.as_ref().map_or_else(
            || t("take-in-a-file-without-a-name").to_string(),
            |name| name.expose().to_owned(),
        ),
        received: upload.received.saturating_mul(100) / upload.length.max(1),
        length: upload.length.div_ceil(1_048_576),
        until: Moment::of(upload.until),
    }
}

/// What became of an upload that this page sent, in words. One that is complete is taken in by it.
pub(crate) async fn became(
    Shared(state): Shared<State>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = state
        .app
        .upload(&sender.scope, uploads::parse(&id)?)
        .await?;
    let file = found.file.map(|name| name.expose().to_owned());
    let file = file.unwrap_or_default();
    let outcomes = found.outcomes.unwrap_or_default();
    let outcomes: Vec<OutcomeRow> = outcomes.into_iter().map(|one| row(&file, one)).collect();
    Ok(rows(&outcomes))
}

/// Gives up a file that is on its way in.
pub(super) async fn give_up(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Storage)?;
    state
        .app
        .drop_upload(&scope, uploads::parse(fields.get("id"))?)
        .await?;
    Ok(see("/take-in"))
}

/// Takes every file of the form in. The script sends one file a request and asks for the rows
/// only; without script all come at once.
pub(super) async fn take(
    Shared(state): Shared<State>,
    person: Person,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Storage)?;
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::input(error.body_text()))?;
    let (mut order, mut ours, mut outcomes) = (IntakeOrder::default(), false, Vec::new());
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|error| Problem::input(error.body_text()))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            if !ours {
                return Err(not_ours().into());
            }
            let file = part.file_name().unwrap_or_default().to_owned();
            let bytes = part
                .bytes()
                .await
                .map_err(|error| Problem::input(error.body_text()))?;
            if file.is_empty() && bytes.is_empty() {
                continue;
            }
            let found = state.app.take_in(&scope, bytes.to_vec(), &order).await?;
            outcomes.extend(found.into_iter().map(|one| row(&file, one)));
            continue;
        }
        let text = part
            .text()
            .await
            .map_err(|error| Problem::input(error.body_text()))?;
        match name.as_str() {
            "csrf" => ours = is_ours(&person.token, &text),
            "agent" => order.agent = filled(&text),
            "party" => order.consumer = filled(&text),
            _ => {}
        }
    }
    let wants_rows = headers
        .get(header::ACCEPT)
        .is_some_and(|value| value.as_bytes() == b"application/json");
    if wants_rows {
        return Ok(rows(&outcomes));
    }
    let me = Me::of(&state, &person, "take-in").await?;
    show(&state, &person, me, outcomes).await
}

fn filled(text: &str) -> Option<Secret> {
    let text = text.trim();
    (!text.is_empty()).then(|| Secret::new(text))
}

fn rows(outcomes: &[OutcomeRow]) -> Response {
    let rows: Vec<serde_json::Value> = outcomes
        .iter()
        .map(|row| {
            serde_json::json!({
                "file": row.file, "state": row.state, "words": row.words, "id": row.id,
            })
        })
        .collect();
    axum::Json(rows).into_response()
}

fn row(file: &str, outcome: Outcome) -> OutcomeRow {
    let file = file.to_owned();
    match outcome {
        Outcome::Taken {
            id,
            channel,
            warnings,
        } => OutcomeRow {
            file,
            state: "good",
            words: std::iter::once(
                t("take-in-taken-in-as")
                    .a("channel", super::said::channel(channel))
                    .to_string(),
            )
            .chain(warnings)
            .collect::<Vec<_>>()
            .join("; "),
            id: Some(id.to_string()),
        },
        Outcome::Known { id } => OutcomeRow {
            file,
            state: "busy",
            words: t("take-in-here-already-nothing-was-stored").to_string(),
            id: Some(id.to_string()),
        },
        Outcome::Continued { id, messages } => OutcomeRow {
            file,
            state: "good",
            words: t("take-in-new-message-s-of-a")
                .a("messages", messages)
                .to_string(),
            id: Some(id.to_string()),
        },
        Outcome::Refused { reason, sentence } => OutcomeRow {
            file,
            state: "bad",
            words: t("take-in-refused")
                .a("reason", reason)
                .a("sentence", sentence)
                .to_string(),
            id: None,
        },
    }
}

#[derive(Template)]
#[template(path = "troubles.html")]
struct TroublesPage {
    me: Me,
    rows: Vec<TroubleRow>,
    replayable: usize,
}

struct TroubleRow {
    at: Moment,
    id: Option<String>,
    stage: String,
    reason: String,
    clauses: Vec<String>,
    sentence: String,
}

pub(super) async fn troubles(
    Shared(state): Shared<State>,
    person: Person,
) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "troubles").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let found = state.app.troubles(&scope).await?;
    let rows: Vec<TroubleRow> = found
        .into_iter()
        .map(|trouble| {
            let clauses: Vec<String> = trouble
                .reason
                .split(',')
                .filter(|part| part.parse::<domain::ClauseId>().is_ok())
                .map(str::to_owned)
                .collect();
            TroubleRow {
                at: Moment::of(trouble.at),
                id: (trouble.what != "intake").then_some(trouble.what),
                stage: trouble.stage,
                reason: trouble.reason,
                clauses,
                sentence: trouble.sentence,
            }
        })
        .collect();
    Ok(page(&TroublesPage {
        me,
        replayable: rows.iter().filter(|row| row.id.is_some()).count(),
        rows,
    }))
}

/// Puts one or all of what failed or was stopped back into the queue.
pub(super) async fn replay(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Storage)?;
    let only = match fields.get("id") {
        "" => None,
        id => Some(parse(id)?),
    };
    if state.app.replay(&scope, only).await? == 0 {
        return Err(Problem::from(AppError::NotFound {
            what: "failed or stopped interaction",
            name: fields.get("id").to_owned(),
        })
        .into());
    }
    Ok(see("/troubles"))
}

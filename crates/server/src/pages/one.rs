//! One interaction: redacted words that follow the redacted audio, numbers, who opened it.

use app::{ExportFormat, View, metric_rows, rfc3339, withheld_reason};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::{Channel, METRIC_DEFINITIONS, Purpose, SpeakerLabel, Token};

use super::find::when;
use super::{Oops, page};
use crate::State;
use crate::door::Person;
use crate::routes::interactions::{file, parse, play};
use crate::routes::scope;

/// Below this the recogniser is unsure and the word is underlined.
const UNSURE: f32 = 0.45;

#[derive(Template)]
#[template(path = "one.html")]
struct OnePage {
    id: String,
    channel: &'static str,
    started: String,
    status: String,
    length: String,
    sound: Option<String>,
    warnings: Vec<String>,
    playable: bool,
    silent_because: Option<String>,
    withheld: Option<String>,
    turns: Vec<TurnRow>,
    metrics: Vec<MetricRow>,
    formats: Vec<&'static str>,
    access: Vec<AccessRow>,
}

struct TurnRow {
    side: &'static str,
    speaker: String,
    start: String,
    start_ms: u64,
    quoted: bool,
    words: Vec<WordSpan>,
}

struct WordSpan {
    text: String,
    start_ms: u64,
    removed: bool,
    unsure: bool,
}

struct MetricRow {
    name: String,
    value: String,
    definition: &'static str,
}

struct AccessRow {
    at: String,
    actor: String,
    action: String,
    purpose: String,
    leaf: u64,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    Person(caller): Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let id = parse(&id)?;
    let view = state.app.view(&scope, id).await?;
    let access = state.app.access_log(&scope, id).await?;
    let access = access.into_iter().rev().take(20).map(|entry| AccessRow {
        at: when(&rfc3339(entry.at)),
        actor: entry.actor,
        action: entry.action,
        purpose: entry.purpose,
        leaf: entry.leaf.0,
    });
    Ok(page(&one_page(&view, access.collect())))
}

fn one_page(view: &View, access: Vec<AccessRow>) -> OnePage {
    let summary = &view.summary;
    let spoken = summary.channel == Channel::Voice;
    let audio_reason = view
        .audio
        .as_ref()
        .err()
        .filter(|_| spoken)
        .map(withheld_reason);
    OnePage {
        id: summary.id.to_string(),
        channel: match summary.channel {
            Channel::Voice => "Call",
            Channel::Chat => "Chat",
            Channel::Email => "Mail",
        },
        started: when(&rfc3339(summary.started)),
        status: summary.status_text(),
        length: summary
            .duration
            .map_or_else(String::new, |long| long.to_string()),
        sound: view.sound.as_ref().ok().map(ToString::to_string),
        warnings: summary.warnings.clone(),
        playable: view.audio.is_ok(),
        silent_because: audio_reason,
        withheld: view.transcript.as_ref().err().map(withheld_reason),
        turns: turns(view),
        metrics: metrics(view),
        formats: ExportFormat::ALL
            .iter()
            .filter(|(_, format)| *format != ExportFormat::Wav || view.audio.is_ok())
            .map(|(name, _)| *name)
            .collect(),
        access,
    }
}

fn turns(view: &View) -> Vec<TurnRow> {
    let Ok(transcript) = &view.transcript else {
        return Vec::new();
    };
    let row = |turn: &domain::Turn| {
        let label = transcript
            .speaker(turn.speaker)
            .map(|speaker| speaker.label);
        TurnRow {
            side: if label == Some(SpeakerLabel::Agent) {
                "agent"
            } else {
                "other"
            },
            speaker: label.map_or_else(String::new, |label| label.to_string()),
            start: turn.span.start().to_string(),
            start_ms: turn.span.start().0,
            quoted: turn.quoted,
            words: transcript.turn_words(turn).map(word).collect(),
        }
    };
    transcript.turns().iter().map(row).collect()
}

fn word(word: &domain::RedactedWord) -> WordSpan {
    let (text, removed) = match &word.token {
        Token::Word(text) => (text.expose().to_owned(), false),
        Token::Redacted(kind) => (kind.to_string(), true),
    };
    WordSpan {
        text,
        start_ms: word.span.start().0,
        removed,
        unsure: word.confidence.get() < UNSURE,
    }
}

fn metrics(view: &View) -> Vec<MetricRow> {
    let rows = metric_rows(view).into_iter().map(|(name, value)| {
        let known = METRIC_DEFINITIONS
            .iter()
            .find(|known| name.starts_with(known.name));
        MetricRow {
            definition: known.map_or("", |known| known.definition),
            name,
            value,
        }
    });
    rows.collect()
}

pub(super) async fn audio(
    Shared(state): Shared<State>,
    Person(caller): Person,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    Ok(play(&state, &caller, parse(&id)?, &headers).await?)
}

pub(super) async fn export(
    Shared(state): Shared<State>,
    Person(caller): Person,
    Path((id, format)): Path<(String, String)>,
) -> Result<Response, Oops> {
    Ok(file(&state, &caller, &id, &format).await?)
}

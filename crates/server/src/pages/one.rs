//! One interaction: redacted words that follow the redacted audio or stand as messages, numbers,
//! what was done to it and who opened it.

use app::{
    AccessEntry, AppError, ExportFormat, Findings, ScoreView, TagKey, TagUse, View, withheld_reason,
};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::{Channel, Purpose, Span, SpeakerLabel, Token};

use super::forms::Fields;
use super::list::state_of;
use super::me::Me;
use super::measured;
use super::overview::{Moment, lasting};
use super::review::{Beside, FillForm, beside};
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::interactions::{file, parse, play};
use crate::routes::scope;
use crate::{Say, State, t};

/// Below this the recogniser is unsure and the word is underlined.
const UNSURE: f32 = 0.45;
/// Openings shown.
const OPENINGS: usize = 25;

#[derive(Template)]
#[template(path = "one.html")]
struct OnePage {
    me: Me,
    id: String,
    channel: Say,
    spoken: bool,
    direction: Say,
    started: Moment,
    status: String,
    state: &'static str,
    length: String,
    length_ms: u64,
    sound: Option<String>,
    warnings: Vec<String>,
    playable: bool,
    silent_because: Option<String>,
    withheld: Option<String>,
    lanes: Vec<String>,
    skips: String,
    blocks: Vec<Block>,
    metrics: Vec<measured::Row>,
    tags: Vec<TagRow>,
    categories: Vec<CategoryRow>,
    scores: Vec<ScoreRow>,
    formats: Vec<&'static str>,
    steps: Vec<AccessRow>,
    openings: Vec<AccessRow>,
    more_openings: usize,
    beside: Beside,
    fill: Option<FillForm>,
}

/// Turns that stand together: what was quoted is folded.
struct Block {
    quoted: bool,
    turns: Vec<TurnRow>,
}

struct TurnRow {
    side: &'static str,
    speaker: String,
    start: String,
    start_ms: u64,
    words: Vec<WordSpan>,
}

struct WordSpan {
    text: String,
    start_ms: u64,
    removed: bool,
    unsure: bool,
}

struct CategoryRow {
    name: String,
    components: Vec<EvidenceRow>,
}

struct ScoreRow {
    name: String,
    score: String,
    indicators: Vec<EvidenceRow>,
}

/// A component or indicator with the moments that speak for it.
struct EvidenceRow {
    name: String,
    state: &'static str,
    credit: String,
    moments: Vec<MomentRow>,
}

struct MomentRow {
    at: String,
    link_ms: u64,
}

struct TagRow {
    key: String,
    label: String,
}

struct AccessRow {
    at: Moment,
    actor: String,
    action: String,
    purpose: String,
    data: String,
    leaf: u64,
}

impl From<AccessEntry> for AccessRow {
    fn from(entry: AccessEntry) -> Self {
        let data: Vec<&str> = entry.categories.iter().map(|kind| kind.key()).collect();
        Self {
            at: Moment::of(entry.at),
            actor: entry.actor,
            action: entry.action.replace('_', " "),
            purpose: entry.purpose,
            data: data.join(", "),
            leaf: entry.leaf.0,
        }
    }
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    with(&state, &person, &id, None).await
}

/// The page, with a form to fill in where one is given.
pub(super) async fn with(
    state: &State,
    person: &Person,
    id: &str,
    fill: Option<FillForm>,
) -> Result<Response, Oops> {
    let me = Me::of(state, person, "interactions").await?;
    let scope = scope(state, &person.caller, Purpose::Review)?;
    let id = parse(id)?;
    let view = state.app.view(&scope, id).await?;
    let access = state.app.access_log(&scope, id).await?;
    let findings = match state.app.findings(&scope, id).await {
        Ok(findings) => findings,
        Err(AppError::Withheld(_)) => Findings::default(),
        Err(other) => return Err(Problem::from(other).into()),
    };
    let tags = if me.agent {
        Vec::new()
    } else {
        let mut all = state.app.labels_of(&scope, &[id]).await?;
        all.remove(&id).unwrap_or_default()
    };
    let beside = beside(state, person, &scope, &me, &view).await?;
    let mut shown = one_page(me, &view, access, (&tags, &findings), beside);
    shown.fill = fill;
    Ok(page(&shown))
}

fn one_page(
    me: Me,
    view: &View,
    access: Vec<AccessEntry>,
    (tags, findings): (&[TagUse], &Findings),
    beside: Beside,
) -> OnePage {
    let summary = &view.summary;
    let spoken = summary.channel == Channel::Voice;
    let audio_reason = view.audio.as_ref().err().filter(|_| spoken);
    let (steps, openings): (Vec<AccessEntry>, Vec<AccessEntry>) = access
        .into_iter()
        .partition(|entry| entry.actor == "pipeline" && entry.action != "opened");
    let (steps, openings): (Vec<AccessRow>, Vec<AccessRow>) = (
        steps.into_iter().rev().map(AccessRow::from).collect(),
        openings
            .into_iter()
            .filter(|entry| entry.actor != "pipeline")
            .map(AccessRow::from)
            .collect(),
    );
    let status = summary.status_text();
    OnePage {
        me,
        id: summary.id.to_string(),
        channel: match summary.channel {
            Channel::Voice => t("one-call"),
            Channel::Chat => t("one-chat"),
            Channel::Email => t("one-mail"),
        },
        spoken,
        direction: super::said::direction(summary.direction),
        started: Moment::of(summary.started),
        state: state_of(&status),
        status: super::said::status(&status),
        length: summary.duration.map_or_else(String::new, lasting),
        length_ms: summary.duration.map_or(0, |long| long.0),
        sound: view.sound.as_ref().ok().map(ToString::to_string),
        warnings: summary.warnings.clone(),
        playable: view.audio.is_ok(),
        silent_because: audio_reason.map(withheld_reason),
        withheld: view.transcript.as_ref().err().map(withheld_reason),
        lanes: lanes(view),
        skips: skips(view),
        blocks: blocks(view),
        metrics: measured::rows(view),
        tags: tags
            .iter()
            .map(|tag| TagRow {
                key: tag.key.to_hex(),
                label: tag.label.expose().to_owned(),
            })
            .collect(),
        categories: findings
            .categories
            .iter()
            .map(|hit| CategoryRow {
                name: hit.name.to_string(),
                components: hit
                    .components
                    .iter()
                    .map(|(component, snippets)| evidence(&component.name, None, snippets, spoken))
                    .collect(),
            })
            .collect(),
        scores: findings
            .scores
            .iter()
            .map(|one| score(one, spoken))
            .collect(),
        formats: ExportFormat::ALL
            .iter()
            .filter(|(_, format)| *format != ExportFormat::Wav || view.audio.is_ok())
            .map(|(name, _)| *name)
            .collect(),
        steps,
        more_openings: openings.len().saturating_sub(OPENINGS),
        openings: openings.into_iter().take(OPENINGS).collect(),
        beside,
        fill: None,
    }
}

fn score(score: &ScoreView, spoken: bool) -> ScoreRow {
    ScoreRow {
        name: score.name.to_string(),
        score: score.score.map_or_else(
            || t("one-does-not-apply").to_string(),
            |points| points.to_string(),
        ),
        indicators: score
            .indicators
            .iter()
            .map(|one| {
                let credit = one.credit.map_or(-1.0, domain::Credit::get);
                evidence(&one.computed.name, Some(credit), &one.snippets, spoken)
            })
            .collect(),
    }
}

/// `credit` is from 0 to 1, below 0 where an indicator does not apply, none for a component.
fn evidence(
    name: &str,
    credit: Option<f64>,
    snippets: &[app::Snippet],
    spoken: bool,
) -> EvidenceRow {
    let (state, text) = match credit {
        None => ("good", String::new()),
        Some(share) if share < 0.0 => ("busy", t("one-does-not-apply").to_string()),
        Some(share) if share >= 1.0 => ("good", t("one-met").to_string()),
        Some(share) if share <= 0.0 => ("bad", t("one-not-met").to_string()),
        Some(share) => ("busy", format!("{:.0} %", share * 100.0)),
    };
    EvidenceRow {
        name: name.to_owned(),
        state,
        credit: text,
        moments: snippets
            .iter()
            .map(|snippet| MomentRow {
                at: match snippet.likeness {
                    Some(likeness) => format!("{} ({likeness})", snippet.at),
                    None => snippet.at.to_string(),
                },
                link_ms: if spoken {
                    snippet.at.0
                } else {
                    snippet.turn_start.0
                },
            })
            .collect(),
    }
}

/// Who speaks in each lane of the picture, where a channel is a speaker.
fn lanes(view: &View) -> Vec<String> {
    let separate = view
        .sound
        .as_ref()
        .is_ok_and(|sound| sound.channel_use == domain::ChannelUse::Separate);
    match &view.transcript {
        Ok(transcript) if separate => transcript
            .speakers()
            .iter()
            .map(|speaker| speaker.label.to_string())
            .collect(),
        _ => Vec::new(),
    }
}

/// Silences for the player to leave out: `1200-5400 9000-12000`.
fn skips(view: &View) -> String {
    let Ok(metrics) = &view.metrics else {
        return String::new();
    };
    let text = |span: Span| format!("{}-{}", span.start().0, span.end().0);
    let spans: Vec<String> = metrics
        .silences
        .iter()
        .map(|silence| text(silence.span))
        .collect();
    spans.join(" ")
}

fn blocks(view: &View) -> Vec<Block> {
    let Ok(transcript) = &view.transcript else {
        return Vec::new();
    };
    let mut blocks: Vec<Block> = Vec::new();
    for turn in transcript.turns() {
        let label = transcript
            .speaker(turn.speaker)
            .map(|speaker| speaker.label);
        let row = TurnRow {
            side: if label == Some(SpeakerLabel::Agent) {
                "agent"
            } else {
                "other"
            },
            speaker: label.map_or_else(String::new, |label| label.to_string()),
            start: turn.span.start().to_string(),
            start_ms: turn.span.start().0,
            words: transcript.turn_words(turn).map(word).collect(),
        };
        match blocks.last_mut() {
            Some(block) if block.quoted == turn.quoted => block.turns.push(row),
            _ => blocks.push(Block {
                quoted: turn.quoted,
                turns: vec![row],
            }),
        }
    }
    blocks
}

fn word(word: &domain::RedactedWord) -> WordSpan {
    let removed = matches!(word.token, Token::Redacted(_));
    WordSpan {
        text: word.shown(),
        start_ms: word.span.start().0,
        removed,
        unsure: word.confidence.get() < UNSURE,
    }
}

pub(super) async fn tag(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id = parse(&id)?;
    state
        .app
        .label(&scope, &[id], &fields.secret("tag"))
        .await?;
    Ok(see(&format!("/interactions/{id}")))
}

pub(super) async fn untag(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id = parse(&id)?;
    let key = TagKey::from_hex(fields.get("key"))
        .ok_or_else(|| Problem::input(t("problem-the-tags-key")))?;
    state.app.unlabel(&scope, id, &key).await?;
    Ok(see(&format!("/interactions/{id}")))
}

pub(super) async fn audio(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    Ok(play(&state, &person.caller, parse(&id)?, &headers).await?)
}

pub(super) async fn export(
    Shared(state): Shared<State>,
    person: Person,
    Path((id, format)): Path<(String, String)>,
) -> Result<Response, Oops> {
    Ok(file(&state, &person.caller, &id, &format).await?)
}

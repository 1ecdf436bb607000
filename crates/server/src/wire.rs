//! What goes over the wire, converted by hand from domain types.

use app::{Hit, Outcome, Results, Summary, View, metrics_json, rfc3339, withheld_reason};
use domain::Token;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What became of one interaction of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutcomeWire {
    /// `taken_in`, `continued`, `known` or `refused`.
    outcome: &'static str,
    /// The interaction, unless refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// `voice`, `chat` or `email`, where taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'static str>,
    /// What a listener should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    /// How many messages were new, where a known conversation was continued.
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<usize>,
    /// Stable key of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What was wrong and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
}

impl From<Outcome> for OutcomeWire {
    fn from(outcome: Outcome) -> Self {
        let mut wire = Self {
            outcome: "refused",
            id: None,
            channel: None,
            warnings: Vec::new(),
            messages: None,
            reason: None,
            sentence: None,
        };
        match outcome {
            Outcome::Taken {
                id,
                channel,
                warnings,
            } => {
                wire.outcome = "taken_in";
                wire.id = Some(id.to_string());
                wire.channel = Some(channel.key());
                wire.warnings = warnings;
            }
            Outcome::Known { id } => {
                wire.outcome = "known";
                wire.id = Some(id.to_string());
            }
            Outcome::Continued { id, messages } => {
                wire.outcome = "continued";
                wire.id = Some(id.to_string());
                wire.messages = Some(messages);
            }
            Outcome::Refused { reason, sentence } => {
                wire.reason = Some(reason);
                wire.sentence = Some(sentence);
            }
        }
        wire
    }
}

/// Answer to an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadWire {
    /// One entry per interaction found in the upload.
    pub(crate) outcomes: Vec<OutcomeWire>,
}

/// A resumable upload.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadStateWire {
    /// `upl_…`
    pub(crate) id: String,
    /// Bytes in all.
    pub(crate) length: u64,
    /// Bytes that are here.
    pub(crate) received: u64,
    /// When it is forgotten; RFC 3339, UTC.
    pub(crate) until: String,
    /// What became of it, once all is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcomes: Option<Vec<OutcomeWire>>,
}

/// Facts and counts of one interaction; nothing of what was said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryWire {
    /// `int_…`
    id: String,
    /// RFC 3339, UTC.
    started: String,
    /// `voice`, `chat` or `email`.
    channel: &'static str,
    /// `inbound`, `outbound` or `unknown`.
    direction: &'static str,
    /// Length in milliseconds, once known.
    duration_ms: Option<u64>,
    /// `waiting`, `processing`, `ready`, `stopped (P98)`, `failed`.
    status: String,
    /// Words after redaction.
    words: u32,
    /// Turns.
    turns: u32,
    /// Removed spans by type.
    redactions: BTreeMap<String, u32>,
    /// What a listener should know.
    warnings: Vec<String>,
}

impl From<&Summary> for SummaryWire {
    fn from(summary: &Summary) -> Self {
        Self {
            id: summary.id.to_string(),
            started: rfc3339(summary.started),
            channel: summary.channel.key(),
            direction: summary.direction.key(),
            duration_ms: summary.duration.map(|long| long.0),
            status: summary.status_text(),
            words: summary.words,
            turns: summary.turns,
            redactions: summary
                .redactions
                .iter()
                .map(|(kind, count)| (kind.tag().to_owned(), *count))
                .collect(),
            warnings: summary.warnings.clone(),
        }
    }
}

/// A page of interactions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListWire {
    /// Newest first.
    pub(crate) interactions: Vec<SummaryWire>,
    /// Pass as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// One word, or the type of what was removed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordWire {
    /// The word, or as in `[CARD]`.
    text: String,
    /// Offset from the start.
    start_ms: u64,
    /// Offset from the start.
    end_ms: u64,
    /// Recogniser's certainty, 0 to 1.
    confidence: f32,
    /// Removed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    removed: bool,
}

/// Consecutive words of one speaker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TurnWire {
    /// `agent`, `consumer`, `ivr`, `bot`, `speakerN`.
    speaker: String,
    /// Offset from the start.
    start_ms: u64,
    /// Offset from the start.
    end_ms: u64,
    /// Quoted from an earlier message.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    quoted: bool,
    /// The words.
    words: Vec<WordWire>,
}

/// One interaction as its tenant's people see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewWire {
    #[serde(flatten)]
    summary: SummaryWire,
    /// The redacted turns; absent with a reason in `withheld`.
    turns: Vec<TurnWire>,
    /// Metrics with their definitions.
    metrics: serde_json::Value,
    /// What was found out about the sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<String>,
    /// Whether there is redacted audio to play.
    playable: bool,
    /// Why something is not shown.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    withheld: BTreeMap<&'static str, String>,
}

impl From<&View> for ViewWire {
    fn from(view: &View) -> Self {
        let mut withheld = BTreeMap::new();
        let turns = match &view.transcript {
            Ok(transcript) => transcript
                .turns()
                .iter()
                .map(|turn| TurnWire {
                    speaker: transcript
                        .speaker(turn.speaker)
                        .map_or_else(String::new, |speaker| speaker.label.to_string()),
                    start_ms: turn.span.start().0,
                    end_ms: turn.span.end().0,
                    quoted: turn.quoted,
                    words: transcript.turn_words(turn).map(word).collect(),
                })
                .collect(),
            Err(why) => {
                withheld.insert("turns", withheld_reason(why));
                Vec::new()
            }
        };
        if let Err(why) = &view.audio {
            withheld.insert("audio", withheld_reason(why));
        }
        Self {
            summary: SummaryWire::from(&view.summary),
            turns,
            metrics: metrics_json(view),
            sound: view.sound.as_ref().ok().map(ToString::to_string),
            playable: view.audio.is_ok(),
            withheld,
        }
    }
}

fn word(word: &domain::RedactedWord) -> WordWire {
    let removed = matches!(word.token, Token::Redacted(_));
    WordWire {
        text: word.shown(),
        start_ms: word.span.start().0,
        end_ms: word.span.end().0,
        confidence: word.confidence.get(),
        removed,
    }
}

/// A search. The query is in the body, so that it reaches no log of addresses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchWire {
    /// In the search language.
    pub(crate) query: String,
    /// How many hits to pass over.
    #[serde(default)]
    pub(crate) skip: usize,
    /// Goes on after a page: its `next`. What arrived meanwhile does not shift what follows.
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// How many hits to return, 1 to 100.
    #[serde(default = "twenty")]
    pub(crate) limit: usize,
    /// The best first instead of the newest.
    #[serde(default)]
    pub(crate) best: bool,
}

const fn twenty() -> usize {
    20
}

/// Words around a match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnippetWire {
    speaker: String,
    /// Start of the match: the moment to play from.
    at_ms: u64,
    /// Words in order; `hit` marks those of the match.
    words: Vec<PieceWire>,
}

/// Part of a snippet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PieceWire {
    text: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hit: bool,
}

/// One matching interaction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitWire {
    interaction: SummaryWire,
    /// Matches in it.
    matches: usize,
    snippets: Vec<SnippetWire>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundWire {
    /// The query as understood.
    query: String,
    /// The query in plain words.
    explained: String,
    /// Interactions that match in all: no fewer than this.
    total: usize,
    /// No more than this; equal to `total` where the number is known exactly, absent where the
    /// time did not suffice to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<usize>,
    /// What the share of matches among the newest candidates suggests, where the number is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<usize>,
    /// Interactions whose words were looked at.
    examined: usize,
    /// To go on after these, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// The time was up before the page was full.
    partial: bool,
    hits: Vec<HitWire>,
}

impl From<&Results> for FoundWire {
    fn from(found: &Results) -> Self {
        Self {
            query: found.query.clone(),
            explained: found.explained.clone(),
            total: found.total.at_least,
            at_most: found.total.at_most,
            about: found.total.about,
            next: found.next.map(|place| place.to_string()),
            partial: found.partial,
            examined: found.examined,
            hits: found.hits.iter().map(hit).collect(),
        }
    }
}

fn hit(hit: &Hit) -> HitWire {
    let snippets = hit.snippets.iter().map(|snippet| SnippetWire {
        speaker: snippet.speaker.to_string(),
        at_ms: snippet.at.0,
        words: snippet
            .pieces
            .iter()
            .map(|piece| PieceWire {
                text: piece.text.clone(),
                hit: piece.hit,
            })
            .collect(),
    });
    HitWire {
        interaction: SummaryWire::from(&hit.summary),
        matches: hit.matches,
        snippets: snippets.collect(),
    }
}

/// Something that failed, was stopped or refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TroubleWire {
    /// The interaction, or `intake`.
    pub(crate) what: String,
    pub(crate) stage: String,
    pub(crate) reason: String,
    pub(crate) sentence: String,
    pub(crate) at: String,
}

/// One opening of an interaction, from the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessWire {
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) purpose: String,
    /// Index of the leaf that records it.
    pub(crate) leaf: u64,
}

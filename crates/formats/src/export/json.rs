//! `privity.interaction/1`, our own shape: everything the other exports leave out. Written and
//! read here; docs/formats/interaction.md tells every field.

use domain::{
    Caption, Channel, Confidence, Content, Dialog, DialogKind, Interaction, Metrics, Millis, Party,
    PartyIndex, Ratio, Role, Secret, SourceKey, Span, Token, Tone,
};
use serde::Serialize;

use crate::incoming::bare;
use crate::json::{Node, document};
use crate::time::rfc3339;
use crate::{FormatError, Hints, Incoming};

use super::{ExportCorrection, ExportView};

const FORMAT: &str = "interaction JSON";
const VERSION: &str = "privity.interaction/1";

/// One interaction as our documented JSON, indented.
///
/// # Errors
/// [`FormatError::Write`] where it cannot be written.
pub fn export_json(view: &ExportView<'_>) -> Result<String, FormatError> {
    let transcript = view.transcript;
    let wire = Wire {
        format: VERSION,
        id: view.id.to_string(),
        channel: view.channel.key(),
        direction: view.direction.key(),
        started: rfc3339(view.started),
        created: rfc3339(view.created),
        duration_ms: transcript.duration().0,
        language: transcript.language().as_str(),
        engine: transcript.engine(),
        parties: view
            .parties
            .iter()
            .map(|party| WireParty {
                role: party.role.key(),
            })
            .collect(),
        speakers: transcript
            .speakers()
            .iter()
            .map(|speaker| WireSpeaker {
                label: speaker.label.to_string(),
                party: speaker.party.0,
                basis: speaker.basis.key(),
                role_confidence: rounded(speaker.role_confidence),
            })
            .collect(),
        turns: turns(view),
        redactions: redactions(view),
        metrics: view.metrics.map(WireMetrics::of),
        corrections: view
            .corrections
            .iter()
            .map(ExportCorrection::json)
            .collect(),
    };
    serde_json::to_string_pretty(&wire).map_err(|source| FormatError::Write {
        format: "JSON",
        source: Box::new(source),
    })
}

fn turns(view: &ExportView<'_>) -> Vec<WireTurn> {
    let turn = |turn: &domain::Turn| WireTurn {
        speaker: turn.speaker,
        start_ms: turn.span.start().0,
        end_ms: turn.span.end().0,
        quoted: turn.quoted,
        text: view.text(turn),
        words: view
            .transcript
            .turn_words(turn)
            .map(|word| {
                let (text, redacted) = match &word.token {
                    Token::Word(text) => (Some(text.expose().to_owned()), None),
                    Token::Redacted(kind) => (None, Some(kind.tag())),
                };
                WireWord {
                    text,
                    redacted,
                    mark: word.closing.map(domain::ClosingMark::mark),
                    start_ms: word.span.start().0,
                    end_ms: word.span.end().0,
                    confidence: rounded(word.confidence),
                }
            })
            .collect(),
    };
    view.transcript.turns().iter().map(turn).collect()
}

fn redactions(view: &ExportView<'_>) -> Vec<WireRedaction> {
    let wire = |removed: &domain::RedactionSpan| WireRedaction {
        kind: removed.kind.tag(),
        regulation: removed.regulation.key(),
        speaker: removed.speaker.to_string(),
        start_ms: removed.span.start().0,
        end_ms: removed.span.end().0,
        detector: removed.detector.0.clone(),
        confidence: rounded(removed.confidence),
    };
    view.transcript.redactions().iter().map(wire).collect()
}

#[derive(Serialize)]
struct Wire<'a> {
    format: &'static str,
    id: String,
    channel: &'static str,
    direction: &'static str,
    started: String,
    created: String,
    duration_ms: u64,
    language: &'a str,
    engine: &'a str,
    parties: Vec<WireParty>,
    speakers: Vec<WireSpeaker>,
    turns: Vec<WireTurn>,
    redactions: Vec<WireRedaction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<WireMetrics>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<serde_json::Value>,
}

/// To a thousandth: nobody reads more, and long runs of digits look like numbers of something.
fn rounded(confidence: Confidence) -> f32 {
    (confidence.get() * 1_000.0).round() / 1_000.0
}

#[derive(Serialize)]
struct WireParty {
    role: &'static str,
}

#[derive(Serialize)]
struct WireSpeaker {
    label: String,
    party: u16,
    basis: &'static str,
    role_confidence: f32,
}

#[derive(Serialize)]
struct WireTurn {
    speaker: u8,
    start_ms: u64,
    end_ms: u64,
    quoted: bool,
    text: String,
    words: Vec<WireWord>,
}

#[derive(Serialize)]
struct WireWord {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<&'static str>,
    /// The mark of the sentence behind what was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<char>,
    start_ms: u64,
    end_ms: u64,
    confidence: f32,
}

#[derive(Serialize)]
struct WireRedaction {
    kind: &'static str,
    regulation: &'static str,
    speaker: String,
    start_ms: u64,
    end_ms: u64,
    detector: String,
    confidence: f32,
}

/// The numbers as every export writes them.
#[derive(Serialize)]
pub(super) struct WireMetrics {
    duration_ms: u64,
    talk_ms: u64,
    silence_ms: u64,
    longest_silence_ms: u64,
    silence_threshold_ms: u64,
    overtalk_ms: u64,
    overtalk_threshold_ms: u64,
    talk_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentiment: Option<WireSentiment>,
    silences: Vec<WireSpan>,
    overtalks: Vec<WireOvertalk>,
    parties: Vec<WirePartyMetrics>,
}

/// Of the consumers' words, from -1 to 1.
#[derive(Serialize)]
struct WireSentiment {
    overall: f64,
    shift: Option<f64>,
    quarters: [Option<f64>; 4],
    turns: u32,
}

#[derive(Serialize)]
struct WireSpan {
    start_ms: u64,
    end_ms: u64,
}

#[derive(Serialize)]
struct WireOvertalk {
    start_ms: u64,
    end_ms: u64,
    interrupter: String,
}

#[derive(Serialize)]
struct WirePartyMetrics {
    speaker: String,
    party: u16,
    turns: u32,
    words: u32,
    talk_ms: u64,
    words_per_minute: Option<f64>,
    longest_monologue_ms: u64,
    question_rate: Option<f64>,
    responses: u32,
    first_response_ms: Option<u64>,
    mean_response_ms: Option<u64>,
    longest_response_ms: Option<u64>,
}

impl WireMetrics {
    pub(super) fn of(metrics: &Metrics) -> Self {
        let parties = metrics.parties.iter().map(|one| WirePartyMetrics {
            speaker: one.speaker.to_string(),
            party: one.party.0,
            turns: one.turns,
            words: one.words,
            talk_ms: one.talk.0,
            words_per_minute: one.words_per_minute,
            longest_monologue_ms: one.longest_monologue.0,
            question_rate: one.question_rate.0,
            responses: one.response_gap.count,
            first_response_ms: one.response_gap.first.map(|gap| gap.0),
            mean_response_ms: one.response_gap.mean.map(|gap| gap.0),
            longest_response_ms: one.response_gap.longest.map(|gap| gap.0),
        });
        let Ratio(talk_ratio) = metrics.talk_ratio;
        Self {
            duration_ms: metrics.duration.0,
            talk_ms: metrics.talk.0,
            silence_ms: metrics.silence.0,
            longest_silence_ms: metrics.longest_silence.0,
            silence_threshold_ms: metrics.settings.silence.0,
            overtalk_ms: metrics.overtalk.0,
            overtalk_threshold_ms: metrics.settings.overtalk.0,
            talk_ratio,
            sentiment: metrics.sentiment.map(|one| WireSentiment {
                overall: one.overall.get(),
                shift: one.shift().map(Tone::get),
                quarters: one.quarters.map(|tone| tone.map(Tone::get)),
                turns: one.turns,
            }),
            silences: metrics
                .silences
                .iter()
                .map(|event| WireSpan {
                    start_ms: event.span.start().0,
                    end_ms: event.span.end().0,
                })
                .collect(),
            overtalks: metrics
                .overtalks
                .iter()
                .map(|event| WireOvertalk {
                    start_ms: event.span.start().0,
                    end_ms: event.span.end().0,
                    interrupter: event.interrupter.to_string(),
                })
                .collect(),
            parties: parties.collect(),
        }
    }
}

/// Reads our own export: what was redacted stays so.
pub(crate) fn read_json(bytes: &[u8], _hints: &Hints) -> Result<Incoming, FormatError> {
    let value = document(bytes, FORMAT)?;
    let root = Node::root(&value, FORMAT);
    let format = root.need("format")?;
    if format.text()? != VERSION {
        return Err(format.wrong(format!("only `{VERSION}` is known")));
    }
    let channel = keyed::<Channel>(&root.need("channel")?)?;
    let started = root.need("started")?.time()?;
    let mut interaction = Interaction {
        direction: keyed(&root.need("direction")?)?,
        source: Some(SourceKey::from_source("privity", root.need("id")?.text()?)),
        ..bare(channel, started)
    };
    for node in root.need("parties")?.items()? {
        interaction
            .parties
            .push(Party::of_role(keyed::<Role>(&node.need("role")?)?));
    }
    let count = interaction.parties.len();
    let mut speakers = Vec::new();
    for node in root.need("speakers")?.items()? {
        let party = node.need("party")?;
        let index = party.index()?;
        if usize::from(index) >= count {
            return Err(party.wrong(format!("there are {count} parties")));
        }
        speakers.push(PartyIndex(index));
    }
    let mut captions = Vec::new();
    for node in root.need("turns")?.items()? {
        captions.push(turn(&node, &speakers)?);
    }
    if captions.is_empty() {
        return Err(FormatError::Nothing { format: FORMAT });
    }
    let everybody: Vec<_> = (0u16..).take(count).map(|n| Some(PartyIndex(n))).collect();
    interaction.dialogs = dialogs(&interaction, captions, &everybody);
    Ok(Incoming {
        interaction,
        warnings: vec!["it is a redacted export: what was removed stays so".to_owned()],
    })
}

fn keyed<T: std::str::FromStr<Err = domain::IdError>>(node: &Node<'_>) -> Result<T, FormatError> {
    node.text()?
        .parse()
        .map_err(|error: domain::IdError| node.wrong(error.to_string()))
}

fn turn(node: &Node<'_>, speakers: &[PartyIndex]) -> Result<Caption, FormatError> {
    let speaker = node.need("speaker")?;
    let party = speakers.get(usize::from(speaker.index()?)).copied();
    let party =
        party.ok_or_else(|| speaker.wrong(format!("there are {} speakers", speakers.len())))?;
    let millis = |key| {
        let node = node.need(key)?;
        let millis = node.value().as_u64().map(Millis);
        millis.ok_or_else(|| node.wrong("milliseconds are expected"))
    };
    let span = Span::new(millis("start_ms")?, millis("end_ms")?)
        .map_err(|_| node.wrong("it ends before it starts"))?;
    Ok(Caption {
        party: Some(party),
        span,
        text: Secret::new(node.need("text")?.text()?),
        confidence: None,
    })
}

fn dialogs(
    interaction: &Interaction,
    captions: Vec<Caption>,
    everybody: &[Option<PartyIndex>],
) -> Vec<Dialog> {
    let dialog = |kind, start, originator, content| Dialog {
        kind,
        start,
        duration: None,
        parties: everybody.to_vec(),
        originator,
        message_id: None,
        content,
    };
    let started = interaction.started;
    if interaction.channel == Channel::Voice {
        let content = Content::Captions(captions);
        return vec![dialog(DialogKind::Transcript, started, None, content)];
    }
    let message = |caption: Caption| {
        let start = started.plus(caption.span.start());
        let content = Content::Text {
            body: caption.text,
            quoted: None,
        };
        dialog(DialogKind::Text, start, caption.party, content)
    };
    captions.into_iter().map(message).collect()
}

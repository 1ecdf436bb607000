//! A redacted interaction as vCon 0.4.0, the newest version whose text is confirmed, with the
//! contact-centre and transcription extensions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Channel, Millis, Role, SpeakerBasis, Turn};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::FormatError;
use crate::time::rfc3339;

use super::json::WireMetrics;
use super::{ExportCorrection, ExportView};

const VENDOR: &str = "Privity";

/// One interaction as unsigned vCon. Its uuid follows from the interaction's, so that the same
/// interaction exported twice is one vCon; `redacted` names the interaction it was made from. With
/// corrections it is an amended vCon of its own uuid, and `amended` names the one without them.
///
/// # Errors
/// [`FormatError::Write`] where it cannot be written.
pub fn export_vcon(view: &ExportView<'_>) -> Result<String, FormatError> {
    let wire = VCon {
        vcon: "0.4.0",
        uuid: if view.corrections.is_empty() {
            own_uuid(view)
        } else {
            amended_uuid(view)
        }
        .to_string(),
        extensions: if view.channel == Channel::Voice {
            vec!["CC", "wtf_transcription"]
        } else {
            vec!["CC"]
        },
        created_at: rfc3339(view.created),
        redacted: view.corrections.is_empty().then(|| Redacted {
            uuid: view.id.as_uuid().to_string(),
            kind: "privity.redaction/1",
        }),
        amended: (!view.corrections.is_empty()).then(|| Amended {
            uuid: own_uuid(view).to_string(),
        }),
        parties: view
            .parties
            .iter()
            .map(|party| WireParty::of(party.role))
            .collect(),
        dialog: dialogs(view),
        analysis: analyses(view),
        attachments: view.corrections.iter().map(WireAttachment::of).collect(),
    };
    serde_json::to_string_pretty(&wire).map_err(|source| FormatError::Write {
        format: "vCon",
        source: Box::new(source),
    })
}

/// Version 8: the first bits of a hash that says what the uuid is of.
fn own_uuid(view: &ExportView<'_>) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"privity redacted vcon\0");
    hash.update(view.id.as_uuid().as_bytes());
    of_hash(hash)
}

/// The same corrections make the same vCon.
fn amended_uuid(view: &ExportView<'_>) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"privity amended vcon\0");
    hash.update(view.id.as_uuid().as_bytes());
    for one in view.corrections {
        hash.update(one.json().to_string());
    }
    of_hash(hash)
}

fn of_hash(hash: Sha256) -> Uuid {
    let hash: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash) {
        *to = from;
    }
    Uuid::new_v8(bytes)
}

fn seconds(at: Millis) -> f64 {
    at.as_secs_f64()
}

fn dialogs(view: &ExportView<'_>) -> Vec<WireDialog> {
    match (view.channel, view.audio) {
        (Channel::Voice, Some(audio)) => vec![WireDialog::Recording {
            kind: "recording",
            start: rfc3339(view.started),
            duration: seconds(view.transcript.duration()),
            parties: recorded_parties(view, channels(audio.wav)),
            mediatype: "audio/x-wav",
            body: URL_SAFE_NO_PAD.encode(audio.wav),
            encoding: "base64url",
        }],
        // The place that the transcript refers to stays where the recording cannot be shown.
        (Channel::Voice, None) => vec![WireDialog::Removed {}],
        (Channel::Chat | Channel::Email, _) => view
            .transcript
            .turns()
            .iter()
            .map(|turn| message(view, turn))
            .collect(),
    }
}

fn message(view: &ExportView<'_>, turn: &Turn) -> WireDialog {
    let speaker = view.transcript.speaker(turn.speaker);
    let originator = speaker.map_or(0, |speaker| speaker.party.0);
    let others = (0u16..)
        .take(view.parties.len())
        .filter(|party| *party != originator);
    WireDialog::Text {
        kind: "text",
        start: rfc3339(view.started.plus(turn.span.start())),
        parties: std::iter::once(originator).chain(others).collect(),
        originator,
        mediatype: "text/plain",
        body: view.text(turn),
        encoding: "none",
    }
}

/// Channels as the WAV header tells.
fn channels(wav: &[u8]) -> usize {
    let two = wav.get(22..24).and_then(|two| two.try_into().ok());
    two.map_or(1, |two| usize::from(u16::from_le_bytes(two)))
}

/// One entry per channel where a channel is a speaker; else everybody in each.
fn recorded_parties(view: &ExportView<'_>, channels: usize) -> Vec<ChannelParties> {
    let speakers = view.transcript.speakers();
    let by_channel = speakers.len() == channels
        && speakers
            .iter()
            .all(|speaker| speaker.basis == SpeakerBasis::Channel);
    if by_channel {
        return speakers
            .iter()
            .map(|speaker| ChannelParties::One(speaker.party.0))
            .collect();
    }
    let mut everybody: Vec<u16> = speakers.iter().map(|speaker| speaker.party.0).collect();
    everybody.sort_unstable();
    everybody.dedup();
    vec![ChannelParties::Several(everybody); channels.max(1)]
}

fn analyses(view: &ExportView<'_>) -> Vec<WireAnalysis> {
    let mut found = Vec::new();
    if view.channel == Channel::Voice {
        found.push(WireAnalysis {
            kind: "wtf_transcription",
            dialog: 0,
            mediatype: "application/json",
            vendor: VENDOR,
            product: Some(view.transcript.engine().to_owned()),
            schema: "wtf-1.0",
            body: Body::Transcript(Box::new(transcript(view))),
            encoding: "json",
        });
    }
    if let Some(metrics) = view.metrics {
        found.push(WireAnalysis {
            kind: "report",
            dialog: 0,
            mediatype: "application/json",
            vendor: VENDOR,
            product: None,
            schema: "privity.metrics/1",
            body: Body::Metrics(Box::new(WireMetrics::of(metrics))),
            encoding: "json",
        });
    }
    found
}

fn transcript(view: &ExportView<'_>) -> Wtf {
    let confidence = |turn: &Turn| {
        let (mut sum, mut count) = (0.0f64, 0.0f64);
        for word in view.transcript.turn_words(turn) {
            sum += f64::from(word.confidence.get());
            count += 1.0;
        }
        (sum / count.max(1.0) * 1_000.0).round() / 1_000.0
    };
    let segments: Vec<Segment> = (0u32..)
        .zip(view.transcript.turns())
        .map(|(id, turn)| Segment {
            id,
            start: seconds(turn.span.start()),
            end: seconds(turn.span.end()),
            text: view.text(turn),
            confidence: confidence(turn),
            speaker: view.label(turn).to_string(),
        })
        .collect();
    let texts: Vec<&str> = segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect();
    let total: f64 = segments.iter().map(|segment| segment.confidence).sum();
    let count = u32::try_from(segments.len()).unwrap_or(u32::MAX).max(1);
    Wtf {
        transcript: WtfText {
            text: texts.join("\n"),
            language: view.transcript.language().as_str().to_owned(),
            duration: seconds(view.transcript.duration()),
            confidence: (total / f64::from(count) * 1_000.0).round() / 1_000.0,
        },
        segments,
        metadata: WtfMetadata {
            created_at: rfc3339(view.created),
            processed_at: rfc3339(view.created),
            provider: VENDOR,
            model: view.transcript.engine().to_owned(),
        },
    }
}

#[derive(Serialize)]
struct VCon {
    vcon: &'static str,
    uuid: String,
    extensions: Vec<&'static str>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<Redacted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amended: Option<Amended>,
    parties: Vec<WireParty>,
    dialog: Vec<WireDialog>,
    analysis: Vec<WireAnalysis>,
    attachments: Vec<WireAttachment>,
}

/// The vCon that this one completes.
#[derive(Serialize)]
struct Amended {
    uuid: String,
}

#[derive(Serialize)]
struct WireAttachment {
    #[serde(rename = "type")]
    kind: &'static str,
    start: String,
    mediatype: &'static str,
    encoding: &'static str,
    body: serde_json::Value,
}

impl WireAttachment {
    fn of(one: &ExportCorrection) -> Self {
        Self {
            kind: "privity.correction/1",
            start: rfc3339(one.at),
            mediatype: "application/json",
            encoding: "json",
            body: one.json(),
        }
    }
}

#[derive(Serialize)]
struct Redacted {
    uuid: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct WireParty {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
}

impl WireParty {
    const fn of(role: Role) -> Self {
        let (kind, role) = match role {
            Role::Agent => (Some("person"), Some("agent")),
            Role::Consumer => (Some("person"), Some("customer")),
            Role::Bot | Role::Ivr => (Some("bot"), None),
            Role::ThirdParty => (None, Some("thirdparty")),
            Role::Unknown => (None, None),
        };
        Self { kind, role }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum WireDialog {
    Recording {
        #[serde(rename = "type")]
        kind: &'static str,
        start: String,
        duration: f64,
        parties: Vec<ChannelParties>,
        mediatype: &'static str,
        body: String,
        encoding: &'static str,
    },
    Text {
        #[serde(rename = "type")]
        kind: &'static str,
        start: String,
        parties: Vec<u16>,
        originator: u16,
        mediatype: &'static str,
        body: String,
        encoding: &'static str,
    },
    Removed {},
}

#[derive(Serialize, Clone)]
#[serde(untagged)]
enum ChannelParties {
    One(u16),
    Several(Vec<u16>),
}

#[derive(Serialize)]
struct WireAnalysis {
    #[serde(rename = "type")]
    kind: &'static str,
    dialog: u16,
    mediatype: &'static str,
    vendor: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    schema: &'static str,
    body: Body,
    encoding: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Transcript(Box<Wtf>),
    Metrics(Box<WireMetrics>),
}

#[derive(Serialize)]
struct Wtf {
    transcript: WtfText,
    segments: Vec<Segment>,
    metadata: WtfMetadata,
}

#[derive(Serialize)]
struct WtfText {
    text: String,
    language: String,
    duration: f64,
    confidence: f64,
}

#[derive(Serialize)]
struct Segment {
    id: u32,
    start: f64,
    end: f64,
    text: String,
    confidence: f64,
    speaker: String,
}

#[derive(Serialize)]
struct WtfMetadata {
    created_at: String,
    processed_at: String,
    provider: &'static str,
    model: String,
}

//! Redacted interactions out: vCon, our JSON, WebVTT, plain text and rows.
//!
//! Each writer takes an [`ExportView`], which holds redacted things only: a name, a number or
//! an unredacted word has no way in. What a person gets of their own has a view of its own,
//! [`PersonalView`], made for their proven case only.

mod captions;
mod csv;
mod json;
mod personal;
mod vcon;

use domain::{
    Channel, Direction, InteractionId, Metrics, Millis, RedactedTranscript, Role, Secret,
    SpeakerLabel, Timestamp, Turn,
};

pub use captions::{export_txt, export_vtt};
pub use csv::export_csv;
pub use json::export_json;
pub(crate) use json::read_json;
pub use personal::{PersonalParty, PersonalTurn, PersonalView, export_personal_vcon};
pub use vcon::export_vcon;

/// Somebody who took part, without their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportParty {
    /// What they are in the interaction.
    pub role: Role,
}

/// The redacted sound.
#[derive(Clone, Copy)]
pub struct ExportAudio<'a> {
    /// A whole WAV file.
    pub wav: &'a [u8],
}

impl std::fmt::Debug for ExportAudio<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportAudio({} bytes)", self.wav.len())
    }
}

/// What somebody who took part says instead, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportCorrection {
    /// When it was taken up.
    pub at: Timestamp,
    /// About which stretch; none: the whole.
    pub stretch: Option<(Millis, Millis)>,
    /// The statement.
    pub says: Secret,
}

impl ExportCorrection {
    /// Whether a turn is within its stretch.
    fn is_about(&self, turn: &Turn) -> bool {
        self.stretch
            .is_none_or(|(from, until)| turn.span.start() < until && turn.span.end() >= from)
    }

    /// As every JSON form writes it.
    fn json(&self) -> serde_json::Value {
        let (from, until) = self
            .stretch
            .map_or((None, None), |(from, until)| (Some(from.0), Some(until.0)));
        serde_json::json!({ "at": crate::time::rfc3339(self.at), "from_ms": from,
                            "until_ms": until, "says": self.says.expose() })
    }
}

/// Everything of an interaction that may leave.
#[derive(Debug, Clone, Copy)]
pub struct ExportView<'a> {
    /// Its id here.
    pub id: InteractionId,
    /// How people met.
    pub channel: Channel,
    /// Who began.
    pub direction: Direction,
    /// When it began.
    pub started: Timestamp,
    /// When the export is made.
    pub created: Timestamp,
    /// Who took part, in the interaction's order.
    pub parties: &'a [ExportParty],
    /// The redacted words.
    pub transcript: &'a RedactedTranscript,
    /// What was measured, where it was.
    pub metrics: Option<&'a Metrics>,
    /// The redacted sound, where there is any.
    pub audio: Option<ExportAudio<'a>>,
    /// What stands beside the words, oldest first.
    pub corrections: &'a [ExportCorrection],
}

impl ExportView<'_> {
    /// The words of a turn with its removals as tags.
    fn text(&self, turn: &Turn) -> String {
        let mut text = String::new();
        for word in self.transcript.turn_words(turn) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&word.shown());
        }
        text
    }

    fn label(&self, turn: &Turn) -> SpeakerLabel {
        let speaker = self.transcript.speaker(turn.speaker);
        speaker.map_or(SpeakerLabel::Other(0), |speaker| speaker.label)
    }
}

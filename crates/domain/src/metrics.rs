//! What the numbers mean: one definition per metric, printed wherever the number is.

use crate::{Millis, PartyIndex, Span, SpeakerLabel};

/// A share from 0 to 1, absent where its denominator is zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio(pub Option<f64>);

/// The words that go with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricDefinition {
    /// Key in queries, exports and records.
    pub key: &'static str,
    /// Name on a page.
    pub name: &'static str,
    /// Unit as printed.
    pub unit: &'static str,
    /// How it is computed, in a sentence for an analyst.
    pub definition: &'static str,
}

/// Thresholds; a tenant's settings, printed beside the numbers they shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricSettings {
    /// Silence shorter than this is not counted (default 3 s, the usual product default).
    pub silence: Millis,
    /// Overtalk shorter than this is not counted (default 1 s).
    pub overtalk: Millis,
}

impl Default for MetricSettings {
    fn default() -> Self {
        Self {
            silence: Millis(3_000),
            overtalk: Millis(1_000),
        }
    }
}

/// A stretch without speech longer than the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SilenceEvent {
    /// When.
    pub span: Span,
}

/// Two speaking at once for longer than the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OvertalkEvent {
    /// When.
    pub span: Span,
    /// Who began while the other spoke.
    pub interrupter: SpeakerLabel,
}

/// Response gaps of one speaker: from the end of another's turn to the start of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GapStats {
    /// How many responses.
    pub count: u32,
    /// The first one.
    pub first: Option<Millis>,
    /// Mean, rounded to a millisecond.
    pub mean: Option<Millis>,
    /// The longest.
    pub longest: Option<Millis>,
}

/// Metrics of one speaker.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyMetrics {
    /// Who.
    pub speaker: SpeakerLabel,
    /// The party.
    pub party: PartyIndex,
    /// Time speaking.
    pub talk: Millis,
    /// Words, a removed span counting as one.
    pub words: u32,
    /// Words per minute of speaking time (not of call time).
    pub words_per_minute: Option<f64>,
    /// Longest turn not interrupted by another speaker's words other than back-channels.
    pub longest_monologue: Millis,
    /// Turns that ask something, per turn.
    pub question_rate: Ratio,
    /// Turns taken.
    pub turns: u32,
    /// Response gaps.
    pub response_gap: GapStats,
}

/// Everything measured of one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// Length of the interaction.
    pub duration: Millis,
    /// Time in which anyone speaks (the union; the sum over speakers may exceed it).
    pub talk: Millis,
    /// Sum of the silences; redacted spans are speech, not silence.
    pub silence: Millis,
    /// The longest silence.
    pub longest_silence: Millis,
    /// Each silence at or above the threshold.
    pub silences: Vec<SilenceEvent>,
    /// Sum of overtalk.
    pub overtalk: Millis,
    /// Each overtalk at or above the threshold.
    pub overtalks: Vec<OvertalkEvent>,
    /// Agent's share of the talk time of agent and consumer.
    pub talk_ratio: Ratio,
    /// Per speaker.
    pub parties: Vec<PartyMetrics>,
    /// Thresholds in force when this was computed.
    pub settings: MetricSettings,
}

/// All definitions, in the order they are shown.
pub const METRIC_DEFINITIONS: &[MetricDefinition] = &[
    MetricDefinition {
        key: "duration",
        name: "Duration",
        unit: "ms",
        definition: "From the start of the first recording or message to the end of the last.",
    },
    MetricDefinition {
        key: "talk",
        name: "Talk time",
        unit: "ms",
        definition: "Time covered by the words of at least one speaker; words less than 0.5 s \
                     apart are one stretch of speech. Removed words count as speech.",
    },
    MetricDefinition {
        key: "silence",
        name: "Silence",
        unit: "ms",
        definition: "Sum of all stretches without speech that last at least the silence \
                     threshold. Redacted spans are speech.",
    },
    MetricDefinition {
        key: "longest_silence",
        name: "Longest silence",
        unit: "ms",
        definition: "The longest of the counted silences.",
    },
    MetricDefinition {
        key: "overtalk",
        name: "Overtalk",
        unit: "ms",
        definition: "Sum of all stretches in which two speakers' speech overlaps for at least \
                     the overtalk threshold, back-channels such as \"mhm\" left out.",
    },
    MetricDefinition {
        key: "talk_ratio",
        name: "Talk ratio",
        unit: "share",
        definition: "Agent's talk time divided by agent's plus consumer's.",
    },
    MetricDefinition {
        key: "words_per_minute",
        name: "Talk speed",
        unit: "words/min",
        definition: "A speaker's words divided by that speaker's talk time (not the call's length).",
    },
    MetricDefinition {
        key: "longest_monologue",
        name: "Longest monologue",
        unit: "ms",
        definition: "A speaker's longest stretch of turns with no word of another speaker in \
                     between except back-channels.",
    },
    MetricDefinition {
        key: "question_rate",
        name: "Question rate",
        unit: "share",
        definition: "Share of a speaker's turns that end in a question mark or begin with a \
                     question word.",
    },
    MetricDefinition {
        key: "response_gap",
        name: "Response gap",
        unit: "ms",
        definition: "From the end of one speaker's turn to the start of the next speaker's; \
                     zero where they overlap. The same definition for voice and writing.",
    },
];

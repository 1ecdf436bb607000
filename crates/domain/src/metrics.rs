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

/// How words sound to a lexicon: from −1 (bad) to 1 (good), in thousandths; a difference of two is
/// from −2 to 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tone(pub i32);

impl Tone {
    /// From here down words sound bad: the bound that VADER's authors name.
    pub const NEGATIVE: Self = Self(-50);

    /// The nearest thousandth.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a clamped value times a thousand fits, and no number is zero"
    )]
    pub fn of(value: f64) -> Self {
        Self((value.clamp(-2.0, 2.0) * 1_000.0).round() as i32)
    }

    /// As a number.
    #[must_use]
    pub fn get(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }
}

impl std::fmt::Display for Tone {
    /// `−0.32`, `+0.05`, `0.00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (self.0.unsigned_abs() + 5) / 10;
        let sign = match self.0.signum() {
            _ if hundredths == 0 => "",
            -1 => "−",
            _ => "+",
        };
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// How the consumers' words of an interaction sound. Text only: nobody's voice is judged, and no
/// agent's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentiment {
    /// Mean over their turns.
    pub overall: Tone,
    /// Mean over those of each quarter of the interaction; none where nothing was said in it.
    pub quarters: [Option<Tone>; 4],
    /// Turns that were looked at.
    pub turns: u32,
}

impl Sentiment {
    /// The last quarter with turns less the first one; none where there is but one.
    #[must_use]
    pub fn shift(&self) -> Option<Tone> {
        let mut told = self.quarters.iter().flatten();
        let first = told.next()?;
        let last = told.next_back()?;
        Some(Tone(last.0 - first.0))
    }
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
    /// How the consumers' words sound; none in a language without a lexicon, or of no words.
    pub sentiment: Option<Sentiment>,
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
        key: "sentiment",
        name: "Sentiment of the consumer",
        unit: "-1 to 1",
        definition: "How the consumer's words sound to the VADER lexicon (English), from -1 to 1: \
                     the mean over their turns, back-channels left out. The shift is the last \
                     quarter with words less the first. Words only, never a voice; an agent's \
                     words are not judged.",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_said_with_its_sign_and_two_digits() {
        let said: Vec<String> = [-324, -4, 0, 4, 5, 50, 1_000, -1_995]
            .map(|tone| Tone(tone).to_string())
            .to_vec();
        assert_eq!(
            said,
            [
                "−0.32", "0.00", "0.00", "0.00", "+0.01", "+0.05", "+1.00", "−2.00"
            ]
        );
        assert_eq!(Tone::of(f64::NAN), Tone(0));
        assert_eq!(Tone::of(-0.3244), Tone(-324));
    }

    #[test]
    fn a_shift_needs_two_quarters_with_words() {
        let of = |quarters| Sentiment {
            overall: Tone(0),
            quarters,
            turns: 1,
        };
        let [low, high] = [Tone(-500), Tone(250)].map(Some);
        assert_eq!(of([low, None, high, None]).shift(), Some(Tone(750)));
        assert_eq!(of([None, high, None, low]).shift(), Some(Tone(-750)));
        assert_eq!(of([None, low, None, None]).shift(), None);
        assert_eq!(of([None; 4]).shift(), None);
    }
}

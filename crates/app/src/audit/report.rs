//! What an audit found, as it is stored, shown and printed.

use serde::{Deserialize, Serialize};

use super::Interval;

/// One audit's findings. Secrets are invented and none of them is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditReport {
    /// Of this form.
    pub version: u32,
    /// When it began, RFC 3339.
    pub began: String,
    /// How long it took, in seconds.
    pub seconds: u64,
    /// The same seed plants the same secrets.
    pub seed: u64,
    /// The rules and settings that were in force.
    pub ruleset: String,
    /// The speech engine.
    pub engine: String,
    /// Whether it planted in the installation at work.
    #[serde(default)]
    pub live: bool,
    /// Canaries that were erased afterwards, each confirmed in every place; none in an
    /// installation that went away as a whole.
    #[serde(default)]
    pub erased: u64,
    /// Each planted type, written and spoken.
    pub types: Vec<TypeFound>,
    /// Each place that was looked at.
    pub places: Vec<PlaceFound>,
    /// Removed stretches in written conversations that hold no secret.
    pub false_alarms: FalseAlarms,
    /// Types that were not planted, with the reason.
    pub skipped: Vec<Skipped>,
}

/// One type in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeFound {
    /// The type, such as `card`.
    pub kind: String,
    /// `written`, `spoken` or `spoken 8 kHz`.
    pub form: String,
    /// How many were planted.
    pub planted: u64,
    /// Of these, in how many conversations something was removed under the type's tag.
    pub detected: u64,
    /// Of these, how many can be read, wholly or in part, in the redacted words.
    pub left_in_words: u64,
    /// Of these, how many can be recognised again in the redacted sound.
    pub left_in_sound: u64,
    /// Of these, how many can be found by a search.
    pub left_in_index: u64,
}

impl TypeFound {
    /// The share that is left in words or sound or index, with its interval.
    #[must_use]
    pub fn missed(&self) -> Interval {
        Interval::wilson(self.left(), self.planted)
    }

    /// How many are left somewhere.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left_in_words
            .max(self.left_in_sound)
            .max(self.left_in_index)
    }
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFound {
    /// What was looked at, such as `export vcon` or `database and files`.
    pub place: String,
    /// How many files, texts or queries that were.
    pub looked_at: u64,
    /// How many secrets were seen there.
    pub seen: u64,
    /// For what belongs to one conversation: which ones, as type, form and number in the order of
    /// planting. The same seed plants them again.
    #[serde(default)]
    pub of: Vec<String>,
}

/// What was removed for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FalseAlarms {
    /// Written conversations without a secret.
    pub conversations: u64,
    /// Stretches removed in them.
    pub written: u64,
    /// Milliseconds of speech without a secret.
    pub speech_ms: u64,
    /// Stretches removed in it.
    pub spoken: u64,
    /// The same by what they were taken for.
    #[serde(default)]
    pub kinds: Vec<AlarmsOfKind>,
}

/// What was taken for one kind of secret, for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmsOfKind {
    /// The tag, such as `PERSON`.
    pub kind: String,
    /// Stretches in written conversations.
    pub written: u64,
    /// Stretches in speech.
    pub spoken: u64,
}

impl FalseAlarms {
    /// Counts one more stretch.
    pub(super) fn add(&mut self, kind: &str, spoken: bool) {
        let (written, spoken) = (u64::from(!spoken), u64::from(spoken));
        self.written += written;
        self.spoken += spoken;
        match self.kinds.iter_mut().find(|known| known.kind == kind) {
            Some(known) => {
                known.written += written;
                known.spoken += spoken;
            }
            None => self.kinds.push(AlarmsOfKind {
                kind: kind.to_owned(),
                written,
                spoken,
            }),
        }
    }

    /// The kinds in words: `PERSON 3, DATE_OF_BIRTH 1`, of one form.
    #[must_use]
    pub fn by_kind(&self, of: impl Fn(&AlarmsOfKind) -> u64) -> String {
        let counted = self.kinds.iter().filter(|one| of(one) > 0);
        let counted: Vec<String> = counted
            .map(|one| format!("{} {}", one.kind, of(one)))
            .collect();
        counted.join(", ")
    }

    /// Removed stretches per ten minutes of speech without a secret; `None` where there was none.
    #[must_use]
    pub fn per_ten_minutes(&self) -> Option<f64> {
        let float = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        (self.speech_ms > 0).then(|| float(self.spoken) * 600_000.0 / float(self.speech_ms))
    }
}

/// A type that was not planted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The type, or `spoken`.
    pub what: String,
    /// Why.
    pub why: String,
}

impl AuditReport {
    /// Secrets seen anywhere: in words, sound, index and every other place.
    #[must_use]
    pub fn sightings(&self) -> u64 {
        let types: u64 = self.types.iter().map(TypeFound::left).sum();
        types + self.places.iter().map(|place| place.seen).sum::<u64>()
    }

    /// The share of planted secrets that is left somewhere, with its interval: the miss rate.
    #[must_use]
    pub fn miss_rate(&self) -> Interval {
        let planted = self.types.iter().map(|found| found.planted).sum();
        Interval::wilson(self.types.iter().map(TypeFound::left).sum(), planted)
    }
}

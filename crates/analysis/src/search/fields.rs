//! Fields that a query may ask for, what they hold and how their values are written.

use std::collections::BTreeMap;

use domain::query::{FieldTest, FieldValue};

use super::{dates, error};

/// What a field holds, and so how its value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A word or name: `queue:billing`, `queue = "second line"`.
    Text,
    /// A number: `score.greeting>=80`.
    Number,
    /// Seconds, minutes or hours: `duration>5m`.
    Seconds,
    /// A share: `talk_ratio>60%` or `talk_ratio>0.6`.
    Share,
    /// A day or moment in UTC: `started>=2026-11-01`.
    Instant,
}

impl FieldKind {
    fn expected(self) -> &'static str {
        match self {
            Self::Text => "a word or a quoted text",
            Self::Number => "a number such as 80 or -0.5",
            Self::Seconds => "a length of time such as 90, 90s, 5m or 1h",
            Self::Share => "a share such as 60% or 0.6",
            Self::Instant => "a day or minute such as 2026-11-24 or 2026-11-24T10:30",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Text => "billing",
            Self::Number => "80",
            Self::Seconds => "90s",
            Self::Share => "60%",
            Self::Instant => "2026-11-24",
        }
    }
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// What it holds.
    pub kind: FieldKind,
    /// What it is, for an editor's list.
    pub about: String,
    /// Values to offer; others are allowed.
    pub values: Vec<String>,
}

/// The fields of a tenant: the standard ones and those it declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSet(BTreeMap<String, FieldSpec>);

const STANDARD: &[(&str, FieldKind, &str, &[&str])] = &[
    (
        "channel",
        FieldKind::Text,
        "how people met",
        &["voice", "chat", "email"],
    ),
    (
        "agent",
        FieldKind::Text,
        "the agent's id; write `agent = \"…\"`",
        &[],
    ),
    ("team", FieldKind::Text, "the agent's team", &[]),
    ("queue", FieldKind::Text, "the queue it came through", &[]),
    (
        "language",
        FieldKind::Text,
        "language of the words",
        &["en"],
    ),
    ("started", FieldKind::Instant, "when it began", &[]),
    (
        "duration",
        FieldKind::Seconds,
        "length of the interaction",
        &[],
    ),
    (
        "direction",
        FieldKind::Text,
        "who began",
        &["inbound", "outbound", "unknown"],
    ),
    (
        "party",
        FieldKind::Text,
        "roles of those who took part",
        &["agent", "consumer", "bot", "ivr"],
    ),
    ("tag", FieldKind::Text, "tags set by people", &[]),
    ("silence", FieldKind::Seconds, "sum of the silences", &[]),
    (
        "longest_silence",
        FieldKind::Seconds,
        "the longest silence",
        &[],
    ),
    ("overtalk", FieldKind::Seconds, "sum of overtalk", &[]),
    (
        "talk_ratio",
        FieldKind::Share,
        "agent's share of talking",
        &[],
    ),
    (
        "words_per_minute",
        FieldKind::Number,
        "words per minute of speaking",
        &[],
    ),
    (
        "response_gap",
        FieldKind::Seconds,
        "mean wait for an answer",
        &[],
    ),
    ("sentiment", FieldKind::Number, "from -1 to 1", &[]),
    ("sentiment_shift", FieldKind::Number, "end minus start", &[]),
    (
        "redacted",
        FieldKind::Text,
        "kinds of what was removed",
        &["CARD", "PERSON"],
    ),
];

impl FieldSet {
    /// The fields that every tenant has.
    #[must_use]
    pub fn standard() -> Self {
        let specs = STANDARD.iter().map(|(name, kind, about, values)| {
            let spec = FieldSpec {
                kind: *kind,
                about: (*about).to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            };
            ((*name).to_owned(), spec)
        });
        Self(specs.collect())
    }

    /// Adds or replaces a field that the tenant declared; its name is kept in lower case.
    pub fn declare(&mut self, name: &str, spec: FieldSpec) {
        self.0.insert(name.to_lowercase(), spec);
    }

    /// What a field holds; every `score.<name>` is a number.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<FieldKind> {
        if name
            .strip_prefix("score.")
            .is_some_and(|score| !score.is_empty())
        {
            return Some(FieldKind::Number);
        }
        self.0.get(name).map(|spec| spec.kind)
    }

    /// Every field by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldSpec)> {
        self.0.iter().map(|(name, spec)| (name.as_str(), spec))
    }

    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        error::nearest(name, self.0.keys().map(String::as_str))
    }
}

impl Default for FieldSet {
    fn default() -> Self {
        Self::standard()
    }
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Is,
    IsNot,
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// Why a comparison is refused: what was expected and a value that would do.
pub(super) struct BadValue {
    pub(super) expected: &'static str,
    pub(super) example: &'static str,
}

/// Reads what is compared with a field of a kind.
pub(super) fn test(
    kind: FieldKind,
    comparison: Comparison,
    text: &str,
    quoted: bool,
) -> Result<FieldTest, BadValue> {
    let bad = BadValue {
        expected: kind.expected(),
        example: kind.example(),
    };
    let made = match kind {
        FieldKind::Text => text_test(comparison, text),
        FieldKind::Instant => instant_test(comparison, text),
        _ if quoted => None,
        _ => number_test(kind, comparison, text),
    };
    if made.is_none() && kind == FieldKind::Text {
        return Err(BadValue {
            expected: "`:`, `=` or `!=` and a word, as for every field that holds words",
            example: bad.example,
        });
    }
    made.ok_or(bad)
}

fn text_test(comparison: Comparison, text: &str) -> Option<FieldTest> {
    let value = FieldValue::Text(text.to_owned());
    match comparison {
        _ if text.trim().is_empty() => None,
        Comparison::Is => Some(FieldTest::Is(value)),
        Comparison::IsNot => Some(FieldTest::IsNot(value)),
        _ => None,
    }
}

fn instant_test(comparison: Comparison, text: &str) -> Option<FieldTest> {
    let instant = FieldValue::Instant;
    if comparison == Comparison::Is
        && let Some((low, high)) = text.split_once("..")
    {
        let (low, high) = (dates::parse(low)?.0, dates::parse(high)?.1);
        return (low < high).then(|| FieldTest::Within(instant(low), instant(high)));
    }
    let (start, next) = dates::parse(text)?;
    Some(match comparison {
        Comparison::Is => FieldTest::Within(instant(start), instant(next)),
        Comparison::IsNot => FieldTest::Outside(instant(start), instant(next)),
        Comparison::Above => FieldTest::AtLeast(instant(next)),
        Comparison::AtLeast => FieldTest::AtLeast(instant(start)),
        Comparison::Below => FieldTest::Below(instant(start)),
        Comparison::AtMost => FieldTest::Below(instant(next)),
    })
}

fn number_test(kind: FieldKind, comparison: Comparison, text: &str) -> Option<FieldTest> {
    if comparison == Comparison::Is
        && let Some((low, high)) = text.split_once("..")
    {
        let (low, high) = (number(kind, low)?, number(kind, high)?);
        return (low <= high).then_some(FieldTest::Within(
            FieldValue::Number(low),
            FieldValue::Number(high),
        ));
    }
    let value = FieldValue::Number(number(kind, text)?);
    Some(match comparison {
        Comparison::Is => FieldTest::Is(value),
        Comparison::IsNot => FieldTest::IsNot(value),
        Comparison::Above => FieldTest::Above(value),
        Comparison::AtLeast => FieldTest::AtLeast(value),
        Comparison::Below => FieldTest::Below(value),
        Comparison::AtMost => FieldTest::AtMost(value),
    })
}

fn number(kind: FieldKind, text: &str) -> Option<f64> {
    let (digits, factor) = match kind {
        FieldKind::Seconds => seconds(text),
        FieldKind::Share => text
            .strip_suffix('%')
            .map_or((text, 1.0), |share| (share, 0.01)),
        FieldKind::Number | FieldKind::Text | FieldKind::Instant => (text, 1.0),
    };
    let plain = digits.strip_prefix('-').unwrap_or(digits);
    let valid = !plain.is_empty()
        && plain.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && plain.bytes().any(|b| b.is_ascii_digit());
    if !valid || plain.len() > 400 {
        return None;
    }
    let value: f64 = digits
        .parse()
        .ok()
        .filter(|value: &f64| value.abs() <= 1e15)?;
    // A share in percent is divided, not multiplied by 0.01, which would not be exact.
    let value = if factor < 1.0 {
        value / 100.0
    } else {
        value * factor
    };
    Some(if value == 0.0 { 0.0 } else { value })
}

fn seconds(text: &str) -> (&str, f64) {
    for (suffix, factor) in [("s", 1.0), ("m", 60.0), ("h", 3_600.0)] {
        if let Some(digits) = text.strip_suffix(suffix) {
            return (digits, factor);
        }
    }
    (text, 1.0)
}

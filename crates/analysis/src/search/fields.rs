//! Fields that a query may ask for, what they hold and how their values are written.

use std::collections::BTreeMap;

use domain::query::{FieldTest, FieldValue, Node, Query};

use super::cursor::KEYWORDS;
use super::error::QueryError;
use super::operands::{CONSUMER_NAMES, RESERVED};
use super::{dates, error};

/// Characters of a declared name.
const LONGEST_NAME: usize = 40;

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
pub struct FieldSet {
    known: BTreeMap<String, FieldSpec>,
    /// Any other name that may be declared is taken to hold words.
    others: bool,
}

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
        "words per minute of speaking, all speakers",
        &[],
    ),
    (
        "response_gap",
        FieldKind::Seconds,
        "mean wait for an agent's answer",
        &[],
    ),
    (
        "sentiment",
        FieldKind::Number,
        "how the consumer's words sound, from -1 to 1",
        &[],
    ),
    (
        "sentiment_shift",
        FieldKind::Number,
        "its last quarter less its first",
        &[],
    ),
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
        Self {
            known: specs.collect(),
            others: false,
        }
    }

    /// The same with every name that a tenant may declare, whether it did or not: for texts that
    /// were checked before.
    #[must_use]
    pub fn with_others(self) -> Self {
        Self {
            others: true,
            ..self
        }
    }

    /// Adds or replaces a field that the tenant declared; its name is kept in lower case.
    pub fn declare(&mut self, name: &str, spec: FieldSpec) {
        self.known.insert(name.to_lowercase(), spec);
    }

    /// The same without a declared field.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        let name = name.to_lowercase();
        if may_be_declared(&name) {
            self.known.remove(&name);
        }
        self
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
        let spec = self.known.get(name).map(|spec| spec.kind);
        spec.or_else(|| (self.others && may_be_declared(name)).then_some(FieldKind::Text))
    }

    /// Every field by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldSpec)> {
        self.known.iter().map(|(name, spec)| (name.as_str(), spec))
    }

    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        error::nearest(name, self.known.keys().map(String::as_str))
    }
}

impl Default for FieldSet {
    fn default() -> Self {
        Self::standard()
    }
}

/// Whether a tenant may declare a field of this name: a letter, then letters, digits and `_`, at
/// most forty, and no word of the language or field that there is anyway.
#[must_use]
pub fn may_be_declared(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let taken = RESERVED.iter().chain(KEYWORDS).chain(CONSUMER_NAMES);
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= LONGEST_NAME
        && name.chars().all(plain)
        && !taken.chain(&["speaker"]).any(|other| *other == name)
        && !name
            .strip_prefix("speaker")
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        && !STANDARD.iter().any(|(known, ..)| *known == name)
}

/// The first field of a query that a tenant does not have, with the nearest that it has.
#[must_use]
pub fn undeclared(query: &Query, fields: &FieldSet) -> Option<QueryError> {
    let of_all = |parts: &[Query]| parts.iter().find_map(|part| undeclared(part, fields));
    match &query.node {
        Node::Field { name, .. } if fields.kind(name).is_none() => {
            let fault = QueryError::new(
                usize::try_from(query.place.start).unwrap_or(0),
                "the name of a field or scope",
                format!("`{name}`"),
            );
            Some(match fields.nearest(name) {
                Some(nearest) => fault.try_instead(format!("{nearest}:")),
                None => fault,
            })
        }
        Node::Or(parts) | Node::And(parts) | Node::AnyOf(parts) => of_all(parts),
        Node::Not(inner) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => {
            undeclared(inner, fields)
        }
        Node::Relation(relation) => {
            undeclared(&relation.left, fields).or_else(|| undeclared(&relation.right, fields))
        }
        Node::NotIn(left, right) => undeclared(left, fields).or_else(|| undeclared(right, fields)),
        Node::Field { .. } | Node::Phrase { .. } | Node::Category { .. } | Node::Similar(_) => None,
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

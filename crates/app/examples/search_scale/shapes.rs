//! The kinds of queries, each filled with words of a rank; and the same for PostgreSQL where it
//! can say it.

use super::calls::{Dice, Language};

/// Words that the language reads as its own.
const OPERATORS: [&str; 8] = [
    "after", "and", "before", "first", "last", "near", "not", "or",
];

/// A kind of query.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// `{c}`, `{m}`, `{r}`: a common, a middling, a rare word; each further one is another.
    ours: &'static str,
    /// A condition over `words`, `started`, `queue`; empty where full-text search cannot say it.
    theirs: &'static str,
}

const fn shape(name: &'static str, ours: &'static str, theirs: &'static str) -> Shape {
    Shape { name, ours, theirs }
}

pub(crate) const SHAPES: &[Shape] = &[
    shape("common word", "{c}", "words @@ '{c}'"),
    shape("middling word", "{m}", "words @@ '{m}'"),
    shape("rare word", "{r}", "words @@ '{r}'"),
    shape("two common words", "{c} AND {c}", "words @@ '{c} & {c}'"),
    shape("common and rare word", "{c} {r}", "words @@ '{c} & {r}'"),
    shape(
        "five words, any",
        "[{m}, {m}, {m}, {r}, {r}]",
        "words @@ '{m} | {m} | {m} | {r} | {r}'",
    ),
    shape(
        "word without another",
        "{m} NOT {c}",
        "words @@ '{m} & !{c}'",
    ),
    shape(
        "usual phrase",
        "\"thank you for calling\"",
        "words @@ 'thank <-> you <-> for <-> calling'",
    ),
    shape(
        "unusual phrase",
        "\"take legal action\"",
        "words @@ 'take <-> legal <-> action'",
    ),
    shape("phrase by chance", "\"{c} {m}\"", "words @@ '{c} <-> {m}'"),
    shape(
        "phrase of two common words",
        "\"{c} {c}\"",
        "words @@ '{c} <-> {c}'",
    ),
    shape("phrase with a gap", "\"cancel subscription\"~2", ""),
    shape("wildcard", "subscri*", "words @@ 'subscri:*'"),
    shape(
        "near in seconds, one speaker",
        "consumer:(cancel NEAR:5 order)",
        "",
    ),
    shape(
        "near in seconds, by chance",
        "agent:({m} NEAR:5 refund)",
        "",
    ),
    shape("near in seconds, both common", "{c} NEAR:3 {c}", ""),
    shape("near in words, by chance", "{m} NEAR:5w refund", ""),
    shape("phrase with a gap, by chance", "\"{c} {m}\"~2", ""),
    shape("not near", "refund NOT NEAR:10 sorry", ""),
    shape("before, in words", "problem BEFORE:8w bill", ""),
    shape(
        "word in a queue",
        "{m} queue:billing",
        "words @@ '{m}' and queue = 'billing'",
    ),
    shape(
        "word in a month",
        "{m} started:2026-03-01..2026-03-31",
        "words @@ '{m}' and started >= 1772323200000 and started < 1775001600000",
    ),
    shape(
        "absence",
        "NOT \"thank you for calling\"",
        "not words @@ 'thank <-> you <-> for <-> calling'",
    ),
    shape(
        "absence at the start",
        "NOT first:30s(agent:\"thank you for calling\")",
        "",
    ),
];

impl Shape {
    /// One query of this kind, and PostgreSQL's condition, with the same words.
    pub(crate) fn fill(&self, language: &Language, seed: u64) -> (String, Option<String>) {
        let fill = |text: &str| {
            let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9) ^ 3);
            let mut filled = String::new();
            let mut rest = text;
            while let Some((before, after)) = rest.split_once('{') {
                filled.push_str(before);
                let (slot, after) = after.split_once('}').unwrap_or((after, ""));
                let (from, to) = match slot {
                    "c" => (40, 300),
                    "m" => (1_500, 5_000),
                    _ => (25_000, 45_000),
                };
                let place = from + dice.place(to - from);
                let mut words = language.words.iter().skip(place);
                let plain = words.find(|word| !OPERATORS.contains(&word.as_str()));
                filled.push_str(plain.map_or("refund", String::as_str));
                rest = after;
            }
            filled + rest
        };
        let theirs = (!self.theirs.is_empty()).then(|| fill(self.theirs));
        (fill(self.ours), theirs)
    }

    /// Whether the two ask for the same interactions: a phrase is one speaker's here, anybody's
    /// there.
    pub(crate) fn same(&self) -> bool {
        !self.theirs.is_empty() && !self.theirs.contains("<->")
    }
}

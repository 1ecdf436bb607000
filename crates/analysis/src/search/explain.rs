//! Says a query in plain English.

use domain::query::{Amount, Edge, FieldTest, FieldValue, Node, Order, Query, Reach, WordTest};
use domain::{Millis, SpeakerLabel};

use super::format::{range, value_text};
use super::inflect::inflections;

/// What the query asks for, and which words an index looks up first.
#[must_use]
pub fn explain(query: &Query) -> String {
    let mut text = format!("Interactions where {}.", holds(query));
    text.push_str("\nLooked up first: ");
    text.push_str(&match lookup(query) {
        Some(lookup) => format!("interactions with {lookup}."),
        None => "every interaction, because nothing in the query must be there.".to_owned(),
    });
    text
}

pub(super) fn percent(share: u32) -> String {
    match (share / 10, share % 10) {
        (whole, 0) => format!("{whole}%"),
        (whole, tenth) => format!("{whole}.{tenth}%"),
    }
}

fn joined(parts: &[Query], word: &str, say: fn(&Query) -> String) -> String {
    let said = parts.iter().map(|part| match &part.node {
        Node::Or(_) | Node::And(_) => format!("({})", say(part)),
        _ => say(part),
    });
    said.collect::<Vec<String>>().join(word)
}

/// As a sentence without a subject of its own.
fn holds(query: &Query) -> String {
    match &query.node {
        Node::Or(parts) => joined(parts, " or ", holds),
        Node::And(parts) => joined(parts, ", and ", holds),
        Node::Not(inner) => format!("it is not so that {}", grouped(inner)),
        Node::Field { name, test } => field(name, test),
        Node::Speaker(speaker, inner) if !is_thing(inner) => {
            format!("among {}'s words, {}", who(*speaker), grouped(inner))
        }
        Node::Edge(edge, reach, inner) if !is_thing(inner) => {
            format!("{}, {}", at_edge(*edge, *reach), grouped(inner))
        }
        _ => format!("there is {}", thing(query)),
    }
}

fn grouped(query: &Query) -> String {
    match &query.node {
        Node::Or(_) | Node::And(_) => format!("({})", holds(query)),
        _ => holds(query),
    }
}

/// Whether a part reads as something that is there.
fn is_thing(query: &Query) -> bool {
    match &query.node {
        Node::And(_) | Node::Not(_) | Node::Field { .. } => false,
        Node::Or(parts) | Node::AnyOf(parts) => parts.iter().all(is_thing),
        Node::Speaker(_, inner) | Node::Edge(_, _, inner) => is_thing(inner),
        _ => true,
    }
}

/// As a noun phrase.
fn thing(query: &Query) -> String {
    match &query.node {
        Node::Phrase { words, gap } => phrase(words, *gap),
        Node::AnyOf(parts) => format!("any of ({})", joined(parts, ", ", thing)),
        Node::Or(parts) => format!("({})", joined(parts, " or ", thing)),
        Node::And(parts) => format!("({}, all there)", joined(parts, " and ", thing)),
        Node::Relation(relation) => {
            let (left, right) = (thing(&relation.left), thing(&relation.right));
            let near = amount(relation.amount);
            let relative = match (relation.negated, relation.order) {
                (false, Order::Near) => format!("with at most {near} between it and"),
                (false, Order::Before) => format!("followed within {near} by"),
                (false, Order::After) => format!("preceded within {near} by"),
                (true, Order::Near) => format!("without, {near} or less away,"),
                (true, Order::Before) => format!("not followed within {near} by"),
                (true, Order::After) => format!("not preceded within {near} by"),
            };
            format!("{left} {relative} {right}")
        }
        Node::NotIn(left, right) => {
            format!("{} that is not part of {}", thing(left), thing(right))
        }
        Node::Speaker(speaker, inner) => format!("{} said by {}", thing(inner), who(*speaker)),
        Node::Edge(edge, reach, inner) => format!("{} {}", thing(inner), at_edge(*edge, *reach)),
        Node::Category { name, .. } => format!("a match of the category {name}"),
        Node::Similar(similar) => format!(
            "a turn that is at least {} like one of {}",
            similar.at_least,
            quoted(similar.phrases.iter())
        ),
        Node::Not(_) | Node::Field { .. } => format!("the fact that {}", holds(query)),
    }
}

fn phrase(words: &[WordTest], gap: u32) -> String {
    let said: Vec<String> = words.iter().map(word).collect();
    match (said.as_slice(), gap) {
        ([one], _) => one.clone(),
        (many, 0) => format!("the phrase {}", many.join(" ")),
        (many, gap) => format!(
            "the phrase {} with up to {gap} other words of the speaker between",
            many.join(" ")
        ),
    }
}

fn word(test: &WordTest) -> String {
    match test {
        WordTest::Exact(word) if word.starts_with('[') => {
            format!("something redacted as {}", word.to_uppercase())
        }
        WordTest::Exact(word) => format!("\"{word}\""),
        WordTest::Inflected(word) => format!("any of {}", quoted(inflections(word).iter())),
        WordTest::Wildcard(word) => format!("a word like {word}"),
        WordTest::Regex(source) => format!("a word that fits /{source}/"),
    }
}

fn quoted<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    quoted.join(", ")
}

fn who(speaker: SpeakerLabel) -> String {
    match speaker {
        SpeakerLabel::Agent => "the agent".to_owned(),
        SpeakerLabel::Consumer => "the consumer".to_owned(),
        SpeakerLabel::Ivr => "the recorded menu".to_owned(),
        SpeakerLabel::Bot => "the bot".to_owned(),
        SpeakerLabel::Other(number) => format!("speaker {number}"),
    }
}

fn time(time: Millis) -> String {
    format!("{} s", time.as_secs_f64())
}

fn amount(amount: Amount) -> String {
    match amount {
        Amount::Time(length) => time(length),
        Amount::Words(1) => "1 word".to_owned(),
        Amount::Words(words) => format!("{words} words"),
    }
}

fn at_edge(edge: Edge, reach: Reach) -> String {
    let end = match edge {
        Edge::First => "first",
        Edge::Last => "last",
    };
    let reach = match reach {
        Reach::Amount(reach) => amount(reach),
        Reach::Share(share) => percent(share),
    };
    format!("in the {end} {reach} of the interaction")
}

fn field(name: &str, test: &FieldTest) -> String {
    match test {
        FieldTest::Is(value) => format!("{name} is {}", value_text(value)),
        FieldTest::IsNot(value) => format!("{name} is not {}", value_text(value)),
        FieldTest::Above(value) => format!("{name} is above {}", value_text(value)),
        FieldTest::AtLeast(value) => match value {
            FieldValue::Instant(_) => format!("{name} is at or after {}", value_text(value)),
            _ => format!("{name} is at least {}", value_text(value)),
        },
        FieldTest::Below(value) => match value {
            FieldValue::Instant(_) => format!("{name} is before {}", value_text(value)),
            _ => format!("{name} is below {}", value_text(value)),
        },
        FieldTest::AtMost(value) => format!("{name} is at most {}", value_text(value)),
        FieldTest::Within(low, high) => format!("{name} is in {}", range(low, high)),
        FieldTest::Outside(low, high) => format!("{name} is not in {}", range(low, high)),
    }
}

/// The words that must be there, none where nothing must.
fn lookup(query: &Query) -> Option<String> {
    match &query.node {
        Node::Or(parts) | Node::AnyOf(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(lookup).collect();
            Some(format!("({})", parts?.join(" or ")))
        }
        Node::And(parts) => both(parts.iter().filter_map(lookup).collect()),
        Node::Not(_) | Node::Field { .. } | Node::Similar(_) => None,
        Node::Phrase { words, .. } => both(words.iter().map(word).collect()),
        Node::Relation(relation) if relation.negated => lookup(&relation.left),
        Node::Relation(relation) => both(
            [&relation.left, &relation.right]
                .into_iter()
                .filter_map(lookup)
                .collect(),
        ),
        Node::NotIn(left, _) => lookup(left),
        Node::Speaker(_, inner) | Node::Edge(_, _, inner) => lookup(inner),
        Node::Category { name, body } => match body {
            Some(body) => lookup(body),
            None => Some(format!("the words of the category {name}")),
        },
    }
}

fn both(parts: Vec<String>) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(" and "))
}

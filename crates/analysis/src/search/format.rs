//! Writes a query the way everyone should: operators in capitals, no needless parentheses.
//!
//! INVARIANT: what is written here reads back as the same tree.

use domain::query::{Amount, Edge, FieldTest, FieldValue, Node, Order, Query, Reach, WordTest};
use domain::{Millis, Timestamp};

use super::cursor::KEYWORDS;
use super::operands::RESERVED;
use super::{dates, words};

/// How tightly a part holds together, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Relation,
    Operand,
}

/// The query in its standard form.
#[must_use]
pub fn format(query: &Query) -> String {
    let mut out = String::new();
    write(query, Level::Or, &mut out);
    out
}

fn level(query: &Query) -> Level {
    match &query.node {
        Node::Or(_) => Level::Or,
        Node::And(_) => Level::And,
        Node::Not(_) => Level::Not,
        Node::Relation(_) | Node::NotIn(..) => Level::Relation,
        _ => Level::Operand,
    }
}

fn write(query: &Query, at_least: Level, out: &mut String) {
    let open = level(query) < at_least;
    if open {
        out.push('(');
    }
    write_node(&query.node, out);
    if open {
        out.push(')');
    }
}

fn write_node(node: &Node, out: &mut String) {
    match node {
        Node::Or(parts) => list(parts, " OR ", Level::And, out),
        Node::And(parts) => list(parts, " AND ", Level::Not, out),
        Node::Not(inner) => {
            out.push_str("NOT ");
            write(inner, Level::Relation, out);
        }
        Node::Phrase { words, gap } => phrase(words, *gap, out),
        Node::AnyOf(items) => any_of(items, out),
        Node::Relation(relation) => {
            write(&relation.left, Level::Relation, out);
            out.push_str(if relation.negated { " NOT " } else { " " });
            out.push_str(order_name(relation.order));
            out.push(':');
            out.push_str(&amount(relation.amount));
            out.push(' ');
            write(&relation.right, Level::Operand, out);
        }
        Node::NotIn(left, right) => {
            write(left, Level::Relation, out);
            out.push_str(" NOTIN ");
            write(right, Level::Operand, out);
        }
        Node::Speaker(speaker, inner) => {
            out.push_str(&speaker.to_string());
            out.push(':');
            write(inner, Level::Operand, out);
        }
        Node::Edge(edge, reach, inner) => {
            out.push_str(match edge {
                Edge::First => "first:",
                Edge::Last => "last:",
            });
            out.push_str(&reach_text(*reach));
            out.push('(');
            write(inner, Level::Or, out);
            out.push(')');
        }
        Node::Category { name, .. } => {
            out.push_str("CAT:[");
            out.push_str(name);
            out.push(']');
        }
        Node::Field { name, test } => out.push_str(&field(name, test)),
        // It has no form in the language; it is a component's own.
        Node::Similar(similar) => {
            out.push_str("SIMILAR:");
            out.push_str(&similar.at_least.to_string());
            out.push_str(&format!("{:?}", similar.phrases));
        }
    }
}

fn list(parts: &[Query], between: &str, at_least: Level, out: &mut String) {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        write(part, at_least, out);
    }
}

fn any_of(items: &[Query], out: &mut String) {
    out.push('[');
    list(items, ", ", Level::Operand, out);
    out.push(']');
}

pub(super) const fn order_name(order: Order) -> &'static str {
    match order {
        Order::Near => "NEAR",
        Order::Before => "BEFORE",
        Order::After => "AFTER",
    }
}

fn seconds(time: Millis) -> String {
    let (whole, rest) = (time.0 / 1_000, time.0 % 1_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}")
        .trim_end_matches('0')
        .to_owned()
}

fn amount(amount: Amount) -> String {
    match amount {
        Amount::Time(time) => seconds(time),
        Amount::Words(words) => format!("{words}w"),
    }
}

fn reach_text(reach: Reach) -> String {
    match reach {
        Reach::Amount(Amount::Time(time)) => format!("{}s", seconds(time)),
        Reach::Amount(Amount::Words(words)) => format!("{words}w"),
        Reach::Share(share) => super::explain::percent(share),
    }
}

/// Whether a normalised word reads back as itself without quotes.
fn stands_bare(word: &str) -> bool {
    !KEYWORDS.contains(&word) && word.chars().all(|c| words::is_letter(c) || c == '\'')
}

fn phrase(words: &[WordTest], gap: u32, out: &mut String) {
    match words {
        [WordTest::Regex(source)] => {
            out.push('/');
            out.push_str(&slashed(source));
            out.push('/');
        }
        [WordTest::Exact(word)] if word.starts_with('[') => out.push_str(&word.to_uppercase()),
        [WordTest::Exact(word)] if gap == 0 && stands_bare(word) => out.push_str(word),
        [WordTest::Wildcard(word)] if gap == 0 => out.push_str(word),
        [WordTest::Inflected(word)] if gap == 0 && word.chars().all(|c| c != '.') => {
            out.push_str(word);
            out.push('~');
        }
        words => {
            out.push('"');
            for (number, word) in words.iter().enumerate() {
                if number > 0 {
                    out.push(' ');
                }
                match word {
                    WordTest::Exact(word) if word.starts_with('[') => {
                        out.push_str(&word.to_uppercase());
                    }
                    WordTest::Exact(word) | WordTest::Wildcard(word) | WordTest::Regex(word) => {
                        out.push_str(word);
                    }
                    WordTest::Inflected(word) => {
                        out.push_str(word);
                        out.push('~');
                    }
                }
            }
            out.push('"');
            if gap > 0 {
                out.push_str(&format!("~{gap}"));
            }
        }
    }
}

/// A pattern with its slashes escaped, those that are escaped already left alone.
fn slashed(source: &str) -> String {
    let mut out = String::new();
    let mut escaped = false;
    for c in source.chars() {
        if c == '/' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}

fn field(name: &str, test: &FieldTest) -> String {
    let equals = if RESERVED.contains(&name) || name.starts_with("speaker") {
        "="
    } else {
        ":"
    };
    match test {
        FieldTest::Is(value) => format!("{name}{equals}{}", value_text(value)),
        FieldTest::IsNot(value) => format!("{name}!={}", value_text(value)),
        FieldTest::Above(value) => format!("{name}>{}", value_text(value)),
        FieldTest::AtLeast(value) => format!("{name}>={}", value_text(value)),
        FieldTest::Below(value) => format!("{name}<{}", value_text(value)),
        FieldTest::AtMost(value) => format!("{name}<={}", value_text(value)),
        FieldTest::Within(low, high) => format!("{name}{equals}{}", range(low, high)),
        FieldTest::Outside(low, high) => format!("{name}!={}", range(low, high)),
    }
}

pub(super) fn range(low: &FieldValue, high: &FieldValue) -> String {
    let (FieldValue::Instant(low), FieldValue::Instant(high)) = (low, high) else {
        return format!("{}..{}", value_text(low), value_text(high));
    };
    let unit = dates::common_unit(*low, *high);
    let last = Timestamp(high.0.saturating_sub(unit));
    let (from, to) = (dates::write(*low, unit), dates::write(last, unit));
    if from == to {
        from
    } else {
        format!("{from}..{to}")
    }
}

pub(super) fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => {
            let bare = text
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if bare && !text.is_empty() {
                text.clone()
            } else {
                format!("\"{text}\"")
            }
        }
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Instant(at) => dates::write(*at, dates::common_unit(*at, *at)),
    }
}

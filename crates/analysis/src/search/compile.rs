//! A query with its words as small numbers, ready to run over many streams.

use std::collections::HashMap;

use domain::SpeakerLabel;
use domain::query::{
    Amount, Edge, FieldTest, FieldValue, Node, Order, Place, Query, Reach, Similar, TokenId,
};

use super::terms::Resolved;
use super::words;

/// A word of a lexicon.
pub(super) type Symbol = u32;

/// Numbers the words that compiled queries mention.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    symbols: HashMap<TokenId, Symbol>,
}

impl Lexicon {
    fn add(&mut self, token: TokenId) -> Symbol {
        let next = Symbol::try_from(self.symbols.len()).unwrap_or(Symbol::MAX);
        *self.symbols.entry(token).or_insert(next)
    }

    pub(super) fn get(&self, token: TokenId) -> Option<Symbol> {
        self.symbols.get(&token).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.symbols.len()
    }
}

/// A compiled query.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Or(Vec<Step>),
    And(Vec<Step>),
    Not(Box<Step>),
    Phrase {
        /// What each place takes.
        words: Vec<Vec<Symbol>>,
        gap: u32,
        place: Place,
    },
    Relation {
        left: Box<Step>,
        order: Order,
        negated: bool,
        amount: Amount,
        right: Box<Step>,
    },
    NotIn(Box<Step>, Box<Step>),
    Speaker(SpeakerLabel, Box<Step>),
    Edge(Edge, Reach, Box<Step>),
    Field(String, FieldTest),
    Similar(Similar, Place),
}

/// None if a word, pattern or category is not resolved, or an example where none are compared.
pub(super) fn compile(query: &Query, resolved: &Resolved, lexicon: &mut Lexicon) -> Option<Step> {
    let boxed = |query: &Query, lexicon: &mut Lexicon| -> Option<Box<Step>> {
        compile(query, resolved, lexicon).map(Box::new)
    };
    Some(match &query.node {
        Node::Or(parts) | Node::AnyOf(parts) => Step::Or(all(parts, resolved, lexicon)?),
        Node::And(parts) => Step::And(all(parts, resolved, lexicon)?),
        Node::Not(inner) => Step::Not(boxed(inner, lexicon)?),
        Node::Phrase { words, gap } => {
            let mut places = Vec::with_capacity(words.len());
            for word in words {
                let tokens = resolved.tokens(word)?;
                let mut symbols: Vec<Symbol> =
                    tokens.into_iter().map(|token| lexicon.add(token)).collect();
                symbols.sort_unstable();
                places.push(symbols);
            }
            Step::Phrase {
                words: places,
                gap: *gap,
                place: query.place,
            }
        }
        Node::Relation(relation) => Step::Relation {
            left: boxed(&relation.left, lexicon)?,
            order: relation.order,
            negated: relation.negated,
            amount: relation.amount,
            right: boxed(&relation.right, lexicon)?,
        },
        Node::NotIn(left, right) => Step::NotIn(boxed(left, lexicon)?, boxed(right, lexicon)?),
        Node::Speaker(speaker, inner) => Step::Speaker(*speaker, boxed(inner, lexicon)?),
        Node::Edge(edge, reach, inner) => Step::Edge(*edge, *reach, boxed(inner, lexicon)?),
        Node::Category { body, .. } => compile(body.as_deref()?, resolved, lexicon)?,
        Node::Field { name, test } => Step::Field(name.clone(), folded(test)),
        Node::Similar(similar) if resolved.compares() => {
            Step::Similar(similar.clone(), query.place)
        }
        Node::Similar(_) => return None,
    })
}

fn all(parts: &[Query], resolved: &Resolved, lexicon: &mut Lexicon) -> Option<Vec<Step>> {
    parts
        .iter()
        .map(|part| compile(part, resolved, lexicon))
        .collect()
}

fn folded(test: &FieldTest) -> FieldTest {
    let fold = |value: &FieldValue| match value {
        FieldValue::Text(text) => FieldValue::Text(words::fold(text.trim())),
        other => other.clone(),
    };
    match test {
        FieldTest::Is(value) => FieldTest::Is(fold(value)),
        FieldTest::IsNot(value) => FieldTest::IsNot(fold(value)),
        other => other.clone(),
    }
}

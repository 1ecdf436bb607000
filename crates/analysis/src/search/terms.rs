//! The words a query mentions, and what they are in a tenant's hashes.

use std::collections::{BTreeSet, HashMap};

use domain::query::{Node, Query, Similar, TokenId, WordTest};

use super::inflect::inflections;
use super::pattern::Pattern;

/// Everything of a query that must be turned into hashes before it can be matched.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    words: BTreeSet<String>,
    patterns: Vec<Pattern>,
    categories: BTreeSet<String>,
    similar: BTreeSet<Similar>,
}

impl Terms {
    /// Normalised words, inflections among them, each once.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Wildcards and regular expressions, each once, to compare with the vocabulary.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter()
    }

    /// Categories whose references were not followed.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(String::as_str)
    }

    /// Examples that turns are compared with, each once.
    #[must_use]
    pub const fn similar(&self) -> &BTreeSet<Similar> {
        &self.similar
    }

    /// Adds another query's.
    pub fn add(&mut self, query: &Query) {
        match &query.node {
            Node::Or(parts) | Node::And(parts) | Node::AnyOf(parts) => {
                parts.iter().for_each(|part| self.add(part));
            }
            Node::Not(inner) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => self.add(inner),
            Node::Relation(relation) => {
                self.add(&relation.left);
                self.add(&relation.right);
            }
            Node::NotIn(left, right) => {
                self.add(left);
                self.add(right);
            }
            Node::Phrase { words, .. } => words.iter().for_each(|word| self.add_word(word)),
            Node::Category {
                body: Some(body), ..
            } => self.add(body),
            Node::Category { name, body: None } => {
                self.categories.insert(name.clone());
            }
            Node::Similar(similar) => {
                self.similar.insert(similar.clone());
            }
            Node::Field { .. } => {}
        }
    }

    fn add_word(&mut self, test: &WordTest) {
        match test {
            WordTest::Exact(word) => {
                self.words.insert(word.clone());
            }
            WordTest::Inflected(word) => self.words.extend(inflections(word)),
            WordTest::Wildcard(_) | WordTest::Regex(_) => {
                if !self.patterns.iter().any(|pattern| pattern.test() == test) {
                    self.patterns.extend(Pattern::of(test));
                }
            }
        }
    }
}

/// The words, inflections and patterns of a query.
#[must_use]
pub fn terms(query: &Query) -> Terms {
    let mut terms = Terms::default();
    terms.add(query);
    terms
}

/// What words and patterns are in a tenant's hashes; filled from [`Terms`].
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    words: HashMap<String, TokenId>,
    patterns: HashMap<WordTest, Vec<TokenId>>,
    compares: bool,
}

impl Resolved {
    /// Notes the hash of a word.
    pub fn word(&mut self, word: &str, token: TokenId) {
        self.words.insert(word.to_owned(), token);
    }

    /// Notes the hashes of the vocabulary's words that match a pattern.
    pub fn pattern(&mut self, pattern: &Pattern, tokens: impl IntoIterator<Item = TokenId>) {
        let mut tokens: Vec<TokenId> = tokens.into_iter().collect();
        tokens.sort_unstable();
        tokens.dedup();
        self.patterns.insert(pattern.test().clone(), tokens);
    }

    /// Notes that every stream says which of its turns are like the examples. Without it, a query
    /// with examples is not resolved: it matches nothing, and no `NOT` turns that into a match.
    pub const fn compared(&mut self) {
        self.compares = true;
    }

    pub(super) const fn compares(&self) -> bool {
        self.compares
    }

    /// The hashes that a place of a phrase takes, in order; none if they were not noted.
    pub(super) fn tokens(&self, test: &WordTest) -> Option<Vec<TokenId>> {
        let mut tokens = match test {
            WordTest::Exact(word) => vec![*self.words.get(word)?],
            WordTest::Inflected(word) => inflections(word)
                .iter()
                .map(|form| self.words.get(form).copied())
                .collect::<Option<Vec<TokenId>>>()?,
            WordTest::Wildcard(_) | WordTest::Regex(_) => self.patterns.get(test)?.clone(),
        };
        tokens.sort_unstable();
        tokens.dedup();
        Some(tokens)
    }
}

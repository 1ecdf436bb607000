//! Many queries over one interaction in one pass.
//!
//! Each word of the interaction is looked up once in the union of all queries' words. A query
//! wakes only if one of its anchor words is there (for `a AND b` the one that looks rarer, for
//! `a OR b` both), runs only if its whole candidate plan is met, and then shares the index over
//! the interaction with the others. Queries that ask for absence always run.

use std::collections::HashMap;

use domain::query::{Evidence, Fields, Query, TokenId, WordStream};

use super::compile::{self, Lexicon, Step};
use super::matcher;
use super::plan::{self, CandidatePlan};
use super::scan::Scan;
use super::terms::{Resolved, Terms};

/// Queries compiled together.
#[derive(Debug, Clone)]
pub struct Battery {
    lexicon: Lexicon,
    entries: Vec<Entry>,
    /// Which entries each word wakes.
    wakes: Vec<Vec<u32>>,
    always: Vec<u32>,
    unresolved: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// Position among the queries given.
    query: usize,
    step: Step,
    plan: CandidatePlan,
}

/// A query that matched, by its position among those given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatteryHit {
    /// Position of the query.
    pub query: usize,
    /// As from [`super::evaluate`].
    pub evidence: Vec<Evidence>,
}

impl Battery {
    /// Compiles queries whose terms are all in `resolved`.
    #[must_use]
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a Query>, resolved: &Resolved) -> Self {
        let mut battery = Self {
            lexicon: Lexicon::default(),
            entries: Vec::new(),
            wakes: Vec::new(),
            always: Vec::new(),
            unresolved: Vec::new(),
        };
        let mut rarity = HashMap::new();
        for (position, query) in queries.into_iter().enumerate() {
            note_rarity(query, resolved, &mut rarity);
            battery.add(position, query, resolved, &rarity);
        }
        battery.wakes.resize(battery.lexicon.len(), Vec::new());
        battery
    }

    /// Positions of queries that were not fully resolved; they match nothing.
    #[must_use]
    pub fn unresolved(&self) -> &[usize] {
        &self.unresolved
    }

    /// Every query that matches, in the order given.
    #[must_use]
    pub fn run(&self, stream: &WordStream, fields: &Fields) -> Vec<BatteryHit> {
        let scan = Scan::new(stream, &self.lexicon);
        let holds = |leaf: &CandidatePlan| match leaf {
            CandidatePlan::Token(token) => {
                let symbol = self.lexicon.get(*token);
                symbol.is_some_and(|symbol| !scan.positions(symbol).is_empty())
            }
            // The plans here are of words only.
            _ => true,
        };
        let mut awake = vec![false; self.entries.len()];
        let mut wake = |entry: &u32| {
            let slot = usize::try_from(*entry)
                .ok()
                .and_then(|at| awake.get_mut(at));
            if let Some(slot) = slot {
                *slot = true;
            }
        };
        self.always.iter().for_each(&mut wake);
        for (symbol, entries) in (0..).zip(&self.wakes) {
            if !scan.positions(symbol).is_empty() {
                entries.iter().for_each(&mut wake);
            }
        }
        let mut hits = Vec::new();
        for (entry, awake) in self.entries.iter().zip(awake) {
            if !awake || !entry.plan.meets(&holds) {
                continue;
            }
            if let Some(evidence) = matcher::run(&entry.step, &scan, fields) {
                hits.push(BatteryHit {
                    query: entry.query,
                    evidence,
                });
            }
        }
        hits
    }

    fn add(
        &mut self,
        position: usize,
        query: &Query,
        resolved: &Resolved,
        rarity: &HashMap<TokenId, usize>,
    ) {
        let Some(step) = compile::compile(query, resolved, &mut self.lexicon) else {
            self.unresolved.push(position);
            return;
        };
        let plan = plan::candidates(query, resolved).words_only();
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        match anchors(&plan, rarity) {
            None => self.always.push(number),
            Some((_, tokens)) => {
                self.wakes.resize(self.lexicon.len(), Vec::new());
                for token in tokens {
                    self.wake(token, number);
                }
            }
        }
        self.entries.push(Entry {
            query: position,
            step,
            plan,
        });
    }

    fn wake(&mut self, token: TokenId, entry: u32) {
        let symbol = self
            .lexicon
            .get(token)
            .and_then(|symbol| usize::try_from(symbol).ok());
        if let Some(entries) = symbol.and_then(|at| self.wakes.get_mut(at)) {
            entries.push(entry);
        }
    }
}

/// Long words are rare words: the length of each resolved word stands for its rarity.
fn note_rarity(query: &Query, resolved: &Resolved, rarity: &mut HashMap<TokenId, usize>) {
    let mut terms = Terms::default();
    terms.add(query);
    for word in terms.words() {
        let test = domain::query::WordTest::Exact(word.to_owned());
        for token in resolved.tokens(&test).unwrap_or_default() {
            rarity.insert(token, word.len());
        }
    }
}

/// Words of which a matching interaction has at least one, with the rarity of the commonest;
/// none where the plan asks for nothing.
fn anchors(
    plan: &CandidatePlan,
    rarity: &HashMap<TokenId, usize>,
) -> Option<(usize, Vec<TokenId>)> {
    match plan {
        CandidatePlan::All
        | CandidatePlan::Next(..)
        | CandidatePlan::Near(_)
        | CandidatePlan::Unbroken(_)
        | CandidatePlan::Value { .. }
        | CandidatePlan::Started { .. }
        | CandidatePlan::Not(_) => None,
        CandidatePlan::None => Some((usize::MAX, Vec::new())),
        CandidatePlan::Token(token) => {
            Some((rarity.get(token).copied().unwrap_or(4), vec![*token]))
        }
        CandidatePlan::And(parts) => parts
            .iter()
            .filter_map(|part| anchors(part, rarity))
            .max_by_key(|(rare, tokens)| (*rare, usize::MAX - tokens.len())),
        CandidatePlan::Or(parts) => {
            let mut all = (usize::MAX, Vec::new());
            for part in parts {
                let (rare, tokens) = anchors(part, rarity)?;
                all.0 = all.0.min(rare);
                all.1.extend(tokens);
            }
            Some(all)
        }
    }
}

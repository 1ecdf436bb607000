//! Digit runs: numbers that belong together, with whatever stands between their digits.

use super::{NumberUse, Stream, Token, TokenKind, lexicon};

/// How many tokens may stand between two groups of one run.
pub(super) const LONGEST_GAP: usize = 6;
/// How many tokens of prompts may stand between two runs of one number over turns.
const LONGEST_PROMPT: usize = 16;

/// One run of digits in one turn: tokens `first..=last`.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) digits: String,
    /// Digits per block as the writer or speaker set them off: `078, 05, 1120` is 3, 2, 4.
    pub(crate) blocks: Vec<usize>,
    /// Every group was spoken or written in words.
    pub(crate) spelt: bool,
    /// Tokens that carry digits.
    pub(crate) groups: usize,
    pub(crate) turn: usize,
    /// A plus sign stands before it.
    pub(crate) plus: bool,
    /// Number of the chain it belongs to; runs of one chain may be one number.
    pub(crate) chain: usize,
}

impl Run {
    pub(crate) const fn len(&self) -> usize {
        self.digits.len()
    }
}

/// Every run, in order, chained over turns.
pub(crate) fn find(stream: &Stream) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(token) = stream.get(at) {
        if !token.is_plain_number() {
            at += 1;
            continue;
        }
        let mut run = start(stream, at, token);
        while let Some(next) = next_group(stream, run.last) {
            run.push(stream, next);
        }
        at = run.last + 1;
        run.chain = match runs.last() {
            Some(previous) if chained(stream, previous.last, run.first) => previous.chain,
            Some(previous) => previous.chain + 1,
            None => 0,
        };
        runs.push(run);
    }
    runs
}

fn start(stream: &Stream, at: usize, token: &Token) -> Run {
    Run {
        first: at,
        last: at,
        digits: token.digits().to_owned(),
        blocks: vec![token.digits().len()],
        spelt: token.spelt,
        groups: 1,
        turn: token.turn,
        plus: at > 0
            && stream
                .get(at - 1)
                .is_some_and(|t| t.is_mark('+') || t.word() == "plus"),
        chain: 0,
    }
}

impl Run {
    fn push(&mut self, stream: &Stream, at: usize) {
        let Some(token) = stream.get(at) else { return };
        let previous = stream.get(self.last);
        let set_off = at > self.last + 1
            || token.digits().len() > 1
            || previous.is_none_or(|token| token.digits().len() > 1);
        match self.blocks.last_mut() {
            Some(block) if !set_off => *block += token.digits().len(),
            _ => self.blocks.push(token.digits().len()),
        }
        self.last = at;
        self.digits.push_str(token.digits());
        self.spelt &= token.spelt;
        self.groups += 1;
    }
}

fn next_group(stream: &Stream, last: usize) -> Option<usize> {
    let turn = stream.get(last)?.turn;
    for at in last + 1..=last + 1 + LONGEST_GAP {
        let token = stream.get(at).filter(|t| t.turn == turn)?;
        if token.is_plain_number() {
            return Some(at);
        }
        // `the new one is +1 …`: behind a word, a plus opens a number of its own.
        let opens = token.is_mark('+')
            && !token.glued
            && stream.get(at - 1).is_some_and(|t| !t.word().is_empty());
        if opens || !joins(token) {
            return None;
        }
    }
    None
}

/// Whether a token may stand inside a number. Any mark but those of money, mail and percent
/// does, so that no way of grouping digits hides them.
pub(super) fn joins(token: &Token) -> bool {
    match token.kind {
        TokenKind::Mark(mark) => !matches!(mark, '@' | '$' | '€' | '£' | '¥' | '%' | '!'),
        TokenKind::Word => lexicon::joins_digits(token.word()),
        TokenKind::Number(_) | TokenKind::Placeholder(_) => false,
    }
}

/// Whether nothing but prompts and acknowledgements stands between two runs.
fn chained(stream: &Stream, last: usize, first: usize) -> bool {
    let between = stream.slice(last + 1, first);
    between.len() <= LONGEST_PROMPT
        && between.iter().all(|token| match token.kind {
            TokenKind::Mark(_) | TokenKind::Placeholder(domain::EntityKind::Card) => true,
            TokenKind::Word => lexicon::prompts_digits(token.word()),
            TokenKind::Number(usage) => usage == NumberUse::Phrase,
            TokenKind::Placeholder(_) => false,
        })
}

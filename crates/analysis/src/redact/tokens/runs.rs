//! Digit runs: numbers that belong together, with whatever stands between their digits.

use super::{Stream, Token, TokenKind, lexicon};

/// How many tokens may stand between two groups of one run.
const LONGEST_GAP: usize = 6;
/// How many tokens of prompts may stand between two runs of one number over turns.
const LONGEST_PROMPT: usize = 16;

/// One run of digits in one turn: tokens `first..=last`.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) digits: String,
    /// Digits per written or spoken group.
    pub(crate) groups: Vec<usize>,
    pub(crate) turn: usize,
    /// A plus sign stands before it.
    pub(crate) plus: bool,
    /// Number of the chain it belongs to; runs of one chain may be one number.
    pub(crate) chain: usize,
}

impl Run {
    pub(crate) fn len(&self) -> usize {
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
            run.push(next, stream.get(next).map_or("", Token::digits));
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
        groups: vec![token.digits().len()],
        turn: token.turn,
        plus: at > 0 && stream.get(at - 1).is_some_and(|t| t.is_mark('+') || t.word() == "plus"),
        chain: 0,
    }
}

impl Run {
    fn push(&mut self, at: usize, digits: &str) {
        self.last = at;
        self.digits.push_str(digits);
        self.groups.push(digits.len());
    }
}

fn next_group(stream: &Stream, last: usize) -> Option<usize> {
    let turn = stream.get(last)?.turn;
    for at in last + 1..=last + 1 + LONGEST_GAP {
        let token = stream.get(at).filter(|t| t.turn == turn)?;
        if token.is_plain_number() {
            return Some(at);
        }
        if !joins(token) {
            return None;
        }
    }
    None
}

fn joins(token: &Token) -> bool {
    match token.kind {
        TokenKind::Mark(mark) => {
            matches!(mark, '-' | '.' | ',' | '/' | '(' | ')' | '·' | '•' | '_' | '*' | '#' | '…' | '|' | '+' | '\'' | '"' | '?')
        }
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
            TokenKind::Number(usage) => usage == super::NumberUse::Phrase,
            TokenKind::Placeholder(_) => false,
        })
}

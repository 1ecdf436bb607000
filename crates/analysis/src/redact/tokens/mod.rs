//! One stream of normalised tokens for voice and writing.
//!
//! Spoken numbers become digits, punctuation becomes tokens of its own, words become lower
//! case. Reversible: each token keeps the range of source words it came from, so whatever is
//! found in the stream is removed from the words. The stream never decides what is secret.

pub(crate) mod dates;
mod lexer;
pub(crate) mod lexicon;
mod numbers;
pub(crate) mod runs;

use std::fmt;

use domain::{EntityKind, RawTranscript, WordIndex};

use super::words::Words;

/// What a number is used for, as far as its neighbours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberUse {
    /// Nothing known: may be part of an identifier.
    Plain,
    /// An amount of money.
    Money,
    /// A time of day.
    Time,
    /// An amount of something, a percentage, a decimal fraction.
    Quantity,
    /// `5th`, `fifth`.
    Ordinal,
    /// Part of a date.
    Date,
    /// Part of a phrase such as `the last four digits`.
    Phrase,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word in lower case.
    Word,
    /// Digits, written or spoken.
    Number(NumberUse),
    /// One character of punctuation.
    Mark(char),
    /// A place that is already redacted.
    Placeholder(EntityKind),
}

/// One token. `first..=last` are positions in reading order, see [`Stream::source`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Lower-case word, or the digits of a number; empty for marks and placeholders.
    pub text: String,
    /// First source position.
    pub first: usize,
    /// Last source position, inclusive.
    pub last: usize,
    /// Turn, counted in reading order.
    pub turn: usize,
    /// Speaker of the turn.
    pub speaker: u8,
    /// Starts with an upper-case letter in the source.
    pub capital: bool,
    /// Follows the previous token without white space.
    pub glued: bool,
    /// Was spoken or written in words rather than digits.
    pub spelt: bool,
}

impl Token {
    /// The word, or nothing for other kinds.
    #[must_use]
    pub fn word(&self) -> &str {
        if self.kind == TokenKind::Word {
            &self.text
        } else {
            ""
        }
    }

    /// The digits, or nothing for other kinds.
    #[must_use]
    pub fn digits(&self) -> &str {
        if self.is_number() { &self.text } else { "" }
    }

    /// Whether it is a number of any use.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self.kind, TokenKind::Number(_))
    }

    /// Whether it may be part of an identifier.
    #[must_use]
    pub fn is_plain_number(&self) -> bool {
        self.kind == TokenKind::Number(NumberUse::Plain)
    }

    /// Whether it is this punctuation.
    #[must_use]
    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// Whether a sentence ends with it.
    #[must_use]
    pub const fn ends_sentence(&self) -> bool {
        matches!(self.kind, TokenKind::Mark('.' | '?' | '!' | ';'))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?}, {}..={})", self.kind, self.first, self.last)
    }
}

/// The tokens of a conversation in reading order: turn by turn, each turn's words together
/// even where turns overlap in time.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    tokens: Vec<Token>,
    source: Vec<WordIndex>,
}

impl Stream {
    /// Normalises a transcript.
    #[must_use]
    pub fn of(raw: &RawTranscript) -> Self {
        let words = Words::of_transcript(raw);
        Self::of_words(&words, &[])
    }

    /// Normalises words, of which some are already `taken`.
    pub(crate) fn of_words(words: &Words<'_>, taken: &[Option<EntityKind>]) -> Self {
        let mut tokens = numbers::normalise(lexer::lex(words, taken));
        numbers::classify(&mut tokens);
        Self {
            tokens,
            source: words.source(),
        }
    }

    /// Every token.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The transcript's word at a position.
    #[must_use]
    pub fn source(&self, position: usize) -> Option<WordIndex> {
        self.source.get(position).copied()
    }

    /// Marks the numbers of a range as part of a phrase.
    pub(crate) fn mark_phrase(&mut self, first: usize, last: usize) {
        for token in self.tokens.get_mut(first..=last).unwrap_or_default() {
            if token.is_number() {
                token.kind = TokenKind::Number(NumberUse::Phrase);
            }
        }
    }

    pub(crate) fn mark_dates(&mut self) -> Vec<dates::DateSpan> {
        let found = dates::find(&self.tokens);
        for date in &found {
            for token in self.tokens.get_mut(date.first..=date.last).unwrap_or_default() {
                if token.is_number() {
                    token.kind = TokenKind::Number(NumberUse::Date);
                }
            }
        }
        found
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(crate) fn word(&self, at: usize) -> &str {
        self.get(at).map_or("", Token::word)
    }

    /// The tokens of a range, empty where it is none.
    pub(crate) fn slice(&self, first: usize, end: usize) -> &[Token] {
        self.tokens.get(first..end).unwrap_or_default()
    }

    pub(crate) fn same_turn(&self, a: usize, b: usize) -> bool {
        match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => a.turn == b.turn,
            _ => false,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

#[cfg(test)]
mod tests;

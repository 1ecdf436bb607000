//! One stream of normalised tokens for voice and writing.
//!
//! Spoken numbers become digits, punctuation becomes tokens of its own, words become lower
//! case. Reversible: each token keeps the range of source words it came from, so whatever is
//! found in the stream is removed from the words. The stream never decides what is secret.

pub(crate) mod codes;
pub(crate) mod dates;
mod everyday;
pub(crate) mod lexer;
pub(crate) mod lexicon;
mod numbers;
pub(crate) mod runs;

use std::fmt;

use domain::EntityKind;

use super::words::Words;

/// What a number is used for, as far as its neighbours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberUse {
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
pub(crate) enum TokenKind {
    /// A word in lower case.
    Word,
    /// Digits, written or spoken.
    Number(NumberUse),
    /// One character of punctuation.
    Mark(char),
    /// A place that is already redacted.
    Placeholder(EntityKind),
}

/// One token. `first..=last` are positions in reading order.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Lower-case word, or the digits of a number; empty for marks and placeholders.
    pub(crate) text: String,
    /// First source position.
    pub(crate) first: usize,
    /// Last source position, inclusive.
    pub(crate) last: usize,
    /// Turn, counted in reading order.
    pub(crate) turn: usize,
    /// Speaker of the turn.
    pub(crate) speaker: u8,
    /// Starts with an upper-case letter in the source.
    pub(crate) capital: bool,
    /// Every letter is upper case in the source.
    pub(crate) upper: bool,
    /// Follows the previous token without white space.
    pub(crate) glued: bool,
    /// Was spoken or written in words rather than digits.
    pub(crate) spelt: bool,
}

impl Token {
    /// The word, or nothing for other kinds.
    pub(crate) fn word(&self) -> &str {
        if self.kind == TokenKind::Word {
            &self.text
        } else {
            ""
        }
    }

    /// The digits, or nothing for other kinds.
    pub(crate) fn digits(&self) -> &str {
        if self.is_number() { &self.text } else { "" }
    }

    /// Whether it is a number of any use.
    pub(crate) const fn is_number(&self) -> bool {
        matches!(self.kind, TokenKind::Number(_))
    }

    /// Whether it may be part of an identifier.
    pub(crate) fn is_plain_number(&self) -> bool {
        self.kind == TokenKind::Number(NumberUse::Plain)
    }

    /// Whether it is this punctuation.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// Whether a sentence ends with it.
    pub(crate) const fn ends_sentence(&self) -> bool {
        matches!(self.kind, TokenKind::Mark('.' | '?' | '!' | ';'))
    }

    /// The letter that it spells, alone or by a spelling alphabet.
    pub(crate) fn letter(&self) -> Option<char> {
        let word = self.word();
        let mut letters = word.chars();
        match (letters.next(), letters.next()) {
            (Some(only), None) => Some(only),
            _ => lexicon::nato(word),
        }
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
pub(crate) struct Stream {
    tokens: Vec<Token>,
}

impl Stream {
    /// Normalises words, of which some are already `taken`.
    pub(crate) fn of_words(words: &Words<'_>, taken: &[Option<EntityKind>]) -> Self {
        let mut tokens = numbers::normalise(lexer::lex(words, taken));
        numbers::classify(&mut tokens);
        Self { tokens }
    }

    /// Every token.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(crate) fn mark_dates(&mut self) -> Vec<dates::DateSpan> {
        let found = dates::find(&self.tokens);
        for date in &found {
            for token in self
                .tokens
                .get_mut(date.first..=date.last)
                .unwrap_or_default()
            {
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

    /// The turn of a token.
    pub(crate) fn turn(&self, at: usize) -> Option<usize> {
        self.get(at).map(|token| token.turn)
    }
}

#[cfg(test)]
mod tests;

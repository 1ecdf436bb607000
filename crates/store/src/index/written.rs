//! Words with their places on their way into tantivy: a line for each word, its hash and then its
//! places.

use std::fmt::Write as _;
use std::str::{Lines, SplitAsciiWhitespace};

use domain::query::TokenId;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::places::Places;

/// The reader's name in the index's schema.
pub(super) const NAME: &str = "places";

/// A word as the index writes it.
pub(super) fn word(token: TokenId) -> String {
    format!("{:016x}", token.0)
}

pub(super) fn lines(places: &Places) -> String {
    let mut text = String::new();
    let mut ok = true;
    for (token, places) in places.words() {
        ok &= write!(text, "{:016x}", token.0).is_ok();
        for place in places {
            ok &= write!(text, " {place}").is_ok();
        }
        text.push('\n');
    }
    debug_assert!(ok, "writing to a string cannot fail");
    text
}

/// Reads such lines.
#[derive(Clone)]
pub(super) struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = Reading<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Reading<'a> {
        Reading {
            lines: text.lines(),
            places: "".split_ascii_whitespace(),
            token: Token::default(),
        }
    }
}

pub(super) struct Reading<'a> {
    lines: Lines<'a>,
    places: SplitAsciiWhitespace<'a>,
    token: Token,
}

impl TokenStream for Reading<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if let Some(place) = self.places.next().and_then(|place| place.parse().ok()) {
                self.token.position = place;
                return true;
            }
            let Some(line) = self.lines.next() else {
                return false;
            };
            let mut parts = line.split_ascii_whitespace();
            self.token.text.clear();
            self.token.text.push_str(parts.next().unwrap_or_default());
            self.places = parts;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

//! Names in answer to the question for one.

use super::{Finder, Found, Strength, may_be_name};
use crate::redact::tokens::{Token, TokenKind, lexicon};

impl Finder<'_, '_> {
    /// Answers to the question for a name.
    pub(super) fn replies(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let tokens = self.scan.stream.tokens();
        for (at, token) in tokens.iter().enumerate() {
            let opens_turn = at > 0 && tokens.get(at - 1).is_some_and(|t| t.turn != token.turn);
            if opens_turn && self.asks_name(at) {
                let start = self.past_lead(at, token.turn);
                found.extend(
                    self.name_from(start, Strength::Sure)
                        .map(|last| ((start, last), "name.reply", 0.85)),
                );
            }
        }
        found
    }

    /// Whether the turn before a token asks for a name.
    fn asks_name(&self, at: usize) -> bool {
        let Some(turn) = at.checked_sub(1).and_then(|i| self.scan.stream.turn(i)) else {
            return false;
        };
        let start = self.scan.turn_start(at - 1);
        let asked = self.scan.stream.slice(start, at);
        let word = |i: usize| self.scan.stream.word(i);
        // `a boy who is five` asks nothing.
        let asks = |i: usize| {
            i == start
                || self
                    .scan
                    .previous(i)
                    .is_none_or(|t| !t.is_number() && t.word().is_empty())
                || matches!(
                    word(i - 1),
                    "and" | "so" | "know" | "tell" | "ask" | "say" | "see"
                )
        };
        let names = |i: usize| {
            word(i) == "name"
                && !matches!(
                    word(i.saturating_sub(1)),
                    "user" | "company" | "business" | "pet" | "product" | "brand"
                )
                || matches!(word(i), "surname" | "names")
                || word(i) == "who" && asks(i) && matches!(word(i + 1), "am" | "is" | "i'm")
                || word(i) == "who"
                    && matches!(
                        word(i + 1),
                        "should" | "do" | "did" | "can" | "shall" | "would"
                    )
                    && (2..=4).any(|offset| {
                        matches!(
                            word(i + offset),
                            "ask" | "speak" | "talk" | "contact" | "address"
                        )
                    })
                || word(i) == "who's" && matches!(word(i + 1), "calling" | "speaking" | "this")
                || word(i) == "you"
                    && (i == start || matches!(word(i - 1), "and" | "so" | "who"))
                    && word(i + 1) == "are"
                    && self.scan.stream.get(i + 2).is_some_and(|t| t.is_mark('?'))
                || word(i) == "call"
                    && word(i + 1) == "you"
                    && self.scan.stream.get(i + 2).is_some_and(|t| t.is_mark('?'))
                || matches!(word(i), "speaking") && matches!(word(i + 1), "with" | "to")
        };
        let questions = |from: usize, to: usize| {
            let asked = self.scan.stream.slice(from, to);
            asked.iter().any(|token| {
                token.is_mark('?')
                    || matches!(
                        token.word(),
                        "may"
                            | "can"
                            | "could"
                            | "what"
                            | "what's"
                            | "who"
                            | "please"
                            | "spell"
                            | "confirm"
                            | "need"
                    )
            })
        };
        asked.iter().any(|t| t.turn == turn)
            && (start..at).filter(|i| names(*i)).any(|i| {
                // In what was heard some word of a long turn reads `names`: its own sentence asks.
                let (from, to) = if self.scan.words.heard {
                    self.sentence(i, start, at)
                } else {
                    (start, at)
                };
                questions(from, to)
            })
    }

    /// The tokens of the sentence around a token, within `start..end`.
    fn sentence(&self, at: usize, start: usize, end: usize) -> (usize, usize) {
        let ends = |i: &usize| self.scan.stream.get(*i).is_some_and(Token::ends_sentence);
        let from = (start..at).rev().find(ends).map_or(start, |i| i + 1);
        let to = (at..end).find(ends).map_or(end, |i| i + 1);
        (from, to)
    }

    fn past_lead(&self, mut at: usize, turn: usize) -> usize {
        let limit = at + 10;
        while let Some(token) = self
            .scan
            .stream
            .get(at)
            .filter(|t| t.turn == turn && at < limit)
        {
            let lead = matches!(token.kind, TokenKind::Mark(_))
                || lexicon::is_filler(token.word())
                || matches!(
                    token.word(),
                    "yes"
                        | "sure"
                        | "it"
                        | "it's"
                        | "is"
                        | "of"
                        | "course"
                        | "my"
                        | "name"
                        | "the"
                        | "yeah"
                        | "okay"
                        | "ok"
                        | "that"
                        | "that's"
                        | "would"
                        | "be"
                        | "i'm"
                        | "i"
                        | "am"
                        | "this"
                        | "certainly"
                        | "last"
                        | "and"
                        | "full"
                        | "so"
                        | "well"
                        | "hi"
                        | "hello"
                        | "let"
                        | "me"
                        | "see"
                        | "let's"
                        | "think"
                        | "just"
                )
                || token.is_number()
                || !may_be_name(token.word())
                    && (lexicon::is_common(token.word())
                        || (!token.capital || self.starts_sentence(at))
                            && self.is_cased(token)
                            && lexicon::is_everyday(token.word()));
            if !lead {
                break;
            }
            at += 1;
        }
        self.skip_titles(at)
    }
}

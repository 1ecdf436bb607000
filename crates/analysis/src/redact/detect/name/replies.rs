//! Names in answer to the question for one.

use super::{Finder, Found, Strength, may_be_name};
use crate::redact::tokens::{TokenKind, lexicon};

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
        let names = (start..at).any(|i| {
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
        });
        names
            && asked.iter().any(|t| t.turn == turn)
            && (asked.iter().any(|t| t.is_mark('?'))
                || (start..at).any(|i| {
                    matches!(
                        word(i),
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
                }))
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

//! What announces a name: introductions, titles, salutations, words for kin and staff.

use super::words::{is_title, stem};
use super::{Finder, Found, may_be_name};
use crate::redact::tokens::{TokenKind, lexicon};

/// How much an opener promises that a name follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// Any word that is not everyday talk.
    Sure,
    /// A word with a capital.
    Capital,
    /// A word with a capital, or a listed name where nothing has capitals.
    Likely,
}

impl Finder<'_, '_> {
    /// `my name is …`, `this is …`, `Dear …`, `Mr …`: the name behind token `at`.
    pub(super) fn announced(&self, at: usize) -> Option<Found> {
        let (length, strength) = self.opener(at)?;
        let mut start = at + length;
        while self.scan.stream.get(start).is_some_and(|t| {
            matches!(t.kind, TokenKind::Mark(',' | ':' | '"' | '-'))
                || lexicon::is_filler(t.word())
                || strength == Strength::Sure && matches!(t.word(), "is" | "it's" | "also")
        }) && start < at + length + 4
        {
            start += 1;
        }
        if self.scan.stream.turn(start) != self.scan.stream.turn(at) {
            return None;
        }
        let start = self.skip_titles(start);
        if self.is_misheard(at, start) {
            return None;
        }
        let last = self.name_from(start, strength)?;
        Some((
            (start, last),
            "name.announced",
            if strength == Strength::Sure {
                0.9
            } else {
                0.75
            },
        ))
    }

    /// `how can I help you today?`, `Okey doke`: what a recogniser makes of the last word has a
    /// capital like a name, so that behind what anything follows only a listed name is believed.
    fn is_misheard(&self, at: usize, start: usize) -> bool {
        let passing = match self.scan.stream.word(at) {
            "you" => matches!(self.scan.behind_word(at), "help" | "assist" | "serve"),
            "hi" | "hello" | "hey" | "thanks" | "okay" | "alright" | "right" | "sure"
            | "certainly" | "perfect" | "great" | "yes" | "no" | "sorry" => true,
            _ => false,
        };
        passing && self.scan.words.heard && !may_be_name(stem(self.scan.stream.word(start)))
    }

    fn opener(&self, at: usize) -> Option<(usize, Strength)> {
        let word = |offset: usize| {
            self.scan
                .stream
                .get(at + offset)
                .map_or("", |t| if t.is_number() { t.digits() } else { t.word() })
        };
        let named = |offset: usize| word(offset) == "name" || word(offset) == "names";
        Some(match (word(0), word(1), word(2)) {
            (
                "my" | "the" | "her" | "his" | "full" | "1" | "last" | "user's" | "your" | "legal"
                | "whose" | "and",
                _,
                "is" | "was",
            ) if named(1) => (3, Strength::Sure),
            ("my" | "the" | "her" | "his" | "full" | "1" | "last", "name's", _) => {
                (2, Strength::Sure)
            }
            ("name" | "names", "on", _) => {
                let is = (2..8).find(|offset| matches!(word(*offset), "is" | "reads" | "says"))?;
                (is + 1, Strength::Sure)
            }
            ("surname" | "cardholder" | "accountholder" | "nickname", "is" | "was", _) => {
                (2, Strength::Sure)
            }
            ("mr" | "mrs" | "ms" | "mister" | "missus" | "mx", _, _) => {
                (self.dotted(at), Strength::Sure)
            }
            ("dr" | "doctor" | "professor" | "prof" | "miss" | "sir", _, _) => {
                (self.dotted(at), Strength::Likely)
            }
            (
                "made" | "signed" | "written" | "sent" | "handled" | "done" | "sold" | "served"
                | "placed" | "paid" | "approved" | "visited" | "helped" | "taken",
                "by",
                _,
            )
            | ("name", "of", _) => (2, Strength::Capital),
            ("dear", _, _) => (1, Strength::Likely),
            ("attn" | "attention" | "sincerely" | "regards" | "cheers" | "faithfully", _, _) => {
                (1, Strength::Capital)
            }
            ("this", "is", _)
            | ("i", "am", _)
            | ("speaking" | "spoke" | "speak" | "talk" | "talking" | "talked", "with" | "to", _) => {
                (2, Strength::Likely)
            }
            ("you're" | "are", "speaking" | "talking", "with" | "to") => (3, Strength::Likely),
            ("it's", "under", _) => (2, Strength::Likely),
            (
                "i'm" | "im" | "it's" | "hi" | "hello" | "hey" | "thanks" | "morning" | "afternoon"
                | "evening" | "welcome" | "sorry" | "you" | "goodbye" | "bye" | "okay" | "alright"
                | "right" | "sure" | "certainly" | "perfect" | "great" | "yes" | "no" | "with",
                _,
                _,
            ) => (1, Strength::Likely),
            ("put" | "booked" | "filed" | "listed" | "registered" | "it", "under", _)
            | ("call", "me", _)
            | ("ask" | "asked" | "asking", "for", _)
            | ("behalf", "of", _)
            | ("calling" | "called", "for", _) => (2, Strength::Likely),
            (
                "wife" | "husband" | "son" | "daughter" | "brother" | "sister" | "mother"
                | "father" | "partner" | "colleague" | "manager" | "supervisor" | "boss" | "friend"
                | "technician" | "named" | "nurse" | "neighbor" | "neighbour" | "agent"
                | "representative" | "patient",
                _,
                _,
            ) => (1, Strength::Likely),
            (
                "name" | "cardholder" | "customer" | "caller" | "contact" | "from" | "to" | "cc"
                | "sender" | "holder" | "surname" | "payee" | "beneficiary",
                _,
                _,
            ) if self
                .scan
                .stream
                .get(at + 1)
                .is_some_and(|t| t.is_mark(':') || t.is_mark('=')) =>
            {
                (2, Strength::Capital)
            }
            ("name", _, _) if self.scan.stream.get(at + 1).is_some_and(|t| t.is_mark(',')) => {
                (2, Strength::Capital)
            }
            _ => return None,
        })
    }

    /// Title and the full stop behind it.
    fn dotted(&self, at: usize) -> usize {
        1 + usize::from(self.scan.stream.get(at + 1).is_some_and(|t| t.is_mark('.')))
    }

    pub(super) fn skip_titles(&self, mut at: usize) -> usize {
        while is_title(self.scan.stream.word(at)) {
            at += self.dotted(at);
        }
        at
    }
}

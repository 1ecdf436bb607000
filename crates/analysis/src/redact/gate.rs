//! What a name model is asked about: stretches around words that neither the rules nor the
//! lexicon explain. Most talk holds none and is skipped, which is what makes the chain quick.
//!
//! A word is explained where a rule removes it, where it is a number or a mark, or where it is a
//! word of everyday talk and nothing beside it makes a name of it: no capital within a sentence,
//! no title, no question for a name or an address. Everyday words are those of the detectors'
//! lexicon, `tokens/everyday/measured.txt` (every word of the model's own vocabulary that it took for
//! nobody's name in five neutral sentences; see `examples/gate_words.rs` of `app`) and
//! `tokens/everyday/added.txt`. Words that are names as well (`mark`, `grant`, `will`) are explained only
//! behind a word that no name follows.

use std::ops::Range;

use domain::{EntityKind, RawTranscript};

use super::cues::Cue;
use super::detect::name;
use super::merge;
use super::profile::Profile;
use super::scan::Scan;
use super::tokens::{Token, TokenKind, lexicon};
use super::words::Words;

/// Words on either side of an unexplained one that the model sees as well, within the turn.
const AROUND: usize = 24;
/// A shorter sentence is asked about together with the one before it.
const SHORT: usize = 6;
/// Words behind `name` in which one may be said.
const NAME_REACH: usize = 6;
/// Words behind what announces an address in which a place may be said.
const PLACE_REACH: usize = 8;

/// A stretch of a turn's text that may hold a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Index into [`super::turn_texts`].
    pub turn: usize,
    /// Bytes of that text, on words' borders.
    pub bytes: Range<usize>,
}

/// Kinds that a name model adds to.
const ASKED: [EntityKind; 7] = [
    EntityKind::Person,
    EntityKind::Address,
    EntityKind::Email,
    EntityKind::Phone,
    EntityKind::Url,
    EntityKind::GovernmentId,
    EntityKind::BankAccount,
];

/// What of a transcript a name model must read, in reading order; nothing where the profile
/// removes nothing that it could find.
#[must_use]
pub fn questions(raw: &RawTranscript, profile: &Profile) -> Vec<Question> {
    if !ASKED.iter().any(|kind| profile.removes(*kind)) {
        return Vec::new();
    }
    let words = Words::of_transcript(raw);
    let taken = merge::taken(&words, profile);
    let scan = Scan::of(&words, &taken, profile);
    let gate = Gate {
        scan: &scan,
        cased: cased_turns(&scan),
    };
    let tokens = scan.stream.tokens().iter().enumerate();
    let open = tokens.filter(|(at, token)| !gate.is_explained(*at, token));
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for (_, token) in open {
        let (first, last) = around(&words, token.first, token.last);
        match stretches.last_mut() {
            Some((_, end)) if *end + 1 >= first && same_turn(&words, *end, first) => {
                *end = last.max(*end);
            }
            _ => stretches.push((first, last)),
        }
    }
    let place = |(first, last): (usize, usize)| question(&words, first, last);
    stretches.into_iter().filter_map(place).collect()
}

/// Whether two positions are of one turn.
fn same_turn(words: &Words<'_>, one: usize, other: usize) -> bool {
    let turn = |at: usize| words.items.get(at).map(|item| item.turn);
    turn(one) == turn(other)
}

/// The sentence of words `first..=last`, at most [`AROUND`] words to each side, with the one before
/// it where it is short.
fn around(words: &Words<'_>, first: usize, last: usize) -> (usize, usize) {
    let ends = |at: usize| {
        let text = words.items.get(at).map_or("", |item| item.text);
        text.ends_with(['.', '?', '!', ';']) && text.len() > 2
    };
    let mut to = last;
    while to < last + AROUND && same_turn(words, to + 1, last) && !ends(to) {
        to += 1;
    }
    let mut from = first;
    while from > 0 && first - from < AROUND && same_turn(words, from - 1, first) {
        if ends(from - 1) && to + 1 - from >= SHORT {
            break;
        }
        from -= 1;
    }
    (from, to)
}

fn question(words: &Words<'_>, first: usize, last: usize) -> Option<Question> {
    let turn = words.items.get(first)?.turn;
    let begins = words.items.partition_point(|item| item.turn < turn);
    let length = |items: &[super::words::Item<'_>]| -> usize {
        items.iter().map(|item| item.text.len() + 1).sum()
    };
    let start = length(words.items.get(begins..first)?);
    let width = length(words.items.get(first..=last)?);
    Some(Question {
        turn,
        bytes: start..start + width - 1,
    })
}

/// Whether each turn is written with capitals and small letters: then a name has a capital.
fn cased_turns(scan: &Scan<'_>) -> Vec<bool> {
    let mut capital = Vec::new();
    let mut small = Vec::new();
    for token in scan.stream.tokens() {
        let size = token.turn + 1;
        capital.resize(size.max(capital.len()), false);
        small.resize(size.max(small.len()), false);
        if token.word().len() > 1 {
            for (list, holds) in [(&mut capital, token.capital), (&mut small, !token.upper)] {
                if let Some(slot) = list.get_mut(token.turn) {
                    *slot |= holds;
                }
            }
        }
    }
    capital.iter().zip(small).map(|(c, s)| *c && s).collect()
}

struct Gate<'s, 'a> {
    scan: &'s Scan<'a>,
    cased: Vec<bool>,
}

impl Gate<'_, '_> {
    fn is_explained(&self, at: usize, token: &Token) -> bool {
        if token.kind != TokenKind::Word {
            return true;
        }
        let word = name::stem(token.word());
        if word.chars().count() < 2 {
            return !self.is_code(at, token);
        }
        if self.scan.profile.keep.contains(word) || lexicon::is_filler(word) {
            return true;
        }
        if lexicon::month(word).is_some() && self.is_date_word(at) {
            return true;
        }
        let cased = self.cased.get(token.turn).copied().unwrap_or(false);
        if cased && token.capital && !self.opens_sentence(at) && !is_known_capital(word, token) {
            return self.is_cue(at) || self.holds_amount(at);
        }
        if name::is_plain_name(word) {
            return false;
        }
        if name::may_be_name(word) {
            return self.names_nobody(at, word);
        }
        lexicon::is_everyday(word) && !self.is_asked_for(at, word)
    }

    /// Letters and digits in one, such as an id that no rule knew: `X48201177`, but not `5th`.
    fn is_code(&self, at: usize, token: &Token) -> bool {
        let digits = |token: Option<&Token>| token.map_or(0, |token| token.digits().len());
        let next = self.scan.stream.get(at + 1).filter(|next| next.glued);
        let before = at.checked_sub(1).and_then(|i| self.scan.stream.get(i));
        digits(next).max(digits(before.filter(|_| token.glued))) >= 4
    }

    /// A month by its neighbours: `in may`, `may 5`, `last june`.
    fn is_date_word(&self, at: usize) -> bool {
        let next = self.scan.stream.get(at + 1);
        let before = self.scan.previous(at);
        next.is_some_and(Token::is_number)
            || before.is_some_and(|token| {
                token.is_number()
                    || matches!(
                        token.word(),
                        "in" | "of"
                            | "since"
                            | "until"
                            | "till"
                            | "last"
                            | "next"
                            | "this"
                            | "early"
                            | "late"
                            | "mid"
                            | "during"
                            | "before"
                            | "after"
                            | "by"
                    )
            })
    }

    fn opens_sentence(&self, at: usize) -> bool {
        self.scan.previous(at).is_none_or(
            |token| matches!(token.kind, TokenKind::Mark(mark) if mark != ',' && mark != '\''),
        )
    }

    /// Part of what announces a secret: `IBAN`, `Visa`, `PIN`.
    fn is_cue(&self, at: usize) -> bool {
        let cues = &self.scan.cues;
        let next = cues.partition_point(|cued| cued.last < at);
        let word = name::stem(self.scan.stream.word(at));
        cues.get(next).is_some_and(|cued| cued.first <= at) && !name::may_be_name(word)
    }

    /// Everyday words with a capital right before a number: `Ticket 4711`, `Chapter 12`.
    fn holds_amount(&self, at: usize) -> bool {
        let word = name::stem(self.scan.stream.word(at));
        self.scan.stream.get(at + 1).is_some_and(Token::is_number)
            && lexicon::is_everyday(word)
            && !name::may_be_name(word)
    }

    /// Whether a word that may be a name stands where no name does.
    fn names_nobody(&self, at: usize, word: &str) -> bool {
        let before = self.scan.previous(at).map_or("", Token::word);
        let earlier = at.checked_sub(2).map_or("", |i| self.scan.stream.word(i));
        let next = self.scan.stream.get(at + 1);
        let next = next.filter(|t| Some(t.turn) == self.scan.stream.turn(at));
        let addressed = before == "you" && matches!(earlier, "thank" | "are" | "love" | "miss");
        if matches!(word, "will" | "may") {
            let goes_on = next.is_some_and(|t| follows_verb(t.word()));
            let greeted = addressed
                || matches!(
                    before,
                    "is" | "am"
                        | "i'm"
                        | "im"
                        | "it's"
                        | "hi"
                        | "hello"
                        | "hey"
                        | "dear"
                        | "with"
                        | "name"
                        | "named"
                        | "called"
                        | "ask"
                        | "thanks"
                        | "uncle"
                        | "aunt"
                        | "miss"
                );
            return (goes_on || is_no_opener(before)) && !greeted;
        }
        let object = next.is_some_and(|t| matches!(t.word(), "it" | "them" | "as" | "us"));
        let verb = object && matches!(before, "to" | "and" | "or" | "then" | "please" | "may");
        (is_no_opener(before) || verb) && !addressed && !self.is_asked_for(at, word)
    }

    /// Whether a title or a question makes a name or a place of an everyday word.
    fn is_asked_for(&self, at: usize, word: &str) -> bool {
        let before = self.scan.previous(at);
        let title = before.is_some_and(|token| {
            name::is_title(token.word())
                || token.is_mark('.')
                    && at
                        .checked_sub(2)
                        .is_some_and(|i| name::is_title(self.scan.stream.word(i)))
        });
        if title {
            return true;
        }
        if lexicon::is_common(word) {
            return false;
        }
        let near = |reach: usize| {
            (1..=reach)
                .filter_map(|back| at.checked_sub(back))
                .map(|i| (i, self.scan.stream.word(i)))
        };
        let named = near(NAME_REACH).any(|(i, word)| {
            matches!(
                word,
                "name" | "name's" | "surname" | "named" | "spelled" | "spelt"
            ) && !matches!(
                i.checked_sub(1).map_or("", |i| self.scan.stream.word(i)),
                "user" | "brand" | "product" | "file" | "the"
            )
        });
        named || self.is_placed(at)
    }

    /// Whether the talk asks for a place or announces one right before a word.
    fn is_placed(&self, at: usize) -> bool {
        self.scan
            .before(at)
            .take_while(|cued| at - cued.last <= PLACE_REACH)
            .any(|cued| cued.cue == Cue::Address)
    }
}

/// Words with a capital of their own: weekdays, months, makers; and everyday words behind a
/// comma, as in `Yes, Thanks`.
fn is_known_capital(word: &str, token: &Token) -> bool {
    name::is_role(word) && !name::may_be_name(word)
        || lexicon::is_common(word) && !name::may_be_name(word)
        || token.upper && lexicon::is_everyday(word) && !name::may_be_name(word)
}

/// Words that no name follows.
fn is_no_opener(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "this"
            | "that"
            | "these"
            | "those"
            | "my"
            | "your"
            | "our"
            | "his"
            | "her"
            | "its"
            | "their"
            | "no"
            | "any"
            | "some"
            | "every"
            | "each"
            | "another"
            | "other"
            | "next"
            | "last"
            | "first"
            | "second"
            | "more"
            | "most"
            | "very"
            | "too"
            | "so"
            | "how"
            | "i"
            | "you"
            | "we"
            | "they"
            | "it"
            | "who"
            | "which"
            | "what"
            | "there"
            | "not"
            | "can"
            | "could"
            | "would"
            | "should"
            | "will"
            | "don't"
            | "didn't"
            | "doesn't"
            | "won't"
            | "can't"
            | "couldn't"
            | "also"
            | "just"
            | "in"
            | "on"
            | "at"
            | "per"
            | "into"
            | "onto"
            | "off"
            | "back"
            | "as"
            | "all"
            | "both"
            | "many"
            | "few"
            | "new"
            | "old"
            | "i'll"
            | "you'll"
            | "we'll"
            | "they'll"
            | "he'll"
            | "she'll"
            | "it'll"
            | "i'd"
            | "we'd"
            | "may"
            | "must"
            | "might"
            | "really"
            | "pretty"
            | "quite"
            | "only"
            | "half"
            | "full"
            | "up"
            | "whole"
            | "same"
            | "such"
            | "than"
            | "if"
            | "when"
            | "because"
            | "let's"
    )
}

/// Words before which `will` and `may` are verbs.
fn follows_verb(word: &str) -> bool {
    matches!(
        word,
        "be" | "have"
            | "not"
            | "i"
            | "you"
            | "we"
            | "it"
            | "the"
            | "this"
            | "that"
            | "they"
            | "he"
            | "she"
            | "my"
            | "your"
            | "a"
            | "an"
            | "do"
            | "get"
            | "need"
            | "take"
            | "also"
            | "never"
            | "only"
            | "cost"
            | "come"
            | "go"
            | "make"
            | "see"
            | "find"
            | "help"
            | "work"
            | "still"
            | "always"
            | "send"
            | "call"
            | "give"
            | "show"
            | "let"
            | "put"
            | "pay"
            | "expire"
            | "arrive"
            | "receive"
            | "contact"
            | "want"
            | "change"
            | "happen"
            | "start"
            | "stop"
            | "then"
            | "now"
            | "there"
            | "apply"
            | "remain"
            | "stay"
            | "keep"
            | "look"
            | "try"
            | "tell"
            | "ask"
            | "use"
            | "just"
            | "probably"
            | "definitely"
            | "even"
            | "end"
            | "run"
    )
}

#[cfg(test)]
mod tests;

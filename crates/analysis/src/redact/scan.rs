//! What every detector reads, and what it reports.

use std::borrow::Cow;

use domain::EntityKind;

use super::cues::{self, Cue, Cued};
use super::profile::Profile;
use super::tokens::codes::{self, Code};
use super::tokens::dates::DateSpan;
use super::tokens::runs::{self, Run};
use super::tokens::{Stream, Token, TokenKind, lexicon};
use super::words::Words;

/// How far a cue reaches, in tokens.
const REACH: usize = 40;
/// How far a cue reaches, in turns.
const REACH_TURNS: usize = 3;
/// How far a cue behind its number may be, in tokens.
const REACH_BACK: usize = 5;

/// A found span: words `first..=last` in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) kind: EntityKind,
    pub(crate) detector: Cow<'static, str>,
    pub(crate) confidence: f32,
}

/// A conversation, normalised and marked up.
pub(crate) struct Scan<'a> {
    pub(crate) words: &'a Words<'a>,
    pub(crate) stream: Stream,
    pub(crate) runs: Vec<Run>,
    pub(crate) codes: Vec<Code>,
    pub(crate) dates: Vec<DateSpan>,
    pub(crate) cues: Vec<Cued>,
    pub(crate) profile: &'a Profile,
    /// Heard by a recogniser that writes capitals: a name has one then, as far as it was
    /// understood as a name.
    pub(crate) hears_capitals: bool,
}

impl<'a> Scan<'a> {
    pub(crate) fn of(
        words: &'a Words<'a>,
        taken: &[Option<EntityKind>],
        profile: &'a Profile,
    ) -> Self {
        let mut stream = Stream::of_words(words, taken);
        let dates = stream.mark_dates();
        let runs = runs::find(&stream);
        let cues = cues::find(&stream);
        let codes = codes::find(&stream)
            .into_iter()
            .filter_map(|code| past_cue(code, &cues))
            .collect();
        let capital = |token: &Token| token.capital && token.word().len() > 1;
        let hears_capitals = words.heard && stream.tokens().iter().any(capital);
        Self {
            hears_capitals,
            words,
            stream,
            runs,
            codes,
            dates,
            cues,
            profile,
        }
    }

    /// A hit over tokens `first..=last`.
    pub(crate) fn hit(
        &self,
        (first, last): (usize, usize),
        kind: EntityKind,
        detector: &'static str,
        confidence: f32,
    ) -> Option<Hit> {
        Some(Hit {
            first: self.stream.get(first)?.first,
            last: self.stream.get(last)?.last,
            kind,
            detector: Cow::Borrowed(detector),
            confidence,
        })
    }

    /// Cues before a token, nearest first, as far as they reach.
    pub(crate) fn before(&self, at: usize) -> impl Iterator<Item = &Cued> {
        let end = self.cues.partition_point(|cued| cued.last < at);
        let turn = self.stream.turn(at).unwrap_or(0);
        self.cues
            .get(..end)
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(move |cued| {
                at - cued.last <= REACH
                    && self
                        .stream
                        .turn(cued.last)
                        .is_some_and(|other| turn - other <= REACH_TURNS)
            })
    }

    /// Cues right behind a token in its sentence: `739 is the security code`.
    pub(crate) fn behind(&self, at: usize) -> impl Iterator<Item = &Cued> {
        let start = self.cues.partition_point(|cued| cued.first <= at);
        let reach = self.sentence_end(at).min(at + REACH_BACK);
        self.cues
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |cued| cued.first <= reach)
    }

    /// Whether one of the cues reaches a token from before.
    pub(crate) fn cued(&self, at: usize, wanted: &[Cue]) -> bool {
        self.before(at).any(|cued| wanted.contains(&cued.cue))
    }

    /// Last token of the sentence of a token, within its turn.
    pub(crate) fn sentence_end(&self, at: usize) -> usize {
        let turn = self.stream.turn(at);
        let mut end = at;
        while self.stream.turn(end + 1) == turn
            && !self
                .stream
                .get(end)
                .is_some_and(|t| t.ends_sentence() && end > at)
        {
            end += 1;
        }
        end
    }

    /// Whether the turn of a token asks for something, with a mark or, as recognisers often leave
    /// it out, in words.
    pub(crate) fn asks(&self, at: usize) -> bool {
        let turn = self.stream.turn(at);
        let tokens = self.stream.tokens();
        let from = tokens.get(self.turn_start(at)..).unwrap_or_default();
        from.iter()
            .take_while(|token| Some(token.turn) == turn)
            .any(|token| {
                token.is_mark('?')
                    || matches!(
                        token.word(),
                        "what"
                            | "what's"
                            | "which"
                            | "where"
                            | "where's"
                            | "who"
                            | "when"
                            | "may"
                            | "can"
                            | "could"
                            | "would"
                            | "please"
                            | "give"
                            | "tell"
                            | "read"
                            | "spell"
                            | "confirm"
                            | "verify"
                            | "need"
                            | "enter"
                            | "have"
                            | "go"
                            | "and"
                            | "number"
                    )
            })
    }

    /// The first token of a token's turn.
    pub(crate) fn turn_start(&self, at: usize) -> usize {
        let turn = self.stream.turn(at);
        let mut start = at;
        while start > 0 && self.stream.turn(start - 1) == turn {
            start -= 1;
        }
        start
    }

    /// The token before, in the same turn.
    pub(crate) fn previous(&self, at: usize) -> Option<&Token> {
        let token = self.stream.get(at.checked_sub(1)?)?;
        (Some(token.turn) == self.stream.turn(at)).then_some(token)
    }

    /// Whether a placeholder of a kind stands among tokens `first..end`.
    pub(crate) fn holds(&self, first: usize, end: usize, kind: EntityKind) -> bool {
        self.stream
            .slice(first, end)
            .iter()
            .any(|t| t.kind == TokenKind::Placeholder(kind))
    }

    /// The word before a token, in the same turn.
    pub(crate) fn behind_word(&self, at: usize) -> &str {
        self.previous(at).map_or("", Token::word)
    }

    /// Letters spelt one after another in one turn: first token, last token, the letters. Marks,
    /// fillers and `double` may stand between.
    pub(crate) fn spelt(&self) -> Vec<(usize, usize, String)> {
        let mut found: Vec<(usize, usize, String)> = Vec::new();
        let mut gap = 0;
        let mut open = false;
        for (at, token) in self.stream.tokens().iter().enumerate() {
            let same_turn = self.stream.turn(at.saturating_sub(1)) == Some(token.turn);
            open &= same_turn && gap <= 3;
            if let Some(letter) = token.letter().filter(|_| !token.glued) {
                match found.last_mut() {
                    Some((_, last, letters)) if open => {
                        letters.push(letter);
                        *last = at;
                    }
                    _ => found.push((at, at, letter.to_string())),
                }
                open = true;
                gap = 0;
            } else if matches!(token.kind, TokenKind::Mark('-' | ',' | '.'))
                || lexicon::is_filler(token.word())
            {
                gap += 1;
            } else {
                open = false;
            }
        }
        found.retain(|(_, _, letters)| letters.len() >= 2);
        found
    }
}

/// A code without the cue that it begins with: `MRN V 50877717`.
fn past_cue(code: Code, cues: &[Cued]) -> Option<Code> {
    let begins = cues.partition_point(|cued| cued.last < code.first);
    match cues
        .get(begins)
        .filter(|cued| cued.first <= code.first && cued.last < code.last)
    {
        Some(cued) => code.behind(cued.last),
        None => Some(code),
    }
}

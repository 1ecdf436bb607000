//! A word stream with an index over it, and the part of it that a scope leaves.

use domain::query::{AlikeTurn, Amount, Edge, Reach, Similar, WordStream};
use domain::{Millis, SpeakerLabel};

use super::compile::{Lexicon, Symbol};

/// Position of a word in its stream.
pub(super) type Position = u32;

pub(super) struct Scan<'a> {
    stream: &'a WordStream,
    /// Each position's word; none for words that no query mentions.
    symbols: Vec<Option<Symbol>>,
    /// Where each symbol's positions begin in `positions`; one entry more than symbols.
    begins: Vec<usize>,
    positions: Vec<Position>,
    /// The same speaker's next position.
    next: Vec<Option<Position>>,
}

fn place(position: Position) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn position(at: usize) -> Position {
    Position::try_from(at).unwrap_or(Position::MAX)
}

impl<'a> Scan<'a> {
    pub(super) fn new(stream: &'a WordStream, lexicon: &Lexicon) -> Self {
        let symbols: Vec<Option<Symbol>> = stream
            .words
            .iter()
            .map(|word| lexicon.get(word.token))
            .collect();
        let mut begins = vec![0; lexicon.len() + 1];
        for symbol in symbols.iter().flatten() {
            if let Some(count) = begins.get_mut(place(*symbol) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let mut free = begins.clone();
        let mut positions = vec![0; sum];
        for (at, symbol) in symbols.iter().enumerate() {
            let slot = symbol.and_then(|symbol| free.get_mut(place(symbol)));
            if let Some(slot) = slot {
                if let Some(entry) = positions.get_mut(*slot) {
                    *entry = position(at);
                }
                *slot += 1;
            }
        }
        Self {
            stream,
            symbols,
            begins,
            positions,
            next: next_own(stream),
        }
    }

    /// Where a word stands, in order.
    pub(super) fn positions(&self, symbol: Symbol) -> &[Position] {
        let from = self.begins.get(place(symbol)).copied().unwrap_or(0);
        let to = self.begins.get(place(symbol) + 1).copied().unwrap_or(from);
        self.positions.get(from..to).unwrap_or_default()
    }

    pub(super) fn symbol(&self, at: Position) -> Option<Symbol> {
        self.symbols.get(place(at)).copied().flatten()
    }

    pub(super) fn next(&self, at: Position) -> Option<Position> {
        self.next.get(place(at)).copied().flatten()
    }

    pub(super) fn start(&self, at: Position) -> Millis {
        self.word(at).map_or(Millis::ZERO, |word| word.span.start())
    }

    pub(super) fn end(&self, at: Position) -> Millis {
        self.word(at).map_or(Millis::ZERO, |word| word.span.end())
    }

    pub(super) fn word(&self, at: Position) -> Option<&'a domain::query::StreamWord> {
        self.stream.words.get(place(at))
    }

    /// The turns that are like examples.
    pub(super) fn alike(&self, similar: &Similar) -> &'a [AlikeTurn] {
        let mut known = self.stream.alike.iter();
        known
            .find(|(own, _)| own == similar)
            .map_or(&[], |(_, turns)| turns.as_slice())
    }

    /// The first and last position of a turn's words, and their latest end.
    pub(super) fn turn(&self, turn: &AlikeTurn) -> Option<(Position, Position, Millis)> {
        let words = &self.stream.words;
        let from = words.partition_point(|word| word.span.start() < turn.span.start());
        let until = words.partition_point(|word| word.span.start() <= turn.span.end());
        let own = (from..until).zip(words.get(from..until)?);
        own.filter(|(_, word)| (turn.first..=turn.last).contains(&word.word))
            .map(|(at, word)| (position(at), position(at), word.span.end()))
            .reduce(|all, one| (all.0, one.1, all.2.max(one.2)))
    }

    pub(super) fn whole(&self) -> View {
        View {
            speaker: None,
            from: 0,
            to: position(self.stream.words.len()),
        }
    }

    /// What a speaker's scope leaves of a view.
    pub(super) fn of_speaker(&self, view: View, speaker: SpeakerLabel) -> View {
        if view.speaker.is_some_and(|other| other != speaker) {
            return View {
                to: view.from,
                ..view
            };
        }
        View {
            speaker: Some(speaker),
            ..view
        }
    }

    /// What an edge leaves of a view: the words are in order of start, so it is a range.
    pub(super) fn at_edge(&self, view: View, edge: Edge, reach: Reach) -> View {
        let words = &self.stream.words;
        let duration = self.stream.duration;
        let starts_by = |limit: u128| {
            position(words.partition_point(|word| u128::from(word.span.start().0) * 1_000 <= limit))
        };
        let starts_from = |limit: u128| {
            position(words.partition_point(|word| u128::from(word.span.start().0) * 1_000 < limit))
        };
        // Thousandths of a millisecond, so that shares are exact.
        let length = u128::from(duration.0) * 1_000;
        let (from, to) = match (edge, reach) {
            (Edge::First, Reach::Amount(Amount::Time(time))) => {
                (0, starts_by(u128::from(time.0) * 1_000))
            }
            (Edge::First, Reach::Share(share)) => {
                (0, starts_by(u128::from(duration.0) * u128::from(share)))
            }
            (Edge::First, Reach::Amount(Amount::Words(count))) => (0, count),
            (Edge::Last, Reach::Amount(Amount::Time(time))) => (
                starts_from(length.saturating_sub(u128::from(time.0) * 1_000)),
                Position::MAX,
            ),
            (Edge::Last, Reach::Share(share)) => (
                starts_from(length.saturating_sub(u128::from(duration.0) * u128::from(share))),
                Position::MAX,
            ),
            (Edge::Last, Reach::Amount(Amount::Words(count))) => {
                (position(words.len()).saturating_sub(count), Position::MAX)
            }
        };
        View {
            from: view.from.max(from),
            to: view.to.min(to),
            ..view
        }
    }

    pub(super) fn sees(&self, view: View, at: Position) -> bool {
        (view.from..view.to).contains(&at)
            && view
                .speaker
                .is_none_or(|speaker| self.word(at).is_some_and(|word| word.speaker == speaker))
    }
}

fn next_own(stream: &WordStream) -> Vec<Option<Position>> {
    let mut next = vec![None; stream.words.len()];
    let mut ahead: Vec<(SpeakerLabel, Position)> = Vec::new();
    for (at, word) in stream.words.iter().enumerate().rev() {
        let known = ahead
            .iter_mut()
            .find(|(speaker, _)| *speaker == word.speaker);
        let before = match known {
            Some((_, latest)) => Some(std::mem::replace(latest, position(at))),
            None => {
                ahead.push((word.speaker, position(at)));
                None
            }
        };
        if let Some(entry) = next.get_mut(at) {
            *entry = before;
        }
    }
    next
}

/// The words that a scope leaves: one speaker's or everyone's, from a position to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    speaker: Option<SpeakerLabel>,
    from: Position,
    to: Position,
}

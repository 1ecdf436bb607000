//! Words that stand near each other, as an index is asked for them.

use crate::query::{Order, StreamWord, TokenId, WordStream};
use crate::{Millis, SpeakerLabel};

/// A word of the first set near one of the second: what is left of a relation or of a phrase with
/// a gap once words are hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearby {
    /// The first word.
    pub left: Said,
    /// The second word.
    pub right: Said,
    /// Which comes first.
    pub order: Order,
    /// How far they may be from each other.
    pub reach: Apart,
}

/// One of some words, by one speaker or by anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The words.
    pub tokens: Vec<TokenId>,
    /// Who says it; none for anyone.
    pub speaker: Option<SpeakerLabel>,
}

/// How far two words may be from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Time from the end of the one that starts first to the start of the other.
    Time(Millis),
    /// Words of anyone strictly between.
    Words(u32),
    /// Both are one speaker's, with so many other words of that speaker between.
    Own(u32),
}

/// Words that one speaker says one right after the other, with nobody's word between: what an index
/// that knows places can be sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbroken {
    /// For each place which words may stand there.
    pub words: Vec<Vec<TokenId>>,
    /// Who says them; none for any one speaker.
    pub speaker: Option<SpeakerLabel>,
    /// Where all of them stand; none for anywhere.
    pub opening: Option<Opening>,
}

/// The beginning of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The words that start at this time or before.
    Time(Millis),
    /// The first words.
    Words(u32),
}

impl Opening {
    /// The smaller of two; none where one is a time and the other a number of words.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Time(a), Self::Time(b)) => Some(Self::Time(a.min(b))),
            (Self::Words(a), Self::Words(b)) => Some(Self::Words(a.min(b))),
            (Self::Time(_), Self::Words(_)) | (Self::Words(_), Self::Time(_)) => None,
        }
    }
}

impl Unbroken {
    /// Whether an interaction has them: the definition. An index may say no where this says yes,
    /// never the other way.
    #[must_use]
    pub fn holds(&self, stream: &WordStream) -> bool {
        let inside = |at: usize, word: &StreamWord| match self.opening {
            None => true,
            Some(Opening::Time(time)) => word.span.start() <= time,
            Some(Opening::Words(words)) => u32::try_from(at).is_ok_and(|at| at < words),
        };
        let by = |word: &StreamWord| self.speaker.is_none_or(|speaker| speaker == word.speaker);
        let length = self.words.len();
        let runs = stream.words.windows(length.max(1)).enumerate();
        let mut runs = runs.filter(|_| length > 0);
        runs.any(|(from, run)| {
            let one = run.first().map(|word| word.speaker);
            let places = run.iter().zip(&self.words).enumerate();
            let mut places = places.map(|(at, (word, tokens))| (from + at, word, tokens));
            places.all(|(at, word, tokens)| {
                tokens.contains(&word.token)
                    && Some(word.speaker) == one
                    && by(word)
                    && inside(at, word)
            })
        })
    }
}

impl Nearby {
    /// Whether an interaction has them: the definition, in the time of all pairs of words. An
    /// index may say yes where this says no, never the other way.
    #[must_use]
    pub fn holds(&self, stream: &WordStream) -> bool {
        let words = || stream.words.iter().enumerate();
        words().filter(|(_, word)| self.left.takes(word)).any(|a| {
            words()
                .filter(|(_, word)| self.right.takes(word))
                .any(|b| self.relates(stream, a, b))
        })
    }

    fn relates(
        &self,
        stream: &WordStream,
        (at, left): (usize, &StreamWord),
        (other, right): (usize, &StreamWord),
    ) -> bool {
        let ordered = match self.order {
            Order::Near => true,
            Order::Before => at < other,
            Order::After => at > other,
        };
        let (from, to) = (at.min(other), at.max(other));
        let (first, second) = if at <= other {
            (left, right)
        } else {
            (right, left)
        };
        let most = |words: u32| usize::try_from(words).unwrap_or(usize::MAX);
        let between = stream.words.get(from + 1..to).unwrap_or_default();
        ordered
            && match self.reach {
                Apart::Time(time) => {
                    second.span.start().0 <= first.span.end().0.saturating_add(time.0)
                }
                Apart::Words(words) => between.len() <= most(words),
                Apart::Own(words) => {
                    let own = between.iter().filter(|word| word.speaker == first.speaker);
                    first.speaker == second.speaker && own.count() <= most(words)
                }
            }
    }
}

impl Said {
    /// Whether a word is one of them.
    #[must_use]
    pub fn takes(&self, word: &StreamWord) -> bool {
        self.tokens.contains(&word.token)
            && self.speaker.is_none_or(|speaker| speaker == word.speaker)
    }
}

//! Two words that stand near each other, as an index is asked for them.

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

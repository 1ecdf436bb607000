//! Where the words of an interaction stand, as far as the index knows: enough to tell that two
//! words are nowhere near each other, so that fewer sealed streams are opened.
//!
//! The places of a word are turned: moved around the circle of all places by an amount that only
//! the tenant's key tells, another one for each word of each interaction. Without the key, a list
//! says how often one word stands there and how far apart, not which words stand beside it.

use std::collections::HashMap;
use std::fmt;

use domain::query::{Apart, Nearby, Order, Said, StreamWord, TokenId, WordStream};
use domain::{InteractionId, SpeakerLabel};

use super::source::Near;
use crate::keys::KeyedHash;

/// Seconds for which an interaction says how many words may lie so far from each other.
pub(super) const STEPS: [u64; 9] = [1, 2, 3, 5, 10, 20, 30, 60, 120];
/// Kinds of speakers that places tell apart.
pub(super) const KINDS: u32 = 4;
/// Words of an interaction that have places of their own; the others share the last.
const MOST: u32 = u32::MAX / KINDS / 2;

/// What the index knows of one interaction's words.
#[derive(Clone, Default)]
pub(crate) struct Places {
    /// Each distinct word in order of hash, with where its places end in `turned`.
    ends: Vec<(TokenId, usize)>,
    /// The turned places of one word after the other, each word's in order.
    turned: Vec<u32>,
    /// Number of words.
    pub(super) length: u32,
    /// How many words further a word may stand that starts within [`STEPS`] of the end of an
    /// earlier one; at last, within the next word of the same speaker.
    pub(super) spread: [u32; STEPS.len() + 1],
}

/// By how much places are turned.
#[derive(Clone)]
pub(crate) struct Turns(KeyedHash);

impl Turns {
    pub(super) fn of(hasher: &KeyedHash) -> Self {
        Self(hasher.clone())
    }

    fn amount(&self, id: InteractionId, token: TokenId, circle: u32) -> u32 {
        // No word and no mark begins with this character.
        let mut bytes = [0x1d; 25];
        let (_, rest) = bytes.split_at_mut(1);
        let (one, two) = rest.split_at_mut(16);
        one.copy_from_slice(id.as_uuid().as_bytes());
        two.copy_from_slice(&token.0.to_be_bytes());
        let turned = self.0.token(&bytes) % u64::from(circle.max(1));
        u32::try_from(turned).unwrap_or(0)
    }
}

/// Two are the same key's wherever they are compared.
impl PartialEq for Turns {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Turns {}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turns")
    }
}

impl Places {
    pub(super) fn of(turns: &Turns, id: InteractionId, stream: &WordStream) -> Self {
        let length = u32::try_from(stream.words.len()).map_or(MOST, |length| length.min(MOST));
        let circle = length.saturating_mul(KINDS).max(1);
        let mut words: Vec<(TokenId, u32)> = (0u32..)
            .zip(&stream.words)
            .map(|(at, word)| {
                let place = at.min(length.saturating_sub(1)) * KINDS + kind(word.speaker);
                (word.token, place)
            })
            .collect();
        words.sort_unstable();
        let mut ends = Vec::new();
        let mut turned = Vec::with_capacity(words.len());
        for one in words.chunk_by(|a, b| a.0 == b.0) {
            let Some((token, _)) = one.first() else {
                continue;
            };
            let by = turns.amount(id, *token, circle);
            // Those that pass the end of the circle come first.
            let passed = one.partition_point(|(_, place)| place + by < circle);
            let (before, after) = one.split_at(passed);
            let around = after
                .iter()
                .chain(before)
                .map(|(_, place)| (place + by) % circle);
            turned.extend(around);
            ends.push((*token, turned.len()));
        }
        Self {
            ends,
            turned,
            length,
            spread: spread(&stream.words),
        }
    }

    /// Each distinct word with its turned places.
    pub(super) fn words(&self) -> impl Iterator<Item = (TokenId, &[u32])> {
        let mut begin = 0;
        self.ends.iter().map(move |(token, end)| {
            let places = self.turned.get(begin..*end).unwrap_or_default();
            begin = *end;
            (*token, places)
        })
    }
}

const fn kind(speaker: SpeakerLabel) -> u32 {
    match speaker {
        SpeakerLabel::Agent => 0,
        SpeakerLabel::Consumer => 1,
        SpeakerLabel::Ivr | SpeakerLabel::Bot => 2,
        SpeakerLabel::Other(_) => 3,
    }
}

fn spread(words: &[StreamWord]) -> [u32; STEPS.len() + 1] {
    let mut spread = [0; STEPS.len() + 1];
    for (seconds, most) in STEPS.iter().zip(&mut spread) {
        *most = furthest(words, seconds * 1_000);
    }
    if let Some(last) = spread.last_mut() {
        *last = longest_step(words);
    }
    spread
}

/// How many words further a word may stand that starts within a time of the end of an earlier one.
fn furthest(words: &[StreamWord], millis: u64) -> u32 {
    let start = |at: usize| words.get(at).map(|word| word.span.start().0);
    let (mut reach, mut most) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        let limit = word.span.end().0.saturating_add(millis);
        reach = reach.max(at);
        while start(reach + 1).is_some_and(|start| start <= limit) {
            reach += 1;
        }
        while reach > at && start(reach).is_some_and(|start| start > limit) {
            reach -= 1;
        }
        most = most.max(reach - at);
    }
    u32::try_from(most).unwrap_or(u32::MAX)
}

/// How many words further a speaker's next word stands at most.
fn longest_step(words: &[StreamWord]) -> u32 {
    let mut latest: HashMap<SpeakerLabel, usize> = HashMap::new();
    let mut most = 0;
    for (at, word) in words.iter().enumerate() {
        if let Some(before) = latest.insert(word.speaker, at) {
            most = most.max(at - before);
        }
    }
    u32::try_from(most).unwrap_or(u32::MAX)
}

/// One side's words in an interaction: the place of each, and who says it.
#[derive(Default)]
pub(super) struct Heard(Vec<(u32, u32)>);

impl Heard {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a word's turned places.
    pub(super) fn add(&mut self, turned: &[u32], by: u32, circle: u32, side: &Said) {
        let wanted = side.speaker.map(kind);
        for place in turned {
            let place = (place % circle.max(1) + circle - by) % circle.max(1);
            let (at, speaker) = (place / KINDS, place % KINDS);
            if wanted.is_none_or(|wanted| wanted == speaker) {
                self.0.push((at, speaker));
            }
        }
    }

    /// Puts them in order of place.
    pub(super) fn settle(&mut self) {
        self.0.sort_unstable();
    }
}

/// How one question is decided interaction by interaction.
pub(super) struct Question<'a> {
    nearby: &'a Nearby,
    turns: &'a Turns,
}

impl<'a> Question<'a> {
    pub(super) const fn of(near: &'a Near) -> Self {
        Self {
            nearby: &near.nearby,
            turns: &near.turns,
        }
    }

    pub(super) fn amount(&self, id: InteractionId, token: TokenId, circle: u32) -> u32 {
        self.turns.amount(id, token, circle)
    }

    /// Which number of [`Places::spread`] the question goes by; none where words alone decide.
    pub(super) fn step(&self) -> Option<usize> {
        match self.nearby.reach {
            Apart::Time(time) => {
                let long = |seconds: &u64| seconds * 1_000 >= time.0;
                Some(STEPS.iter().position(long).unwrap_or(STEPS.len() + 1))
            }
            Apart::Own(_) => Some(STEPS.len()),
            Apart::Words(_) => None,
        }
    }

    /// How many words further one may stand than the other; `spread` is the number that
    /// [`Self::step`] asks for, none where the index does not have it.
    pub(super) fn most(&self, spread: Option<u32>) -> u32 {
        match self.nearby.reach {
            Apart::Words(words) => words.saturating_add(1),
            Apart::Time(_) => spread.unwrap_or(u32::MAX),
            Apart::Own(words) => {
                let steps = words.saturating_add(1);
                spread.map_or(u32::MAX, |step| step.saturating_mul(steps))
            }
        }
    }

    /// Whether some word of the left side stands near enough to one of the right.
    pub(super) fn holds(&self, left: &Heard, right: &Heard, most: u32) -> bool {
        let own = matches!(self.nearby.reach, Apart::Own(_));
        left.0.iter().any(|(at, speaker)| {
            let (from, to) = match self.nearby.order {
                Order::Near => (at.saturating_sub(most), at.saturating_add(most)),
                Order::Before => (at.saturating_add(1), at.saturating_add(most)),
                Order::After => (at.saturating_sub(most), at.saturating_sub(1)),
            };
            let first = right.0.partition_point(|(other, _)| *other < from);
            right
                .0
                .iter()
                .skip(first)
                .take_while(|(other, _)| *other <= to)
                .any(|(other, by)| (!own || by == speaker) && self.in_order(*at, *other))
        })
    }

    const fn in_order(&self, at: u32, other: u32) -> bool {
        match self.nearby.order {
            Order::Near => true,
            Order::Before => at < other,
            Order::After => at > other,
        }
    }
}

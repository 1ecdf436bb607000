//! Where the words of an interaction stand, as far as the index knows: enough to tell that two
//! words are nowhere near each other, so that fewer sealed streams are opened.
//!
//! The places of a word are turned: moved around the circle of all places by an amount that only
//! the tenant's key tells, another one for each word of each interaction. Without the key, a list
//! says how often one word stands there and how far apart, not which words stand beside it.

use std::collections::HashMap;
use std::fmt;

use domain::query::{Apart, Nearby, Opening, Order, StreamWord, TokenId, WordStream};
use domain::{InteractionId, Millis, SpeakerLabel};

use super::source::Question;
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
    /// How many words start within [`STEPS`] of the beginning.
    pub(super) opening: [u32; STEPS.len()],
}

/// By how much places are turned.
#[derive(Clone)]
pub(crate) struct Turns(KeyedHash);

impl Turns {
    pub(super) fn of(hasher: &KeyedHash) -> Self {
        Self(hasher.clone())
    }

    pub(super) fn amount(&self, id: InteractionId, token: TokenId, circle: u32) -> u32 {
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
            opening: opening(&stream.words),
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

fn opening(words: &[StreamWord]) -> [u32; STEPS.len()] {
    STEPS.map(|seconds| {
        let time = Millis(seconds * 1_000);
        let count = words.partition_point(|word| word.span.start() <= time);
        u32::try_from(count).unwrap_or(u32::MAX)
    })
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

/// How an interaction's places of a word are turned.
#[derive(Clone, Copy)]
pub(super) struct Around {
    pub(super) by: u32,
    pub(super) circle: u32,
}

/// The words of one place of a question in an interaction: where each stands, and who says it.
#[derive(Default)]
pub(super) struct Heard(Vec<(u32, u32)>);

impl Heard {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a word's turned places, where it is this speaker's.
    pub(super) fn add(&mut self, turned: &[u32], around: Around, speaker: Option<SpeakerLabel>) {
        let wanted = speaker.map(kind);
        let circle = around.circle.max(1);
        for place in turned {
            let place = (place % circle + circle - around.by) % circle;
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

    fn has(&self, place: u32, speaker: u32) -> bool {
        self.0.binary_search(&(place, speaker)).is_ok()
    }
}

impl Question {
    /// Whose words count at a place of the question; none for anyone's.
    pub(super) fn speaker(&self, place: usize) -> Option<SpeakerLabel> {
        match self {
            Self::Near(nearby) if place == 0 => nearby.left.speaker,
            Self::Near(nearby) => nearby.right.speaker,
            Self::Unbroken(unbroken) => unbroken.speaker,
        }
    }

    /// The column of numbers that decides beside places, and which of its numbers; none where
    /// places alone decide.
    pub(super) fn beside(&self) -> Option<(&'static str, usize)> {
        match self {
            Self::Near(nearby) => match nearby.reach {
                Apart::Time(time) => {
                    let long = |seconds: &u64| seconds * 1_000 >= time.0;
                    let step = STEPS.iter().position(long).unwrap_or(STEPS.len() + 1);
                    Some(("spread", step))
                }
                Apart::Own(_) => Some(("spread", STEPS.len())),
                Apart::Words(_) => None,
            },
            Self::Unbroken(unbroken) => match unbroken.opening {
                Some(Opening::Time(time)) => {
                    let within = |seconds: &u64| seconds * 1_000 <= time.0;
                    let steps = STEPS.iter().rposition(within);
                    Some(("opening", steps.unwrap_or(STEPS.len())))
                }
                Some(Opening::Words(_)) | None => None,
            },
        }
    }

    /// The answer where the index knows nothing of an interaction that has the words.
    pub(super) const fn unknown(&self) -> bool {
        match self {
            Self::Near(_) => true,
            Self::Unbroken(_) => false,
        }
    }

    /// Whether the words of an interaction stand as asked; `beside` is the number that
    /// [`Self::beside`] names, none where the index does not have it.
    pub(super) fn holds(&self, heard: &[Heard], beside: Option<u32>) -> bool {
        match (self, heard) {
            (Self::Near(nearby), [left, right]) => {
                near(nearby, (left, right), most(nearby, beside))
            }
            (Self::Unbroken(unbroken), [first, rest @ ..]) => {
                let end = match unbroken.opening {
                    None => u32::MAX,
                    Some(Opening::Words(words)) => words,
                    Some(Opening::Time(_)) => beside.unwrap_or(0),
                };
                in_a_row(first, rest, end)
            }
            _ => self.unknown(),
        }
    }
}

/// How many words further one may stand than the other.
const fn most(nearby: &Nearby, spread: Option<u32>) -> u32 {
    match (nearby.reach, spread) {
        (Apart::Words(words), _) => words.saturating_add(1),
        (Apart::Time(_), Some(spread)) => spread,
        (Apart::Own(words), Some(step)) => step.saturating_mul(words.saturating_add(1)),
        (Apart::Time(_) | Apart::Own(_), None) => u32::MAX,
    }
}

/// Whether some word of the left side stands near enough to one of the right.
fn near(nearby: &Nearby, (left, right): (&Heard, &Heard), most: u32) -> bool {
    let own = matches!(nearby.reach, Apart::Own(_));
    let in_order = |at: u32, other: u32| match nearby.order {
        Order::Near => true,
        Order::Before => at < other,
        Order::After => at > other,
    };
    left.0.iter().any(|(at, speaker)| {
        let (from, to) = match nearby.order {
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
            .any(|(other, by)| (!own || by == speaker) && in_order(*at, *other))
    })
}

/// Whether the words stand one right after the other before a place. Only two kinds of speakers are
/// one speaker each, so that nothing is sure of the others.
fn in_a_row(first: &Heard, rest: &[Heard], end: u32) -> bool {
    let sure = |speaker: u32| {
        [SpeakerLabel::Agent, SpeakerLabel::Consumer]
            .map(kind)
            .contains(&speaker)
    };
    let begins = first.0.iter().filter(|(_, speaker)| sure(*speaker));
    let mut begins = begins.filter(|(at, _)| *at < end);
    begins.any(|(at, speaker)| {
        (1u32..).zip(rest).all(|(step, heard)| {
            let place = at.saturating_add(step);
            place < end && heard.has(place, *speaker)
        })
    })
}

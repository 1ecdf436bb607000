//! What many conversations are about: turns whose vectors point alike, named by the phrases that
//! set them apart, counted by week and compared between two periods.
//!
//! A turn that is like no topic stays unclassified and is counted as such. The same turns in the
//! same order with the same seed give the same topics.

mod clusters;
mod names;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::Millis;

use clusters::Clusters;

/// How topics are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicSettings {
    /// Decides where the search for topics begins.
    pub seed: u64,
    /// Topics at most; none: as many as the number of turns suggests.
    pub most: Option<usize>,
    /// How like its topic's middle a turn must be, as a cosine.
    pub closeness: f32,
    /// Interactions that a topic, and a phrase in its name, must be in at least.
    pub fewest: usize,
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            most: None,
            closeness: 0.5,
            fewest: 3,
        }
    }
}

/// Which of two periods an interaction belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The earlier one.
    Before,
    /// The later one.
    After,
}

/// Where a turn was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnPlace {
    /// Number of its interaction in the caller's order.
    pub interaction: usize,
    /// Its start in the interaction.
    pub at: Millis,
    /// Number of the week of its interaction.
    pub week: i64,
    /// Its period, where two are compared.
    pub half: Option<Half>,
}

/// Turns to look for topics in. Words are kept as numbers, vectors as they come: about 1.6 kB a
/// turn at 384 numbers.
#[derive(Debug, Default)]
pub struct TopicTurns {
    width: usize,
    vectors: Vec<f32>,
    places: Vec<TurnPlace>,
    words: Vec<Vec<u32>>,
    dictionary: Vec<String>,
    numbers: HashMap<String, u32>,
}

/// Something that many turns are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// The phrases that set it apart, the most telling first; each is in at least
    /// [`TopicSettings::fewest`] interactions.
    pub phrases: Vec<String>,
    /// Turns.
    pub turns: usize,
    /// Interactions with at least one of the turns.
    pub interactions: usize,
    /// Mean cosine of its turns to its middle.
    pub closeness: f32,
    /// The turns that are most like its middle, each of another interaction.
    pub examples: Vec<TurnPlace>,
    /// Interactions by week.
    pub weeks: BTreeMap<i64, usize>,
    /// Interactions in the earlier and in the later period.
    pub halves: (usize, usize),
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicsFound {
    /// Topics, those in most interactions first.
    pub topics: Vec<Topic>,
    /// Turns that were looked at.
    pub turns: usize,
    /// Turns that are like no topic.
    pub unclassified: usize,
    /// Interactions that the turns are of.
    pub interactions: usize,
    /// Interactions by week.
    pub weeks: BTreeMap<i64, usize>,
    /// Interactions in the earlier and in the later period.
    pub halves: (usize, usize),
    /// How far the turns' topics of the two periods are apart, 0 to 1; none where one is empty.
    pub drift: Option<f64>,
}

/// Examples kept of a topic.
const EXAMPLES: usize = 8;

impl TopicTurns {
    /// No turns yet; vectors of `width` numbers.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// Adds a turn with its words, folded, and its vector of length one. One of another width is
    /// left out.
    pub fn push(&mut self, place: TurnPlace, words: &[&str], vector: &[f32]) {
        if vector.len() != self.width {
            return;
        }
        let numbers = words.iter().map(|word| self.number(word)).collect();
        self.words.push(numbers);
        self.vectors.extend_from_slice(vector);
        self.places.push(place);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.dictionary.len()).unwrap_or(u32::MAX);
        self.dictionary.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn vector(&self, turn: usize) -> &[f32] {
        let from = turn * self.width;
        self.vectors
            .get(from..from + self.width)
            .unwrap_or_default()
    }
}

/// Looks for topics.
#[must_use]
pub fn discover(turns: &TopicTurns, settings: &TopicSettings) -> TopicsFound {
    let found = Clusters::find(turns, settings);
    let mut named = names::names(turns, &found.of, found.middles.len(), settings.fewest);
    let mut topics: Vec<Topic> = found
        .middles
        .iter()
        .enumerate()
        .map(|(topic, middle)| {
            let phrases = named.get_mut(topic).map(std::mem::take).unwrap_or_default();
            described(turns, &found.of, (topic, middle), phrases)
        })
        .collect();
    topics.sort_by(|a, b| {
        let size = |one: &Topic| (one.interactions, one.turns);
        size(b)
            .cmp(&size(a))
            .then_with(|| a.phrases.cmp(&b.phrases))
    });
    let all = tally(turns.places.iter());
    TopicsFound {
        topics,
        turns: turns.len(),
        unclassified: found.of.iter().filter(|topic| topic.is_none()).count(),
        interactions: all.interactions,
        weeks: all.weeks,
        halves: all.halves,
        drift: drift(turns, &found.of, found.middles.len()),
    }
}

fn described(
    turns: &TopicTurns,
    of: &[Option<usize>],
    (topic, middle): (usize, &[f32]),
    phrases: Vec<String>,
) -> Topic {
    let mut own: Vec<(f32, usize)> = of
        .iter()
        .enumerate()
        .filter(|(_, found)| **found == Some(topic))
        .map(|(turn, _)| (clusters::dot(turns.vector(turn), middle), turn))
        .collect();
    let counted = tally(own.iter().filter_map(|(_, turn)| turns.places.get(*turn)));
    let closeness = own.iter().map(|(close, _)| close).sum::<f32>() / real(own.len().max(1));
    own.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut seen = BTreeSet::new();
    let examples = own
        .iter()
        .filter_map(|(_, turn)| turns.places.get(*turn))
        .filter(|place| seen.insert(place.interaction))
        .take(EXAMPLES)
        .copied();
    Topic {
        phrases,
        turns: own.len(),
        interactions: counted.interactions,
        closeness,
        examples: examples.collect(),
        weeks: counted.weeks,
        halves: counted.halves,
    }
}

#[derive(Default)]
struct Tally {
    interactions: usize,
    weeks: BTreeMap<i64, usize>,
    halves: (usize, usize),
}

/// Counts each interaction once.
fn tally<'a>(places: impl Iterator<Item = &'a TurnPlace>) -> Tally {
    let mut seen = BTreeSet::new();
    let mut counted = Tally::default();
    for place in places {
        if !seen.insert(place.interaction) {
            continue;
        }
        counted.interactions += 1;
        *counted.weeks.entry(place.week).or_default() += 1;
        match place.half {
            Some(Half::Before) => counted.halves.0 += 1,
            Some(Half::After) => counted.halves.1 += 1,
            None => {}
        }
    }
    counted
}

/// The Jensen-Shannon divergence in bits of the turns' topics of the two periods, with what is
/// unclassified as a topic of its own (J. Lin, IEEE Transactions on Information Theory 37, 1991).
fn drift(turns: &TopicTurns, of: &[Option<usize>], topics: usize) -> Option<f64> {
    let mut counts = (vec![0usize; topics + 1], vec![0usize; topics + 1]);
    for (topic, place) in of.iter().zip(&turns.places) {
        let side = match place.half {
            Some(Half::Before) => &mut counts.0,
            Some(Half::After) => &mut counts.1,
            None => continue,
        };
        if let Some(count) = side.get_mut(topic.unwrap_or(topics)) {
            *count += 1;
        }
    }
    let (before, after) = (counts.0.iter().sum(), counts.1.iter().sum());
    if before == 0 || after == 0 {
        return None;
    }
    let share = |count: usize, all: usize| f64::from(real(count)) / f64::from(real(all));
    let part = |own: f64, mean: f64| {
        if own > 0.0 {
            own * (own / mean).log2()
        } else {
            0.0
        }
    };
    let mut apart = 0.0;
    for (one, other) in counts.0.iter().zip(&counts.1) {
        let (p, q) = (share(*one, before), share(*other, after));
        let mean = (p + q) / 2.0;
        apart += (part(p, mean) + part(q, mean)) / 2.0;
    }
    Some(apart.clamp(0.0, 1.0))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares of counts: seven digits are more than are shown"
)]
pub(super) const fn real(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests;

//! Figures about many: counts of conversations by closed lists, with noise, a smallest group and
//! a smallest variety.
//!
//! Unit of privacy: one conversation. Each is in one cell, so one more or less changes the counts by
//! one in all (L1 sensitivity 1). Noise is the discrete Laplace distribution of OpenDP; every cell of
//! the closed lists gets it, empty ones too. What is withheld is decided from the noisy counts
//! alone, so that it tells no more than they do (post-processing). k: a group stays where its noisy
//! number is so far above k that it hardly has fewer than k (Sweeney 2002). l: and where at least l
//! values of the sensitive column are so far above nothing that each is hardly empty
//! (Machanavajjhala 2007, distinct l-diversity). "Hardly": see [`MISTAKE`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::{Channel, Direction, IdError, Millis, Timestamp};
use opendp::domains::{AtomDomain, VectorDomain};
use opendp::measurements::make_laplace;
use opendp::measures::MaxDivergence;
use opendp::metrics::L1Distance;
use serde::{Deserialize, Serialize};
use store::Summary;

use crate::error::AppError;

/// A millionth of the privacy loss epsilon: budgets are added exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct MicroEpsilon(pub u64);

impl MicroEpsilon {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for MicroEpsilon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// A column by which conversations are counted; its values are a closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// Every column.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in files.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

columns! {
    /// How people met.
    Channel = "channel";
    /// Who began.
    Direction = "direction";
    /// Day of the week on which it began, in UTC.
    Weekday = "weekday";
    /// How long it took, in four bands.
    Length = "length";
    /// Whether anything personal was removed from it.
    Removed = "removed";
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Column {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let found = Self::ALL.iter().copied().find(|one| one.key() == text);
        found.ok_or(IdError::Name(
            "a column is channel, direction, weekday, length or removed",
        ))
    }
}

const WEEKDAYS: [&str; 7] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];
const LENGTHS: [&str; 4] = [
    "under_1_min",
    "1_to_5_min",
    "5_to_15_min",
    "longer_or_unknown",
];
const REMOVED: [&str; 2] = ["nothing", "something"];

impl Column {
    fn values(self) -> Vec<&'static str> {
        match self {
            Self::Channel => Channel::ALL.iter().map(|one| one.key()).collect(),
            Self::Direction => Direction::ALL.iter().map(|one| one.key()).collect(),
            Self::Weekday => WEEKDAYS.to_vec(),
            Self::Length => LENGTHS.to_vec(),
            Self::Removed => REMOVED.to_vec(),
        }
    }

    fn of(self, one: &Summary) -> &'static str {
        match self {
            Self::Channel => one.channel.key(),
            Self::Direction => one.direction.key(),
            Self::Weekday => weekday(one.started),
            Self::Length => length(one.duration),
            Self::Removed => {
                let [nothing, something] = REMOVED;
                if one.redactions.is_empty() {
                    nothing
                } else {
                    something
                }
            }
        }
    }
}

/// 1 January 1970 was a Thursday.
fn weekday(at: Timestamp) -> &'static str {
    let day = at.0.div_euclid(86_400_000).rem_euclid(7);
    let place = usize::try_from(day).unwrap_or(0);
    WEEKDAYS.get(place).copied().unwrap_or("thu")
}

fn length(duration: Option<Millis>) -> &'static str {
    let [short, middle, long, longer] = LENGTHS;
    match duration.map(|long| long.0 / 60_000) {
        Some(0) => short,
        Some(1..5) => middle,
        Some(5..15) => long,
        _ => longer,
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Columns that make the groups.
    pub groups: Vec<Column>,
    /// The column whose values are counted in each group.
    pub sensitive: Option<Column>,
    /// Smallest group.
    pub k: u64,
    /// Fewest values of the sensitive column in a group.
    pub l: usize,
    /// Privacy loss.
    pub epsilon: MicroEpsilon,
}

impl Shape {
    /// How many groups its closed lists make.
    #[must_use]
    pub fn cells(&self) -> u64 {
        let sizes = self.groups.iter().map(|one| one.values().len() as u64);
        sizes.product()
    }

    /// How noisy its figures would be, from the shape alone; none where none can be made.
    pub(super) fn margin(&self) -> Option<Margin> {
        let groups = usize::try_from(self.cells()).ok()?;
        let values = self.sensitive.map_or(1, |column| column.values().len());
        let scale = 1_000_000.0 / micros(self.epsilon).ok()?;
        Some(Margin {
            shown_from: Withholding::of(self, groups, values).ok()?.group,
            // Beyond it to either side with half of one in twenty.
            off_by: reach(scale, 1, 0.025),
        })
    }
}

/// How noisy figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Margin {
    /// The noisy number from which on a group is shown.
    pub shown_from: i64,
    /// By how much a count is off at most, in nineteen of twenty cases.
    pub off_by: i64,
}

/// A group with its noisy counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Values of the group's columns.
    pub group: BTreeMap<&'static str, &'static str>,
    /// Counts by value of the sensitive column; one, `all`, where there is none.
    pub counts: BTreeMap<&'static str, i64>,
}

/// Chance that a whole release shows any group of fewer than k conversations or fewer than l
/// values: the union bound over its groups and cells, each by Chernoff's bound.
const MISTAKE: f64 = 1e-3;

type Cell = (Vec<&'static str>, &'static str);

/// Counts, noises, withholds. Groups that are withheld are not told from those that are empty.
///
/// # Errors
/// [`AppError::Input`] for a loss of zero, or where the mechanism refuses the shape.
pub(super) fn count(shape: &Shape, all: &[Summary]) -> Result<Vec<Row>, AppError> {
    let mut truth: BTreeMap<Cell, i64> = BTreeMap::new();
    let values = shape.sensitive.map_or_else(|| vec!["all"], Column::values);
    for group in product(&shape.groups) {
        for value in &values {
            truth.insert((group.clone(), value), 0);
        }
    }
    for one in all {
        let group = shape.groups.iter().map(|column| column.of(one)).collect();
        let value = shape.sensitive.map_or("all", |column| column.of(one));
        *truth.entry((group, value)).or_default() += 1;
    }
    let noisy = noised(truth.values().copied().collect(), shape.epsilon)?;
    let mut groups: BTreeMap<&Vec<&'static str>, BTreeMap<&'static str, i64>> = BTreeMap::new();
    for ((group, value), noisy) in truth.keys().zip(noisy) {
        groups.entry(group).or_default().insert(value, noisy);
    }
    let rule = Withholding::of(shape, groups.len(), values.len())?;
    Ok(groups
        .into_iter()
        .filter(|(_, counts)| rule.shows(counts))
        .map(|(group, counts)| Row {
            group: shape
                .groups
                .iter()
                .map(|column| column.key())
                .zip(group.iter().copied())
                .collect(),
            counts: counts
                .into_iter()
                .map(|(value, noisy)| (value, noisy.max(0)))
                .collect(),
        })
        .collect())
}

/// From which noisy numbers on a group is shown.
#[derive(Debug, Clone, Copy)]
struct Withholding {
    group: i64,
    value: i64,
    varieties: usize,
}

impl Withholding {
    fn of(shape: &Shape, groups: usize, values: usize) -> Result<Self, AppError> {
        let mistakes = u32::try_from(groups.saturating_mul(values.saturating_add(1)))
            .map_err(|_| AppError::Input("too many groups: name fewer columns".to_owned()))?;
        let chance = MISTAKE / f64::from(mistakes.max(1));
        let scale = 1_000_000.0 / micros(shape.epsilon)?;
        let cells = u32::try_from(values).unwrap_or(u32::MAX);
        let k = i64::try_from(shape.k).unwrap_or(i64::MAX);
        Ok(Self {
            group: k
                .saturating_sub(1)
                .saturating_add(reach(scale, cells, chance)),
            value: reach(scale, 1, chance),
            varieties: shape.sensitive.map_or(1, |_| shape.l),
        })
    }

    fn shows(&self, noisy: &BTreeMap<&'static str, i64>) -> bool {
        let all = noisy
            .values()
            .fold(0i64, |sum, one| sum.saturating_add(*one));
        let varieties = noisy.values().filter(|one| **one >= self.value).count();
        all >= self.group && (self.varieties <= 1 || varieties >= self.varieties)
    }
}

/// A number that the sum of `cells` independent noises reaches with at most `chance`.
///
/// Chernoff: P(S >= t) <= M(s)^cells e^(-st) for every s below 1/scale, with the generating function
/// of the discrete Laplace distribution M(s) = (1-a)^2 / ((1 - a e^s)(1 - a e^-s)), a = e^(-1/scale).
/// The least t over 255 values of s.
fn reach(scale: f64, cells: u32, chance: f64) -> i64 {
    let a = (-1.0 / scale).exp();
    let least = (1..256u32)
        .map(|step| {
            let s = f64::from(step) / 256.0 / scale;
            let one = (1.0 - a).powi(2) / ((1.0 - a * s.exp()) * (1.0 - a * (-s).exp()));
            (f64::from(cells) * one.ln() - chance.ln()) / s
        })
        .fold(f64::INFINITY, f64::min);
    whole_above(least)
}

/// The next whole number; a number beyond all counts where it is none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded on both sides before"
)]
fn whole_above(number: f64) -> i64 {
    const MOST: f64 = 9e15;
    if number.is_finite() {
        number.ceil().clamp(0.0, MOST) as i64
    } else {
        MOST as i64
    }
}

/// Every combination of the columns' values.
fn product(columns: &[Column]) -> Vec<Vec<&'static str>> {
    let mut all = vec![Vec::new()];
    for column in columns {
        let values = column.values();
        all = all
            .iter()
            .flat_map(|begun: &Vec<&'static str>| {
                values.iter().map(|value| {
                    let mut longer = begun.clone();
                    longer.push(*value);
                    longer
                })
            })
            .collect();
    }
    all
}

fn micros(epsilon: MicroEpsilon) -> Result<f64, AppError> {
    u32::try_from(epsilon.0)
        .ok()
        .filter(|micros| *micros > 0)
        .map(f64::from)
        .ok_or_else(|| {
            AppError::Input(
                "no figures can be made: the loss epsilon is above 0 and below 4294".to_owned(),
            )
        })
}

fn noised(counts: Vec<i64>, epsilon: MicroEpsilon) -> Result<Vec<i64>, AppError> {
    let refused = |what: String| AppError::Input(format!("no figures can be made: {what}"));
    let micros = micros(epsilon)?;
    // Dividing by a smaller number than the loss would promise more than is kept; the mechanism's
    // own map is asked below.
    let scale = 1_000_000.0 / micros;
    let domain = VectorDomain::new(AtomDomain::<i64>::default());
    let space = L1Distance::<i64>::default();
    let mechanism = make_laplace::<_, _, MaxDivergence>(domain, space, scale, None)
        .map_err(|error| refused(error.to_string()))?;
    let loss = mechanism
        .map(&1)
        .map_err(|error| refused(error.to_string()))?;
    // The map rounds up; a millionth of a millionth is its last bits, not a loss.
    if loss > micros / 1_000_000.0 * (1.0 + 1e-12) {
        return Err(refused(
            "the mechanism loses more than it was given".to_owned(),
        ));
    }
    mechanism
        .invoke(&counts)
        .map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::InteractionId;
    use store::Status;

    fn summary(channel: Channel, minutes: u64) -> Summary {
        Summary {
            id: InteractionId::from_uuid(Default::default()),
            channel,
            direction: Direction::Inbound,
            started: Timestamp(1_790_000_000_000),
            received: Timestamp(1_790_000_000_000),
            duration: Some(Millis(minutes * 60_000)),
            status: Status::Ready,
            parties: Vec::new(),
            words: 0,
            turns: 0,
            redactions: BTreeMap::new(),
            warnings: Vec::new(),
            on_hold: false,
        }
    }

    fn shape(sensitive: Option<Column>, k: u64, l: usize) -> Shape {
        Shape {
            groups: vec![Column::Channel],
            sensitive,
            k,
            l,
            epsilon: MicroEpsilon(1_000_000),
        }
    }

    #[test]
    fn small_groups_and_groups_of_one_kind_are_withheld() {
        let mut all: Vec<Summary> = (0..200).map(|n| summary(Channel::Voice, n % 20)).collect();
        all.extend((0..200).map(|_| summary(Channel::Chat, 2)));
        all.extend((0..3).map(|n| summary(Channel::Email, n * 6)));
        let rows = count(&shape(Some(Column::Length), 10, 2), &all).unwrap();
        let channels: Vec<&str> = rows.iter().map(|row| row.group["channel"]).collect();
        assert_eq!(
            channels,
            ["voice"],
            "chat shows one length, e-mail is three"
        );
        let rows = count(&shape(None, 10, 1), &all).unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            assert!((row.counts["all"] - 200).abs() < 100, "{row:?}");
        }
    }

    #[test]
    fn noise_is_real_and_of_the_promised_size() {
        let counts = vec![1_000; 4_000];
        let noisy = noised(counts, MicroEpsilon(500_000)).unwrap();
        let off: Vec<i64> = noisy.iter().map(|count| (count - 1_000).abs()).collect();
        let mean = off.iter().sum::<i64>() / 4_000;
        // The mean of the discrete Laplace distribution's size at a scale of 2 is 1.92.
        assert!((1..=2).contains(&mean), "{mean}");
        assert!(off.iter().any(|off| *off > 6), "it has tails");
        assert!(noised(vec![1], MicroEpsilon(0)).is_err());
    }

    #[test]
    fn what_is_withheld_follows_from_the_published_numbers_alone() {
        let rule = Withholding::of(&shape(Some(Column::Length), 10, 2), 5, 4).unwrap();
        let [short, middle, ..] = LENGTHS;
        let large = rule.group;
        assert!(rule.shows(&[(short, large), (middle, rule.value)].into()));
        assert!(!rule.shows(&[(short, large), (middle, rule.value - 1)].into()));
        assert!(!rule.shows(&[(short, rule.group - rule.value - 1), (middle, rule.value)].into()));
    }

    #[test]
    fn a_group_below_k_is_hardly_ever_shown() {
        let few = vec![4i64; 20_000];
        let shape = shape(None, 5, 1);
        let chance = MISTAKE / 2.0;
        let limit = shape.k as i64 - 1 + reach(1.0, 1, chance);
        let shown = noised(few, shape.epsilon).unwrap();
        let shown = shown.iter().filter(|noisy| **noisy >= limit).count();
        // 20,000 groups at 1 in 2,000 are 10 at most; 40 would be beyond all chance.
        assert!(shown < 40, "{shown}");
        assert!(
            reach(1.0, 1, chance) < 12,
            "the margin is of the noise's size"
        );
        let (one, four) = (reach(1.0, 1, chance), reach(1.0, 4, chance));
        assert!(one < four && four < 4 * one, "sums are bounded as sums");
    }

    #[test]
    fn a_margin_is_known_before_anything_is_counted() {
        let margin = shape(None, 10, 1).margin().unwrap();
        let off = noised(vec![0; 2_000], MicroEpsilon(1_000_000)).unwrap();
        let beyond = off.iter().filter(|off| off.abs() > margin.off_by).count();
        assert!(beyond < 140, "{beyond} of 2,000");
        assert!(
            margin.shown_from > 10 && margin.shown_from < 40,
            "{margin:?}"
        );
        let silent = Shape {
            epsilon: MicroEpsilon(0),
            ..shape(None, 10, 1)
        };
        assert_eq!(silent.margin(), None);
    }

    #[test]
    fn losses_add_up_exactly() {
        let tenth = MicroEpsilon(100_000);
        let sum = (0..10).fold(MicroEpsilon(0), |sum, _| sum.plus(tenth));
        assert_eq!(sum.to_string(), "1.000000");
    }
}

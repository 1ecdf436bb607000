//! Groups of vectors: spherical k-means (Dhillon and Modha, Machine Learning 42, 2001) begun by
//! k-means++ (Arthur and Vassilvitskii, 2007), with what lies far from every middle left out of
//! them as in trimmed k-means (Cuesta-Albertos, Gordaliza and Matrán, Annals of Statistics 25,
//! 1997). Middles that end up alike are one topic.

use std::collections::BTreeSet;

use super::{TopicSettings, TopicTurns, real};

/// Rounds after which the search ends in any case.
const ROUNDS: usize = 25;
/// Middles that are alike to this cosine are one.
const SAME: f32 = 0.8;
/// Topics that are looked for at least and at most.
const SOUGHT: (usize, usize) = (8, 64);

/// Which topic each turn belongs to.
pub(super) struct Clusters {
    pub(super) middles: Vec<Vec<f32>>,
    pub(super) of: Vec<Option<usize>>,
}

impl Clusters {
    pub(super) fn find(turns: &TopicTurns, settings: &TopicSettings) -> Self {
        let mut middles = begun(turns, settings);
        let mut of = Vec::new();
        for _ in 0..ROUNDS {
            let assigned = assigned(turns, &middles, settings.closeness);
            if assigned == of {
                break;
            }
            of = assigned;
            moved(turns, &of, &mut middles);
        }
        let middles = joined(&of, middles);
        let mut made = Self {
            of: assigned(turns, &middles, settings.closeness),
            middles,
        };
        made.drop_small(turns, settings);
        made
    }

    /// Takes topics of too few interactions away; their turns go to the next topic that is near
    /// enough, or to none.
    fn drop_small(&mut self, turns: &TopicTurns, settings: &TopicSettings) {
        let most = settings.most.unwrap_or(usize::MAX);
        loop {
            let sizes = self.sizes(turns);
            let smallest = sizes
                .iter()
                .enumerate()
                .min_by_key(|(topic, size)| (**size, std::cmp::Reverse(*topic)));
            let Some((topic, size)) = smallest else {
                return;
            };
            if *size >= settings.fewest && self.middles.len() <= most {
                return;
            }
            self.middles.remove(topic);
            self.of = assigned(turns, &self.middles, settings.closeness);
        }
    }

    fn sizes(&self, turns: &TopicTurns) -> Vec<usize> {
        let mut seen = vec![BTreeSet::new(); self.middles.len()];
        for (topic, place) in self.of.iter().zip(&turns.places) {
            if let Some(seen) = topic.and_then(|topic| seen.get_mut(topic)) {
                seen.insert(place.interaction);
            }
        }
        seen.iter().map(BTreeSet::len).collect()
    }
}

/// The first middles: turns far from each other, drawn by the seed.
fn begun(turns: &TopicTurns, settings: &TopicSettings) -> Vec<Vec<f32>> {
    let mut chance = Chance(settings.seed);
    let count = turns.len();
    let sought = settings.most.map_or_else(
        || count.isqrt().clamp(SOUGHT.0, SOUGHT.1),
        // Some of them will turn out to be one.
        |most| most.saturating_mul(2).clamp(2, 2 * SOUGHT.1),
    );
    let mut middles: Vec<Vec<f32>> = Vec::new();
    let mut far = vec![1.0f32; count];
    while middles.len() < sought.min(count) {
        let all: f64 = far.iter().copied().map(f64::from).sum();
        if all <= f64::EPSILON {
            break;
        }
        let mut left = chance.share() * all;
        let mut drawn = 0;
        for (turn, own) in far.iter().enumerate() {
            if *own <= 0.0 {
                continue;
            }
            drawn = turn;
            left -= f64::from(*own);
            if left <= 0.0 {
                break;
            }
        }
        let middle = turns.vector(drawn).to_vec();
        for (turn, own) in far.iter_mut().enumerate() {
            let apart = (1.0 - dot(turns.vector(turn), &middle)).max(0.0);
            *own = own.min(if apart < 1e-6 { 0.0 } else { apart });
        }
        middles.push(middle);
    }
    middles
}

/// The nearest middle of each turn, where one is near enough; the first of equals.
fn assigned(turns: &TopicTurns, middles: &[Vec<f32>], closeness: f32) -> Vec<Option<usize>> {
    let nearest = |turn: usize| {
        let vector = turns.vector(turn);
        let mut best = (None, closeness);
        for (topic, middle) in middles.iter().enumerate() {
            let close = dot(vector, middle);
            if close > best.1 || (best.0.is_none() && close >= closeness) {
                best = (Some(topic), close);
            }
        }
        best.0
    };
    (0..turns.len()).map(nearest).collect()
}

/// Puts each middle where its turns point; one without turns stays.
fn moved(turns: &TopicTurns, of: &[Option<usize>], middles: &mut [Vec<f32>]) {
    let mut sums = vec![vec![0.0f32; turns.width]; middles.len()];
    for (turn, topic) in of.iter().enumerate() {
        if let Some(sum) = topic.and_then(|topic| sums.get_mut(topic)) {
            for (all, one) in sum.iter_mut().zip(turns.vector(turn)) {
                *all += one;
            }
        }
    }
    for (middle, sum) in middles.iter_mut().zip(sums) {
        if let Some(unit) = unit(sum) {
            *middle = unit;
        }
    }
}

/// Middles that are alike made one, the largest first; those without turns left out.
fn joined(of: &[Option<usize>], middles: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    let mut sizes = vec![0usize; middles.len()];
    for topic in of.iter().flatten() {
        if let Some(size) = sizes.get_mut(*topic) {
            *size += 1;
        }
    }
    let mut order: Vec<(usize, Vec<f32>)> = sizes.into_iter().zip(middles).collect();
    order.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let mut kept: Vec<(usize, Vec<f32>)> = Vec::new();
    for (size, middle) in order.into_iter().filter(|(size, _)| *size > 0) {
        let same = kept.iter_mut().find(|(_, one)| dot(one, &middle) >= SAME);
        match same {
            Some((all, one)) => {
                let weighted = one
                    .iter()
                    .zip(&middle)
                    .map(|(a, b)| a * real(*all) + b * real(size));
                if let Some(unit) = unit(weighted.collect()) {
                    *one = unit;
                }
                *all += size;
            }
            None => kept.push((size, middle)),
        }
    }
    kept.into_iter().map(|(_, middle)| middle).collect()
}

fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = dot(&vector, &vector).sqrt();
    if length <= 0.0 {
        return None;
    }
    vector.iter_mut().for_each(|one| *one /= length);
    Some(vector)
}

/// The cosine of two vectors of length one. Eight sums side by side are what a processor adds at
/// once.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, rest_a) = a.as_chunks::<8>();
    let (b, rest_b) = b.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Chance that can be repeated: splitmix64 (Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let high = u32::try_from(mixed >> 32).unwrap_or(0);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}

//! Which interactions are drawn to be scored: the same for the same seed, whoever asks and when.

/// The places of at most `count` of the candidates, chosen by the seed. A candidate is known by a
/// number of its own: whether it is drawn depends on it, the seed and the others' numbers only,
/// not on their order. Each is as likely as any other.
#[must_use]
pub fn draw(seed: u64, candidates: &[u128], count: usize) -> Vec<usize> {
    let mut lots: Vec<(u64, u128, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(place, number)| (lot(seed, *number), *number, place))
        .collect();
    lots.sort_unstable();
    lots.into_iter()
        .take(count)
        .map(|(_, _, place)| place)
        .collect()
}

/// A number as good as random (splitmix64 over both halves).
fn lot(seed: u64, number: u128) -> u64 {
    let [high, low] = [number >> 64, number & u128::from(u64::MAX)]
        .map(|half| u64::try_from(half).unwrap_or(u64::MAX));
    mixed(mixed(mixed(seed) ^ high) ^ low)
}

const fn mixed(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

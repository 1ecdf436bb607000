//! Windows for recognisers: voiced spans put side by side with the long silences between them cut
//! out, and the way back from a time in a window to the time in the recording.
//!
//! A recogniser with a window of fixed length costs the same for a full one as for a word. Only
//! silence is left out and every sample stays itself: nothing is mixed or stretched.

use std::iter::Peekable;
use std::vec::IntoIter;

use domain::{Millis, Span};

/// Samples of one millisecond at 16 kHz.
const PER_MS: u64 = 16;

/// How windows are made. All lengths in samples at 16 kHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// Longest window.
    pub(super) longest: usize,
    /// Most sound kept on each side of a voiced span, up to half of the silence there.
    pub(super) padding: usize,
    /// Whether several spans share a window.
    pub(super) join: bool,
}

/// Samples for one run of a recogniser.
#[derive(Clone, PartialEq)]
pub(super) struct Window {
    /// Sound.
    pub(super) pcm: Vec<f32>,
    pieces: Vec<Piece>,
}

/// A stretch of a window that is one stretch of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    packed: usize,
    source: usize,
    len: usize,
}

/// Puts the voiced spans of `pcm` into windows, in order; each is made when it is asked for, so that
/// a long recording is not held twice. Filling an earlier window's rest with a later short span
/// saves a window in ten and costs more: what was not said one after the other confuses the model
/// (28 errors more in 2,952 words).
pub(super) fn pack<'a>(pcm: &'a [f32], voiced: &[Span], rule: &Rule) -> Packed<'a> {
    let ranges: Vec<(usize, usize)> = padded(pcm.len(), voiced, rule.padding)
        .into_iter()
        .flat_map(|range| cut(pcm, range, rule.longest))
        .collect();
    Packed {
        pcm,
        ranges: ranges.into_iter().peekable(),
        rule: *rule,
    }
}

/// The windows of a recording.
pub(super) struct Packed<'a> {
    pcm: &'a [f32],
    ranges: Peekable<IntoIter<(usize, usize)>>,
    rule: Rule,
}

impl Iterator for Packed<'_> {
    type Item = Window;

    fn next(&mut self) -> Option<Window> {
        let sound = |(from, to)| self.pcm.get(from..to).unwrap_or_default();
        let first = self.ranges.next()?;
        let mut window = Window::new(first.0, sound(first));
        let (join, longest) = (self.rule.join, self.rule.longest);
        while let Some(range) = self
            .ranges
            .next_if(|range| join && window.pcm.len() + (range.1 - range.0) <= longest)
        {
            window.push(range.0, sound(range));
        }
        Some(window)
    }
}

impl Window {
    fn new(source: usize, sound: &[f32]) -> Self {
        let mut window = Self::empty();
        window.push(source, sound);
        window
    }

    const fn empty() -> Self {
        Self {
            pcm: Vec::new(),
            pieces: Vec::new(),
        }
    }

    fn push(&mut self, source: usize, sound: &[f32]) {
        self.pieces.push(Piece {
            packed: self.pcm.len(),
            source,
            len: sound.len(),
        });
        self.pcm.extend_from_slice(sound);
    }

    /// This window as two: the stretches before the named one, and the rest.
    pub(super) fn parted(&self, second: usize) -> [Self; 2] {
        let mut halves = [Self::empty(), Self::empty()];
        let [before, after] = &mut halves;
        for (place, piece) in self.pieces.iter().enumerate() {
            let sound = self.pcm.get(piece.packed..piece.packed + piece.len);
            let half = if place < second {
                &mut *before
            } else {
                &mut *after
            };
            half.push(piece.source, sound.unwrap_or_default());
        }
        halves
    }

    /// The span of the recording that the samples `from..to` of this window are. A span over a
    /// cut is held to the piece that has most of it.
    pub(super) fn source(&self, from: usize, to: usize) -> Span {
        let Some(piece) = self.pieces.get(self.piece(from, to)) else {
            return Span::between(Millis::ZERO, Millis::ZERO);
        };
        let place =
            |at: usize| millis(piece.source + at.saturating_sub(piece.packed).min(piece.len));
        Span::between(place(from), place(to))
    }

    /// Which stretch of the recording has most of the samples `from..to`, counted in the window.
    pub(super) fn piece(&self, from: usize, to: usize) -> usize {
        let shared = |piece: &Piece| {
            let end = to.min(piece.packed + piece.len);
            end.saturating_sub(from.max(piece.packed))
        };
        // Where none has any (an empty span), the piece that begins last before it.
        self.pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.packed <= to)
            .max_by_key(|(_, piece)| (shared(piece), piece.packed))
            .map_or(0, |(place, _)| place)
    }
}

/// Sample ranges of the spans with their padding, without overlap.
fn padded(length: usize, voiced: &[Span], padding: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::with_capacity(voiced.len());
    let mut before = 0;
    for (index, span) in voiced.iter().enumerate() {
        let start = samples(span.start()).min(length);
        let end = samples(span.end()).clamp(start, length);
        let after = voiced
            .get(index + 1)
            .map_or(length, |next| samples(next.start()).clamp(end, length));
        let from = start - padding.min(start.saturating_sub(before) / 2).min(start);
        let to = end + padding.min((after - end) / 2);
        if from < to {
            ranges.push((from, to));
        }
        before = end;
    }
    ranges
}

/// Cuts a range that is too long where it is quietest, looking at the last third of each part.
fn cut(pcm: &[f32], (mut from, to): (usize, usize), longest: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    while longest > 0 && to - from > longest {
        let window = (from + longest - longest / 3, from + longest);
        let at = quietest(pcm, window).clamp(from + 1, from + longest);
        parts.push((from, at));
        from = at;
    }
    parts.push((from, to));
    parts
}

/// The middle of the quietest 100 ms between two samples.
fn quietest(pcm: &[f32], (from, to): (usize, usize)) -> usize {
    const STRETCH: usize = 1_600;
    const STEP: usize = 160;
    let energy = |at: &usize| -> f32 {
        let sound = pcm.get(*at..*at + STRETCH).unwrap_or_default();
        sound.iter().map(|sample| sample * sample).sum()
    };
    (from..to.saturating_sub(STRETCH))
        .step_by(STEP)
        .map(|at| (at, energy(&at)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(to, |(at, _)| at + STRETCH / 2)
}

fn samples(at: Millis) -> usize {
    usize::try_from(at.0.saturating_mul(PER_MS)).unwrap_or(usize::MAX)
}

fn millis(sample: usize) -> Millis {
    Millis(u64::try_from(sample).unwrap_or(u64::MAX) / PER_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(lengths: &[(u64, u64)]) -> Vec<Span> {
        let mut at = 0;
        lengths
            .iter()
            .map(|(gap, length)| {
                let start = at + gap;
                at = start + length;
                Span::between(Millis(start), Millis(at))
            })
            .collect()
    }

    fn rule(longest_ms: usize, padding_ms: usize) -> Rule {
        Rule {
            longest: longest_ms * 16,
            padding: padding_ms * 16,
            join: true,
        }
    }

    #[test]
    fn a_word_over_a_cut_stays_where_most_of_it_is() {
        let pcm = vec![0.0; 10_000 * 16];
        let voiced = spans(&[(1_000, 1_000), (5_000, 1_000)]);
        let windows: Vec<Window> = pack(&pcm, &voiced, &rule(28_000, 0)).collect();
        assert_eq!(windows.len(), 1);
        let window = &windows[0];
        assert_eq!(window.pcm.len(), 2_000 * 16);
        let whole = |from: usize, to: usize| window.source(from * 16, to * 16);
        assert_eq!(
            whole(900, 1_300),
            Span::between(Millis(7_000), Millis(7_300))
        );
        assert_eq!(
            whole(500, 1_100),
            Span::between(Millis(1_500), Millis(2_000))
        );
        assert_eq!(
            whole(1_200, 1_200),
            Span::between(Millis(7_200), Millis(7_200))
        );
    }

    #[test]
    fn a_window_parts_between_its_stretches() {
        let pcm: Vec<f32> = (0..60_000_u16).map(f32::from).collect();
        let voiced = spans(&[(1_000, 500), (1_000, 500), (1_000, 500)]);
        let windows: Vec<Window> = pack(&pcm, &voiced, &rule(28_000, 0)).collect();
        let [before, after] = windows[0].parted(1);
        assert_eq!(before.pcm.len() + after.pcm.len(), windows[0].pcm.len());
        assert_eq!(before.pcm.len(), 500 * 16);
        let at = |window: &Window| window.source(0, 16).start();
        assert_eq!((at(&before), at(&after)), (Millis(1_000), Millis(2_500)));
    }

    #[test]
    fn a_monologue_is_cut_in_its_pause() {
        let mut pcm = vec![0.5; 40_000 * 16];
        pcm[24_000 * 16..24_300 * 16].fill(0.0);
        let voiced = spans(&[(0, 40_000)]);
        let windows: Vec<Window> = pack(&pcm, &voiced, &rule(28_000, 200)).collect();
        assert_eq!(windows.len(), 2);
        let at = windows[0].pcm.len() / 16;
        assert!((24_000..24_300).contains(&at), "cut at {at} ms");
    }

    proptest! {
        #[test]
        fn every_voiced_sample_is_in_one_window_and_finds_its_way_back(
            lengths in prop::collection::vec((0_u64..3_000, 1_u64..9_000), 0..12),
            padding in 0_usize..400,
            join: bool,
        ) {
            let voiced = spans(&lengths);
            let total = voiced.last().map_or(0, |span| span.end().0) + 100;
            let ms = usize::try_from(total).unwrap();
            // Each sample holds its own place, so that a window shows where it came from.
            let pcm: Vec<f32> = (0..ms * 16).map(|n| n as f32).collect();
            let rule = Rule { join, ..rule(5_000, padding) };
            let windows: Vec<Window> = pack(&pcm, &voiced, &rule).collect();
            let mut seen = vec![0_u32; ms * 16];
            for window in &windows {
                prop_assert!(!window.pcm.is_empty() && window.pcm.len() <= rule.longest);
                for (at, sample) in window.pcm.iter().enumerate() {
                    #[expect(clippy::cast_possible_truncation, reason = "places are whole and small")]
                    let place = *sample as usize;
                    seen[place] += 1;
                    if at % 16 == 0 {
                        let found = window.source(at, at + 1).start().0;
                        prop_assert_eq!(found, u64::try_from(place / 16).unwrap());
                    }
                }
            }
            for span in &voiced {
                for at in span.start().0 * 16..span.end().0 * 16 {
                    prop_assert_eq!(seen[usize::try_from(at).unwrap()], 1, "at sample {}", at);
                }
            }
            prop_assert!(seen.iter().all(|times| *times <= 1));
        }
    }
}

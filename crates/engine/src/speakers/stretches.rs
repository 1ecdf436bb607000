//! Which speech is worth embedding: for each voice of each second window up to three seconds in
//! which it alone speaks, the longest first, and of a long recording an even share.

use std::ops::Range;

use super::segment::{FRAME, LOCALS, Window};

/// Frames of about three seconds; more of the same voice says little new.
const ENOUGH: usize = 178;
/// Frames of about half a second; shorter pieces are mostly edges.
const SHORTEST: usize = 30;
/// Seconds that are embedded of any recording, as far as it has them.
const ALWAYS: f32 = 50.0;
/// Share of a long recording that is embedded.
const SHARE: f32 = 0.2;

/// Speech of one local voice in one window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    pub(super) window: usize,
    pub(super) local: usize,
    /// Frames of the recording.
    pub(super) frames: Vec<Range<usize>>,
}

impl Stretch {
    pub(super) fn seconds(&self) -> f32 {
        let frames: usize = self.frames.iter().map(ExactSizeIterator::len).sum();
        seconds(frames)
    }
}

/// The stretches to embed, in order of time.
pub(super) fn choose(windows: &[Window]) -> Vec<Stretch> {
    // Windows overlap by half: every second one, and the last, hear everything once.
    let heard = |index: &usize| index.is_multiple_of(2) || index + 1 == windows.len();
    let mut all: Vec<Stretch> = windows
        .iter()
        .enumerate()
        .filter(|(index, _)| heard(index))
        .flat_map(|(index, window)| {
            (0..LOCALS).filter_map(move |local| stretch(window, index, local))
        })
        .collect();
    let end = windows.last().map_or(0, |w| w.start + w.active.len());
    let budget = (seconds(end) * SHARE).max(ALWAYS);
    let total: f32 = all.iter().map(Stretch::seconds).sum();
    if total > budget {
        thin_out(&mut all, budget);
    }
    all
}

/// Keeps the longest of each group of neighbours, so that what is kept is spread over the
/// recording and no quiet part of it is left out.
fn thin_out(all: &mut Vec<Stretch>, budget: f32) {
    let total: f32 = all.iter().map(Stretch::seconds).sum();
    let mut credit = 0.0;
    let share = budget / total;
    all.retain(|stretch| {
        let longer = stretch.seconds() / seconds(ENOUGH);
        credit += stretch.seconds() * share * (0.5 + longer);
        let keep = credit >= stretch.seconds();
        if keep {
            credit -= stretch.seconds();
        }
        keep
    });
}

fn stretch(window: &Window, index: usize, local: usize) -> Option<Stretch> {
    let mut runs = runs(window, local);
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    let mut left = ENOUGH;
    let mut frames = Vec::new();
    for run in runs {
        if left < SHORTEST || (run.len() < SHORTEST && !frames.is_empty()) {
            break;
        }
        let end = run.end.min(run.start + left);
        left -= end - run.start;
        frames.push(run.start + window.start..end + window.start);
    }
    (ENOUGH - left >= SHORTEST).then_some(Stretch {
        window: index,
        local,
        frames,
    })
}

/// Unbroken runs of frames in which the voice alone speaks, within the window.
fn runs(window: &Window, local: usize) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (frame, alone) in window.solo(local).enumerate() {
        if !alone {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == frame => run.end = frame + 1,
            _ => runs.push(frame..frame + 1),
        }
    }
    runs
}

fn seconds(frames: usize) -> f32 {
    (frames * FRAME) as f32 / 16_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: usize, first: usize, second: usize) -> Window {
        let mut active = vec![[true, false, false]; first];
        active.extend(vec![[false, true, false]; second]);
        Window { start, active }
    }

    #[test]
    fn the_longest_solo_speech_is_taken_up_to_three_seconds() {
        let chosen = choose(&[window(0, 400, 60)]);
        let taken: Vec<_> = chosen
            .iter()
            .flat_map(|s| s.frames.clone().into_iter().map(|f| (s.local, f)))
            .collect();
        assert_eq!(taken, [(0, 0..ENOUGH), (1, 400..460)]);
    }

    #[test]
    fn speech_under_half_a_second_or_in_a_crowd_is_left() {
        let mut crowd = window(0, 20, 0);
        crowd.active.extend(vec![[true, true, false]; 200]);
        assert_eq!(choose(&[crowd]), []);
    }

    #[test]
    fn an_hour_is_thinned_to_its_share_over_its_whole_length() {
        let windows: Vec<Window> = (0..720).map(|n| window(n * 296, 300, 280)).collect();
        let chosen = choose(&windows);
        let total: f32 = chosen.iter().map(Stretch::seconds).sum();
        assert!((500.0..1200.0).contains(&total), "{total} s");
        let halves = chosen.iter().filter(|s| s.window < 360).count();
        assert!(halves.abs_diff(chosen.len() / 2) <= 4);
        assert!(chosen.iter().any(|s| s.local == 1));
    }
}

//! Speech of one voice alone, cut into short pieces, and which of them are worth embedding.
//!
//! A piece lies in the middle of the window that sees most around it, is cut wherever that
//! window hears a pause or another voice, and is short, so that it seldom holds two people even
//! where the segmentation takes two alike voices for one.

use std::ops::Range;

use super::segment::{FRAME, FRAMES, LOCALS, STEP, Window};

/// Frames of 2.5 seconds.
const LONGEST: usize = 150;
/// Frames of half a second; shorter pieces are mostly edges.
const SHORTEST: usize = 30;
/// A shorter gap does not end a piece.
const BRIDGE: usize = 3;
/// Seconds that are embedded of any recording, as far as it has them.
const ALWAYS: f32 = 80.0;
/// Share of a long recording that is embedded.
const SHARE: f32 = 0.25;

/// Speech of one local voice of one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) window: usize,
    pub(super) local: usize,
    /// Frames of the recording.
    pub(super) frames: Range<usize>,
}

impl Piece {
    pub(super) fn seconds(&self) -> f32 {
        seconds(self.frames.len())
    }
}

/// All pieces in order of time.
pub(super) fn pieces(windows: &[Window]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let middle = middle(windows.len(), index);
        for local in 0..LOCALS {
            for run in runs(window, local, &middle) {
                let parts = run.len().div_ceil(LONGEST);
                let cut = |part: usize| window.start + run.start + run.len() * part / parts;
                pieces.extend((0..parts).map(|part| Piece {
                    window: index,
                    local,
                    frames: cut(part)..cut(part + 1),
                }));
            }
        }
    }
    pieces.sort_by_key(|piece| piece.frames.start);
    pieces
}

/// Splits the pieces into those to embed, spread over the whole recording with the longer ones
/// preferred, and the rest.
pub(super) fn share(pieces: Vec<Piece>) -> (Vec<Piece>, Vec<Piece>) {
    let end = pieces.last().map_or(0, |last| last.frames.end);
    let budget = (seconds(end) * SHARE).max(ALWAYS);
    let total: f32 = pieces.iter().map(Piece::seconds).sum();
    if total <= budget {
        return (pieces, Vec::new());
    }
    let mut credit = 0.0;
    let due = budget / total;
    pieces.into_iter().partition(|piece| {
        let length = piece.seconds();
        credit += length * due * (0.6 + 0.5 * length / seconds(LONGEST));
        let take = credit >= length;
        if take {
            credit -= length;
        }
        take
    })
}

/// The frames of a window that no other window sees better.
fn middle(count: usize, index: usize) -> Range<usize> {
    let edge = (FRAMES - STEP) / 2;
    let start = if index == 0 { 0 } else { edge };
    let end = if index + 1 == count {
        FRAMES
    } else {
        edge + STEP
    };
    start..end
}

/// Unbroken runs of frames in which the voice alone speaks, within the window.
fn runs(window: &Window, local: usize, middle: &Range<usize>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let alone = window.solo(local).enumerate().filter(|(_, alone)| *alone);
    for (frame, _) in alone.filter(|(frame, _)| middle.contains(frame)) {
        match runs.last_mut() {
            Some(run) if frame - run.end <= BRIDGE => run.end = frame + 1,
            _ => runs.push(frame..frame + 1),
        }
    }
    runs.retain(|run| run.len() >= SHORTEST);
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
    fn speech_is_cut_at_voices_and_into_short_pieces() {
        let found = pieces(&[window(0, 400, 60)]);
        let spans: Vec<_> = found.iter().map(|p| (p.local, p.frames.clone())).collect();
        assert_eq!(
            spans,
            [(0, 0..133), (0, 133..266), (0, 266..400), (1, 400..460)]
        );
    }

    #[test]
    fn speech_under_half_a_second_or_in_a_crowd_is_left() {
        let mut crowd = window(0, 20, 0);
        crowd.active.extend(vec![[true, true, false]; 200]);
        assert_eq!(pieces(&[crowd]), []);
    }

    #[test]
    fn windows_that_overlap_hear_everything_once() {
        let windows: Vec<Window> = (0..5).map(|n| window(n * STEP, FRAMES, 0)).collect();
        let found = pieces(&windows);
        let frames: usize = found.iter().map(|piece| piece.frames.len()).sum();
        assert_eq!(frames, 4 * STEP + FRAMES);
        assert!(found.is_sorted_by(|a, b| a.frames.end <= b.frames.start));
    }

    #[test]
    fn an_hour_is_thinned_to_its_share_over_its_whole_length() {
        let windows: Vec<Window> = (0..720).map(|n| window(n * STEP, 300, 280)).collect();
        let (chosen, rest) = share(pieces(&windows));
        let total: f32 = chosen.iter().map(Piece::seconds).sum();
        assert!((600.0..1_200.0).contains(&total), "{total} s");
        let first = chosen.iter().filter(|piece| piece.window < 360).count();
        assert!(first.abs_diff(chosen.len() / 2) <= chosen.len() / 20);
        assert!(chosen.iter().any(|piece| piece.local == 1) && !rest.is_empty());
    }
}

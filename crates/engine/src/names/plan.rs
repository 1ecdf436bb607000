//! How texts are cut into windows of bounded length and put together into batches. Pure.

use std::ops::Range;

/// Tokens of one window without its two marks; the model could take twice as many, but its work
/// grows with the square.
const LONGEST: usize = 254;
/// Tokens at a window's inner edges whose answers are taken from the neighbour, which sees more
/// around them.
const EDGE: usize = 32;
/// Windows of one batch; more gain nothing measurable.
const BATCH: usize = 16;

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) id: i64,
    /// Byte range in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which word of the text it belongs to.
    pub(super) word: u32,
}

/// One window of one text: what goes in, and for which of it the answers are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) text: usize,
    pub(super) take: Range<usize>,
    pub(super) keep: Range<usize>,
}

/// Windows of all texts, the shortest first. Every token is kept exactly once.
pub(super) fn jobs(texts: &[Vec<Piece>]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (text, pieces) in texts.iter().enumerate() {
        let end = pieces.len();
        let mut start = 0;
        let mut kept = 0;
        while kept < end {
            let take = start..end.min(start + LONGEST);
            let keep_end = if take.end == end {
                end
            } else {
                take.end - EDGE
            };
            jobs.push(Job {
                text,
                take,
                keep: kept..keep_end,
            });
            kept = keep_end;
            start = kept - EDGE.min(kept);
        }
    }
    jobs.sort_by_key(|job| job.take.len());
    jobs
}

/// Neighbours of like length, so that little is padding.
pub(super) fn batches(jobs: &[Job]) -> Vec<&[Job]> {
    let mut batches = Vec::new();
    let mut rest = jobs;
    while let Some(first) = rest.first() {
        let most = first.take.len() + first.take.len() / 4 + 4;
        let fit = rest
            .iter()
            .take(BATCH)
            .take_while(|job| job.take.len() <= most);
        let Some((batch, left)) = rest.split_at_checked(fit.count().max(1)) else {
            break;
        };
        batches.push(batch);
        rest = left;
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lengths: &[usize]) -> Vec<Vec<Piece>> {
        let piece = Piece {
            id: 7,
            start: 0,
            end: 1,
            word: 0,
        };
        lengths.iter().map(|length| vec![piece; *length]).collect()
    }

    #[test]
    fn every_token_is_kept_once_with_enough_around_it() {
        for length in [0, 1, 253, 254, 255, 300, 444, 445, 2_000] {
            let mut jobs = jobs(&texts(&[length]));
            jobs.sort_by_key(|job| job.take.start);
            let kept: Vec<usize> = jobs.iter().flat_map(|job| job.keep.clone()).collect();
            assert!(kept.iter().copied().eq(0..length), "{length}");
            for job in &jobs {
                assert!(job.take.len() <= LONGEST);
                let before = job.keep.start - job.take.start;
                let after = job.take.end - job.keep.end;
                assert!(before >= EDGE || job.take.start == 0);
                assert!(after >= EDGE || job.take.end == length);
            }
        }
    }

    #[test]
    fn batches_hold_every_window_and_little_padding() {
        let lengths: Vec<usize> = (0..100).map(|n| (n * 37) % 90).collect();
        let jobs = jobs(&texts(&lengths));
        let batches = batches(&jobs);
        assert_eq!(
            batches.iter().map(|batch| batch.len()).sum::<usize>(),
            jobs.len()
        );
        for batch in batches {
            let (short, long) = (batch[0].take.len(), batch[batch.len() - 1].take.len());
            assert!(batch.len() <= BATCH && long <= short + short / 4 + 4);
        }
    }
}

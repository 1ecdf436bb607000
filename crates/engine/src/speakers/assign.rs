//! Gives each word the voice that speaks it. Pure.

use domain::{Confidence, Millis, Span};

use super::Diarization;

/// A pause this long, or longer, ends a sentence for the purpose of smoothing.
const PAUSE: Millis = Millis(600);
/// A word surer than this is never smoothed away: a real "yes" between two sentences.
const SURE: f32 = 0.75;

/// The speaker of each word and how sure that is, in the words' order: who overlaps it most,
/// else whose segment is nearest. A single unsure word between words of the other speaker in one
/// breath goes to that speaker.
#[must_use]
pub fn assign(words: &[Span], d: &Diarization) -> Vec<(u8, Confidence)> {
    let raw: Vec<(u8, Confidence)> = words.iter().map(|word| of_word(word, d)).collect();
    let mut smooth = raw.clone();
    let triples = raw.windows(3).zip(words.windows(3));
    for (place, (speakers, spans)) in smooth.iter_mut().skip(1).zip(triples) {
        let ([before, own, after], [first, word, last]) = (speakers, spans) else {
            continue;
        };
        let one_breath = first.gap(word) < PAUSE && word.gap(last) < PAUSE;
        if one_breath && before.0 == after.0 && own.0 != before.0 && own.1.get() < SURE {
            *place = (before.0, Confidence::new(1.0 - own.1.get()));
        }
    }
    smooth
}

fn of_word(word: &Span, d: &Diarization) -> (u8, Confidence) {
    let mut shared = [0.0f32; 2];
    for segment in &d.segments {
        let Some(common) = segment.span.intersection(word) else {
            continue;
        };
        if let Some(sum) = shared.get_mut(usize::from(segment.speaker)) {
            *sum += millis(common.duration()) * segment.confidence.get();
        }
    }
    let [first, second] = shared;
    let all = first + second;
    if all > 0.0 {
        let speaker = u8::from(second > first);
        let covered = (all / millis(word.duration()).max(1.0)).min(1.0);
        let share = first.max(second) / all;
        return (speaker, Confidence::new(share * (0.5 + 0.5 * covered)));
    }
    nearest(word, d)
}

/// A word outside every segment: its times or the segments' are a little off.
fn nearest(word: &Span, d: &Diarization) -> (u8, Confidence) {
    let near = d
        .segments
        .iter()
        .min_by_key(|segment| segment.span.gap(word));
    near.map_or((0, Confidence::new(0.0)), |segment| {
        let away = millis(segment.span.gap(word)) / 1000.0;
        (segment.speaker, Confidence::new(0.5 / (1.0 + away)))
    })
}

/// Durations here are of words: far below where single precision would round.
fn millis(duration: Millis) -> f32 {
    duration.0 as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::SpeakerSegment;

    fn span(start: u64, end: u64) -> Span {
        Span::between(Millis(start), Millis(end))
    }

    fn told(segments: &[(u64, u64, u8)]) -> Diarization {
        Diarization {
            segments: segments
                .iter()
                .map(|(start, end, speaker)| SpeakerSegment {
                    span: span(*start, *end),
                    speaker: *speaker,
                    confidence: Confidence::CERTAIN,
                })
                .collect(),
            separation: Confidence::new(0.4),
        }
    }

    fn speakers(words: &[Span], d: &Diarization) -> Vec<u8> {
        assign(words, d)
            .iter()
            .map(|(speaker, _)| *speaker)
            .collect()
    }

    #[test]
    fn a_word_goes_to_whom_it_overlaps_most_else_to_the_nearest() {
        let d = told(&[(0, 1000, 0), (1000, 2000, 1)]);
        let words = [span(100, 300), span(900, 1300), span(2500, 2600)];
        assert_eq!(speakers(&words, &d), [0, 1, 1]);
        let sure = assign(&words, &d);
        assert!(sure[0].1 > sure[1].1 && sure[1].1 > sure[2].1);
    }

    #[test]
    fn a_single_unsure_word_in_a_breath_is_smoothed_and_a_sure_one_is_not() {
        let d = told(&[(0, 1000, 0), (950, 1150, 1), (1050, 2000, 0)]);
        let words = [span(700, 950), span(960, 1140), span(1160, 1400)];
        assert_eq!(speakers(&words, &d), [0, 0, 0]);
        let clear = told(&[(0, 950, 0), (950, 1150, 1), (1150, 2000, 0)]);
        assert_eq!(speakers(&words, &clear), [0, 1, 0]);
    }

    #[test]
    fn nothing_told_apart_is_speaker_zero_without_confidence() {
        assert_eq!(
            assign(&[span(0, 100)], &told(&[])),
            [(0, Confidence::new(0.0))]
        );
        assert_eq!(assign(&[], &told(&[(0, 9, 1)])), []);
    }
}

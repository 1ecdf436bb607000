//! Cuts a conversation's words into turns.

use domain::{Millis, Span, Turn, Word, WordIndex};

/// A speaker who pauses longer than this begins a new turn even if nobody else spoke.
const PAUSE: Millis = Millis(1_500);
/// Another speaker's words in a pause longer than this end the turn: shorter pauses are breath.
const BREATH: Millis = Millis(300);

/// Puts words into the transcript's order (start, then speaker) and cuts them into turns of one
/// speaker each, in order of their start. Every word is in exactly one turn.
pub fn cut(words: &mut [Word]) -> Vec<Turn> {
    words.sort_by_key(|word| (word.span.start(), word.speaker, word.span.end()));
    let mut open: Vec<(Turn, Span)> = Vec::new();
    let mut turns = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let index = WordIndex(u32::try_from(at).unwrap_or(u32::MAX));
        let mine = open
            .iter()
            .position(|(turn, _)| turn.speaker == word.speaker);
        match mine.and_then(|place| open.get_mut(place).map(|entry| (place, entry))) {
            Some((_, (turn, last))) if continues(turn, last, word, words, at) => {
                turn.last = index;
                turn.span = turn.span.hull(&word.span);
                *last = word.span;
            }
            Some((place, _)) => {
                turns.push(open.swap_remove(place).0);
                open.push((begin(word, index), word.span));
            }
            None => open.push((begin(word, index), word.span)),
        }
    }
    turns.extend(open.into_iter().map(|(turn, _)| turn));
    turns.sort_by_key(|turn| (turn.first, turn.speaker));
    turns
}

fn begin(word: &Word, index: WordIndex) -> Turn {
    Turn {
        speaker: word.speaker,
        first: index,
        last: index,
        span: word.span,
        quoted: false,
    }
}

fn continues(turn: &Turn, last: &Span, word: &Word, words: &[Word], at: usize) -> bool {
    let pause = last.gap(&word.span);
    if pause > PAUSE {
        return false;
    }
    if pause <= BREATH {
        return true;
    }
    let after = usize::try_from(turn.last.0)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let between = words.get(after..at).unwrap_or_default();
    !between
        .iter()
        .any(|other| other.speaker != word.speaker && other.span.start() >= last.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Confidence;
    use proptest::prelude::*;

    fn word(speaker: u8, start: u64, end: u64) -> Word {
        Word {
            text: "w".into(),
            speaker,
            span: Span::between(Millis(start), Millis(end)),
            confidence: Confidence::CERTAIN,
        }
    }

    fn shape(words: &mut [Word]) -> Vec<(u8, u32, u32)> {
        cut(words)
            .iter()
            .map(|turn| (turn.speaker, turn.first.0, turn.last.0))
            .collect()
    }

    #[test]
    fn an_answer_ends_a_turn_and_a_word_spoken_over_does_not() {
        let mut answer = [word(0, 0, 400), word(1, 600, 900), word(0, 1_000, 1_300)];
        assert_eq!(shape(&mut answer), vec![(0, 0, 0), (1, 1, 1), (0, 2, 2)]);
        let mut over = [word(0, 0, 400), word(1, 300, 500), word(0, 450, 900)];
        assert_eq!(shape(&mut over), vec![(0, 0, 2), (1, 1, 1)]);
        let mut pause = [word(0, 0, 400), word(0, 2_500, 2_900)];
        assert_eq!(shape(&mut pause), vec![(0, 0, 0), (0, 1, 1)]);
    }

    proptest! {
        #[test]
        fn every_word_is_in_exactly_one_turn(
            spoken in prop::collection::vec((0u8..3, 0u64..20_000, 0u64..900), 0..60)
        ) {
            let mut words: Vec<Word> =
                spoken.iter().map(|(who, start, long)| word(*who, *start, start + long)).collect();
            let turns = cut(&mut words);
            let mut seen = vec![0u32; words.len()];
            for turn in &turns {
                for at in turn.first.0..=turn.last.0 {
                    let at = usize::try_from(at).unwrap();
                    if words[at].speaker == turn.speaker {
                        seen[at] += 1;
                    }
                }
            }
            prop_assert!(seen.iter().all(|count| *count == 1), "{seen:?}");
        }
    }
}

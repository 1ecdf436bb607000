//! Speech that the recogniser did not turn into words. Nobody can tell what is in it, so the
//! redacted sound must not carry it.

use domain::{Millis, Span};

/// Word times are this uncertain at their edges.
const SLACK: Millis = Millis(250);
/// Shorter rests are edges of words, breath or clicks.
const SHORTEST: Millis = Millis(250);

/// The parts of voiced spans that no word covers, in order. Both inputs may be in any order.
#[must_use]
pub fn unheard(voiced: &[Span], words: &[Span]) -> Vec<Span> {
    let mut covered: Vec<Span> = words
        .iter()
        .map(|word| {
            Span::between(
                word.start().saturating_sub(SLACK),
                word.end().saturating_add(SLACK),
            )
        })
        .collect();
    covered.sort();
    let mut rests = Vec::new();
    for span in voiced {
        let mut from = span.start();
        for word in covered.iter().filter(|word| word.overlaps(span)) {
            push(&mut rests, from, word.start());
            from = from.max(word.end());
        }
        push(&mut rests, from, span.end());
    }
    rests.sort();
    rests
}

fn push(rests: &mut Vec<Span>, from: Millis, to: Millis) {
    if to.saturating_sub(from) >= SHORTEST && to > from {
        rests.push(Span::between(from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(from: u64, to: u64) -> Span {
        Span::between(Millis(from), Millis(to))
    }

    #[test]
    fn an_answer_without_words_is_unheard_and_edges_of_words_are_not() {
        let voiced = [span(0, 2_000), span(3_000, 4_200)];
        let words = [span(100, 900), span(1_000, 1_900)];
        assert_eq!(unheard(&voiced, &words), vec![span(3_000, 4_200)]);
        assert_eq!(
            unheard(&[span(0, 3_000)], &[span(0, 1_000)]),
            vec![span(1_250, 3_000)]
        );
        assert_eq!(unheard(&voiced, &[]), voiced.to_vec());
        assert!(unheard(&[], &words).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_left_is_voiced_and_holds_no_word(
            voiced in prop::collection::vec((0u64..30_000, 1u64..4_000), 0..12),
            words in prop::collection::vec((0u64..30_000, 1u64..900), 0..40),
        ) {
            let voiced: Vec<Span> = voiced.iter().map(|(at, long)| span(*at, at + long)).collect();
            let words: Vec<Span> = words.iter().map(|(at, long)| span(*at, at + long)).collect();
            for rest in unheard(&voiced, &words) {
                prop_assert!(words.iter().all(|word| !word.overlaps(&rest)));
                prop_assert!(voiced.iter().any(|v| v.start() <= rest.start() && rest.end() <= v.end()));
            }
        }
    }
}

//! Floors under what the rules find without a name model, on generated talk of one seed.

use std::collections::BTreeMap;

use analysis::planting::{self, Dice, Sample, Wording};
use analysis::redact::{self, Profile};

const SAMPLES: usize = 150;

fn spans(sample: &Sample) -> (u32, Vec<domain::RedactionSpan>) {
    let raw = sample.transcript();
    let turn = sample.secret.map_or(0, |planted| planted.turn);
    (
        raw.turns[turn].first.0,
        redact::spans(&raw, &[], &Profile::default()),
    )
}

#[test]
fn of_a_hundred_secrets_of_a_type_at_most_four_are_left_or_mistaken() {
    let mut dice = Dice::new(7);
    let mut missed: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in planting::TYPES {
        for _ in 0..SAMPLES {
            let sample = planting::with_secret(*kind, Wording::Tuned, &mut dice);
            let (start, spans) = spans(&sample);
            let planted = sample.secret.unwrap();
            let covered = (planted.first..=planted.last).all(|word| {
                let at = start + u32::try_from(word).unwrap();
                spans.iter().any(|span| {
                    (span.first.0..=span.last.0).contains(&at) && span.kind == sample.expected
                })
            });
            *missed.entry(sample.kind).or_default() += usize::from(!covered);
        }
    }
    let below: Vec<_> = missed
        .iter()
        .filter(|(_, missed)| **missed * 25 > SAMPLES)
        .collect();
    assert!(below.is_empty(), "missed of {SAMPLES}: {below:?}");
}

#[test]
fn harmless_talk_full_of_numbers_loses_nothing() {
    let mut dice = Dice::new(7);
    for _ in 0..SAMPLES * 4 {
        let sample = planting::without_secret(Wording::Tuned, &mut dice);
        let (_, spans) = spans(&sample);
        assert!(spans.is_empty(), "{:?} {spans:?}", sample.lines);
    }
}

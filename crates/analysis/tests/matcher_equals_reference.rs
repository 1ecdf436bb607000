//! The matcher, the candidate plan and the battery agree with the slow reference evaluator.

mod reference;

use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_random_transcripts_and_queries(seed in any::<u64>(), length in 0_u64..40, depth in 0_u64..4) {
        reference::cases::check(seed, length, depth, 4);
    }
}

#[test]
fn random_cases_both_match_and_do_not() {
    let matched: usize = (0..200)
        .map(|seed| reference::cases::check(seed, 30, 2, 4))
        .sum();
    assert!((80..720).contains(&matched), "{matched} of 800 matched");
}

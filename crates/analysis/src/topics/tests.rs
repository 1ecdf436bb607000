use proptest::prelude::*;

use super::*;

/// A vector that points along one axis, a little turned.
fn along(axis: usize, turned: f32) -> Vec<f32> {
    let mut vector = vec![0.0; 16];
    vector[axis] = (1.0 - turned * turned).sqrt();
    vector[15 - axis] = turned;
    vector
}

fn place(interaction: usize, half: Half) -> TurnPlace {
    TurnPlace {
        interaction,
        at: Millis(1_000),
        week: i64::from(half == Half::After),
        half: Some(half),
    }
}

/// Two subjects of eight interactions each and four turns like nothing else; the second subject
/// is of the later period alone.
fn two_subjects() -> TopicTurns {
    let mut turns = TopicTurns::new(16);
    for n in 0..8u8 {
        let turned = f32::from(n) / 20.0;
        let number = usize::from(n);
        let refund = ["please", "send", "me", "the", "gift", "card", "now"];
        turns.push(place(number, Half::Before), &refund, &along(0, turned));
        let parcel = ["where", "is", "my", "lost", "parcel", "then"];
        turns.push(place(100 + number, Half::After), &parcel, &along(1, turned));
    }
    for n in 0..4usize {
        let words = ["something", "else", "altogether"];
        turns.push(place(200 + n, Half::Before), &words, &along(3 + n, 0.0));
    }
    turns
}

#[test]
fn what_is_said_alike_is_one_topic_with_its_own_phrase() {
    let found = discover(&two_subjects(), &TopicSettings::default());
    let names: Vec<_> = found.topics.iter().map(|one| one.phrases.first()).collect();
    assert_eq!(found.topics.len(), 2, "{found:?}");
    assert!(names.contains(&Some(&"gift card".to_owned())), "{names:?}");
    assert!(
        names.contains(&Some(&"lost parcel".to_owned())),
        "{names:?}"
    );
    assert_eq!((found.turns, found.unclassified), (20, 4));
    for topic in &found.topics {
        assert_eq!((topic.turns, topic.interactions), (8, 8));
        assert_eq!(topic.examples.len(), EXAMPLES);
    }
}

#[test]
fn periods_that_speak_of_other_things_have_drifted() {
    let found = discover(&two_subjects(), &TopicSettings::default());
    assert_eq!(found.halves, (12, 8));
    // Nothing that is said in one period is said in the other.
    assert!(found.drift.unwrap() > 0.999, "{:?}", found.drift);
    let parcel = |one: &&Topic| one.phrases.contains(&"lost parcel".to_owned());
    let parcel = found.topics.iter().find(parcel).unwrap();
    assert_eq!(parcel.halves, (0, 8));
    assert_eq!(parcel.weeks, BTreeMap::from([(1, 8)]));
}

#[test]
fn the_same_in_both_periods_is_no_drift() {
    let mut turns = TopicTurns::new(16);
    for n in 0..12usize {
        let half = if n % 2 == 0 {
            Half::Before
        } else {
            Half::After
        };
        turns.push(place(n, half), &["lost", "parcel"], &along(1, 0.1));
    }
    let found = discover(&turns, &TopicSettings::default());
    assert!(found.drift.unwrap() < 1e-9);
    let one_sided = discover(&TopicTurns::new(16), &TopicSettings::default());
    assert_eq!(one_sided.drift, None);
    assert!(one_sided.topics.is_empty());
}

#[test]
fn a_phrase_of_too_few_interactions_names_nothing() {
    let mut turns = TopicTurns::new(16);
    for n in 0..6usize {
        // Two interactions share a rare word; all share the subject.
        let words: &[&str] = if n < 2 {
            &["zanzibar", "zanzibar", "zanzibar", "parcel"]
        } else {
            &["parcel", "lost"]
        };
        turns.push(place(n, Half::Before), words, &along(1, 0.1));
        turns.push(place(50 + n, Half::Before), &["refund"], &along(2, 0.1));
    }
    let found = discover(&turns, &TopicSettings::default());
    let all: Vec<&String> = found.topics.iter().flat_map(|one| &one.phrases).collect();
    assert!(
        !all.iter().any(|phrase| phrase.contains("zanzibar")),
        "{all:?}"
    );
    let few = TopicSettings {
        fewest: 7,
        ..TopicSettings::default()
    };
    let found = discover(&turns, &few);
    assert_eq!((found.topics.len(), found.unclassified), (0, 12));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every turn is in one topic or unclassified, the same for the same seed.
    #[test]
    fn no_turn_is_lost_and_a_seed_decides_everything(
        seed in any::<u64>(),
        most in proptest::option::of(1usize..5),
        axes in proptest::collection::vec((0usize..7, 0u8..18), 0..60),
    ) {
        let mut turns = TopicTurns::new(16);
        for (n, (axis, turned)) in axes.iter().enumerate() {
            let vector = along(*axis, f32::from(*turned) / 20.0);
            turns.push(place(n % 9, Half::After), &["word", "other"], &vector);
        }
        let settings = TopicSettings { seed, most, ..TopicSettings::default() };
        let found = discover(&turns, &settings);
        let inside: usize = found.topics.iter().map(|one| one.turns).sum();
        prop_assert_eq!(inside + found.unclassified, axes.len());
        prop_assert!(found.topics.len() <= most.unwrap_or(usize::MAX));
        prop_assert!(found.topics.iter().all(|one| one.interactions >= 3));
        prop_assert_eq!(discover(&turns, &settings), found);
    }
}

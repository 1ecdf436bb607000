use domain::Weight;
use domain::query::{Fields, IndexWord, StreamWord, TokenId, WordStream};
use domain::{Millis, Span, SpeakerLabel, WordIndex};
use proptest::prelude::*;

use super::*;
use crate::search::{self, Resolved};

fn weight(weight: f64) -> Weight {
    Weight::new(weight).unwrap()
}

fn category(threshold: f64, parts: &[(&str, f64)]) -> Result<Category, CategoryError> {
    let components = parts.iter().map(|(query, own)| Component {
        name: (*query).to_owned(),
        query: search::parse(query).unwrap(),
        weight: weight(*own),
    });
    Category::new(
        "Folder.Name".parse().unwrap(),
        String::new(),
        weight(threshold),
        components.collect(),
    )
}

/// A stream of one speaker in which each word is a letter of the alphabet.
fn stream(letters: &str) -> (WordStream, Resolved) {
    let mut resolved = Resolved::default();
    for letter in 'a'..='h' {
        resolved.word(&letter.to_string(), TokenId(u64::from(u32::from(letter))));
    }
    let words = letters.chars().enumerate().map(|(place, letter)| {
        let at = u64::try_from(place).unwrap() * 1_000;
        let word = WordIndex(u32::try_from(place).unwrap());
        let text = IndexWord {
            text: letter.to_string(),
            speaker: SpeakerLabel::Agent,
            span: Span::between(Millis(at), Millis(at + 500)),
            word,
            last: word,
        };
        StreamWord {
            token: TokenId(u64::from(u32::from(letter))),
            speaker: text.speaker,
            span: text.span,
            word,
            last: word,
        }
    });
    let stream = WordStream {
        words: words.collect(),
        duration: Millis(60_000),
        fields: Fields::default(),
        alike: Vec::new(),
    };
    (stream, resolved)
}

fn decided(category: &Category, letters: &str) -> Option<Vec<String>> {
    let (stream, resolved) = stream(letters);
    let found: Vec<_> = category
        .components
        .iter()
        .map(|part| search::evaluate(&part.query, &resolved, &stream, &stream.fields))
        .collect();
    let names = |found: Vec<ComponentFinding>| found.into_iter().map(|one| one.name).collect();
    category.decide(&found).map(names)
}

#[test]
fn weights_must_reach_the_threshold() {
    let both = category(2.0, &[("a", 1.0), ("b", 1.0), ("c", 2.0)]).unwrap();
    assert_eq!(decided(&both, "a"), None);
    assert_eq!(decided(&both, "ab"), Some(vec!["a".into(), "b".into()]));
    assert_eq!(decided(&both, "c"), Some(vec!["c".into()]));
    assert_eq!(search::format(&both.query().unwrap()), "c OR a AND b");
    let tenths = category(0.3, &[("a", 0.1), ("b", 0.2)]).unwrap();
    assert!(
        decided(&tenths, "ab").is_some(),
        "0.1 + 0.2 is 0.3 to a person"
    );
}

#[test]
fn what_makes_no_category_is_refused() {
    assert_eq!(category(1.0, &[]), Err(CategoryError::Empty));
    assert_eq!(
        category(3.0, &[("a", 1.0), ("b", 1.0)]),
        Err(CategoryError::Unreachable)
    );
    assert_eq!(
        category(1.0, &[("a", 1.0), ("a", 1.0)]),
        Err(CategoryError::Twice("a".into()))
    );
    let names: Vec<String> = (0..40).map(|n| format!("word{n}")).collect();
    let many: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 1.0)).collect();
    assert_eq!(category(20.0, &many), Err(CategoryError::TooManyWays));
}

#[test]
fn a_diff_keeps_the_longest_common_part() {
    use Change::{Added, Kept, Removed};
    let own = |text: &str| text.to_owned();
    assert_eq!(
        changes("a\nb\nc", "a\nc\nd"),
        [
            Kept(own("a")),
            Removed(own("b")),
            Kept(own("c")),
            Added(own("d"))
        ]
    );
}

/// Wilson's interval for 8 of 10 as published (Brown, Cai and DasGupta, Statistical Science 16,
/// 2001, compare it): 0.490 to 0.943.
#[test]
fn quality_has_intervals() {
    let mut counts = Counts::default();
    for place in 0..10 {
        counts.note(true, place < 8);
    }
    counts.note(false, true);
    let precision = counts.precision().unwrap();
    assert!((precision.value - 0.8).abs() < 1e-12);
    assert!(
        (precision.interval.low - 0.490_16).abs() < 1e-4,
        "{precision:?}"
    );
    assert!(
        (precision.interval.high - 0.943_31).abs() < 1e-4,
        "{precision:?}"
    );
    let recall = counts.recall().unwrap().value;
    let f1 = counts.f1().unwrap();
    let mean = 2.0 * precision.value * recall / (precision.value + recall);
    assert!((f1.value - mean).abs() < 1e-12);
    assert!(f1.interval.low < f1.value && f1.value < f1.interval.high);
    assert!(Counts::default().f1().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A reference to a category finds what its weights find.
    #[test]
    fn the_one_query_holds_where_the_weights_reach(
        weights in proptest::collection::vec(1u8..6, 1..7),
        part in 1u8..=100,
        letters in "[a-h]{0,8}",
    ) {
        let total: u8 = weights.iter().sum();
        let threshold = (f64::from(total) * f64::from(part) / 100.0).max(0.5);
        let names: Vec<String> = ('a'..='h').map(String::from).collect();
        let parts: Vec<(&str, f64)> = names
            .iter()
            .zip(&weights)
            .map(|(name, weight)| (name.as_str(), f64::from(*weight)))
            .collect();
        let category = category(threshold, &parts).unwrap();
        let (stream, resolved) = stream(&letters);
        let query = category.query().unwrap();
        let holds = search::evaluate(&query, &resolved, &stream, &stream.fields).is_some();
        prop_assert_eq!(holds, decided(&category, &letters).is_some());
    }
}

#[test]
fn a_turn_that_is_like_an_example_is_evidence_with_its_likeness() {
    use domain::query::{AlikeTurn, Likeness, Node, Place, Query, Similar};
    use domain::{Millis, Span, WordIndex};
    let similar = Similar {
        phrases: vec!["I want to leave".to_owned()],
        at_least: Likeness::of(0.6),
    };
    let query = Query {
        node: Node::Similar(similar.clone()),
        place: Place::default(),
    };
    let (mut stream, mut resolved) = stream("abcd");
    let evaluate =
        |resolved: &_, stream: &_| search::evaluate(&query, resolved, stream, &Fields::default());
    let opposite = Query {
        node: Node::Not(Box::new(query.clone())),
        place: Place::default(),
    };
    let not = search::evaluate(&opposite, &resolved, &stream, &Fields::default());
    assert!(
        not.is_none(),
        "what was not compared is no match, and its absence none either"
    );
    resolved.compared();
    assert!(evaluate(&resolved, &stream).is_none(), "no turn is alike");
    let words = &stream.words;
    let turn = AlikeTurn {
        first: WordIndex(1),
        last: WordIndex(2),
        span: Span::between(words[1].span.start(), words[2].span.end()),
        likeness: Likeness::of(0.7123),
    };
    stream.alike.push((similar, vec![turn]));
    let found = evaluate(&resolved, &stream).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].first, found[0].last),
        (WordIndex(1), WordIndex(2))
    );
    assert_eq!(found[0].span, turn.span);
    assert_eq!(found[0].parts[0].likeness.unwrap().to_string(), "0.712");
    let battery = search::Battery::new([&query], &resolved);
    assert_eq!(battery.run(&stream, &Fields::default()).len(), 1);
    let early = Query {
        node: Node::Edge(
            domain::query::Edge::First,
            domain::query::Reach::Amount(domain::query::Amount::Time(Millis(0))),
            Box::new(query.clone()),
        ),
        place: Place::default(),
    };
    assert!(search::evaluate(&early, &resolved, &stream, &Fields::default()).is_none());
}

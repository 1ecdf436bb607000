use proptest::prelude::*;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::query::{Apart, Nearby, Opening, Order, Said, StreamWord, Unbroken};
use domain::{Millis, Span, SpeakerLabel, TenantId, Timestamp, WordIndex};
use uuid::Uuid;

use super::folder::Folder;
use super::places::{Places, Turns};
use super::source::{Count, Entry, Plan};
use super::*;
use crate::keys::{Key, KeyedHash};

fn plan() -> impl Strategy<Value = Candidates> {
    let moment = || prop::option::of((0i64..6).prop_map(Timestamp));
    let leaf = prop_oneof![
        Just(Candidates::All),
        Just(Candidates::None),
        (0u64..6).prop_map(|token| Candidates::Token(TokenId(token))),
        (moment(), moment()).prop_map(|(from, until)| Candidates::Started { from, until }),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Candidates::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Candidates::Or),
            inner.prop_map(|inner| Candidates::Not(Box::new(inner))),
        ]
    })
}

/// Start and tokens of an interaction.
type Doc = (i64, BTreeSet<u64>);

fn docs(most: usize) -> impl Strategy<Value = Vec<Doc>> {
    let doc = (0i64..6, prop::collection::btree_set(0u64..6, 0..6));
    prop::collection::vec(doc, 1..most)
}

/// The meaning of a plan, by its definition.
fn holds(plan: &Candidates, doc: &Doc) -> bool {
    match plan {
        Candidates::All => true,
        Candidates::None => false,
        Candidates::Token(token) => doc.1.contains(&token.0),
        Candidates::Started { from, until } => {
            from.is_none_or(|from| doc.0 >= from.0) && until.is_none_or(|until| doc.0 < until.0)
        }
        Candidates::Not(inner) => !holds(inner, doc),
        Candidates::And(parts) => parts.iter().all(|part| holds(part, doc)),
        Candidates::Or(parts) => parts.iter().any(|part| holds(part, doc)),
        Candidates::Next(..)
        | Candidates::Near(_)
        | Candidates::Unbroken(_)
        | Candidates::Value { .. } => panic!("not among the cases"),
    }
}

fn engine_plan(plan: &Candidates) -> Plan {
    plan.plan(&KeyedHash::new(&Key::from_slice(&[7; 32]).unwrap()))
}

/// Its words, one after the other.
fn places(id: InteractionId, doc: &Doc) -> Places {
    let words = (0..)
        .zip(&doc.1)
        .map(|(at, token)| said(at, *token, SpeakerLabel::Agent));
    let stream = WordStream {
        words: words.collect(),
        ..WordStream::default()
    };
    Places::of(&turns(), id, &stream)
}

fn said(at: u32, token: u64, speaker: SpeakerLabel) -> StreamWord {
    let start = u64::from(at) * 400;
    StreamWord {
        token: TokenId(token),
        speaker,
        span: Span::between(Millis(start), Millis(start + 300)),
        word: WordIndex(at),
        last: WordIndex(at),
    }
}

fn turns() -> Turns {
    Turns::of(&KeyedHash::new(&Key::from_slice(&[7; 32]).unwrap()))
}

fn meets(plan: &Plan, doc: &Doc) -> bool {
    match plan {
        Plan::All => true,
        Plan::None => false,
        Plan::Token(token) => doc.1.contains(&token.0),
        Plan::Mark(_) | Plan::Placed(_) => panic!("not among the cases"),
        Plan::Started(from, until) => {
            from.is_none_or(|from| doc.0 >= from.0) && until.is_none_or(|until| doc.0 < until.0)
        }
        Plan::Not(inner) => !meets(inner, doc),
        Plan::And(parts) => parts.iter().all(|part| meets(part, doc)),
        Plan::Or(parts) => parts.iter().any(|part| meets(part, doc)),
    }
}

fn nothing_bare_inside(plan: &Plan) -> bool {
    let whole = |part: &Plan| !matches!(part, Plan::All | Plan::None) && nothing_bare_inside(part);
    match plan {
        Plan::And(parts) | Plan::Or(parts) => parts.len() > 1 && parts.iter().all(whole),
        Plan::Not(inner) => whole(inner),
        Plan::All
        | Plan::None
        | Plan::Token(_)
        | Plan::Mark(_)
        | Plan::Placed(_)
        | Plan::Started(..) => true,
    }
}

proptest! {
    #[test]
    fn an_engines_plan_means_the_same_and_has_no_all_or_none_inside(
        plan in plan(),
        docs in docs(8),
    ) {
        let made = engine_plan(&plan);
        for doc in &docs {
            prop_assert_eq!(holds(&plan, doc), meets(&made, doc));
        }
        prop_assert!(nothing_bare_inside(&made), "{:?}", made);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// tantivy against the definition: what is found, in which order, page by page, and counted;
    /// over two commits, so over two segments, with an entry that was replaced.
    #[test]
    fn the_folder_finds_what_the_plan_means_newest_first(
        plan in plan(),
        docs in docs(12),
        replaced in (0i64..6, prop::collection::btree_set(0u64..6, 0..6)),
        size in 1usize..5,
    ) {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        let spot = |place: usize, doc: &Doc| Spot {
            started: Timestamp(doc.0),
            id: InteractionId::from_uuid(Uuid::from_u128(place as u128)),
        };
        let entry = |place: usize, doc: &Doc| Entry {
            spot: spot(place, doc),
            places: places(spot(place, doc).id, doc),
            marks: Vec::new(),
        };
        let mut docs = docs;
        let all: Vec<Entry> = docs.iter().enumerate().map(|(at, doc)| entry(at, doc)).collect();
        let (first, second) = all.split_at(all.len() / 2);
        docs[0] = replaced;
        let last = vec![entry(0, &docs[0])];
        let made = engine_plan(&plan);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (pages, count) = runtime.block_on(async {
            for entries in [first.to_vec(), second.to_vec(), last] {
                folder.put(tenant, entries).await.unwrap();
            }
            let mut pages: Vec<Spot> = Vec::new();
            loop {
                let after = pages.last().copied();
                let page = folder.page(tenant, &made, after, size).await.unwrap();
                let ended = page.len() < size;
                pages.extend(page);
                if ended {
                    break;
                }
            }
            let count = folder.count(tenant, &made, Duration::from_secs(60)).await.unwrap();
            (pages, count)
        });
        let mut expected: Vec<Spot> = docs
            .iter()
            .enumerate()
            .filter(|(_, doc)| holds(&plan, doc))
            .map(|(place, doc)| spot(place, doc))
            .collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(&pages, &expected);
        prop_assert_eq!(count, Count::exactly(expected.len() as u64));
        let hurried = runtime.block_on(folder.count(tenant, &made, Duration::ZERO)).unwrap();
        prop_assert!(hurried.at_least <= count.at_least);
        prop_assert!(hurried.at_most >= count.at_most);
    }
}

/// Words with pauses, some of them said at once by two.
fn stream() -> impl Strategy<Value = WordStream> {
    let speaker = prop_oneof![
        Just(SpeakerLabel::Agent),
        Just(SpeakerLabel::Consumer),
        Just(SpeakerLabel::Other(1)),
        Just(SpeakerLabel::Other(2)),
    ];
    let word = (0u64..4, speaker, 0u64..3_000, 0u64..2_500);
    prop::collection::vec(word, 0..40).prop_map(|words| {
        let mut start = 0;
        let words = (0..)
            .zip(words)
            .map(|(at, (token, speaker, pause, length))| {
                start += pause;
                let span = Span::between(Millis(start), Millis(start + length));
                StreamWord {
                    span,
                    ..said(at, token, speaker)
                }
            });
        WordStream {
            words: words.collect(),
            ..WordStream::default()
        }
    })
}

fn nearby() -> impl Strategy<Value = Nearby> {
    let side = || {
        let tokens = prop::collection::btree_set(0u64..5, 1..3);
        let speaker = prop::option::of(prop_oneof![
            Just(SpeakerLabel::Agent),
            Just(SpeakerLabel::Consumer),
            Just(SpeakerLabel::Other(2)),
        ]);
        (tokens, speaker).prop_map(|(tokens, speaker)| Said {
            tokens: tokens.into_iter().map(TokenId).collect(),
            speaker,
        })
    };
    let order = prop_oneof![Just(Order::Near), Just(Order::Before), Just(Order::After)];
    let reach = prop_oneof![
        (0u64..200_000).prop_map(|millis| Apart::Time(Millis(millis))),
        (0u64..6_000).prop_map(|millis| Apart::Time(Millis(millis))),
        (0u32..8).prop_map(Apart::Words),
        (0u32..4).prop_map(Apart::Own),
    ];
    (side(), side(), order, reach).prop_map(|(left, right, order, reach)| Nearby {
        left,
        right,
        // A phrase's words come one after the other.
        order: match reach {
            Apart::Own(_) => Order::Before,
            _ => order,
        },
        reach,
    })
}

fn unbroken() -> impl Strategy<Value = Unbroken> {
    let words = prop::collection::btree_set(0u64..5, 1..3);
    let words = prop::collection::vec(words, 1..4);
    let speaker = prop::option::of(prop_oneof![
        Just(SpeakerLabel::Agent),
        Just(SpeakerLabel::Consumer),
        Just(SpeakerLabel::Other(2)),
    ]);
    let opening = prop::option::of(prop_oneof![
        (0u64..12_000).prop_map(|millis| Opening::Time(Millis(millis))),
        prop::sample::select(places::STEPS.to_vec())
            .prop_map(|seconds| Opening::Time(Millis(seconds * 1_000))),
        (0u32..12).prop_map(Opening::Words),
    ]);
    (words, speaker, opening).prop_map(|(words, speaker, opening)| Unbroken {
        words: words
            .into_iter()
            .map(|place| place.into_iter().map(TokenId).collect())
            .collect(),
        speaker,
        opening,
    })
}

/// Which interactions a folder says meet a question about places, alone or with a word.
fn told_by_folder(
    streams: &[WordStream],
    question: &Candidates,
    with: Option<u64>,
) -> BTreeSet<usize> {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let tenant = TenantId::from_uuid(Uuid::from_u128(1));
    let id = |place: usize| InteractionId::from_uuid(Uuid::from_u128(place as u128));
    let entries: Vec<Entry> = streams
        .iter()
        .enumerate()
        .map(|(place, stream)| Entry {
            spot: Spot {
                started: Timestamp(place as i64),
                id: id(place),
            },
            places: Places::of(&turns(), id(place), stream),
            marks: Vec::new(),
        })
        .collect();
    let asked = match with {
        Some(token) => Candidates::And(vec![Candidates::Token(TokenId(token)), question.clone()]),
        None => question.clone(),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let [found, others] = runtime.block_on(async {
        folder.put(tenant, entries).await.unwrap();
        let mut both = Vec::new();
        for plan in [
            engine_plan(&asked),
            engine_plan(&Candidates::Not(Box::new(asked))),
        ] {
            let page = folder.page(tenant, &plan, None, 100).await.unwrap();
            let spots: BTreeSet<InteractionId> = page.into_iter().map(|spot| spot.id).collect();
            let patient = Duration::from_secs(60);
            let count = folder.count(tenant, &plan, patient).await.unwrap();
            assert_eq!(count, Count::exactly(spots.len() as u64));
            let hurried = folder.count(tenant, &plan, Duration::ZERO).await.unwrap();
            assert!(hurried.at_least <= count.at_least && hurried.at_most >= count.at_most);
            both.push(spots);
        }
        <[_; 2]>::try_from(both).unwrap()
    });
    let places = 0..streams.len();
    assert!(
        places
            .clone()
            .all(|place| found.contains(&id(place)) != others.contains(&id(place))),
        "what must not hold is the opposite of what is found"
    );
    places.filter(|place| found.contains(&id(*place))).collect()
}

fn has(stream: &WordStream, token: u64) -> bool {
    stream.words.iter().any(|word| word.token == TokenId(token))
}

const fn is_one_speaker(speaker: Option<SpeakerLabel>) -> bool {
    !matches!(speaker, Some(SpeakerLabel::Other(_)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// tantivy against the definition of words near each other: nothing is missed, and where words
    /// are counted and speakers told apart, nothing else is found.
    #[test]
    fn the_folder_misses_no_words_that_are_near_each_other(
        streams in prop::collection::vec(stream(), 1..12),
        nearby in nearby(),
        with in prop::option::of(0u64..4),
    ) {
        let near = Candidates::Near(Box::new(nearby.clone()));
        let found = told_by_folder(&streams, &near, with);
        let told_apart = [&nearby.left, &nearby.right]
            .iter()
            .all(|side| is_one_speaker(side.speaker));
        let exact = told_apart && matches!(nearby.reach, Apart::Words(_));
        for (place, stream) in streams.iter().enumerate() {
            let wanted = nearby.holds(stream) && with.is_none_or(|token| has(stream, token));
            let is = found.contains(&place);
            prop_assert!(is || !wanted, "missed {place}");
            prop_assert!(!exact || is == wanted, "found {place}");
        }
    }

    /// tantivy against the definition of words one right after the other: nothing is sure that is
    /// not so, and nothing is left out where a speaker is named and the time is one that is kept.
    #[test]
    fn the_folder_is_sure_of_no_words_that_do_not_follow_each_other(
        streams in prop::collection::vec(stream(), 1..12),
        unbroken in unbroken(),
        with in prop::option::of(0u64..4),
    ) {
        let asked = Candidates::Unbroken(Box::new(unbroken.clone()));
        let found = told_by_folder(&streams, &asked, with);
        let kept = match unbroken.opening {
            Some(Opening::Time(time)) => places::STEPS.contains(&(time.0 / 1_000))
                && time.0.is_multiple_of(1_000),
            Some(Opening::Words(_)) | None => true,
        };
        let exact = kept && unbroken.speaker.is_some() && is_one_speaker(unbroken.speaker);
        for (place, stream) in streams.iter().enumerate() {
            let wanted = unbroken.holds(stream) && with.is_none_or(|token| has(stream, token));
            let is = found.contains(&place);
            prop_assert!(wanted || !is, "not so: {place}");
            prop_assert!(!exact || is == wanted, "left out {place}");
        }
    }
}

/// Without the key, a word's places tell nothing about another's: the same two words beside each
/// other lie anywhere in another interaction.
#[test]
fn places_are_turned_by_another_amount_in_each_interaction() {
    let doc: Doc = (0, (0..1_000).collect());
    let first_two = |number: u128| {
        let made = places(InteractionId::from_uuid(Uuid::from_u128(number)), &doc);
        let mut places = made.words().take(2).map(|(_, places)| i64::from(places[0]));
        places.next().unwrap() - places.next().unwrap()
    };
    let apart: BTreeSet<i64> = (0..50).map(first_two).collect();
    assert!(apart.len() > 40, "{apart:?}");
}

/// Every search and the indexing of each new interaction ask what the index lacks: at a million
/// interactions that took most of a second without an index that has just those.
#[tokio::test]
async fn what_the_index_lacks_is_found_without_reading_the_tenant() {
    let tenant = TenantId::from_uuid(Uuid::from_u128(1));
    let asked = sight::searching(tenant, Timestamp(0), behind());
    let steps = crate::testing::plan(&asked).await;
    let by_index = steps
        .iter()
        .any(|step| step.contains("interactions_behind"));
    assert!(by_index, "{steps:?}");
}

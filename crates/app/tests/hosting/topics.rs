//! What conversations are about is found from redacted words, with its share and its drift.

use app::topics::{FoundTopics, NewTopics, TopicState, TopicView, TopicsView};
use app::{AppError, IntakeOrder, Outcome, Until};
use domain::{InteractionId, Purpose, Secret, TenantRole, TopicRunId};

use crate::installation::{Engine, Installation};

/// What consumers write, three subjects and some things that nobody else speaks of.
const CARDS: [&str; 5] = [
    "I would like to order a gift card for my sister",
    "can I buy a gift card for a friend in your shop",
    "how do I use the gift card that I was given",
    "my gift card does not work when I want to pay",
    "please send me a new gift card by mail",
];
const PARCELS: [&str; 5] = [
    "my parcel was lost and nobody knows where it is",
    "where is the lost parcel that I have been waiting for",
    "I am waiting for a lost parcel since last week",
    "the courier says that the lost parcel was delivered",
    "you have to find my lost parcel and deliver it",
];
const OTHERS: [&str; 2] = [
    "the violin in the second movement sounds rather thin",
    "volcanoes on the seabed heat the water around them",
];

async fn chat(place: &Installation, day: u32, number: u32, text: &str) -> InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let chat = format!(
        r#"{{ "format": "privity.chat/1", "id": "{day}-{number}", "channel": "chat",
  "started": "2026-10-{day:02}T16:{number:02}:00Z", "direction": "inbound",
  "parties": [{{ "role": "agent" }}, {{ "role": "consumer" }}],
  "messages": [
    {{ "from": 1, "at": "2026-10-{day:02}T16:{number:02}:00Z", "text": "{text}" }},
    {{ "from": 0, "at": "2026-10-{day:02}T16:{number:02}:20Z", "text": "I will look into your gift card and your lost parcel" }},
    {{ "from": 1, "at": "2026-10-{day:02}T16:{number:02}:40Z", "text": "thank you" }}] }}"#
    );
    let order = IntakeOrder::default();
    let taken = place.app.take_in(&scope, chat.into_bytes(), &order).await;
    match taken.unwrap().as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

/// Gift cards in the first week of October, lost parcels in the third.
async fn october(place: &Installation) -> Vec<InteractionId> {
    let mut parcels = Vec::new();
    for (number, text) in (1..).zip(CARDS.iter().chain(&OTHERS)) {
        chat(place, 6, number, text).await;
    }
    for (number, text) in (1..).zip(PARCELS) {
        parcels.push(chat(place, 20, number, text).await);
    }
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    parcels
}

fn asked(split: Option<&str>) -> NewTopics {
    NewTopics {
        query: String::new(),
        split: split.map(|text| app::parse_time(text).unwrap()),
        seed: 7,
        most: None,
    }
}

async fn found(place: &Installation, new: &NewTopics) -> (TopicsView, FoundTopics) {
    let scope = analyst(place);
    let id = place.app.ask_for_topics(&scope, new).await.unwrap();
    while place
        .app
        .find_topics(place.tenant, &|_, _| {})
        .await
        .unwrap()
    {}
    let view = place.app.topics(&scope, id).await.unwrap();
    assert_eq!(view.row.state, TopicState::Ready, "{view:?}");
    let found = view.found.clone().unwrap();
    (view, found)
}

fn analyst(place: &Installation) -> app::Scope {
    place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review)
}

fn named<'a>(found: &'a FoundTopics, phrase: &str) -> &'a TopicView {
    let has = |topic: &&TopicView| topic.phrases.iter().any(|one| one.expose() == phrase);
    let names: Vec<Vec<&str>> = found
        .topics
        .iter()
        .map(|topic| topic.phrases.iter().map(Secret::expose).collect())
        .collect();
    let topic = found.topics.iter().find(has);
    topic.unwrap_or_else(|| panic!("no `{phrase}` in {names:?}"))
}

async fn topics_are_found_named_counted_and_compared(engine: Engine) {
    let place = Installation::new(engine).await;
    let parcels = october(&place).await;
    let (view, all) = found(&place, &asked(Some("2026-10-13T00:00:00Z"))).await;
    assert_eq!((view.row.interactions, all.interactions), (12, 12));
    assert_eq!(
        (all.turns, all.short),
        (12, 12),
        "`thank you` is about nothing"
    );
    let (cards, lost) = (named(&all, "gift card"), named(&all, "lost parcel"));
    assert_eq!((cards.interactions, cards.halves), (5, (5, 0)));
    assert_eq!((lost.interactions, lost.halves), (5, (0, 5)));
    assert_eq!(all.topics.len(), 2);
    assert_eq!(all.unclassified, 2, "the violin and the volcanoes");
    assert_eq!(all.halves, (7, 5));
    assert!(all.drift.unwrap() > 0.9, "{:?}", all.drift);
    assert_eq!(all.weeks.values().sum::<usize>(), 12);
    for one in &lost.examples {
        assert!(parcels.contains(&one.interaction));
        assert!(
            one.text.expose().contains("parcel"),
            "an agent's words are not looked at"
        );
    }

    let (_, again) = found(&place, &asked(Some("2026-10-13T00:00:00Z"))).await;
    assert_eq!(again, all, "the same seed finds the same");

    let narrowed = NewTopics {
        query: "started:2026-10-20..2026-10-21".to_owned(),
        ..asked(None)
    };
    let (_, narrowed) = found(&place, &narrowed).await;
    assert_eq!((narrowed.interactions, narrowed.drift), (5, None));
    place
        .assert_unreadable(&["gift card", "lost parcel", "volcanoes"])
        .await;
}

#[tokio::test]
async fn topics_are_found_named_counted_and_compared_embedded() {
    topics_are_found_named_counted_and_compared(Engine::Embedded).await;
}

#[tokio::test]
async fn topics_are_found_named_counted_and_compared_postgresql() {
    topics_are_found_named_counted_and_compared(Engine::PostgreSql).await;
}

#[tokio::test]
async fn what_was_erased_is_no_example_any_more() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        october(&place).await;
        let (view, all) = found(&place, &asked(None)).await;
        let scope = analyst(&place);
        let lost = named(&all, "lost parcel").examples[0].interaction;
        let erasing =
            place
                .app
                .local_scope(place.tenant, TenantRole::PrivacyOfficer, Purpose::Erasure);
        place.app.erase(&erasing, lost).await.unwrap();
        let later = place.app.topics(&scope, view.row.id).await.unwrap();
        let later = later.found.unwrap();
        let examples = &named(&later, "lost parcel").examples;
        assert!(examples.iter().all(|one| one.interaction != lost));

        place.app.drop_topics(&scope, view.row.id).await.unwrap();
        let gone = place.app.topics(&scope, view.row.id).await;
        assert!(gone.is_err(), "{gone:?}");
    }
}

#[tokio::test]
async fn topics_are_not_found_in_what_is_not_there_or_not_written_right() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let scope = analyst(&place);
        let nothing = place.app.ask_for_topics(&scope, &asked(None)).await;
        assert!(matches!(nothing, Err(AppError::Input(_))), "{nothing:?}");
        let wrong = NewTopics {
            query: "NEAR refund".to_owned(),
            ..asked(None)
        };
        let wrong = place.app.ask_for_topics(&scope, &wrong).await;
        assert!(matches!(wrong, Err(AppError::Query { .. })), "{wrong:?}");
        let unknown = TopicRunId::from_uuid(uuid::Uuid::from_u128(5));
        assert!(place.app.topics(&scope, unknown).await.is_err());
    }
}

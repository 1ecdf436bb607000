//! Candidates by keyed hashes: the same answer from every engine, after a crash too.

use domain::query::{FieldValue, TokenId};
use domain::{Clock, InteractionId, Millis, Purpose, TenantId};
use store::{Candidates, Spot, StoreError};

use crate::on_every_engine;
use crate::world::World;

on_every_engine! {
    plans_find_what_they_say_newest_first,
    pairs_values_dates_and_absence_are_looked_up_page_by_page,
    what_is_past_its_retention_is_found_no_more,
    a_wildcard_is_expanded_from_the_sealed_vocabulary,
    a_word_stream_keeps_words_times_and_facts,
    an_index_that_was_lost_is_made_again,
    reprocessing_changes_what_is_found,
    searching_needs_a_permit_for_words,
}

async fn token(world: &World, tenant: TenantId, word: &str) -> TokenId {
    world
        .store
        .token_ids(&world.find(tenant), &[word])
        .await
        .unwrap()[0]
}

async fn found(world: &World, plan: &Candidates) -> Vec<InteractionId> {
    world
        .store
        .candidates(&world.find(world.tenant.id), plan)
        .await
        .unwrap()
}

async fn plans_find_what_they_say_newest_first(world: World) {
    let tenant = world.tenant.id;
    let mut ids = Vec::new();
    for words in [
        ["x", "parcel", "late"],
        ["x", "parcel", "refund"],
        ["x", "refund", "card"],
    ] {
        world.clock.forward(Millis(1_000));
        ids.push(world.ready(tenant, &words).await);
    }
    let [first, second, third] = ids[..] else {
        panic!("three were made")
    };
    let unprocessed = world.chat(tenant, &["parcel"]).await;
    let word = async |text: &str| Candidates::Token(token(&world, tenant, text).await);
    let (parcel, refund, card) = (
        word("parcel").await,
        word("refund").await,
        word("card").await,
    );
    let absent = word("absent").await;
    let cases = [
        (parcel.clone(), vec![second, first]),
        (
            Candidates::And(vec![parcel.clone(), refund.clone()]),
            vec![second],
        ),
        (
            Candidates::Or(vec![parcel.clone(), card.clone()]),
            vec![third, second, first],
        ),
        (
            Candidates::And(vec![
                refund.clone(),
                Candidates::Or(vec![card.clone(), absent.clone()]),
            ]),
            vec![third],
        ),
        (Candidates::And(vec![parcel, card]), vec![]),
        (absent, vec![]),
        (Candidates::All, vec![third, second, first]),
        (Candidates::None, vec![]),
    ];
    for (plan, expected) in cases {
        assert_eq!(found(&world, &plan).await, expected, "{plan:?}");
    }
    assert!(!found(&world, &Candidates::All).await.contains(&unprocessed));
}

async fn pairs_values_dates_and_absence_are_looked_up_page_by_page(world: World) {
    let tenant = world.tenant.id;
    let begun = world.clock.now();
    let mut ids = Vec::new();
    for words in [
        ["x", "late", "parcel"],
        ["x", "parcel", "late"],
        ["x", "late", "refund"],
    ] {
        ids.push(world.ready(tenant, &words).await);
        world.clock.forward(Millis(1_000));
    }
    let [first, second, third] = ids[..] else {
        panic!("three were made")
    };
    let (parcel, late) = (
        token(&world, tenant, "parcel").await,
        token(&world, tenant, "late").await,
    );
    let after = |millis: u64| Some(begun.plus(Millis(millis)));
    let value = |field: &str, value: &str| Candidates::Value {
        field: field.to_owned(),
        value: value.to_owned(),
    };
    let cases = [
        (Candidates::Next(late, parcel), vec![first]),
        (Candidates::Next(parcel, late), vec![second]),
        (
            Candidates::Not(Box::new(Candidates::Token(parcel))),
            vec![third],
        ),
        (
            Candidates::Started {
                from: after(1),
                until: after(1_500),
            },
            vec![second],
        ),
        (value("channel", "chat"), vec![third, second, first]),
        (value("channel", "voice"), vec![]),
        (value("redacted", "person"), vec![third, second, first]),
    ];
    let permit = &world.find(tenant);
    let sight = world.store.sight(permit).await.unwrap();
    let patience = std::time::Duration::from_secs(60);
    for (plan, expected) in cases {
        let mut pages: Vec<Spot> = Vec::new();
        loop {
            let last = pages.last().copied();
            let page = world
                .store
                .candidate_page(permit, &sight, &plan, last, 1)
                .await;
            let page = page.unwrap();
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        let found: Vec<_> = pages.iter().map(|spot| spot.id).collect();
        assert_eq!(found, expected, "{plan:?}");
        let count = world
            .store
            .candidate_count(permit, &sight, &plan, patience)
            .await
            .unwrap();
        let exactly = expected.len() as u64;
        assert_eq!(
            (count.at_least, count.at_most),
            (exactly, Some(exactly)),
            "{plan:?}"
        );
    }
}

async fn what_is_past_its_retention_is_found_no_more(world: World) {
    let tenant = world.tenant.id;
    let facts = policy::Facts {
        keep_until: Some(world.clock.now().plus(Millis(5_000))),
        ..world.facts()
    };
    let chat = crate::world::chat(world.clock.now(), &["parcel"]);
    world.take_with(tenant, &chat, Vec::new(), facts).await;
    world.process_all(&["x", "parcel"]).await;
    let plan = Candidates::Token(token(&world, tenant, "parcel").await);
    assert_eq!(found(&world, &plan).await.len(), 1);
    world.clock.forward(Millis(6_000));
    assert!(found(&world, &plan).await.is_empty());
    let permit = &world.find(tenant);
    let sight = world.store.sight(permit).await.unwrap();
    let patience = std::time::Duration::from_secs(60);
    let count = world
        .store
        .candidate_count(permit, &sight, &plan, patience)
        .await
        .unwrap();
    assert_eq!(
        (count.at_least, count.at_most),
        (0, Some(1)),
        "bounds that hold"
    );
}

async fn a_wildcard_is_expanded_from_the_sealed_vocabulary(world: World) {
    let tenant = world.tenant.id;
    world
        .ready(tenant, &["x", "refund", "refunded", "parcel"])
        .await;
    world.ready(tenant, &["x", "refunds"]).await;
    let starts = |word: &str| word.starts_with("refund");
    let expand = async |begin: &str| {
        let find = world.find(tenant);
        world.store.expand(&find, begin, &starts).await.unwrap()
    };
    let expanded = expand("ref").await;
    assert_eq!(expanded, expand("").await);
    assert!(
        expand("x").await.is_empty(),
        "no word begins so and matches"
    );
    let words = ["refund", "refunded", "refunds"];
    let mut expected = world
        .store
        .token_ids(&world.find(tenant), &words)
        .await
        .unwrap();
    expected.sort();
    assert_eq!(expanded, expected);
    world.ready(tenant, &["x", "refunding"]).await;
    assert_eq!(expand("ref").await.len(), 4, "a word that came since");
}

async fn a_word_stream_keeps_words_times_and_facts(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel", "late"]).await;
    let stream = world
        .store
        .word_stream(&world.find(tenant), id)
        .await
        .unwrap()
        .unwrap();
    let tokens: Vec<_> = stream.words.iter().map(|word| word.token).collect();
    let words = ["[person]", "parcel", "late"];
    let expected = world
        .store
        .token_ids(&world.find(tenant), &words)
        .await
        .unwrap();
    assert_eq!(tokens, expected);
    assert_eq!(stream.words[2].span.start(), Millis(2_000));
    assert_eq!(stream.duration, Millis(60_000));
    assert_eq!(
        stream.fields.get("channel"),
        [FieldValue::Text("chat".to_owned())]
    );
    assert_eq!(stream.fields.get("duration"), [FieldValue::Number(60.0)]);
    assert_eq!(
        stream.fields.get("redacted"),
        [FieldValue::Text("PERSON".to_owned())]
    );
    world
        .store
        .record_search(&world.find(tenant), 1)
        .await
        .unwrap();
}

async fn an_index_that_was_lost_is_made_again(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let plan = Candidates::Token(token(&world, tenant, "parcel").await);
    assert_eq!(found(&world, &plan).await, [id]);
    let folder = world.folder.path().join("index");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let opened = world.reopened().await;
    opened.rebuild_index(tenant).await.unwrap();
    let again = opened.candidates(&world.find(tenant), &plan).await.unwrap();
    assert_eq!(again, [id]);
}

async fn reprocessing_changes_what_is_found(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let old = Candidates::Token(token(&world, tenant, "parcel").await);
    let new = Candidates::Token(token(&world, tenant, "letter").await);
    assert_eq!(found(&world, &old).await, [id]);
    world
        .store
        .replay_from(tenant, id, domain::Stage::Index)
        .await
        .unwrap();
    world.process_all(&["x", "letter"]).await;
    assert_eq!(found(&world, &new).await, [id]);
    assert!(found(&world, &old).await.is_empty());
    let all = world
        .store
        .expand(&world.find(tenant), "", &|_: &str| true)
        .await
        .unwrap();
    assert!(
        !all.contains(&token(&world, tenant, "parcel").await),
        "the word is used no more"
    );
}

async fn searching_needs_a_permit_for_words(world: World) {
    let tenant = world.tenant.id;
    let facts_only = world.person(
        tenant,
        domain::TenantRole::Analyst,
        Purpose::Review,
        policy::Interactions,
        &[domain::DataCategory::InteractionMetadata],
    );
    let refused = world.store.candidates(&facts_only, &Candidates::All).await;
    assert!(matches!(refused, Err(StoreError::Permit(_))));
    world.clock.forward(Millis(16 * 60 * 1_000));
    let expired = world.store.token_ids(&facts_only, &["parcel"]).await;
    assert!(matches!(expired, Err(StoreError::Permit(_))));
}

//! Sums that are kept by day are the sums of the interactions, whatever happens to these.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Channel, Clock, DefinitionId, EntityKind, Millis, Purpose, Secret, Timestamp};
use sea_orm::{ConnectionTrait, Database, Statement};
use store::{DaySum, KeptDay, ListFilter, TagKey};

use crate::definitions::{evaluate, saved};
use crate::erasing::permit;
use crate::measuring::measured;
use crate::on_every_engine;
use crate::registers::desk_seal;
use crate::world::World;

on_every_engine! {
    kept_sums_are_those_of_the_interactions_after_every_change,
    what_is_kept_is_read_until_something_changes,
    no_kept_sum_misses_a_change_made_beside_it,
}

const DAY: i64 = 86_400_000;

/// The days around the test's clock.
fn days(world: &World) -> ListFilter {
    let today = world.clock.now().0 / DAY;
    ListFilter {
        from: Some(Timestamp((today - 3) * DAY)),
        until: Some(Timestamp((today + 9) * DAY)),
        ..ListFilter::default()
    }
}

async fn kept(world: &World, filter: &ListFilter) -> Vec<KeptDay> {
    let find = world.find(world.tenant.id);
    let kept = world.store.kept_days(&find, filter).await.unwrap();
    kept.unwrap()
}

/// Holds what is kept against the interactions, twice: it is made by the first look and read by
/// the second.
async fn agree(world: &World, filter: &ListFilter, when: &str) {
    let find = world.find(world.tenant.id);
    let sums = world.store.day_sums(&find, filter).await.unwrap();
    let removed = world.store.redaction_sums(&find, filter).await.unwrap();
    let found = world
        .store
        .finding_counts_within(&find, filter)
        .await
        .unwrap();
    for look in 1..=2 {
        let kept = kept(world, filter).await;
        let days: Vec<DaySum> = kept.iter().map(|day| day.sum).collect();
        assert_eq!(days, sums, "{when}, look {look}");
        let mut spans: BTreeMap<EntityKind, (u64, u64)> = BTreeMap::new();
        for (kind, (number, of)) in kept.iter().flat_map(|day| &day.removed) {
            let sum = spans.entry(*kind).or_default();
            *sum = (sum.0 + number, sum.1 + of);
        }
        assert_eq!(spans, removed, "{when}, look {look}");
        let mut counts: BTreeMap<DefinitionId, u64> = BTreeMap::new();
        for (id, number) in kept.iter().flat_map(|day| &day.found) {
            *counts.entry(*id).or_default() += number;
        }
        assert_eq!(counts, found, "{when}, look {look}");
    }
}

async fn kept_sums_are_those_of_the_interactions_after_every_change(world: World) {
    let tenant = world.tenant.id;
    let all = days(&world);
    agree(&world, &all, "before anything").await;
    let waiting = world.chat(tenant, &["where is my parcel"]).await;
    agree(&world, &all, "one waits").await;
    world.process_all(&["[CARD]", "refund"]).await;
    agree(&world, &all, "it is processed").await;
    measured(&world, Millis(4_000), Millis(1_000)).await;
    agree(&world, &all, "another has numbers").await;
    world.clock.forward(Millis(86_400_000));
    let next = world.ready_call(tenant, &["[PERSON]", "refund"]).await;
    agree(&world, &all, "the next day").await;
    let calls = ListFilter {
        channel: Some(Channel::Voice),
        ..all.clone()
    };
    agree(&world, &calls, "calls only").await;

    let label = Secret::new("team: north");
    let review = world.review(tenant, next);
    world.store.add_tag(&review, &label).await.unwrap();
    let tags = world.store.tags(&world.find(tenant)).await.unwrap();
    let key: TagKey = tags[0].key.clone();
    let labelled = ListFilter {
        tags: vec![key.clone()],
        ..all.clone()
    };
    agree(&world, &labelled, "one bears a label").await;
    let other = world.review(tenant, waiting);
    world.store.add_tag(&other, &label).await.unwrap();
    agree(&world, &labelled, "two bear it").await;
    world.store.remove_tag(&review, &key).await.unwrap();
    agree(&world, &labelled, "one was taken off").await;

    let find = world.find(tenant);
    let (id, version) = saved(&world, "Folder.Name", "one").await;
    let publish = [(id, version)];
    world
        .store
        .publish_definitions(&find, &publish)
        .await
        .unwrap();
    for one in world.store.behind(tenant, 10).await.unwrap() {
        assert!(evaluate(&world, &one, "found").await);
        agree(&world, &all, "history is being evaluated").await;
    }
    world.store.promote_definitions(tenant).await.unwrap();
    agree(&world, &all, "a category is live").await;
    assert_eq!(
        world
            .store
            .finding_counts(&world.find(tenant))
            .await
            .unwrap()[&id],
        2
    );
    world.store.retire_definition(&find, id).await.unwrap();
    agree(&world, &all, "it is retired").await;

    let desk = desk_seal(&world);
    let refused = BTreeSet::from([Purpose::Review]);
    world.store.refuse(&desk, next, &refused).await.unwrap();
    agree(&world, &all, "somebody refuses").await;
    let agreed = BTreeSet::new();
    world.store.refuse(&desk, next, &agreed).await.unwrap();
    agree(&world, &all, "and agrees again").await;
    world.store.erase(permit(&world, next)).await.unwrap();
    agree(&world, &all, "one is erased").await;
    agree(&world, &labelled, "and what bore a label").await;

    let keep = Millis(2 * 86_400_000);
    let desk = desk_seal(&world);
    assert!(world.store.shorten(&desk, None, keep).await.unwrap() > 0);
    agree(&world, &all, "their time is shortened").await;
    assert!(!kept(&world, &all).await.is_empty());
    world.clock.forward(keep);
    agree(&world, &all, "their time is over").await;
    assert!(
        kept(&world, &all).await.is_empty(),
        "nothing is swept yet, and nothing is counted"
    );
}

/// The rows as they lie in the database.
async fn execute(world: &World, sql: &str) -> Vec<i64> {
    let url = if world.config.database.starts_with("sqlite:") {
        world.config.database.clone()
    } else {
        world.superuser_url()
    };
    let conn = Database::connect(&url).await.unwrap();
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let rows = conn.query_all_raw(statement).await.unwrap();
    let rows = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
    rows.collect()
}

async fn what_is_kept_is_read_until_something_changes(world: World) {
    let tenant = world.tenant.id;
    let all = days(&world);
    world.ready(tenant, &["refund"]).await;
    assert_eq!(kept(&world, &all).await.len(), 1);
    assert_eq!(execute(&world, "select day from kept_days").await.len(), 1);
    execute(&world, "update kept_days set sums = '[]' returning day").await;
    assert_eq!(kept(&world, &all).await, [], "the kept row is what is read");
    world.ready(tenant, &["parcel"]).await;
    assert_eq!(
        execute(&world, "select day from kept_days").await,
        [0i64; 0]
    );
    assert_eq!(kept(&world, &all).await[0].sum.count, 2);
    let unknown = ListFilter {
        tags: vec![TagKey::from_hex("0707070707070707").unwrap()],
        ..all.clone()
    };
    assert_eq!(kept(&world, &unknown).await, []);
    assert_eq!(
        execute(&world, "select day from kept_days").await.len(),
        1,
        "nothing is kept of a label that nobody put on anything"
    );
    let whole = ListFilter {
        ready_only: true,
        ..all.clone()
    };
    let find = world.find(tenant);
    assert_eq!(world.store.kept_days(&find, &whole).await.unwrap(), None);
}

async fn no_kept_sum_misses_a_change_made_beside_it(world: World) {
    let tenant = world.tenant.id;
    let all = days(&world);
    let takes_in = async |name: &str| {
        for number in 0..12 {
            let text = format!("{name} {number}");
            world.chat(tenant, &[&text]).await;
        }
    };
    let looks = async || {
        for _ in 0..60 {
            kept(&world, &all).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(takes_in("one"), takes_in("two"), looks(), looks());
    agree(&world, &all, "at last").await;
    assert_eq!(kept(&world, &all).await[0].sum.count, 24);
}

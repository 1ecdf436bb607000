//! Lists show facts and counts, newest first, page by page.

use domain::{Channel, Clock, EntityKind, Millis, Role, Timestamp};
use store::{ListFilter, Page, Status, StoreError};

use crate::on_every_engine;
use crate::world::{World, call};

on_every_engine! {
    pages_follow_each_other_without_gap_or_repetition,
    a_list_can_be_narrowed,
    a_summary_counts_what_was_made,
    what_is_past_its_retention_is_not_listed,
}

async fn pages_follow_each_other_without_gap_or_repetition(world: World) {
    let tenant = world.tenant.id;
    let mut taken = Vec::new();
    for number in 0..7 {
        // Two begin at the same instant, so that the id has to decide.
        if number % 2 == 0 {
            world.clock.forward(Millis(1_000));
        }
        taken.push(world.chat(tenant, &[&format!("message {number}")]).await);
    }
    let permit = world.find(tenant);
    let all = world
        .store
        .list(&permit, &ListFilter::default(), &Page::default())
        .await
        .unwrap();
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by(|a, b| (a.started, a.id) > (b.started, b.id)));
    let mut paged = Vec::new();
    let mut page = Page {
        limit: 3,
        after: None,
    };
    loop {
        let some = world
            .store
            .list(&permit, &ListFilter::default(), &page)
            .await
            .unwrap();
        let Some(last) = some.last() else { break };
        page.after = Some(last.id);
        paged.extend(some);
    }
    assert_eq!(paged, all);
    let gone = Page {
        limit: 3,
        after: Some(world.new_id()),
    };
    let lost = world
        .store
        .list(&permit, &ListFilter::default(), &gone)
        .await;
    assert!(matches!(lost, Err(StoreError::NotFound { .. })));
}

async fn a_list_can_be_narrowed(world: World) {
    let tenant = world.tenant.id;
    let chat = world.chat(tenant, &["hello"]).await;
    world.clock.forward(Millis(10_000));
    world.take(tenant, &call(world.clock.now(), b"sound")).await;
    let permit = world.find(tenant);
    let chats = ListFilter {
        channel: Some(Channel::Chat),
        ..ListFilter::default()
    };
    let early = ListFilter {
        until: Some(world.clock.now()),
        ..ListFilter::default()
    };
    let ready = ListFilter {
        ready_only: true,
        ..ListFilter::default()
    };
    for (filter, expected) in [(chats, vec![chat]), (early, vec![chat]), (ready, vec![])] {
        let found = world
            .store
            .list(&permit, &filter, &Page::default())
            .await
            .unwrap();
        let ids: Vec<_> = found.iter().map(|summary| summary.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
}

async fn a_summary_counts_what_was_made(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["Zaphodine", "parcel", "late"]).await;
    let summary = world
        .store
        .summary(&world.review(tenant, id))
        .await
        .unwrap();
    assert_eq!((summary.words, summary.turns), (3, 1));
    assert_eq!(summary.redactions.get(&EntityKind::Person), Some(&1));
    assert_eq!(summary.duration, Some(Millis(60_000)));
    assert_eq!(summary.status, Status::Ready);
    assert_eq!(summary.status_text(), "ready");
    assert_eq!(summary.parties, [Role::Consumer, Role::Agent]);
}

async fn what_is_past_its_retention_is_not_listed(world: World) {
    let tenant = world.tenant.id;
    let until = world.clock.now().plus(Millis(1_000));
    let mut facts = world.facts();
    facts.keep_until = Some(until);
    let interaction = crate::world::chat(Timestamp(1), &["short-lived"]);
    world
        .take_with(tenant, &interaction, Vec::new(), facts)
        .await;
    let filter = ListFilter::default();
    let before = world
        .store
        .list(&world.find(tenant), &filter, &Page::default())
        .await
        .unwrap();
    assert_eq!(before.len(), 1);
    world.clock.forward(Millis(1_000));
    let after = world
        .store
        .list(&world.find(tenant), &filter, &Page::default())
        .await
        .unwrap();
    assert!(after.is_empty());
}

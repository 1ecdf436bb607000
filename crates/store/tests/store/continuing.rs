//! A conversation that is known goes on: nothing is lost and nothing stands twice.

use domain::{DataCategory, Interaction, InteractionId, Purpose, SourceKey, Stage};
use store::{Continuation, StoreError, TakeIn};

use crate::on_every_engine;
use crate::world::{World, chat};
use domain::Clock as _;

on_every_engine! {
    further_messages_join_and_known_ones_do_not,
    what_two_add_at_once_is_all_there,
    a_worker_that_had_begun_loses_its_lease,
    an_erased_conversation_is_not_continued,
}

fn message_keys(lines: &[&str]) -> Vec<SourceKey> {
    let keyed = lines.iter().map(|line| SourceKey::from_source("m", line));
    keyed.collect()
}

async fn begun(world: &World, lines: &[&str]) -> InteractionId {
    let interaction = chat(world.clock.now(), lines);
    let mut keys = message_keys(lines);
    keys.push(SourceKey::from_source("chat", "77"));
    let taken = world
        .take_with(world.tenant.id, &interaction, keys, world.facts())
        .await;
    let TakeIn::Taken(id) = taken else {
        panic!("{taken:?}")
    };
    id
}

async fn further(world: &World, id: InteractionId, lines: &[&str]) -> Result<TakeIn, StoreError> {
    let both = [DataCategory::RawContent, DataCategory::Contact];
    let permit = world.pipeline(world.tenant.id, Purpose::Storage, id, &both);
    let new = Continuation {
        interaction: &chat(world.clock.now(), lines),
        messages: &message_keys(lines),
        source_keys: &[],
        warnings: &[],
    };
    world.store.take_in_further(&permit, &new).await
}

async fn bodies(world: &World, id: InteractionId) -> Vec<String> {
    let whole: Interaction = world
        .store
        .interaction(&world.raw(world.tenant.id, id))
        .await
        .unwrap();
    let texts = whole.dialogs.iter().map(|dialog| match &dialog.content {
        domain::Content::Text { body, .. } => body.expose().to_owned(),
        other => panic!("{other:?}"),
    });
    texts.collect()
}

async fn further_messages_join_and_known_ones_do_not(world: World) {
    let id = begun(&world, &["one", "two"]).await;
    world.process_all(&["one", "two"]).await;
    assert!(world.store.queue_is_empty().await.unwrap());

    let more = further(&world, id, &["one", "two", "three", "three"]).await;
    assert_eq!(more.unwrap(), TakeIn::Continued(id, 1));
    assert_eq!(world.lease().await.stage, Stage::Transcribe);
    assert_eq!(bodies(&world, id).await, ["one", "two", "three"]);

    let again = further(&world, id, &["three", "two"]).await;
    assert_eq!(again.unwrap(), TakeIn::Known(id));
}

async fn what_two_add_at_once_is_all_there(world: World) {
    let id = begun(&world, &["one"]).await;
    let lines = ["two", "three", "four", "five"];
    let adding = lines.iter().map(|line| {
        let world = &world;
        async move { further(world, id, &["one", line]).await.unwrap() }
    });
    let outcomes = futures::future::join_all(adding).await;
    assert!(
        outcomes.iter().all(|o| *o == TakeIn::Continued(id, 1)),
        "{outcomes:?}"
    );
    let mut there = bodies(&world, id).await;
    there.sort();
    assert_eq!(there, ["five", "four", "one", "three", "two"]);
}

async fn a_worker_that_had_begun_loses_its_lease(world: World) {
    let id = begun(&world, &["one"]).await;
    let lease = world.lease().await;
    further(&world, id, &["two"]).await.unwrap();
    let late = world
        .store
        .finish_stage(&lease, &world.seal(&lease), Vec::new())
        .await;
    assert!(
        matches!(late, Err(StoreError::LeaseLost { .. })),
        "{late:?}"
    );
    assert_eq!(world.lease().await.stage, Stage::Transcribe);
}

async fn an_erased_conversation_is_not_continued(world: World) {
    let id = begun(&world, &["one"]).await;
    let permit = world.person(
        world.tenant.id,
        domain::TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(world.store.erase(permit).await.unwrap().complete());
    let late = further(&world, id, &["two"]).await;
    assert!(matches!(late, Err(StoreError::NotFound { .. })), "{late:?}");
}

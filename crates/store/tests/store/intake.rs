//! An interaction is taken in once, by content and by source id, and what was acknowledged is
//! there after a crash.

use domain::{Content, SourceKey, Stage};
use store::{IntakeRefusal, Status, TakeIn};

use crate::on_every_engine;
use crate::world::{World, call, chat, new_tenant};
use domain::Clock as _;

on_every_engine! {
    the_same_source_id_or_content_is_one_interaction,
    two_at_once_become_one,
    the_same_thing_is_another_tenants_own,
    what_was_acknowledged_is_there_when_opened_again,
    refused_input_stays_visible,
}

async fn the_same_source_id_or_content_is_one_interaction(world: World) {
    let tenant = world.tenant.id;
    let first = chat(world.clock.now(), &["hello"]);
    let by_id = SourceKey::from_source("chat", "77");
    let by_content = SourceKey::from_content([7; 32]);
    let both = vec![by_id.clone(), by_content.clone()];
    let TakeIn::Taken(id) = world.take_with(tenant, &first, both, world.facts()).await else {
        panic!("the first arrival is new");
    };
    let other = chat(world.clock.now(), &["something else"]);
    for key in [by_id, by_content] {
        let again = world
            .take_with(tenant, &other, vec![key], world.facts())
            .await;
        assert_eq!(again, TakeIn::Known(id));
    }
    assert_eq!(
        world.store.waiting().await.unwrap(),
        Stage::first_on(domain::Channel::Chat).left_on(domain::Channel::Chat)
    );
}

async fn two_at_once_become_one(world: World) {
    let tenant = world.tenant.id;
    let interaction = call(world.clock.now(), b"RIFF and so on");
    let arrivals = (0..6).map(|_| world.take(tenant, &interaction));
    let outcomes = futures::future::join_all(arrivals).await;
    let taken: Vec<_> = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, TakeIn::Taken(_)))
        .collect();
    assert_eq!(taken.len(), 1, "{outcomes:?}");
    let ids: std::collections::BTreeSet<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            TakeIn::Taken(id) | TakeIn::Known(id) | TakeIn::Continued(id, _) => *id,
        })
        .collect();
    assert_eq!(ids.len(), 1);
    let blobs = walkdir(world.objects.clone());
    assert_eq!(
        blobs.iter().filter(|path| path.contains("blb_")).count(),
        1,
        "{blobs:?}"
    );
}

async fn the_same_thing_is_another_tenants_own(world: World) {
    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    let interaction = chat(world.clock.now(), &["hello"]);
    assert!(matches!(
        world.take(world.tenant.id, &interaction).await,
        TakeIn::Taken(_)
    ));
    assert!(matches!(
        world.take(other.id, &interaction).await,
        TakeIn::Taken(_)
    ));
}

async fn what_was_acknowledged_is_there_when_opened_again(world: World) {
    let tenant = world.tenant.id;
    let media: Vec<u8> = (0..300_000u32).flat_map(|n| n.to_be_bytes()).collect();
    let taken_in = call(world.clock.now(), &media);
    let TakeIn::Taken(id) = world.take(tenant, &taken_in).await else {
        panic!("it is new");
    };
    let again = world.reopened().await;
    let opened = again.interaction(&world.raw(tenant, id)).await.unwrap();
    let mut expected = taken_in.clone();
    expected.dialogs.first_mut().unwrap().content = Content::Media(Vec::new());
    assert_eq!(opened, expected);
    let voice = world.pipeline(
        tenant,
        domain::Purpose::Transcription,
        id,
        &[domain::DataCategory::Voice],
    );
    assert_eq!(again.media(&voice, 0).await.unwrap(), media);
    let summary = again.summary(&world.review(tenant, id)).await.unwrap();
    assert_eq!(summary.status, Status::Waiting);
}

async fn refused_input_stays_visible(world: World) {
    let refusal = IntakeRefusal {
        reason: "empty".to_owned(),
        sentence: "the file has no bytes; send the recording again".to_owned(),
        kind: "audio".to_owned(),
    };
    world
        .store
        .record_refusal(world.tenant.id, &refusal)
        .await
        .unwrap();
    let kept = world.store.refusals(world.tenant.id).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].reason, "empty");
    assert_eq!(kept[0].at, world.clock.now());
    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    assert!(world.store.refusals(other.id).await.unwrap().is_empty());
}

/// Every file below a folder.
pub(crate) fn walkdir(root: std::path::PathBuf) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

//! Leased work: taken over when a worker dies, stored once, shelved with a reason, replayed.

use domain::{ClauseId, Clock, Millis, Purpose, Stage};
use policy::Denial;
use store::{FailureNote, StageOutput, Status, StoreError};

use crate::on_every_engine;
use crate::world::{World, raw, redacted, wav};

const LEASE: Millis = Millis(60_000);

on_every_engine! {
    stages_run_in_order_and_an_older_interaction_is_finished_first,
    a_job_is_leased_to_one_worker_at_a_time,
    a_lost_lease_stores_nothing,
    a_renewed_lease_is_kept,
    a_failure_is_tried_again_and_then_shelved_and_replayed,
    a_refusal_stops_the_interaction_with_its_clauses,
    a_job_that_kills_its_workers_is_shelved,
    a_permit_for_another_interaction_stores_nothing,
    processing_again_replaces_what_was_made,
}

/// The stages of what has no sound.
const WRITTEN: &[Stage] = &[
    Stage::Transcribe,
    Stage::RedactText,
    Stage::Measure,
    Stage::Index,
];

async fn stages_run_in_order_and_an_older_interaction_is_finished_first(world: World) {
    let tenant = world.tenant.id;
    let older = world.chat(tenant, &["first"]).await;
    world.clock.forward(Millis(10));
    let younger = world.chat(tenant, &["second"]).await;
    let mut seen = Vec::new();
    while let Some(lease) = world.store.lease("worker", LEASE).await.unwrap() {
        seen.push((lease.interaction, lease.stage));
        let outputs = match lease.stage {
            Stage::Index => vec![StageOutput::Index(crate::world::index_text(&["a", "b"]))],
            _ => Vec::new(),
        };
        world.finish(&lease, outputs).await;
    }
    let expected: Vec<_> = [older, younger]
        .into_iter()
        .flat_map(|id| WRITTEN.iter().map(move |stage| (id, *stage)))
        .collect();
    assert_eq!(seen, expected);
    assert!(world.store.queue_is_empty().await.unwrap());
    assert_eq!(world.store.waiting().await.unwrap(), 0);
}

async fn a_job_is_leased_to_one_worker_at_a_time(world: World) {
    for number in 0..8 {
        world.chat(world.tenant.id, &[&number.to_string()]).await;
    }
    let asked = (0..12).map(|_| world.store.lease("worker", LEASE));
    let leases = futures::future::join_all(asked).await;
    let held: Vec<_> = leases.into_iter().filter_map(Result::unwrap).collect();
    let jobs: std::collections::BTreeSet<_> = held.iter().map(|lease| lease.job).collect();
    assert_eq!((held.len(), jobs.len()), (8, 8));
    assert!(!world.store.queue_is_empty().await.unwrap());
}

async fn a_lost_lease_stores_nothing(world: World) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello"]).await;
    let dead = world.lease().await;
    assert_eq!(dead.stage, Stage::Transcribe);
    assert_eq!(world.store.lease("other", LEASE).await.unwrap(), None);
    world.clock.forward(LEASE);
    let taken_over = world.lease().await;
    assert_eq!((taken_over.job, taken_over.attempt), (dead.job, 1));

    let late = vec![
        StageOutput::Raw(raw(&["late"])),
        StageOutput::Redacted(redacted(&["late"])),
    ];
    let permit = world.pipeline(
        tenant,
        Purpose::Transcription,
        id,
        &[domain::DataCategory::RawContent],
    );
    let refused = world
        .store
        .finish_stage(&dead, &permit, vec![StageOutput::Raw(raw(&["late"]))])
        .await;
    assert!(matches!(refused, Err(StoreError::LeaseLost { .. })));
    let uncovered = world.store.finish_stage(&taken_over, &permit, late).await;
    assert!(matches!(uncovered, Err(StoreError::Permit(_))));
    let note = FailureNote {
        code: "late".to_owned(),
        sentence: "too late".to_owned(),
    };
    let refused = world.store.fail_stage(&dead, &note, None).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost { .. })));
    assert!(!world.store.renew_lease(&dead, LEASE).await.unwrap());

    let nothing = world.store.raw_transcript(&world.raw(tenant, id)).await;
    assert!(matches!(
        nothing,
        Err(StoreError::Withheld(domain::Withheld::NotReady))
    ));
    world
        .finish(&taken_over, vec![StageOutput::Raw(raw(&["in", "time"]))])
        .await;
    let again = world
        .store
        .finish_stage(&taken_over, &permit, Vec::new())
        .await;
    assert!(
        matches!(again, Err(StoreError::LeaseLost { .. })),
        "a second finish changes nothing"
    );
    let stored = world
        .store
        .raw_transcript(&world.raw(tenant, id))
        .await
        .unwrap();
    assert_eq!(stored, raw(&["in", "time"]));
    assert_eq!(world.lease().await.stage, Stage::RedactText);
}

async fn a_renewed_lease_is_kept(world: World) {
    world.chat(world.tenant.id, &["hello"]).await;
    let lease = world.lease().await;
    for _ in 0..3 {
        world.clock.forward(Millis(LEASE.0 / 2));
        assert!(world.store.renew_lease(&lease, LEASE).await.unwrap());
        assert_eq!(world.store.lease("other", LEASE).await.unwrap(), None);
    }
    world.finish(&lease, Vec::new()).await;
}

async fn a_failure_is_tried_again_and_then_shelved_and_replayed(world: World) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello"]).await;
    let note = FailureNote {
        code: "model".to_owned(),
        sentence: "the model is missing".to_owned(),
    };
    let first = world.lease().await;
    let later = world.clock.now().plus(Millis(5_000));
    world
        .store
        .fail_stage(&first, &note, Some(later))
        .await
        .unwrap();
    assert_eq!(world.store.lease("worker", LEASE).await.unwrap(), None);
    assert!(!world.store.queue_is_empty().await.unwrap());
    world.clock.forward(Millis(5_000));
    let second = world.lease().await;
    assert_eq!((second.job, second.attempt), (first.job, 2));
    world.store.fail_stage(&second, &note, None).await.unwrap();

    assert!(world.store.queue_is_empty().await.unwrap());
    let shelf = world.store.failed(tenant).await.unwrap();
    assert_eq!(shelf.len(), 1);
    assert_eq!(
        (shelf[0].interaction, shelf[0].stage),
        (id, Stage::Transcribe)
    );
    assert_eq!(
        (shelf[0].code.as_str(), shelf[0].at),
        ("model", world.clock.now())
    );
    let summary = world
        .store
        .summary(&world.review(tenant, id))
        .await
        .unwrap();
    assert_eq!(summary.status, Status::Failed(Stage::Transcribe));

    assert_eq!(
        world
            .store
            .replay(tenant, Some(world.new_id()))
            .await
            .unwrap(),
        0
    );
    assert_eq!(world.store.replay(tenant, Some(id)).await.unwrap(), 1);
    assert!(world.store.failed(tenant).await.unwrap().is_empty());
    assert_eq!(world.lease().await.attempt, 1);
}

async fn a_refusal_stops_the_interaction_with_its_clauses(world: World) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello"]).await;
    let lease = world.lease().await;
    let clause: ClauseId = "P99".parse().unwrap();
    let denial = Denial {
        clauses: vec![clause],
        sentence: "the tenant's instruction does not cover it".to_owned(),
        action: "seal",
        purpose: Purpose::Storage,
    };
    world.store.deny_stage(&lease, &denial).await.unwrap();
    let summary = world
        .store
        .summary(&world.review(tenant, id))
        .await
        .unwrap();
    assert_eq!(summary.status_text(), "stopped (P99)");
    let stopped = world.store.failed(tenant).await.unwrap();
    assert_eq!(stopped[0].code, "P99");
    assert_eq!(stopped[0].sentence, denial.sentence);
    assert!(world.store.queue_is_empty().await.unwrap());
    assert_eq!(world.store.replay(tenant, None).await.unwrap(), 1);
    assert_eq!(world.lease().await.stage, Stage::Transcribe);
}

async fn a_job_that_kills_its_workers_is_shelved(world: World) {
    let tenant = world.tenant.id;
    world.chat(tenant, &["hello"]).await;
    let mut leases = 0;
    while world.store.lease("worker", LEASE).await.unwrap().is_some() {
        leases += 1;
        assert!(leases < 1_000, "it is never shelved");
        world.clock.forward(LEASE);
    }
    assert!(
        leases > 50,
        "a healthy job survives fifty kills, this one only {leases}"
    );
    let shelf = world.store.failed(tenant).await.unwrap();
    assert_eq!(shelf[0].code, "worker_died");
}

async fn a_permit_for_another_interaction_stores_nothing(world: World) {
    let tenant = world.tenant.id;
    world.chat(tenant, &["hello"]).await;
    let lease = world.lease().await;
    let other = world.pipeline(
        tenant,
        Purpose::Storage,
        world.new_id(),
        &[domain::DataCategory::InteractionMetadata],
    );
    let refused = world.store.finish_stage(&lease, &other, Vec::new()).await;
    assert!(matches!(refused, Err(StoreError::WrongPermit { .. })));
    world.finish(&lease, Vec::new()).await;
}

async fn processing_again_replaces_what_was_made(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready_call(tenant, &["Zaphodine", "parcel"]).await;
    world
        .store
        .replay_from(tenant, id, Stage::RedactText)
        .await
        .unwrap();
    world
        .process_all(&["Zaphodine", "postponed", "twice"])
        .await;
    let now = world
        .store
        .redacted_transcript(&world.review(tenant, id))
        .await
        .unwrap();
    assert_eq!(now, redacted(&["Zaphodine", "postponed", "twice"]));
    let playback = world.person(
        tenant,
        domain::TenantRole::Analyst,
        Purpose::Playback,
        id,
        &[domain::DataCategory::RedactedAudio],
    );
    let length = world.store.redacted_audio_len(&playback).await.unwrap();
    assert_eq!(length, u64::try_from(wav().len()).unwrap());
    let blobs = crate::intake::walkdir(world.objects.clone());
    let objects = blobs.iter().filter(|path| path.contains("blb_")).count();
    assert_eq!(objects, 2, "the replaced audio is gone: {blobs:?}");
    let absent = world
        .store
        .replay_from(tenant, world.new_id(), Stage::Transcribe)
        .await;
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
}

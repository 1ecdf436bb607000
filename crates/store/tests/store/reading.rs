//! Opening one interaction's data: what the permit covers, while it may be read.

use domain::{Clock, DataCategory, Millis, Purpose, TenantRole, Withheld};
use policy::Read;
use store::StoreError;

use crate::on_every_engine;
use crate::world::{World, chat, redacted, wav};

on_every_engine! {
    only_what_the_permit_covers_is_opened,
    audio_is_read_at_any_place,
    what_is_past_its_retention_is_withheld_and_a_hold_does_not_open_it,
    what_no_stage_has_made_is_not_ready,
}

async fn only_what_the_permit_covers_is_opened(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["Zaphodine", "parcel"]).await;
    let review = world.review(tenant, id);
    let shown = world.store.redacted_transcript(&review).await.unwrap();
    assert_eq!(shown, redacted(&["Zaphodine", "parcel"]));
    let uncovered = |outcome: Result<(), StoreError>| {
        assert!(matches!(outcome, Err(StoreError::Permit(_))), "{outcome:?}");
    };
    uncovered(world.store.raw_transcript(&review).await.map(drop));
    uncovered(world.store.interaction(&review).await.map(drop));
    uncovered(world.store.media(&review, 0).await.map(drop));
    uncovered(world.store.redacted_audio_len(&review).await.map(drop));
    uncovered(
        world
            .store
            .redacted_audio_range(&review, 0..1)
            .await
            .map(drop),
    );
    world.clock.forward(Millis(16 * 60 * 1_000));
    uncovered(world.store.redacted_transcript(&review).await.map(drop));
}

async fn audio_is_read_at_any_place(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready_call(tenant, &["x", "parcel"]).await;
    let permit = world.person::<Read, _>(
        tenant,
        TenantRole::Analyst,
        Purpose::Playback,
        id,
        &[DataCategory::RedactedAudio],
    );
    let whole = wav();
    let length = world.store.redacted_audio_len(&permit).await.unwrap();
    assert_eq!(length, u64::try_from(whole.len()).unwrap());
    for (start, end) in [
        (0, 1),
        (65_530, 65_545),
        (131_072, 131_072),
        (700_000, 800_000),
    ] {
        let range = u64::try_from(start).unwrap()..u64::try_from(end).unwrap();
        let bytes = world
            .store
            .redacted_audio_range(&permit, range)
            .await
            .unwrap();
        assert!(bytes == whole[start..end], "{start}..{end}");
    }
    let outside = world
        .store
        .redacted_audio_range(&permit, 0..length + 1)
        .await;
    assert!(matches!(outside, Err(StoreError::Media(_))));
}

async fn what_is_past_its_retention_is_withheld_and_a_hold_does_not_open_it(world: World) {
    let tenant = world.tenant.id;
    for (on_hold, expected) in [(false, Withheld::Expired), (true, Withheld::OnHold)] {
        let mut facts = world.facts();
        facts.on_hold = on_hold;
        facts.keep_until = Some(world.clock.now().plus(Millis(1_000)));
        let interaction = chat(world.clock.now(), &["kept for a second"]);
        let outcome = world
            .take_with(tenant, &interaction, Vec::new(), facts)
            .await;
        let store::TakeIn::Taken(id) = outcome else {
            panic!("it is new")
        };
        world
            .store
            .interaction(&world.raw(tenant, id))
            .await
            .unwrap();
        world.clock.forward(Millis(1_000));
        match world.store.interaction(&world.raw(tenant, id)).await {
            Err(StoreError::Withheld(reason)) => assert_eq!(reason, expected),
            other => panic!("{other:?}"),
        }
    }
}

async fn what_no_stage_has_made_is_not_ready(world: World) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello"]).await;
    let review = world.review(tenant, id);
    for outcome in [
        world.store.redacted_transcript(&review).await.map(drop),
        world.store.metrics(&review).await.map(drop),
        world.store.sound(&review).await.map(drop),
    ] {
        assert!(
            matches!(outcome, Err(StoreError::Withheld(Withheld::NotReady))),
            "{outcome:?}"
        );
    }
}

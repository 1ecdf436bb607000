//! Erasing destroys keys first, then bytes everywhere, and says so only when it is so.

use domain::{DataCategory, Millis, Purpose, TenantRole};
use policy::{Erase, Permit};
use store::{Candidates, StoreError, TakeIn};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, call, chat};
use domain::{Clock as _, InteractionId};

on_every_engine! {
    nothing_is_left_of_an_erased_interaction,
    another_interactions_words_stay_findable,
    a_hold_bars_erasing,
    an_erasure_that_cannot_be_confirmed_is_not_called_one_and_can_be_finished,
    half_written_blobs_are_swept_when_they_are_old,
}

pub(crate) fn permit(world: &World, id: InteractionId) -> Permit<Erase, InteractionId> {
    world.person(
        world.tenant.id,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    )
}

async fn nothing_is_left_of_an_erased_interaction(world: World) {
    let tenant = world.tenant.id;
    let taken_in = call(world.clock.now(), b"sound");
    let TakeIn::Taken(id) = world.take(tenant, &taken_in).await else {
        panic!("it is new")
    };
    world.process_all(&["x", "unrepeatable"]).await;
    let find = world.find(tenant);
    let word = world
        .store
        .token_ids(&find, &["unrepeatable"])
        .await
        .unwrap()[0];
    let plan = Candidates::Token(word);
    assert_eq!(world.store.candidates(&find, &plan).await.unwrap(), [id]);
    let stream = word.0.to_be_bytes();
    let lease_after = world
        .store
        .replay_from(tenant, id, domain::Stage::Index)
        .await;
    lease_after.unwrap();
    let running = world.lease().await;

    let receipt = world.store.erase(permit(&world, id)).await.unwrap();
    assert!(receipt.complete(), "{receipt:?}");
    let places: Vec<_> = receipt
        .places
        .iter()
        .map(|place| place.what.as_str())
        .collect();
    assert!(
        places
            .iter()
            .any(|place| place.starts_with("blob store: media")),
        "{places:?}"
    );
    assert!(
        places.iter().any(|place| place.starts_with("search index")),
        "{places:?}"
    );

    assert_eq!(world.store.facts(tenant, id).await.unwrap(), None);
    assert!(
        world
            .store
            .candidates(&find, &plan)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        world
            .store
            .expand(&find, "", &|_: &str| true)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(world.store.queue_is_empty().await.unwrap());
    let late = world
        .store
        .finish_stage(&running, &world.seal(&running), Vec::new())
        .await;
    assert!(matches!(late, Err(StoreError::LeaseLost { .. })));
    for file in walkdir(world.folder.path().to_owned()) {
        assert!(!file.contains("blb_"), "{file} is left");
        let bytes = std::fs::read(&file).unwrap();
        let kept = bytes.windows(8).any(|window| window == stream);
        assert!(!kept, "the word's hash is left in {file}");
    }
    let again = world.take(tenant, &taken_in).await;
    assert!(
        matches!(again, TakeIn::Taken(_)),
        "its keyed hashes are gone too"
    );
    let gone = world.store.erase(permit(&world, id)).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
}

async fn another_interactions_words_stay_findable(world: World) {
    let tenant = world.tenant.id;
    let erased = world.ready(tenant, &["x", "parcel", "unrepeatable"]).await;
    let kept = world.ready(tenant, &["x", "parcel", "other"]).await;
    world.store.erase(permit(&world, erased)).await.unwrap();
    let find = world.find(tenant);
    let words = ["[person]", "parcel", "other"];
    let mut expected = world.store.token_ids(&find, &words).await.unwrap();
    let mut vocabulary = world
        .store
        .expand(&find, "", &|_: &str| true)
        .await
        .unwrap();
    expected.sort();
    vocabulary.sort();
    assert_eq!(vocabulary, expected);
    let parcel = world.store.token_ids(&find, &["parcel"]).await.unwrap()[0];
    let found = world
        .store
        .candidates(&find, &Candidates::Token(parcel))
        .await
        .unwrap();
    assert_eq!(found, [kept]);
    world
        .store
        .redacted_transcript(&world.review(tenant, kept))
        .await
        .unwrap();
}

async fn a_hold_bars_erasing(world: World) {
    let tenant = world.tenant.id;
    let mut facts = world.facts();
    facts.on_hold = true;
    let interaction = chat(world.clock.now(), &["evidence"]);
    let outcome = world
        .take_with(tenant, &interaction, Vec::new(), facts)
        .await;
    let TakeIn::Taken(id) = outcome else {
        panic!("it is new")
    };
    let barred = world.store.erase(permit(&world, id)).await;
    assert!(matches!(barred, Err(StoreError::OnHold { .. })));
    world
        .store
        .interaction(&world.raw(tenant, id))
        .await
        .unwrap();
}

async fn an_erasure_that_cannot_be_confirmed_is_not_called_one_and_can_be_finished(world: World) {
    let tenant = world.tenant.id;
    let taken_in = call(world.clock.now(), b"sound");
    let TakeIn::Taken(id) = world.take(tenant, &taken_in).await else {
        panic!("it is new")
    };
    // A folder in the blob's place cannot be deleted as a file.
    let blob = walkdir(world.objects.clone())
        .into_iter()
        .find(|path| path.contains("blb_"))
        .unwrap();
    std::fs::remove_file(&blob).unwrap();
    std::fs::create_dir_all(format!("{blob}/in the way")).unwrap();
    let receipt = world.store.erase(permit(&world, id)).await.unwrap();
    assert!(!receipt.complete(), "{receipt:?}");
    let opened = world.store.interaction(&world.raw(tenant, id)).await;
    assert!(
        matches!(opened, Err(StoreError::Withheld(_))),
        "its key is gone all the same"
    );
    std::fs::remove_dir_all(&blob).unwrap();
    let finished = world.store.erase(permit(&world, id)).await.unwrap();
    assert!(finished.complete(), "{finished:?}");
    assert_eq!(world.store.facts(tenant, id).await.unwrap(), None);
}

async fn half_written_blobs_are_swept_when_they_are_old(world: World) {
    let tenant = world.tenant.id;
    world.take(tenant, &call(world.clock.now(), b"sound")).await;
    let blobs = world.objects.clone();
    let named = walkdir(blobs.clone())
        .into_iter()
        .find(|path| path.contains("blb_"))
        .unwrap();
    let orphan = domain::BlobId::from_uuid(world.new_id().as_uuid()).to_string();
    let shard = blobs
        .join("objects")
        .join(orphan.split_at(orphan.len() - 2).1);
    std::fs::create_dir_all(&shard).unwrap();
    std::fs::write(shard.join(&orphan), b"half").unwrap();
    assert_eq!(
        world.store.sweep().await.unwrap(),
        0,
        "a young one may still be committed"
    );
    world.clock.forward(Millis(2 * 60 * 60 * 1_000));
    assert_eq!(world.store.sweep().await.unwrap(), 1);
    assert!(!shard.join(&orphan).exists());
    assert!(std::path::Path::new(&named).exists());
}

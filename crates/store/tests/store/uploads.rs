//! Files on their way in: part by part, sealed, one's own, and gone when their time is over.

use domain::{Clock, DataCategory, Millis, Purpose, Secret, TenantId, TenantRole, UploadId};
use policy::{Interactions, Permit, Resource, Seal};
use store::{Appended, NewUpload, StoreError, Upload};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, new_tenant};

on_every_engine! {
    parts_come_one_after_another_and_end_with_their_upload,
    an_upload_is_there_for_whoever_began_it_only,
    what_is_announced_together_has_a_bound,
    what_nobody_goes_on_with_is_forgotten,
}

const WHAT: &[DataCategory] = &[DataCategory::RawContent, DataCategory::Contact];
const DAY: Millis = Millis(86_400_000);

fn may<R: Resource>(world: &World, tenant: TenantId, resource: R) -> Permit<Seal, R> {
    world.person(
        tenant,
        TenantRole::Analyst,
        Purpose::Storage,
        resource,
        WHAT,
    )
}

async fn begun(world: &World, length: u64) -> (Upload, Permit<Seal, UploadId>) {
    let permit = may(world, world.tenant.id, world.store.new_upload_id().unwrap());
    let new = NewUpload {
        length,
        labels: Secret::new("Zaphodine's call.wav"),
        until: world.clock.now().plus(DAY),
        quota: 1_000,
    };
    let upload = world.store.begin_upload(&permit, &new).await.unwrap();
    (upload.unwrap(), permit)
}

async fn parts_come_one_after_another_and_end_with_their_upload(world: World) {
    let (upload, permit) = begun(&world, 30).await;
    let until = world.clock.now().plus(DAY);
    let (store, other) = (&world.store, world.reopened().await);
    let first = &permit;
    let put = |offset, bytes: &'static [u8]| store.append_upload(first, offset, bytes, until);
    assert_eq!(put(0, b"Quillfeather").await.unwrap(), Appended::At(12));
    assert_eq!(
        put(0, b"Quillfeather").await.unwrap(),
        Appended::Elsewhere(12)
    );
    assert_eq!(put(13, b"x").await.unwrap(), Appended::Elsewhere(12));
    // Two that go on at the same byte: one of them does.
    let twice = tokio::join!(
        store.append_upload(&permit, 12, b" speaks", until),
        other.append_upload(&permit, 12, b" spoke", until),
    );
    let ends = [twice.0.unwrap(), twice.1.unwrap()];
    let put_there = ends.iter().filter(|end| matches!(end, Appended::At(_)));
    assert_eq!(put_there.count(), 1, "{ends:?}");
    let here = store.upload(&permit).await.unwrap().received;
    let past = vec![b'.'; usize::try_from(31 - here).unwrap()];
    let refused = store
        .append_upload(&permit, here, &past, until)
        .await
        .unwrap();
    assert_eq!(refused, Appended::Elsewhere(here), "not past its length");
    let rest = vec![b'.'; usize::try_from(30 - here).unwrap()];
    store
        .append_upload(&permit, here, &rest, until)
        .await
        .unwrap();
    let whole = other.received(&permit).await.unwrap();
    assert!(whole.starts_with(b"Quillfeather sp") && whole.len() == 30);

    unreadable(&world, &["Quillfeather", "Zaphodine"]).await;
    assert!(blobs(&world) >= 3);
    // Past the hour after which what no row names is taken away.
    world.clock.forward(Millis(2 * 3_600_000));
    let permit = may(&world, world.tenant.id, upload.id);
    world.store.sweep().await.unwrap();
    assert!(blobs(&world) >= 3, "parts on their way are not swept");
    store
        .end_upload(&permit, &Secret::new("taken in"))
        .await
        .unwrap();
    assert_eq!(blobs(&world), 0);
    let ended = store.upload(&permit).await.unwrap();
    assert_eq!(ended.outcome.unwrap().expose(), "taken in");
    assert!(store.received(&permit).await.is_err(), "its key is gone");
    assert!(
        store
            .open_uploads(&may(&world, world.tenant.id, Interactions))
            .await
            .unwrap()
            .is_empty()
    );
    let gone = store.append_upload(&permit, 30, b"x", until).await.unwrap();
    assert_eq!(gone, Appended::Elsewhere(30));
    assert_eq!(upload.length, 30);
}

async fn an_upload_is_there_for_whoever_began_it_only(world: World) {
    let (upload, _) = begun(&world, 30).await;
    let rival = world.store.add_tenant(&new_tenant("rival")).await.unwrap();
    let of_rival = may(&world, rival.id, upload.id);
    let colleague = world.pipeline_upload(upload.id);
    for permit in [&of_rival, &colleague] {
        assert!(matches!(
            world.store.upload(permit).await,
            Err(StoreError::NotFound { .. })
        ));
        let until = world.clock.now().plus(DAY);
        assert!(
            world
                .store
                .append_upload(permit, 0, b"x", until)
                .await
                .is_err()
        );
        assert!(world.store.drop_upload(permit).await.is_err());
    }
    let own = may(&world, world.tenant.id, Interactions);
    assert_eq!(world.store.open_uploads(&own).await.unwrap().len(), 1);
}

async fn what_is_announced_together_has_a_bound(world: World) {
    let (_, first) = begun(&world, 700).await;
    let permit = may(
        &world,
        world.tenant.id,
        world.store.new_upload_id().unwrap(),
    );
    let new = NewUpload {
        length: 301,
        labels: Secret::new("x"),
        until: world.clock.now().plus(DAY),
        quota: 1_000,
    };
    assert!(
        world
            .store
            .begin_upload(&permit, &new)
            .await
            .unwrap()
            .is_none()
    );
    world.store.drop_upload(&first).await.unwrap();
    assert!(
        world
            .store
            .begin_upload(&permit, &new)
            .await
            .unwrap()
            .is_some()
    );
}

async fn what_nobody_goes_on_with_is_forgotten(world: World) {
    let (_, stays) = begun(&world, 30).await;
    let (_, goes) = begun(&world, 30).await;
    let soon = world.clock.now().plus(DAY);
    world
        .store
        .append_upload(&goes, 0, b"abc", soon)
        .await
        .unwrap();
    let later = soon.plus(DAY);
    world
        .store
        .append_upload(&stays, 0, b"abc", later)
        .await
        .unwrap();
    world.clock.forward(DAY);
    let permit = may(&world, world.tenant.id, Interactions);
    assert_eq!(world.store.sweep_uploads(&permit).await.unwrap(), 1);
    assert_eq!(world.store.sweep_uploads(&permit).await.unwrap(), 0);
    assert_eq!(blobs(&world), 1);
    let (tenant, id) = (world.tenant.id, |permit: &Permit<Seal, UploadId>| {
        *permit.resource()
    });
    assert!(
        world
            .store
            .upload(&may(&world, tenant, id(&goes)))
            .await
            .is_err()
    );
    let kept = world
        .store
        .upload(&may(&world, tenant, id(&stays)))
        .await
        .unwrap();
    assert_eq!(kept.received, 3);
}

/// Sealed objects in the blob store.
fn blobs(world: &World) -> usize {
    let files = walkdir(world.objects.clone());
    let named = |file: &&String| file.rsplit('/').next().unwrap().starts_with("blb_");
    files.iter().filter(named).count()
}

async fn unreadable(world: &World, secrets: &[&str]) {
    for file in walkdir(world.folder.path().to_owned()) {
        let bytes = std::fs::read(&file).unwrap();
        for secret in secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "`{secret}` is readable in {file}");
        }
    }
}

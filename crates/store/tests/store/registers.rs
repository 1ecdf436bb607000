//! Registers, the locator and what retention erases, on every engine.

use std::collections::BTreeSet;

use domain::{
    Clock as _, DataCategory, Identifier, Millis, Party, Purpose, RecipientId, Role, Secret,
    TenantRole, Timestamp,
};
use policy::{Action, Desk, Erase, Find, Permit, Read, Resource, Seal};
use serde::{Deserialize, Serialize};
use store::{Reach, Registered, StoreError, TakeIn};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, call, chat};

on_every_engine! {
    a_record_is_sealed_and_changes_only_as_it_was_seen,
    a_person_is_found_by_address_until_they_are_erased,
    p89_what_is_overdue_is_really_erased,
}

const BOTH: &[DataCategory] = &[DataCategory::Contact, DataCategory::InteractionMetadata];

fn desk<A: Action, R: Resource>(world: &World, resource: R) -> Permit<A, R> {
    let officer = TenantRole::PrivacyOfficer;
    world.person(
        world.tenant.id,
        officer,
        Purpose::Governance,
        resource,
        BOTH,
    )
}

pub(crate) fn desk_seal(world: &World) -> Permit<Seal, Desk> {
    desk(world, Desk)
}

pub(crate) fn desk_find(world: &World) -> Permit<Find, Desk> {
    desk(world, Desk)
}

pub(crate) fn desk_read(world: &World) -> Permit<Read, Desk> {
    desk(world, Desk)
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    text: String,
    due: Option<i64>,
}

impl Registered for Note {
    type Id = RecipientId;
    const REGISTER: &'static str = "notes";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        if self.due.is_some() { "open" } else { "closed" }
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.map(Timestamp)
    }
}

async fn a_record_is_sealed_and_changes_only_as_it_was_seen(world: World) {
    let store = &world.store;
    let open = Note {
        text: "unrepeatable".to_owned(),
        due: Some(world.clock.now().0 + 10),
    };
    let id = store.file(&desk_seal(&world), &open).await.unwrap();
    let seen = store.filed::<Note>(&desk_read(&world), id).await.unwrap();
    assert_eq!(seen.body, open);
    for file in walkdir(world.folder.path().to_owned()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(12).any(|w| w == b"unrepeatable"), "{file}");
    }
    let finding = &desk_find(&world);
    let due = |at: Timestamp| store.register::<Note>(finding, &["open"], Some(at), 9);
    assert!(due(world.clock.now()).await.unwrap().is_empty());
    assert_eq!(due(Timestamp(open.due.unwrap())).await.unwrap().len(), 1);
    let closed = Note { due: None, ..open };
    store
        .amend(&desk_seal(&world), &seen, &closed)
        .await
        .unwrap();
    let stale = store.amend(&desk_seal(&world), &seen, &closed).await;
    assert!(
        matches!(stale, Err(StoreError::Changed { .. })),
        "{stale:?}"
    );
    assert_eq!(
        store
            .register_counts::<Note>(world.tenant.id)
            .await
            .unwrap()["closed"],
        1
    );
    // A permit for something else does not open registers.
    let analyst: Permit<Find, Desk> = world.person(
        world.tenant.id,
        TenantRole::Analyst,
        Purpose::Review,
        Desk,
        &[DataCategory::InteractionMetadata],
    );
    assert!(
        store
            .register::<Note>(&analyst, &[], None, 9)
            .await
            .is_err()
    );
    assert!(store.verify_ledger().await.unwrap().findings.is_empty());
}

async fn a_person_is_found_by_address_until_they_are_erased(world: World) {
    let store = &world.store;
    let mut written = chat(world.clock.now(), &["hello"]);
    written.parties[0].mailto = Some(Secret::new("Tom@Example.org"));
    written.parties[1].tel = Some(Secret::new("tel:+44-20-7946-0000"));
    let TakeIn::Taken(id) = world.take(world.tenant.id, &written).await else {
        panic!("it is new")
    };
    let who = |text: &str| -> Identifier { text.parse().unwrap() };
    let found = |text: &'static str| {
        let permit = desk_find(&world);
        async move { store.located(&permit, &who(text)).await.unwrap() }
    };
    assert_eq!(found("tom@example.org").await, [id]);
    assert_eq!(found("0044 20 79460000").await, [id]);
    assert!(found("eve@example.org").await.is_empty());
    let other = store
        .add_tenant(&crate::world::new_tenant("rival"))
        .await
        .unwrap();
    let elsewhere: Permit<Find, Desk> = world.person(
        other.id,
        TenantRole::PrivacyOfficer,
        Purpose::Governance,
        Desk,
        BOTH,
    );
    let there = store
        .located(&elsewhere, &who("tom@example.org"))
        .await
        .unwrap();
    assert!(
        there.is_empty(),
        "each tenant's hashes have a key of their own"
    );
    assert_eq!(Party::of_role(Role::Agent).mailto, None);
    let permit: Permit<Erase, _> = world.person(
        world.tenant.id,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(store.erase(permit).await.unwrap().complete());
    assert!(found("tom@example.org").await.is_empty());
}

/// Recordings go when their own time is over, the rest when its time is; a hold keeps both.
async fn p89_what_is_overdue_is_really_erased(world: World) {
    const DAY: u64 = 86_400_000;
    let store = &world.store;
    let tenant = world.tenant.id;
    let sound = call(world.clock.now(), b"sound of somebody");
    let TakeIn::Taken(id) = world.take(tenant, &sound).await else {
        panic!("it is new")
    };
    let keep = Millis(10 * DAY);
    let changed = store
        .shorten(&desk_seal(&world), None, Millis(30 * DAY))
        .await
        .unwrap();
    assert_eq!(changed, 1);
    let again = store
        .shorten(&desk_seal(&world), None, Millis(40 * DAY))
        .await
        .unwrap();
    assert_eq!(again, 0, "a nearer end stays");
    world.clock.forward(Millis(11 * DAY));
    let late = store
        .overdue_voice(&desk_find(&world), None, keep, world.clock.now())
        .await
        .unwrap();
    assert_eq!((late.len(), late[0].reach), (1, Reach::Voice));
    assert!(
        store
            .overdue(&desk_find(&world), world.clock.now())
            .await
            .unwrap()
            .is_empty()
    );
    let permit: Permit<Erase, _> = world.person(
        tenant,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::Voice],
    );
    assert!(store.erase_voice(permit).await.unwrap().complete());
    let voice = world.pipeline::<Read>(
        tenant,
        Purpose::Transcription,
        id,
        &[
            DataCategory::Voice,
            DataCategory::RawContent,
            DataCategory::Contact,
        ],
    );
    assert!(store.media(&voice, 0).await.is_err());
    assert!(store.interaction(&voice).await.is_ok(), "the rest stays");
    let blobs: BTreeSet<String> = walkdir(world.objects.clone())
        .into_iter()
        .filter(|path| path.contains("blb_"))
        .collect();
    assert!(blobs.is_empty(), "{blobs:?}");
    assert!(
        store
            .overdue_voice(&desk_find(&world), None, keep, world.clock.now())
            .await
            .unwrap()
            .is_empty()
    );
    world.clock.forward(Millis(20 * DAY));
    let late = store
        .overdue(&desk_find(&world), world.clock.now())
        .await
        .unwrap();
    assert_eq!(
        (late.len(), late[0].reach, late[0].on_hold),
        (1, Reach::Whole, false)
    );
    assert!(store.verify_ledger().await.unwrap().findings.is_empty());
}

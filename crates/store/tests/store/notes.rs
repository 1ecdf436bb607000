//! Notes and the messages that tell of alerts, on every engine.

use domain::{
    Clock as _, DataCategory, InteractionId, Millis, MomentId, Purpose, TenantRole, Timestamp,
    UserId,
};
use policy::{Action, Interactions, Permit, Resource, Seal};
use serde::{Deserialize, Serialize};
use store::{NoteFilter, Noted, StoreError};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, new_tenant};

on_every_engine! {
    a_note_is_sealed_goes_with_its_interaction_and_changes_only_as_it_was_seen,
    notes_are_found_by_what_they_are_about_and_never_anothers,
    an_agent_is_shown_notes_of_their_own_interactions_only,
}

const ASSESS: &[DataCategory] = &[
    DataCategory::RedactedContent,
    DataCategory::InteractionMetadata,
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remark {
    text: String,
    about: Option<String>,
    person: Option<String>,
    due: Option<i64>,
}

impl Remark {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            about: None,
            person: None,
            due: None,
        }
    }
}

impl Noted for Remark {
    type Id = MomentId;
    const KIND: &'static str = "remark";
    const HOLDS: &'static [DataCategory] = ASSESS;

    fn state(&self) -> &'static str {
        if self.due.is_some() { "open" } else { "done" }
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.map(Timestamp)
    }

    fn about(&self) -> Option<String> {
        self.about.clone()
    }

    fn person(&self) -> Option<UserId> {
        self.person.as_ref().and_then(|id| id.parse().ok())
    }
}

fn coach<A: Action, R: Resource>(world: &World, resource: R) -> Permit<A, R> {
    let tenant = world.tenant.id;
    world.person(tenant, TenantRole::Coach, Purpose::Review, resource, ASSESS)
}

fn seal(world: &World, id: InteractionId) -> Permit<Seal, InteractionId> {
    coach(world, id)
}

async fn a_note_is_sealed_goes_with_its_interaction_and_changes_only_as_it_was_seen(world: World) {
    let (store, tenant) = (&world.store, world.tenant.id);
    let id = world.ready(tenant, &["hello"]).await;
    let other = world.ready(tenant, &["bye"]).await;
    let remark = Remark::new("unrepeatable remark");
    store.note(&seal(&world, id), &remark).await.unwrap();
    for file in walkdir(world.folder.path().to_owned()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !bytes.windows(19).any(|w| w == b"unrepeatable remark"),
            "{file}"
        );
    }
    let seen = store
        .notes_of::<Remark>(&world.review(tenant, id))
        .await
        .unwrap();
    assert_eq!(
        (seen.len(), &seen[0].body, seen[0].revision),
        (1, &remark, 0)
    );
    assert_eq!(seen[0].by, "somebody");
    let none = store.notes_of::<Remark>(&world.review(tenant, other)).await;
    assert!(none.unwrap().is_empty());

    // Under the permit for another interaction it cannot be changed.
    let wrong = store
        .amend_note(&seal(&world, other), &seen[0], &remark)
        .await;
    assert!(
        matches!(wrong, Err(StoreError::WrongPermit { .. })),
        "{wrong:?}"
    );
    let changed = Remark::new("in other words");
    store
        .amend_note(&seal(&world, id), &seen[0], &changed)
        .await
        .unwrap();
    let late = store.amend_note(&seal(&world, id), &seen[0], &remark).await;
    assert!(matches!(late, Err(StoreError::Changed { .. })), "{late:?}");
    let log = store.access_log(tenant, id).await.unwrap();
    let sealed = log
        .iter()
        .filter(|one| one.actor == "somebody" && one.action == "sealed");
    assert_eq!(sealed.count(), 2, "each writing is a leaf");

    let erase = world.person(
        tenant,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(store.erase(erase).await.unwrap().complete());
    let all = NoteFilter::default();
    let left = store
        .notes::<Remark>(&world.find(tenant), &all)
        .await
        .unwrap();
    assert!(left.is_empty(), "{left:?}");
}

async fn notes_are_found_by_what_they_are_about_and_never_anothers(world: World) {
    let (store, tenant) = (&world.store, world.tenant.id);
    let id = world.ready(tenant, &["hello"]).await;
    let user: UserId = "usr_00000000000000000000000000000007".parse().unwrap();
    let mut first = Remark::new("first");
    first.about = Some("plan 1".to_owned());
    first.due = Some(5);
    store.note(&seal(&world, id), &first).await.unwrap();
    world.clock.forward(Millis(10));
    let mut second = Remark::new("second");
    second.person = Some(user.to_string());
    store
        .note(&coach::<Seal, _>(&world, Interactions), &second)
        .await
        .unwrap();

    let find = world.find(tenant);
    let texts = async |filter: NoteFilter<'_>| -> Vec<String> {
        let found = store.notes::<Remark>(&find, &filter).await.unwrap();
        found.into_iter().map(|note| note.body.text).collect()
    };
    assert_eq!(texts(NoteFilter::default()).await, ["second", "first"]);
    let about = NoteFilter {
        about: Some("plan 1"),
        ..NoteFilter::default()
    };
    assert_eq!(texts(about).await, ["first"]);
    let person = NoteFilter {
        person: Some(user),
        ..NoteFilter::default()
    };
    assert_eq!(texts(person).await, ["second"]);
    let states = NoteFilter {
        states: &["open"],
        ..NoteFilter::default()
    };
    assert_eq!(texts(states).await, ["first"]);
    let since = NoteFilter {
        since: Some(world.clock.now()),
        ..NoteFilter::default()
    };
    assert_eq!(texts(since).await, ["second"]);

    let other = store.add_tenant(&new_tenant("rival")).await.unwrap();
    let all = NoteFilter::default();
    let foreign = store
        .notes::<Remark>(&world.find(other.id), &all)
        .await
        .unwrap();
    assert!(foreign.is_empty());
    let known = store.notes::<Remark>(&find, &all).await.unwrap();
    let foreign = store
        .note_by_id::<Remark>(&world.find(other.id), known[0].id)
        .await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
    store
        .drop_note(&coach::<Seal, _>(&world, Interactions), &known[0])
        .await
        .unwrap();
    assert_eq!(texts(NoteFilter::default()).await, ["first"]);
}

async fn an_agent_is_shown_notes_of_their_own_interactions_only(world: World) {
    let (store, tenant) = (&world.store, world.tenant.id);
    let own = world.ready(tenant, &["mine"]).await;
    let other = world.ready(tenant, &["theirs"]).await;
    for (id, text) in [(own, "about mine"), (other, "about theirs")] {
        store
            .note(&seal(&world, id), &Remark::new(text))
            .await
            .unwrap();
    }
    store
        .note(
            &coach::<Seal, _>(&world, Interactions),
            &Remark::new("of none"),
        )
        .await
        .unwrap();
    let agent = world.agent_finds(tenant, vec![own]);
    let all = NoteFilter::default();
    let shown = store.notes::<Remark>(&agent, &all).await.unwrap();
    let texts: Vec<&str> = shown.iter().map(|note| note.body.text.as_str()).collect();
    assert_eq!(texts, ["about mine"]);
    let everything = store
        .notes::<Remark>(&world.find(tenant), &all)
        .await
        .unwrap();
    assert_eq!(everything.len(), 3);
    for note in everything
        .iter()
        .filter(|note| note.interaction != Some(own))
    {
        let hidden = store.note_by_id::<Remark>(&agent, note.id).await;
        assert!(
            matches!(hidden, Err(StoreError::NotFound { .. })),
            "{hidden:?}"
        );
    }
}

//! Messages that tell of alerts: planned once, leased, sent again under the same id.

use domain::{
    Clock as _, DataCategory, DefinitionKind, DisclosureId, InteractionId, Millis, Purpose,
    TenantRole,
};
use policy::{Disclose, Permit, RecipientFacts, Scope, decide};
use serde::{Deserialize, Serialize};
use store::{Closing, DeliveryState, Registered, RouteOrder, StoreError};

use crate::definitions::{evaluate, says};
use crate::on_every_engine;
use crate::registers::desk_seal;
use crate::world::World;

on_every_engine! {
    a_message_is_planned_once_and_a_dead_sender_neither_loses_nor_doubles_it,
    a_digest_waits_and_tells_of_all_together,
    an_erased_interactions_alert_is_told_no_more,
}

const LEASE: Millis = Millis(60_000);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Route {
    to: String,
}

impl Registered for Route {
    type Id = domain::AlertRouteId;
    const REGISTER: &'static str = "alert_routes";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        "open"
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entered {
    note: String,
}

impl Registered for Entered {
    type Id = DisclosureId;
    const REGISTER: &'static str = "disclosures";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        "sending"
    }
}

/// An alert in use that everything new raises.
async fn alerting(world: &World) {
    let (store, tenant) = (&world.store, world.tenant.id);
    let permit = world.find(tenant);
    let (id, version) = store
        .save_definition(&permit, DefinitionKind::Alert, &says("Lawyer", "one"))
        .await
        .unwrap();
    store
        .publish_definitions(&permit, &[(id, version)])
        .await
        .unwrap();
    store.promote_definitions(tenant).await.unwrap();
}

async fn raised(world: &World) -> InteractionId {
    // Past the quiet time after the one before.
    world.clock.forward(Millis(61_000));
    let id = world.ready(world.tenant.id, &["x", "letter"]).await;
    let behind = world.store.behind(world.tenant.id, 10).await.unwrap();
    evaluate(world, &behind[0], "new").await;
    id
}

async fn route(world: &World, digest: u64) -> RouteOrder {
    world.clock.forward(Millis(1));
    let to = Route {
        to: "warehouse".to_owned(),
    };
    RouteOrder {
        route: world.store.file(&desk_seal(world), &to).await.unwrap(),
        since: world.clock.now(),
        only: Vec::new(),
        digest: Millis(digest),
    }
}

fn disclosing(world: &World, id: InteractionId) -> Permit<Disclose, InteractionId> {
    let mut facts = world.facts();
    for basis in &mut facts.lawful_bases {
        basis.grants.push((Purpose::Sharing, true));
    }
    facts.recipient = Some(RecipientFacts {
        granted: true,
        noticed: true,
        ..RecipientFacts::default()
    });
    let actor = domain::Actor {
        kind: domain::ActorKind::TenantUser {
            role: TenantRole::PrivacyOfficer,
            own: Vec::new(),
        },
        handle: "officer".to_owned(),
    };
    let now = world.clock.now();
    let scope = Scope::for_test(world.tenant.id, actor, Purpose::Sharing, now);
    let kinds = [DataCategory::InteractionMetadata];
    decide(&world.policy, &scope, id, &kinds, &facts).unwrap()
}

async fn a_message_is_planned_once_and_a_dead_sender_neither_loses_nor_doubles_it(world: World) {
    let store = &world.store;
    alerting(&world).await;
    raised(&world).await;
    let order = route(&world, 0).await;
    let desk = || desk_seal(&world);
    assert_eq!(
        store
            .plan_deliveries(&desk(), &order, world.clock.now())
            .await
            .unwrap(),
        0
    );
    let id = raised(&world).await;
    let (permit, twin) = (desk(), desk());
    let (one, two) = tokio::join!(
        store.plan_deliveries(&permit, &order, world.clock.now()),
        store.plan_deliveries(&twin, &order, world.clock.now()),
    );
    assert_eq!(one.unwrap() + two.unwrap(), 1, "only what is new, and once");

    let now = world.clock.now();
    let first = store
        .lease_delivery(&desk(), (now, LEASE))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.alerts.len(), first.alerts[0].interaction), (1, id));
    let nobody = store.lease_delivery(&desk(), (now, LEASE)).await.unwrap();
    assert!(nobody.is_none(), "it is held");
    let entry = Entered {
        note: "told".to_owned(),
    };
    let allowed = disclosing(&world, id);
    let alert = first.alerts[0].alert;
    let entered = store
        .file_alert(&allowed, &first, alert, &entry)
        .await
        .unwrap();
    let again = store
        .file_alert(&allowed, &first, alert, &entry)
        .await
        .unwrap();
    assert_eq!(entered, again, "entered once");

    // The first sender dies; the next one takes the same message over.
    world.clock.forward(Millis(LEASE.0 + 1));
    let now = world.clock.now();
    let second = store
        .lease_delivery(&desk(), (now, LEASE))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (second.id, second.alerts[0].disclosure),
        (first.id, Some(entered))
    );
    let late = store
        .close_delivery(&desk(), &first, &Closing::Delivered, now)
        .await;
    assert!(
        matches!(late, Err(StoreError::DeliveryLost { .. })),
        "{late:?}"
    );
    let at = now.plus(Millis(30_000));
    let again = Closing::Again(at, "the recipient answered 503".to_owned());
    store
        .close_delivery(&desk(), &second, &again, now)
        .await
        .unwrap();
    assert!(
        store
            .lease_delivery(&desk(), (now, LEASE))
            .await
            .unwrap()
            .is_none()
    );
    let third = store
        .lease_delivery(&desk(), (at, LEASE))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((third.id, third.attempt), (first.id, 1));
    store
        .close_delivery(&desk(), &third, &Closing::Delivered, at)
        .await
        .unwrap();

    let listed = store
        .deliveries(&world.find(world.tenant.id), 9)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].state, listed[0].attempt),
        (DeliveryState::Delivered, 2)
    );
    assert_eq!(listed[0].alerts, [(alert, None)]);
    let alerts = store.alerts(&world.find(world.tenant.id), 9).await.unwrap();
    assert!(alerts[0].delivered.is_some() && alerts[1].delivered.is_none());
    let retried = store.retry_delivery(&desk(), first.id, at).await;
    assert!(retried.is_err(), "it did not fail");
}

async fn a_digest_waits_and_tells_of_all_together(world: World) {
    let store = &world.store;
    alerting(&world).await;
    let order = route(&world, 600_000).await;
    raised(&world).await;
    raised(&world).await;
    let desk = || desk_seal(&world);
    assert_eq!(
        store
            .plan_deliveries(&desk(), &order, world.clock.now())
            .await
            .unwrap(),
        0
    );
    world.clock.forward(Millis(600_000));
    let now = world.clock.now();
    assert_eq!(
        store.plan_deliveries(&desk(), &order, now).await.unwrap(),
        1
    );
    let lease = store
        .lease_delivery(&desk(), (now, LEASE))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lease.alerts.len(), 2);
    let failed = Closing::Failed("gone".to_owned());
    store
        .close_delivery(&desk(), &lease, &failed, now)
        .await
        .unwrap();
    store.retry_delivery(&desk(), lease.id, now).await.unwrap();
    let again = store
        .lease_delivery(&desk(), (now, LEASE))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (again.id, again.attempt),
        (lease.id, 0),
        "under the same id"
    );
    let unknown = RouteOrder {
        route: "art_00000000000000000000000000000009".parse().unwrap(),
        ..order
    };
    assert!(store.plan_deliveries(&desk(), &unknown, now).await.is_err());
}

async fn an_erased_interactions_alert_is_told_no_more(world: World) {
    let store = &world.store;
    alerting(&world).await;
    let order = route(&world, 0).await;
    let id = raised(&world).await;
    let now = world.clock.now();
    assert_eq!(
        store
            .plan_deliveries(&desk_seal(&world), &order, now)
            .await
            .unwrap(),
        1
    );
    let erase = world.person(
        world.tenant.id,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(store.erase(erase).await.unwrap().complete());
    let lease = store.lease_delivery(&desk_seal(&world), (now, LEASE)).await;
    assert!(lease.unwrap().unwrap().alerts.is_empty());
}

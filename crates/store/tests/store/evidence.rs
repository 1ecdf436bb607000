//! Every act leaves a leaf that its tenant can read and anybody can verify.

use domain::{DataCategory, Purpose, TenantRole};
use policy::{Denial, Erase, Scope};

use crate::on_every_engine;
use crate::world::{World, new_tenant};

on_every_engine! {
    a_tenant_sees_who_did_what_and_the_whole_log_verifies,
    a_failed_transaction_leaves_no_leaf,
}

async fn a_tenant_sees_who_did_what_and_the_whole_log_verifies(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    world.clock.forward(domain::Millis(1_000));
    world
        .store
        .redacted_transcript(&world.review(tenant, id))
        .await
        .unwrap();
    let clause: domain::ClauseId = "P103".parse().unwrap();
    let denial = Denial {
        clauses: vec![clause],
        sentence: "never".to_owned(),
        action: "read",
        purpose: Purpose::ModelTraining,
    };
    let kind = domain::ActorKind::OperatorAdmin;
    let actor = domain::Actor {
        kind,
        handle: "admin".to_owned(),
    };
    let now = domain::Clock::now(&*world.clock);
    let scope = Scope::for_test(tenant, actor, Purpose::ModelTraining, now);
    let raw = [DataCategory::RawContent];
    world
        .store
        .record_denied(&scope, Some(id), &raw, &denial)
        .await
        .unwrap();

    let log = world.store.access_log(tenant, id).await.unwrap();
    let acts: Vec<(&str, &str)> = log
        .iter()
        .map(|entry| (entry.action.as_str(), entry.actor.as_str()))
        .collect();
    assert_eq!(acts[0], ("refused", "admin"));
    assert_eq!(acts[1], ("opened", "somebody"));
    assert_eq!(log[1].purpose, "hosting.review");
    assert_eq!(log[1].categories, [DataCategory::RedactedContent]);
    assert_eq!(acts.last(), Some(&("taken_in", "pipeline")));
    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    assert!(
        world
            .store
            .access_log(other.id, id)
            .await
            .unwrap()
            .is_empty()
    );

    world.store.checkpoint().await.unwrap();
    let report = world.store.verify_ledger().await.unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.covered, report.not_yet_covered()), (report.size, 0));
    let proof = world.store.prove_leaf(log[1].leaf).await.unwrap();
    let verifiers = world.store.ledger_verifiers().await.unwrap();
    let proven = store::verify_proof(&proof, &verifiers).unwrap();
    assert_eq!(proven.index, log[1].leaf);

    let permit = world.person::<Erase, _>(
        tenant,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &raw,
    );
    let receipt = world.store.erase(permit).await.unwrap();
    let after = world.store.access_log(tenant, id).await.unwrap();
    assert_eq!(after[0].action, "erased");
    assert_eq!(Some(after[0].leaf), receipt.leaf);
    world.store.checkpoint().await.unwrap();
    assert!(world.store.verify_ledger().await.unwrap().is_sound());
}

async fn a_failed_transaction_leaves_no_leaf(world: World) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello"]).await;
    let before = world.store.access_log(tenant, id).await.unwrap();
    let withheld = world
        .store
        .redacted_transcript(&world.review(tenant, id))
        .await;
    assert!(withheld.is_err());
    assert_eq!(world.store.access_log(tenant, id).await.unwrap(), before);
}

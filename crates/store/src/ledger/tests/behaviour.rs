use super::*;
use crate::ledger::{Finding, LedgerError, Order, ProofError, Window, verify_proof};

const ALL: Window = Window {
    from: LeafIndex(0),
    to: LeafIndex(1_000_000),
    limit: 1000,
    order: Order::OldestFirst,
};

async fn a_tenant_reads_its_own_part_and_no_other(place: Place) {
    for (n, at) in [(1, 10), (0, 20), (2, 30), (1, 40)] {
        place.write(n, at).await;
    }
    let own = place
        .ledger
        .entries(&place.db, Some(place.keys(1)), ALL)
        .await
        .unwrap();
    let seen: Vec<_> = own
        .iter()
        .map(|listed| (listed.index.0, listed.at.0))
        .collect();
    assert_eq!(seen, [(0, 10), (3, 40)]);
    assert_eq!(own[0].entry, Some(entry(1, 10)));
    let installation = place.ledger.entries(&place.db, None, ALL).await.unwrap();
    assert_eq!(installation.len(), 1);
    assert_eq!(installation[0].entry, Some(entry(0, 20)));
    let newest = Window::newest(1);
    let last = place
        .ledger
        .entries(&place.db, Some(place.keys(1)), newest)
        .await
        .unwrap();
    assert_eq!(last[0].index, LeafIndex(3));
    place.end().await;
}

async fn an_entry_of_another_tenant_is_refused(place: Place) {
    let txn = begin(&place.db).await;
    let wrong = place
        .ledger
        .append(&txn, Some(place.keys(1)), &entry(2, 1))
        .await;
    assert!(matches!(wrong, Err(LedgerError::Tenant)));
    drop(txn);
    place.end().await;
}

async fn a_transaction_that_fails_leaves_no_gap(place: Place) {
    place.write(1, 1).await;
    let txn = begin(&place.db).await;
    let lost = place
        .ledger
        .append(&txn, Some(place.keys(1)), &entry(1, 2))
        .await
        .unwrap();
    txn.rollback().await.unwrap();
    assert_eq!(place.write(2, 3).await, lost);
    place.checkpoint().await;
    assert_eq!(place.sound().await.size, 2);
    place.end().await;
}

async fn appends_at_once_have_no_gap_and_no_double(place: Place) {
    let place = Arc::new(place);
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..8i64 {
        let place = Arc::clone(&place);
        writers.spawn(async move {
            let mut places = Vec::new();
            for at in 0..12 {
                places.push(
                    place
                        .write(u128::from(n % 2 == 0) + 1, n * 100 + at)
                        .await
                        .0,
                );
                if at == 6 {
                    place.checkpoint().await;
                }
            }
            places
        });
    }
    let mut given: Vec<u64> = writers.join_all().await.into_iter().flatten().collect();
    given.sort_unstable();
    assert_eq!(given, (0..96).collect::<Vec<u64>>());
    place.checkpoint().await;
    let report = place.sound().await;
    assert_eq!((report.size, report.covered, report.opened), (96, 96, 96));
    Arc::into_inner(place).unwrap().end().await;
}

async fn every_checkpoint_holds_and_every_leaf_proves(place: Place) {
    for more in [1, 254, 1, 1, 343] {
        place.fill(more).await;
        place.checkpoint().await;
    }
    let report = place.sound().await;
    assert_eq!(
        (report.size, report.covered, report.checkpoints),
        (600, 600, 5)
    );
    let mut served = place.blobs.list_log().await.unwrap();
    served.sort();
    let kept = [
        "checkpoint",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/1/000.p/1",
        "tile/1/000.p/2",
    ];
    assert_eq!(served, kept);
    let verifiers = place.ledger.verifiers(&place.db).await.unwrap();
    for index in [0, 1, 255, 256, 511, 512, 599] {
        let keys = Some(place.keys(1));
        let text = place
            .ledger
            .prove(&place.db, &place.blobs, keys, LeafIndex(index))
            .await;
        let proven = verify_proof(&text.unwrap(), &verifiers).unwrap();
        assert_eq!((proven.index.0, proven.size), (index, 600));
        assert_eq!(proven.origin, ORIGIN);
        assert_eq!(
            proven.entry.map(|entry| entry.kind),
            Some(EntryKind::Opened)
        );
    }
    place.end().await;
}

async fn a_quiet_ledger_makes_no_new_checkpoint(place: Place) {
    assert_eq!(
        place
            .ledger
            .checkpoint(&place.db, &place.blobs)
            .await
            .unwrap(),
        None
    );
    place.write(1, 1).await;
    let first = place.checkpoint().await;
    assert_eq!(place.checkpoint().await, first);
    place.write(1, 2).await;
    assert_eq!(place.verify().await.not_yet_covered(), 1);
    assert_ne!(place.checkpoint().await, first);
    assert_eq!(place.sound().await.not_yet_covered(), 0);
    place.end().await;
}

async fn forgotten_evidence_is_gone_and_the_tree_still_holds(place: Place) {
    place.write(1, 10).await;
    let told = entry(0, 50);
    let early = place.ledger.forget(&place.db, LeafIndex(0), &told).await;
    assert!(matches!(early, Err(LedgerError::NotCovered(0))));
    place.checkpoint().await;
    let txn = begin(&place.db).await;
    place
        .ledger
        .forget(&txn, LeafIndex(0), &told)
        .await
        .unwrap();
    txn.commit().await.unwrap();
    place.checkpoint().await;
    assert_eq!(place.sound().await.forgotten, 1);
    let own = place
        .ledger
        .entries(&place.db, Some(place.keys(1)), ALL)
        .await
        .unwrap();
    assert_eq!(own[0].entry, None);
    let verifiers = place.ledger.verifiers(&place.db).await.unwrap();
    let keys = Some(place.keys(1));
    let text = place
        .ledger
        .prove(&place.db, &place.blobs, keys, LeafIndex(0))
        .await
        .unwrap();
    let proven = verify_proof(&text, &verifiers).unwrap();
    assert_eq!((proven.at, proven.entry), (Timestamp(10), None));
    place.end().await;
}

async fn evidence_that_vanished_untold_is_found(place: Place) {
    place.write(1, 10).await;
    place.checkpoint().await;
    let wipe = "update ledger set salt = null, sealed = null";
    place.db.execute_unprepared(wipe).await.unwrap();
    let report = place.verify().await;
    assert!(matches!(
        report.findings[..],
        [Finding::Row {
            index: LeafIndex(0),
            ..
        }]
    ));
    place.end().await;
}

async fn a_destroyed_tenant_key_leaves_the_tree_standing(mut place: Place) {
    place.write(1, 10).await;
    place.write(2, 20).await;
    place.checkpoint().await;
    place.ring.0.remove(&tenant(1));
    let report = place.sound().await;
    assert_eq!((report.opened, report.key_gone, report.covered), (1, 1, 2));
    place.end().await;
}

async fn proofs_outlive_a_change_of_the_signing_key(place: Place) {
    place.write(1, 10).await;
    place.checkpoint().await;
    let keys = Some(place.keys(1));
    let old = place
        .ledger
        .prove(&place.db, &place.blobs, keys, LeafIndex(0))
        .await
        .unwrap();
    let new_key = place.ledger.rotate(&place.db).await.unwrap();
    place.write(1, 20).await;
    place.checkpoint().await;
    let new = place
        .ledger
        .prove(&place.db, &place.blobs, keys, LeafIndex(0))
        .await
        .unwrap();
    let verifiers = place.sound().await.verifiers;
    assert_eq!(verifiers.len(), 2);
    for text in [&old, &new] {
        assert_eq!(
            verify_proof(text, &verifiers).unwrap().entry,
            Some(entry(1, 10))
        );
    }
    assert!(verify_proof(&new, std::slice::from_ref(&new_key)).is_ok());
    let refused = verify_proof(&old, &[new_key]);
    assert!(matches!(refused, Err(ProofError::Checkpoint(_))));
    place.end().await;
}

async fn a_tenant_proves_and_exports_only_its_own(place: Place) {
    for n in [1, 2, 1, 0] {
        place.write(n, 5).await;
    }
    let early = place
        .ledger
        .prove(&place.db, &place.blobs, None, LeafIndex(3))
        .await;
    assert!(matches!(early, Err(LedgerError::NotCovered(3))));
    place.checkpoint().await;
    let keys = Some(place.keys(1));
    let foreign = place
        .ledger
        .prove(&place.db, &place.blobs, keys, LeafIndex(1))
        .await;
    assert!(matches!(foreign, Err(LedgerError::NotThere(1))));
    let text = place
        .ledger
        .export(&place.db, &place.blobs, keys, LeafIndex(0), 100)
        .await
        .unwrap();
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let verifiers: Vec<String> =
        serde_json::from_value(lines.next().unwrap()["verifiers"].clone()).unwrap();
    let proven: Vec<_> = lines
        .map(|line| verify_proof(line["proof"].as_str().unwrap(), &verifiers).unwrap())
        .collect();
    assert_eq!(
        proven.iter().map(|one| one.index.0).collect::<Vec<_>>(),
        [0, 2]
    );
    assert!(proven.iter().all(|one| one.tenant == Some(tenant(1))));
    place.end().await;
}

async fn a_reopened_ledger_is_the_same(place: Place) {
    place.write(0, 1).await;
    let again = Ledger::open(
        &place.db,
        place.provider.clone(),
        Arc::new(Dice),
        "other.example/log",
    )
    .await
    .unwrap();
    assert_eq!(again.origin(), ORIGIN);
    assert_eq!(again.entries(&place.db, None, ALL).await.unwrap().len(), 1);
    place.end().await;
}

on_both! {
    a_tenant_reads_its_own_part_and_no_other
    an_entry_of_another_tenant_is_refused
    a_transaction_that_fails_leaves_no_gap
    appends_at_once_have_no_gap_and_no_double
    every_checkpoint_holds_and_every_leaf_proves
    a_quiet_ledger_makes_no_new_checkpoint
    forgotten_evidence_is_gone_and_the_tree_still_holds
    evidence_that_vanished_untold_is_found
    a_destroyed_tenant_key_leaves_the_tree_standing
    proofs_outlive_a_change_of_the_signing_key
    a_tenant_proves_and_exports_only_its_own
    a_reopened_ledger_is_the_same
}

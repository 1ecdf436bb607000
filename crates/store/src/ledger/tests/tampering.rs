use sea_orm::{DbBackend, Statement, Value};

use super::*;
use crate::ledger::{Finding, verify_proof};

/// A small ledger with two checkpoints and a leaf after them.
async fn small() -> Place {
    let place = Place::sqlite().await;
    place.write(1, 10).await;
    place.write(0, 20).await;
    place.checkpoint().await;
    place.write(2, 30).await;
    place.checkpoint().await;
    place.write(1, 40).await;
    place.sound().await;
    place
}

impl Place {
    async fn run(&self, sql: &str, value: Vec<u8>) {
        let statement =
            Statement::from_sql_and_values(DbBackend::Sqlite, sql, [Value::from(value)]);
        self.db.execute_raw(statement).await.unwrap();
    }

    async fn bytes(&self, sql: &str) -> Vec<u8> {
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let row = self.db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Flips each byte of one cell; each time something must be found.
    async fn flip_cell(&self, table: &str, column: &str, id: &str, text: bool) -> Vec<Finding> {
        let cast = if text {
            format!("cast({column} as blob)")
        } else {
            column.to_owned()
        };
        let good = self
            .bytes(&format!("select {cast} from {table} where {id}"))
            .await;
        assert!(!good.is_empty());
        let value = if text { "cast($1 as text)" } else { "$1" };
        let set = format!("update {table} set {column} = {value} where {id}");
        let mut found = Vec::new();
        for place in 0..good.len() {
            let mut bent = good.clone();
            // Stays valid UTF-8 where the text is ASCII.
            bent[place] ^= 1;
            self.run(&set, bent).await;
            let report = self.verify().await;
            assert!(
                !report.is_sound(),
                "{table}.{column} where {id}, byte {place}"
            );
            found.extend(report.findings);
        }
        self.run(&set, good).await;
        self.sound().await;
        found
    }
}

#[tokio::test]
async fn p67_every_flipped_byte_of_a_row_is_found_and_named() {
    let place = small().await;
    for index in ["0", "1", "3"] {
        let id = format!("leaf_index = {index}");
        for column in ["leaf", "salt", "sealed"] {
            let found = place.flip_cell("ledger", column, &id, false).await;
            let index = LeafIndex(index.parse().unwrap());
            let named = found
                .iter()
                .filter(|one| matches!(one, Finding::Row { index: at, .. } if *at == index));
            assert!(named.count() > 0, "{column} {id}: {found:?}");
        }
    }
    place
        .flip_cell("ledger", "tenant", "leaf_index = 0", false)
        .await;
    place.end().await;
}

#[tokio::test]
async fn every_flipped_byte_of_a_checkpoint_and_its_key_is_found() {
    let place = small().await;
    let found = place
        .flip_cell("ledger_checkpoints", "root", "size = 2", false)
        .await;
    assert!(
        found
            .iter()
            .all(|one| matches!(one, Finding::Checkpoint { size: 2, .. }))
    );
    place
        .flip_cell("ledger_checkpoints", "note", "size = 3", true)
        .await;
    place
        .flip_cell("ledger_keys", "wrapped", "kind = 'checkpoints'", false)
        .await;
    place
        .flip_cell("ledger_keys", "verifier", "kind = 'checkpoints'", true)
        .await;
    place
        .flip_cell("ledger_head", "origin", "id = 1", true)
        .await;
    place.end().await;
}

#[tokio::test]
async fn every_flipped_byte_of_a_served_file_is_found_and_named() {
    let place = small().await;
    let mut served = place.blobs.list_log().await.unwrap();
    served.sort();
    assert_eq!(served, ["checkpoint", "tile/0/000.p/2", "tile/0/000.p/3"]);
    for path in served {
        let file = place.folder.path().join("blobs/tlog").join(&path);
        let good = std::fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut bent = good.clone();
            bent[at] ^= 0x80;
            std::fs::write(&file, bent).unwrap();
            let report = place.verify().await;
            let named =
                |one: &Finding| matches!(one, Finding::Resource { path: p, .. } if *p == path);
            assert!(report.findings.iter().any(named), "{path} byte {at}");
        }
        std::fs::remove_file(&file).unwrap();
        assert!(!place.verify().await.is_sound(), "{path} is gone");
        std::fs::write(&file, good).unwrap();
    }
    place.sound().await;
    place.end().await;
}

#[tokio::test]
async fn rows_that_vanish_swap_move_or_appear_are_found() {
    let swap = "update ledger set leaf_index = case leaf_index when 0 then -7 when 1 then 0 end where leaf_index < 2;
                update ledger set leaf_index = 1 where leaf_index = -7";
    for attack in [
        "delete from ledger where leaf_index = 1",
        "delete from ledger where leaf_index = 3",
        "delete from ledger",
        swap,
        "update ledger set at = at + 1 where leaf_index = 0",
        "update ledger set tenant = null where leaf_index = 0",
        "update ledger set leaf_index = -1 where leaf_index = 3",
        "update ledger set salt = null where leaf_index = 0",
        "update ledger_head set size = 3",
        "update ledger_head set size = 5",
        "update ledger_head set size = 2",
        "update ledger_checkpoints set size = 4 where size = 3",
        "update ledger_checkpoints set note = (select note from ledger_checkpoints where size = 2)",
        "delete from ledger_checkpoints where size = 3",
        "delete from ledger_keys where kind = 'checkpoints'",
        "insert into ledger select 9, tenant, at, leaf, salt, sealed from ledger where leaf_index = 0",
    ] {
        let place = small().await;
        place.db.execute_unprepared(attack).await.unwrap();
        let report = place.verify().await;
        assert!(!report.is_sound(), "{attack}");
        place.end().await;
    }
}

#[tokio::test]
async fn a_checkpoint_is_never_grown_from_a_damaged_one() {
    let place = small().await;
    let file = place.folder.path().join("blobs/tlog/tile/0/000.p/3");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let refused = place.ledger.checkpoint(&place.db, &place.blobs).await;
    assert!(matches!(
        refused,
        Err(crate::ledger::LedgerError::Diverged { size: 3, .. })
    ));
    place.end().await;
}

#[tokio::test]
async fn every_flipped_byte_of_a_proof_is_refused() {
    let place = small().await;
    let keys = Some(place.keys(1));
    let text = place
        .ledger
        .prove(&place.db, &place.blobs, keys, LeafIndex(0))
        .await
        .unwrap();
    let verifiers = place.ledger.verifiers(&place.db).await.unwrap();
    assert_eq!(
        verify_proof(&text, &verifiers).unwrap().entry,
        Some(entry(1, 10))
    );
    for at in 0..text.len() {
        let mut bent = text.clone().into_bytes();
        bent[at] ^= 1;
        let Ok(bent) = String::from_utf8(bent) else {
            continue;
        };
        assert!(verify_proof(&bent, &verifiers).is_err(), "byte {at}");
        if let Some(cut) = text.get(..at) {
            assert!(verify_proof(cut, &verifiers).is_err(), "cut at {at}");
        }
    }
    place.end().await;
}

//! For tests: chance that can be repeated and chance that is real, and how SQLite would look for
//! something.

use std::sync::atomic::{AtomicU8, Ordering};

use domain::{Chance, NoChance, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};

use crate::db::Db;

/// Gives 0, 1, 2, … so that sealed bytes can be compared with golden ones.
#[derive(Default)]
pub(crate) struct Counting(AtomicU8);

impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The system's.
pub(crate) struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

/// The steps of SQLite's plan for a query over the newest schema.
pub(crate) async fn plan<E: EntityTrait>(asked: &Select<E>) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", root.path().join("plan.db").display());
    let db = Db::connect(&url, true).await.unwrap();
    crate::migration::forward(&db, Timestamp(0)).await.unwrap();
    let explain = format!("explain query plan {}", asked.build(DbBackend::Sqlite));
    let explain = &explain;
    db.read("plan", None, |txn| {
        Box::pin(async move {
            let explain = Statement::from_string(DbBackend::Sqlite, explain);
            let rows = txn.db().query_all_raw(explain).await?;
            let details = rows.iter().map(|row| row.try_get("", "detail"));
            Ok(details.collect::<Result<_, _>>()?)
        })
    })
    .await
    .unwrap()
}

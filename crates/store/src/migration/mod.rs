//! Forward migrations: numbered for life, checksummed, applied in one transaction.
//!
//! A database that is newer than the program, or whose applied text differs from the program's,
//! is refused. The texts are SQL and not the entities' code, because a migration must stay what
//! it was when the entities move on.

use domain::Timestamp;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, Statement};
use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::db::{Db, Txn};
use crate::rows::migration as row;

/// One step of the schema.
struct Migration {
    number: i64,
    name: &'static str,
    /// For both engines.
    common: &'static str,
    /// Row-level security, index types and functions.
    postgres: &'static str,
    /// Triggers, which the engines write differently.
    sqlite: &'static str,
}

/// Every step, in order. A released one is never edited: a correction is a new one.
const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "base",
        common: include_str!("0001_base.sql"),
        postgres: include_str!("0001_base.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 2,
        name: "ledger",
        common: crate::ledger::TABLES,
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 3,
        name: "accesses",
        common: include_str!("0003_accesses.sql"),
        postgres: include_str!("0003_accesses.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 4,
        name: "definitions",
        common: include_str!("0004_definitions.sql"),
        postgres: include_str!("0004_definitions.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 5,
        name: "accounts",
        common: include_str!("0005_accounts.sql"),
        postgres: include_str!("0005_accounts.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 6,
        name: "measures",
        common: include_str!("0006_measures.sql"),
        postgres: include_str!("0006_measures.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 7,
        name: "redaction",
        common: include_str!("0007_redaction.sql"),
        postgres: include_str!("0007_redaction.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 8,
        name: "alerts",
        common: include_str!("0008_alerts.sql"),
        postgres: include_str!("0008_alerts.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 9,
        name: "registers",
        common: include_str!("0009_registers.sql"),
        postgres: include_str!("0009_registers.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 13,
        name: "refusals",
        common: include_str!("0013_refusals.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 14,
        name: "desk_people",
        common: include_str!("0014_desk_people.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 15,
        name: "notes",
        common: include_str!("0015_notes.sql"),
        postgres: include_str!("0015_notes.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 16,
        name: "search",
        common: include_str!("0016_search.sql"),
        postgres: include_str!("0016_search.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 18,
        name: "declared_fields",
        common: include_str!("0018_declared_fields.sql"),
        postgres: include_str!("0018_declared_fields.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 20,
        name: "single_sign_on",
        common: include_str!("0020_single_sign_on.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 21,
        name: "uploads",
        common: include_str!("0021_uploads.sql"),
        postgres: include_str!("0021_uploads.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 23,
        name: "witnesses",
        common: include_str!("0023_witnesses.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 24,
        name: "behind",
        common: include_str!("0024_behind.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        number: 25,
        name: "places",
        common: include_str!("0025_places.sql"),
        postgres: include_str!("0025_places.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 26,
        name: "openings",
        common: include_str!("0026_openings.sql"),
        postgres: include_str!("0026_openings.postgres.sql"),
        sqlite: "",
    },
    Migration {
        number: 27,
        name: "kept_days",
        common: include_str!("0027_kept_days.sql"),
        postgres: include_str!("0027_kept_days.postgres.sql"),
        sqlite: include_str!("0027_kept_days.sqlite.sql"),
    },
];

const JOURNAL: &str = "create table if not exists schema_migrations (\
    number bigint not null primary key, name text not null, checksum text not null, \
    applied bigint not null)";

/// Any number; two programs that start at once take turns by it.
const LOCK: &str = "select pg_advisory_xact_lock(5794721001)";

impl Migration {
    fn checksum(&self) -> String {
        let mut sum = Sha256::new();
        sum.update(self.common);
        sum.update([0]);
        sum.update(self.postgres);
        if !self.sqlite.is_empty() {
            sum.update([0]);
            sum.update(self.sqlite);
        }
        hex::encode(sum.finalize())
    }
}

/// Brings the schema up to the program's.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Altered`] or the database's failure.
pub(crate) async fn forward(db: &Db, now: Timestamp) -> Result<(), StoreError> {
    let postgres = db.is_postgres();
    db.write("migrating", None, |txn| {
        Box::pin(async move {
            if postgres {
                txn.db().execute_unprepared(LOCK).await?;
            }
            txn.db().execute_unprepared(JOURNAL).await?;
            let found = applied(txn).await?;
            for step in MIGRATIONS.iter().skip(found) {
                apply(txn, step, postgres, now).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Whether a database has any of our tables.
pub(crate) async fn is_begun(db: &Db) -> Result<bool, StoreError> {
    let postgres = db.is_postgres();
    db.read("is_begun", None, |txn| {
        Box::pin(async move {
            let tables = if postgres {
                "select 1 from pg_catalog.pg_tables \
                 where tablename = 'schema_migrations' and schemaname = current_schema()"
            } else {
                "select 1 from sqlite_schema where name = 'schema_migrations'"
            };
            let backend = txn.db().get_database_backend();
            let found = txn
                .db()
                .query_one_raw(Statement::from_string(backend, tables))
                .await?;
            Ok(found.is_some())
        })
    })
    .await
}

/// How many steps were applied, after checking that they are ours.
async fn applied(txn: &Txn<'_>) -> Result<usize, StoreError> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Number)
        .all(txn.db())
        .await?;
    let known = MIGRATIONS.last().map_or(0, |step| step.number);
    if let Some(newest) = rows.last()
        && newest.number > known
    {
        return Err(StoreError::Newer {
            found: newest.number,
            known,
        });
    }
    for (found, step) in rows.iter().zip(MIGRATIONS) {
        if found.number != step.number || found.checksum != step.checksum() {
            return Err(StoreError::Altered {
                number: found.number,
            });
        }
    }
    Ok(rows.len())
}

async fn apply(
    txn: &Txn<'_>,
    step: &Migration,
    postgres: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    txn.db().execute_unprepared(step.common).await?;
    let own = if postgres { step.postgres } else { step.sqlite };
    if !own.is_empty() {
        txn.db().execute_unprepared(own).await?;
    }
    let journal = row::ActiveModel {
        number: Set(step.number),
        name: Set(step.name.to_owned()),
        checksum: Set(step.checksum()),
        applied: Set(now.0),
    };
    row::Entity::insert(journal)
        .exec_without_returning(txn.db())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{ActiveModelTrait, IntoActiveModel};

    async fn fresh() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/t.db", folder.path().display());
        let db = Db::connect(&url, true).await.unwrap();
        forward(&db, Timestamp(1)).await.unwrap();
        (folder, db)
    }

    #[tokio::test]
    async fn a_second_run_changes_nothing_and_an_edited_step_is_refused() {
        let (_folder, db) = fresh().await;
        forward(&db, Timestamp(2)).await.unwrap();
        let first = row::Entity::find_by_id(1)
            .one(db.conn())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(first.applied, 1);
        let mut edited = first.into_active_model();
        edited.checksum = Set("0".repeat(64));
        edited.update(db.conn()).await.unwrap();
        let refused = forward(&db, Timestamp(3)).await;
        assert!(matches!(refused, Err(StoreError::Altered { number: 1 })));
    }

    #[tokio::test]
    async fn a_schema_newer_than_the_program_is_refused() {
        let (_folder, db) = fresh().await;
        let newer = row::ActiveModel {
            number: Set(9_999),
            name: Set("from the future".to_owned()),
            checksum: Set(String::new()),
            applied: Set(2),
        };
        newer.insert(db.conn()).await.unwrap();
        let refused = forward(&db, Timestamp(3)).await;
        assert!(matches!(
            refused,
            Err(StoreError::Newer { found: 9_999, .. })
        ));
    }
}

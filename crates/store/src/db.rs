//! The connection and its transactions: one entity code on SQLite and PostgreSQL.
//!
//! A transaction is a named closure that may run again after a conflict. On PostgreSQL it tells
//! the engine its tenant, so that row-level security repeats what the query says.

use std::marker::PhantomData;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use domain::TenantId;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::Mutex;

use crate::StoreError;

/// How long a writer of SQLite waits for another process.
const BUSY: Duration = Duration::from_secs(60);
/// How often a transaction that lost a conflict is run again.
const RUNS: u32 = 8;

/// What a transaction's closure returns.
pub(crate) type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

/// A running transaction. `'env` is what its closure borrows: it outlives the transaction, and
/// naming it lets a closure that may run again borrow its surroundings.
pub(crate) struct Txn<'env> {
    inner: DatabaseTransaction,
    env: PhantomData<&'env ()>,
}

impl Txn<'_> {
    /// For the entities' functions.
    pub(crate) const fn db(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// How often the write-ahead log is tried to be cut while others read it.
const CUTS: u32 = 50;

/// An open database.
pub(crate) struct Db {
    conn: DatabaseConnection,
    /// SQLite has one writer; waiting here is fair, waiting inside SQLite is not.
    writer: Option<Mutex<()>>,
}

impl Db {
    /// Connects; `create` makes the SQLite file where it is missing.
    pub(crate) async fn connect(url: &str, create: bool) -> Result<Self, StoreError> {
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres:") {
            return Err(StoreError::Config(
                "the database is a URL that starts with `sqlite://` or `postgres://`".to_owned(),
            ));
        }
        let mut options = ConnectOptions::new(url);
        options
            .sqlx_logging(false)
            .max_connections(8)
            .acquire_timeout(BUSY)
            .map_sqlx_sqlite_opts(move |file| sqlite_options(file, create));
        let conn = Database::connect(options)
            .await
            .map_err(StoreError::db("connecting"))?;
        Ok(Self {
            conn,
            writer: sqlite.then(|| Mutex::new(())),
        })
    }

    /// Whether the engine is PostgreSQL.
    pub(crate) const fn is_postgres(&self) -> bool {
        self.writer.is_none()
    }

    /// The bare connection, for migrations.
    pub(crate) const fn conn(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Runs a writing transaction; runs it again where it lost a conflict.
    pub(crate) async fn write<'env, T>(
        &self,
        name: &'static str,
        tenant: Option<TenantId>,
        work: impl for<'t> Fn(&'t Txn<'env>) -> Work<'t, T>,
    ) -> Result<T, StoreError> {
        let turn = match &self.writer {
            Some(writer) => Some(writer.lock().await),
            None => None,
        };
        let mut run = 1;
        loop {
            let tried = self
                .attempt(tenant, Some(SqliteTransactionMode::Immediate), &work)
                .await;
            match tried {
                Err(StoreError::Database { source, .. }) if run < RUNS && is_conflict(&source) => {
                    tracing::debug!(name, run, "a transaction lost a conflict and runs again");
                    run += 1;
                    tokio::time::sleep(Duration::from_millis(u64::from(run) * 5)).await;
                }
                other => {
                    drop(turn);
                    return named(name, other);
                }
            }
        }
    }

    /// Runs a reading transaction: one snapshot.
    pub(crate) async fn read<'env, T>(
        &self,
        name: &'static str,
        tenant: Option<TenantId>,
        work: impl for<'t> Fn(&'t Txn<'env>) -> Work<'t, T>,
    ) -> Result<T, StoreError> {
        named(name, self.attempt(tenant, None, &work).await)
    }

    async fn attempt<'env, T>(
        &self,
        tenant: Option<TenantId>,
        sqlite_transaction_mode: Option<SqliteTransactionMode>,
        work: &impl for<'t> Fn(&'t Txn<'env>) -> Work<'t, T>,
    ) -> Result<T, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode,
            ..TransactionOptions::default()
        };
        let txn = Txn {
            inner: self.conn.begin_with_options(options).await?,
            env: PhantomData,
        };
        if let Some(tenant) = tenant {
            name_tenant(txn.db(), tenant).await?;
        }
        match work(&txn).await {
            Ok(value) => {
                txn.inner.commit().await?;
                Ok(value)
            }
            Err(error) => {
                txn.inner.rollback().await?;
                Err(error)
            }
        }
    }

    /// Makes what was deleted unreadable in the engine's own files, and says whether it is:
    /// SQLite zeroes deleted cells (`secure_delete`), and its write-ahead log that still holds
    /// them is cut; PostgreSQL frees the dead rows.
    pub(crate) async fn forget_deleted(&self) -> Result<bool, StoreError> {
        let during = "forgetting what was deleted";
        if self.is_postgres() {
            let free = "vacuum objects, vocabulary, sources, findings, overrides, locators, notes, kept_days, \
                        uploads";
            self.conn
                .execute_unprepared(free)
                .await
                .map_err(StoreError::db(during))?;
            return Ok(true);
        }
        let cut = Statement::from_string(DbBackend::Sqlite, "pragma wal_checkpoint(truncate)");
        for _ in 0..CUTS {
            let said = self
                .conn
                .query_one_raw(cut.clone())
                .await
                .map_err(StoreError::db(during))?;
            let busy = said.map(|row| row.try_get_by_index::<i64>(0)).transpose();
            if busy.map_err(StoreError::db(during))? == Some(0) {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(false)
    }
}

/// Tells row-level security whose rows the rest of the transaction may touch.
pub(crate) async fn name_tenant(
    txn: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<(), StoreError> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "select set_config('privity.tenant', $1, true)",
            [tenant.as_uuid().to_string().into()],
        ))
        .await?;
    }
    Ok(())
}

/// The file of an SQLite URL, if it is one.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite://")?;
    Some(Path::new(path.split('?').next().unwrap_or(path)))
}

fn sqlite_options(file: SqliteConnectOptions, create: bool) -> SqliteConnectOptions {
    file.create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: a commit that was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .pragma("secure_delete", "on")
}

fn named<T>(name: &'static str, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    outcome.map_err(|error| match error {
        StoreError::Database { source, .. } => StoreError::Database {
            during: name,
            source,
        },
        other => other,
    })
}

/// Serialisation failures and deadlocks of PostgreSQL; busy of SQLite; a claim of ours that
/// somebody else made first.
fn is_conflict(error: &DbErr) -> bool {
    if matches!(error, DbErr::RecordNotInserted) {
        return true;
    }
    let (DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))
    | DbErr::Conn(RuntimeErr::SqlxError(inner))) = error
    else {
        return false;
    };
    let code = inner.as_database_error().and_then(|found| found.code());
    matches!(code.as_deref(), Some("40001" | "40P01" | "5" | "517"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_send<T: Send>(_: &T) {}

    #[tokio::test]
    async fn a_failed_transaction_leaves_nothing_and_can_cross_threads() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/t.db", folder.path().display());
        let db = Db::connect(&url, true).await.unwrap();
        db.conn()
            .execute_unprepared("create table t (n bigint)")
            .await
            .unwrap();
        let number = 7i64;
        let number = &number;
        let failing = db.write("failing", None, |txn| {
            Box::pin(async move {
                let insert = format!("insert into t values ({number})");
                txn.db().execute_unprepared(&insert).await?;
                Err::<(), _>(StoreError::Stopped)
            })
        });
        is_send(&failing);
        assert!(matches!(failing.await, Err(StoreError::Stopped)));
        let left = db
            .read("counting", None, |txn| {
                Box::pin(async move {
                    let query = Statement::from_string(DbBackend::Sqlite, "select n from t");
                    Ok(txn.db().query_all_raw(query).await?.len())
                })
            })
            .await
            .unwrap();
        assert_eq!(left, 0);
    }
}

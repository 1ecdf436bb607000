//! What lies in the database and in the blobs, byte for byte: an audit looks through it.

use std::time::Duration;

use domain::{TenantId, Timestamp};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::{Store, StoreError};

/// By how much a blob store's clock may be behind.
const SKEW: Duration = Duration::from_secs(3_600);

/// Rows that are held at once.
const ROWS: u32 = 200;

/// Shown the name of a place and bytes that lie there.
pub type Onlooker<'a> = &'a (dyn Fn(&'static str, &[u8]) + Send + Sync);

impl Store {
    /// Shows what is stored outside of files: every row of a PostgreSQL database that `tenant` may
    /// see, as PostgreSQL writes it (bytes in hexadecimal). Nothing on SQLite, which is a file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn show_rows(&self, tenant: TenantId, seen: Onlooker<'_>) -> Result<(), StoreError> {
        if !self.db.is_postgres() {
            return Ok(());
        }
        let postgres = |sql: String| Statement::from_string(DbBackend::Postgres, sql);
        let tables = "select quote_ident(tablename) from pg_tables \
                      where schemaname = current_schema() order by tablename";
        let some = &format!("fetch {ROWS} from shown");
        self.db
            .read("show_rows", Some(tenant), |txn| {
                Box::pin(async move {
                    let tables = txn.db().query_all_raw(postgres(tables.to_owned())).await?;
                    for table in tables {
                        let table: String = table.try_get_by_index(0)?;
                        let all =
                            format!("declare shown cursor for select t::text from {table} as t");
                        txn.db().execute_raw(postgres(all)).await?;
                        loop {
                            let rows = txn.db().query_all_raw(postgres(some.clone())).await?;
                            if rows.is_empty() {
                                break;
                            }
                            for row in rows {
                                let text: String = row.try_get_by_index(0)?;
                                seen("database", text.as_bytes());
                            }
                        }
                        let close = postgres("close shown".to_owned());
                        txn.db().execute_raw(close).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Shows the blobs that were written since a time, as they lie.
    ///
    /// # Errors
    /// [`StoreError::Blob`].
    pub async fn show_blobs(&self, since: Timestamp, seen: Onlooker<'_>) -> Result<(), StoreError> {
        let skew = i64::try_from(SKEW.as_millis()).unwrap_or(i64::MAX);
        let since = Timestamp(since.0.saturating_sub(skew));
        for name in self.blobs.written_since(since).await? {
            match self.blobs.get(name).await {
                Ok(bytes) => seen("blobs", &bytes),
                // Erased or replaced while it was looked at.
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

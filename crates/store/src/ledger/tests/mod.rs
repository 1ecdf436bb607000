mod behaviour;
mod cosigning;
mod formats;
mod tampering;
mod tree;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{LeafIndex, TenantId, Timestamp};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tempfile::TempDir;
use uuid::Uuid;

use super::{Entry, EntryKind, KeyRing, Ledger, TABLES, VerifyReport};
use crate::blobs::Blobs;
use crate::keys::{KeyError, KeyFile, KeyProvider, TenantKeys};
use crate::testing::Dice;

const ORIGIN: &str = "ledger.example/privity";

/// Tenants' keys; one that was destroyed is absent.
struct Ring(HashMap<TenantId, Arc<TenantKeys>>);

#[async_trait]
impl KeyRing for Ring {
    async fn tenant(&self, tenant: TenantId) -> Result<Option<Arc<TenantKeys>>, KeyError> {
        Ok(self.0.get(&tenant).cloned())
    }
}

/// A ledger in a database and a folder of its own, with two tenants.
struct Place {
    db: DatabaseConnection,
    blobs: Blobs,
    ledger: Ledger,
    ring: Ring,
    provider: Arc<dyn KeyProvider>,
    folder: TempDir,
    server: Option<(String, String)>,
}

fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(n))
}

impl Place {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/ledger.db?mode=rwc", folder.path().display());
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).map_sqlx_sqlite_opts(|file| {
            file.journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
                .busy_timeout(std::time::Duration::from_secs(60))
                .synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Off)
        });
        let db = Database::connect(options).await.unwrap();
        Self::begin(db, folder, None).await
    }

    /// A database of its own on the server that tests use.
    async fn postgres() -> Self {
        #[expect(clippy::disallowed_methods, reason = "says where the tests' server is")]
        let server = std::env::var("PRIVITY_TEST_POSTGRES")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432".to_owned());
        let mut name = [0u8; 8];
        domain::Chance::fill(&Dice, &mut name).unwrap();
        let name = format!("privity_ledger_{}", hex::encode(name));
        let maintenance = Self::maintenance(&server).await;
        let create = format!("create database {name}");
        maintenance.execute_unprepared(&create).await.unwrap();
        let mut options = ConnectOptions::new(format!("{server}/{name}"));
        options.sqlx_logging(false).max_connections(10);
        let db = Database::connect(options).await.unwrap();
        Self::begin(db, tempfile::tempdir().unwrap(), Some((server, name))).await
    }

    async fn maintenance(server: &str) -> DatabaseConnection {
        Database::connect(format!("{server}/postgres"))
            .await
            .unwrap_or_else(|error| {
                panic!(
                    "no PostgreSQL at `{server}` (start one, or set PRIVITY_TEST_POSTGRES): {error}"
                )
            })
    }

    async fn begin(
        db: DatabaseConnection,
        folder: TempDir,
        server: Option<(String, String)>,
    ) -> Self {
        db.execute_unprepared(TABLES).await.unwrap();
        db.execute_unprepared(include_str!("../../migration/0023_witnesses.sql"))
            .await
            .unwrap();
        let blobs = Blobs::open(&format!("file://{}/blobs", folder.path().display())).unwrap();
        let root = folder.path().join("root.key");
        let provider: Arc<dyn KeyProvider> =
            Arc::new(KeyFile::create(&root, None, Arc::new(Dice)).unwrap());
        let ledger = Ledger::open(&db, provider.clone(), Arc::new(Dice), ORIGIN)
            .await
            .unwrap();
        let mut ring = HashMap::new();
        for n in [1, 2] {
            let (keys, _) = TenantKeys::create(&*provider, tenant(n), &Dice)
                .await
                .unwrap();
            ring.insert(tenant(n), Arc::new(keys));
        }
        Self {
            db,
            blobs,
            ledger,
            ring: Ring(ring),
            provider,
            folder,
            server,
        }
    }

    async fn end(self) {
        self.db.close().await.unwrap();
        if let Some((server, name)) = self.server {
            let drop = format!("drop database {name}");
            let maintenance = Self::maintenance(&server).await;
            maintenance.execute_unprepared(&drop).await.unwrap();
        }
    }

    fn keys(&self, n: u128) -> &TenantKeys {
        &self.ring.0[&tenant(n)]
    }

    /// Writes an entry of a tenant (0: of the installation) in a transaction of its own.
    async fn write(&self, n: u128, at: i64) -> LeafIndex {
        let txn = begin(&self.db).await;
        let keys = (n > 0).then(|| self.keys(n));
        let index = self.ledger.append(&txn, keys, &entry(n, at)).await.unwrap();
        txn.commit().await.unwrap();
        index
    }

    /// Writes many at once.
    async fn fill(&self, count: i64) {
        let txn = begin(&self.db).await;
        let entries: Vec<Entry> = (0..count).map(|at| entry(1, at)).collect();
        self.ledger
            .append_all(&txn, Some(self.keys(1)), &entries)
            .await
            .unwrap();
        txn.commit().await.unwrap();
    }

    async fn checkpoint(&self) -> String {
        self.ledger
            .checkpoint(&self.db, &self.blobs)
            .await
            .unwrap()
            .unwrap()
    }

    async fn verify(&self) -> VerifyReport {
        self.ledger
            .verify(&self.db, &self.blobs, &self.ring)
            .await
            .unwrap()
    }

    async fn sound(&self) -> VerifyReport {
        let report = self.verify().await;
        assert_eq!(report.findings, []);
        report
    }
}

async fn begin(db: &DatabaseConnection) -> sea_orm::DatabaseTransaction {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await.unwrap()
}

fn entry(n: u128, at: i64) -> Entry {
    Entry {
        tenant: (n > 0).then(|| tenant(n)),
        resource: Some("int_00000000000000000000000000000009".to_owned()),
        purpose: Some(domain::Purpose::Review),
        categories: vec![domain::DataCategory::RedactedContent],
        clauses: vec!["P98".parse().unwrap()],
        policy_version: Some("1".to_owned()),
        ..Entry::new(EntryKind::Opened, Timestamp(at), "cli", "read")
    }
}

/// Runs one body on both engines.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {$(
            #[tokio::test]
            async fn $name() {
                super::$name(super::Place::sqlite().await).await;
            }
        )*}
        mod postgres {$(
            #[tokio::test]
            async fn $name() {
                super::$name(super::Place::postgres().await).await;
            }
        )*}
    };
}
use on_both;

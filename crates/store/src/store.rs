//! The opened store: what it is made of and how it is made.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Chance, Clock, Secret, TenantId};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::blobs::Blobs;
use crate::db::{Db, sqlite_file};
use crate::index::{self, CandidateSource, OpenWords, SearchEngine};
use crate::keys::{KeyFile, KeyProvider, TenantKeys, WrappedKey};
use crate::ledger::Ledger;
use crate::restoring::Erasures;
use crate::rows::tenant;
use crate::{StoreError, migration};

/// Where everything is.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `sqlite:///…/privity.db` or `postgres://…`.
    pub database: String,
    /// `file:///…` or `s3://…`.
    pub blobs: String,
    /// The installation's root key.
    pub key_file: PathBuf,
    /// Opens the key file where it is locked.
    pub passphrase: Option<Secret>,
    /// Folder of the search index, where it is in a folder.
    pub index: PathBuf,
    /// Where the search index is; none: where the database suggests.
    pub search: Option<SearchEngine>,
    /// Name of the ledger in its checkpoints.
    pub origin: String,
}

/// An opened store. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: Arc<Db>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) provider: Arc<dyn KeyProvider>,
    pub(crate) blobs: Blobs,
    pub(crate) ledger: Ledger,
    pub(crate) index: Arc<dyn CandidateSource>,
    pub(crate) erasures: Erasures,
    pub(crate) indexing: Arc<tokio::sync::Mutex<()>>,
    pub(crate) words: OpenWords,
    keys: Arc<Mutex<HashMap<TenantId, Arc<TenantKeys>>>>,
}

impl Store {
    /// Makes a new installation: key file, tables, folders.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where one is; [`StoreError::Key`], [`StoreError::Database`].
    pub async fn create(
        config: &StoreConfig,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, StoreError> {
        let file = sqlite_file(&config.database);
        for taken in [Some(&*config.key_file), file].into_iter().flatten() {
            if taken.exists() {
                return Err(StoreError::Exists {
                    place: taken.display().to_string(),
                });
            }
        }
        for path in [Some(&*config.key_file), file].into_iter().flatten() {
            make_folder_of(path)?;
        }
        let db = Db::connect(&config.database, true).await?;
        if migration::is_begun(&db).await? {
            return Err(StoreError::Exists {
                place: "the configured database".to_owned(),
            });
        }
        let (passphrase, dice) = (config.passphrase.as_ref(), Arc::clone(&chance));
        let key_file = KeyFile::create(&config.key_file, passphrase, dice)?;
        Self::wire(config, db, key_file, clock, chance).await
    }

    /// Opens an installation and brings its tables up to this program's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where none is; [`StoreError::Newer`] and [`StoreError::Altered`]
    /// where this program must not touch it; [`StoreError::Key`], [`StoreError::Database`].
    pub async fn open(
        config: &StoreConfig,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, StoreError> {
        if !config.key_file.exists() {
            return Err(StoreError::Missing {
                place: config.key_file.display().to_string(),
            });
        }
        let key_file = KeyFile::open(
            &config.key_file,
            config.passphrase.as_ref(),
            Arc::clone(&chance),
        )?;
        let db = Db::connect(&config.database, false).await?;
        Self::wire(config, db, key_file, clock, chance).await
    }

    async fn wire(
        config: &StoreConfig,
        db: Db,
        key_file: KeyFile,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, StoreError> {
        migration::forward(&db, clock.now()).await?;
        let db = Arc::new(db);
        let provider: Arc<dyn KeyProvider> = Arc::new(key_file);
        let root = Arc::clone(&provider);
        let ledger = Ledger::open(db.conn(), root, Arc::clone(&chance), &config.origin).await?;
        let store = Self {
            blobs: Blobs::open(&config.blobs)?,
            index: index::source(&db, &config.index, config.search).await?,
            db,
            clock,
            chance,
            provider,
            ledger,
            indexing: Arc::new(tokio::sync::Mutex::new(())),
            words: OpenWords::default(),
            erasures: Erasures::beside(&config.key_file),
            keys: Arc::new(Mutex::new(HashMap::new())),
        };
        store.shut_erased().await?;
        Ok(store)
    }

    /// A tenant's subkeys; unwrapped once and kept while the store is open.
    pub(crate) async fn tenant_keys(
        &self,
        tenant: TenantId,
    ) -> Result<Arc<TenantKeys>, StoreError> {
        if let Some(keys) = self.kept_keys().get(&tenant) {
            return Ok(Arc::clone(keys));
        }
        if tenant == TenantId::INSTALLATION {
            let keys = Arc::new(self.desk_keys().await?);
            self.kept_keys().insert(tenant, Arc::clone(&keys));
            return Ok(keys);
        }
        let row = self
            .db
            .read("tenant_keys", None, |txn| {
                Box::pin(async move {
                    Ok(tenant::Entity::find_by_id(tenant.as_uuid())
                        .one(txn.db())
                        .await?)
                })
            })
            .await?;
        let row = row.ok_or_else(|| StoreError::not_found("tenant", tenant))?;
        let wrapped = WrappedKey(row.wrapped_key);
        let keys = Arc::new(TenantKeys::open(&*self.provider, tenant, &wrapped).await?);
        self.kept_keys().insert(tenant, Arc::clone(&keys));
        Ok(keys)
    }

    fn kept_keys(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Arc<TenantKeys>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A UUID of version 7: rows of the same time lie together.
    pub(crate) fn timed_uuid(&self) -> Result<Uuid, StoreError> {
        let mut random = [0u8; 10];
        self.chance.fill(&mut random)?;
        let millis = u64::try_from(self.clock.now().0).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A UUID of chance alone.
    pub(crate) fn random_uuid(&self) -> Result<Uuid, StoreError> {
        let mut random = [0u8; 16];
        self.chance.fill(&mut random)?;
        Ok(uuid::Builder::from_random_bytes(random).into_uuid())
    }
}

fn make_folder_of(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|source| StoreError::Io {
        during: "make the folder",
        path: folder.to_owned(),
        source,
    })
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

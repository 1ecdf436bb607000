//! What the store writes to the ledger beside its acts, and what a tenant may read there.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Actor, DataCategory, InteractionId, LeafIndex, TenantId, Timestamp};
use policy::{Action, Denial, Permit, Resource, Scope};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use crate::blobs::BlobName;
use crate::keys::{KeyError, TenantKeys};
use crate::ledger::{Entry, EntryKind, KeyRing, LedgerError, Listed, PATH, VerifyReport, Window};
use crate::rows::access as row;
use crate::{Lease, Store, StoreError};

/// Rows in one statement; the engines bound the number of values.
const MANY: usize = 500;

/// Somebody did something with an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// When.
    pub at: Timestamp,
    /// Handle of who acted; never a personal name.
    pub actor: String,
    /// What happened, such as `opened` or `refused`.
    pub action: String,
    /// What for; empty where it was for none.
    pub purpose: String,
    /// Which kinds of data.
    pub categories: Vec<DataCategory>,
    /// The leaf that records it.
    pub leaf: LeafIndex,
}

impl Store {
    /// Writes to the ledger that the policy refused an act.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown tenant, [`StoreError::Ledger`].
    pub async fn record_denied(
        &self,
        scope: &Scope,
        about: Option<InteractionId>,
        categories: &[DataCategory],
        denial: &Denial,
    ) -> Result<(), StoreError> {
        let keys = &*self.tenant_keys(scope.tenant()).await?;
        let mut entry = self.entry(
            scope.tenant(),
            EntryKind::Refused,
            scope.actor(),
            denial.action,
        );
        entry.purpose = Some(scope.purpose());
        entry.resource = about.map(|id| id.to_string());
        entry.categories = categories.to_vec();
        entry.clauses.clone_from(&denial.clauses);
        let entry = &entry;
        self.db
            .write("record_denied", Some(scope.tenant()), |txn| {
                Box::pin(async move {
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Who did what with an interaction, newest first; also after it was erased.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn access_log(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        let places = self
            .db
            .read("access_log", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Interaction.eq(id.as_uuid()))
                        .order_by_desc(row::Column::LeafIndex)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let keys = self.tenant_keys(tenant).await?;
        let unsigned = |row: row::Model| LeafIndex(u64::try_from(row.leaf_index).unwrap_or(0));
        let places: Vec<LeafIndex> = places.into_iter().map(unsigned).collect();
        let listed = self
            .ledger
            .entries_at(self.db.conn(), &keys, &places)
            .await?;
        let whole = listed
            .into_iter()
            .filter_map(|one| Some(access(one.index, one.entry?)));
        Ok(whole.collect())
    }

    /// The leaves that the store lists as being about a tenant's interactions: the second record
    /// of every access, held against the ledger by the witness.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn accesses(&self, tenant: TenantId) -> Result<Vec<u64>, StoreError> {
        let rows = self
            .db
            .read("accesses", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| u64::try_from(row.leaf_index).ok())
            .collect())
    }

    /// Signs the ledger as it is and brings the search indexes level; done when work ends.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.level_indexes().await?;
        self.ledger.checkpoint(self.db.conn(), &self.blobs).await?;
        Ok(())
    }

    /// Recomputes the whole ledger; what does not hold is in the report.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] where it cannot be read.
    pub async fn verify_ledger(&self) -> Result<VerifyReport, StoreError> {
        Ok(self
            .ledger
            .verify(self.db.conn(), &self.blobs, self)
            .await?)
    }

    /// The offline proof of one leaf, whosever it is.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] where the leaf is not there or not under a checkpoint yet.
    pub async fn prove_leaf(&self, leaf: LeafIndex) -> Result<String, StoreError> {
        let (db, blobs) = (self.db.conn(), &self.blobs);
        for tenant in self.tenants().await? {
            let keys = self.tenant_keys(tenant.id).await?;
            match self.ledger.prove(db, blobs, Some(&*keys), leaf).await {
                // The leaf is another's.
                Err(LedgerError::NotThere(_)) => {}
                other => return Ok(other?),
            }
        }
        Ok(self.ledger.prove(db, blobs, None, leaf).await?)
    }

    /// Every key that signs or signed checkpoints; to be pinned outside the installation.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn ledger_verifiers(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.ledger.verifiers(self.db.conn()).await?)
    }

    /// A statement of the installation about itself, as a signed note over the SHA-256 of its text.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] where no key signs.
    pub async fn sign_statement(&self, form: &str, text: &str) -> Result<String, StoreError> {
        let (db, bytes) = (self.db.conn(), text.as_bytes());
        Ok(self.ledger.statement(db, form, bytes).await?)
    }

    /// A tenant's part of the ledger, newest first.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn ledger_entries(
        &self,
        tenant: TenantId,
        limit: u64,
    ) -> Result<Vec<Listed>, StoreError> {
        self.ledger_entries_before(tenant, None, limit).await
    }

    /// A tenant's part of the ledger before a leaf, newest first; of the nil tenant, what the
    /// operator did itself.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn ledger_entries_before(
        &self,
        tenant: TenantId,
        before: Option<LeafIndex>,
        limit: u64,
    ) -> Result<Vec<Listed>, StoreError> {
        let keys = self.tenant_keys(tenant).await?;
        let newest = Window::newest(limit);
        let window = Window {
            to: before.unwrap_or(newest.to),
            ..newest
        };
        let own = (tenant != TenantId::INSTALLATION).then_some(&*keys);
        Ok(self.ledger.entries(self.db.conn(), own, window).await?)
    }

    /// A resource of the log as anybody may fetch it (C2SP tlog-tiles): `checkpoint`, or a tile by
    /// its path. None where there is no such resource.
    ///
    /// # Errors
    /// [`StoreError::Blob`] where the blob store fails.
    pub async fn log_resource(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.')
                && !part.starts_with('.')
        };
        if path.len() > 120 || !path.split('/').all(plain) {
            return Ok(None);
        }
        match self.blobs.get(BlobName::Log(path.to_owned())).await {
            Ok(bytes) if path == PATH => {
                Ok(Some(self.ledger.cosigned(self.db.conn(), bytes).await?))
            }
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The ledger's name in its checkpoints.
    #[must_use]
    pub fn ledger_origin(&self) -> &str {
        self.ledger.origin()
    }

    /// Makes a new signing key for checkpoints; older ones go on verifying. Returns its public
    /// half, to be pinned outside the installation.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub async fn rotate_ledger_key(&self) -> Result<String, StoreError> {
        self.db
            .write("rotate_ledger_key", None, |txn| {
                Box::pin(async move { Ok(self.ledger.rotate(txn.db()).await?) })
            })
            .await
    }

    /// A tenant's part of the ledger with its proofs, from a leaf on: JSON lines.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] where nothing is under a checkpoint yet.
    pub async fn export_ledger(
        &self,
        tenant: TenantId,
        from: LeafIndex,
        limit: u64,
    ) -> Result<String, StoreError> {
        let keys = self.tenant_keys(tenant).await?;
        Ok(self
            .ledger
            .export(self.db.conn(), &self.blobs, Some(&*keys), from, limit)
            .await?)
    }

    /// An entry about an act under a permit.
    pub(crate) fn deed<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        kind: EntryKind,
    ) -> Entry {
        let mut entry = self.entry(permit.tenant(), kind, permit.actor(), permit.action());
        entry.purpose = Some(permit.purpose());
        entry.resource = permit.resource().interaction().map(|id| id.to_string());
        entry.categories = permit.categories().to_vec();
        entry.clauses = permit.clauses().to_vec();
        entry.policy_version = Some(permit.version().to_owned());
        entry
    }

    /// An entry about a stage that the policy refused.
    pub(crate) fn refused(&self, lease: &Lease, denial: &Denial) -> Entry {
        let mut entry = Entry::new(
            EntryKind::Refused,
            self.clock.now(),
            "pipeline",
            denial.action,
        );
        entry.tenant = Some(lease.tenant);
        entry.role = Some("pipeline".to_owned());
        entry.purpose = Some(denial.purpose);
        entry.resource = Some(lease.interaction.to_string());
        entry.clauses.clone_from(&denial.clauses);
        entry
    }

    /// Writes an entry in the transaction of its act. The transaction's last act: from here to
    /// the commit every other writer of the ledger waits.
    pub(crate) async fn append(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        entry: &Entry,
    ) -> Result<LeafIndex, StoreError> {
        self.append_all(txn, keys, std::slice::from_ref(entry))
            .await
    }

    /// As [`Self::append`] for several, one leaf after the other; returns the first one's place.
    pub(crate) async fn append_all(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        entries: &[Entry],
    ) -> Result<LeafIndex, StoreError> {
        // The operator's own registers belong to no tenant, and so do their leaves.
        let own = (keys.tenant() != TenantId::INSTALLATION).then_some(keys);
        let first = self.ledger.append_all(txn, own, entries).await?;
        let places = (first.0..).zip(entries).filter_map(|(leaf, entry)| {
            let about: InteractionId = entry.resource.as_deref()?.parse().ok()?;
            Some(row::ActiveModel {
                tenant: Set(keys.tenant().as_uuid()),
                interaction: Set(about.as_uuid()),
                leaf_index: Set(i64::try_from(leaf).unwrap_or(i64::MAX)),
            })
        });
        let places: Vec<row::ActiveModel> = places.collect();
        for some in places.chunks(MANY) {
            row::Entity::insert_many(some.to_vec())
                .exec_without_returning(txn)
                .await?;
        }
        Ok(first)
    }

    fn entry(&self, tenant: TenantId, kind: EntryKind, actor: &Actor, action: &str) -> Entry {
        let mut entry = Entry::new(kind, self.clock.now(), &actor.handle, action);
        entry.tenant = (tenant != TenantId::INSTALLATION).then_some(tenant);
        entry.role = Some(actor.kind.right().to_owned());
        entry
    }
}

#[async_trait]
impl KeyRing for Store {
    async fn tenant(&self, tenant: TenantId) -> Result<Option<Arc<TenantKeys>>, KeyError> {
        match self.tenant_keys(tenant).await {
            Ok(keys) => Ok(Some(keys)),
            Err(StoreError::Key(error)) => Err(error),
            // No key, no row: the verifier then says that its entries cannot be opened.
            Err(_) => Ok(None),
        }
    }
}

fn access(leaf: LeafIndex, entry: Entry) -> AccessEntry {
    AccessEntry {
        at: entry.at,
        actor: entry.actor,
        action: entry.kind.key().to_owned(),
        purpose: entry
            .purpose
            .map_or_else(String::new, |purpose| purpose.key().to_owned()),
        categories: entry.categories,
        leaf,
    }
}

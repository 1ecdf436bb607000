//! Files on their way in, part by part: each part is sealed under its upload's key before it is
//! acknowledged, and the key is gone when the upload has ended. Whoever began an upload goes on
//! with it; for anybody else there is none.

use domain::{BlobId, DataCategory, Secret, TenantId, Timestamp, UploadId};
use policy::{Interactions, Permit, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::keys::{TenantKeys, WrappedKey};
use crate::ledger::EntryKind;
use crate::rows::{upload as row, upload_part as part};
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError};

/// An upload to be.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Bytes that are to come.
    pub length: u64,
    /// What is declared about them, in the caller's form.
    pub labels: Secret,
    /// When it is forgotten if nothing comes.
    pub until: Timestamp,
    /// Bytes that a tenant's open uploads may announce together, this one too.
    pub quota: u64,
}

/// An upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Which.
    pub id: UploadId,
    /// Bytes that are to come in all.
    pub length: u64,
    /// Bytes that are here, sealed.
    pub received: u64,
    /// What is declared about them.
    pub labels: Secret,
    /// What became of it, in the caller's form, once it has ended.
    pub outcome: Option<Secret>,
    /// When it is forgotten.
    pub until: Timestamp,
}

/// Where a part ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Sealed; so many bytes are here now.
    At(u64),
    /// Not taken: it does not begin where so many bytes end.
    Elsewhere(u64),
}

impl Store {
    /// An id for an upload.
    ///
    /// # Errors
    /// [`StoreError::Chance`].
    pub fn new_upload_id(&self) -> Result<UploadId, StoreError> {
        Ok(UploadId::from_uuid(self.random_uuid()?))
    }

    /// Begins an upload for whoever the permit names. Nothing where the tenant's open uploads
    /// would announce more than the quota.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without raw content; [`StoreError::Database`].
    pub async fn begin_upload(
        &self,
        permit: &Permit<Seal, UploadId>,
        new: &NewUpload,
    ) -> Result<Option<Upload>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RawContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let (_, wrapped) = keys.new_object_key(&id.to_string(), &*self.chance)?;
        let row = &row::ActiveModel {
            id: Set(id.as_uuid()),
            tenant: Set(tenant.as_uuid()),
            holder: Set(permit.actor().handle.clone()),
            length: Set(signed(new.length)),
            received: Set(0),
            wrapped_key: Set(Some(wrapped.0)),
            labels: Set(self.column(keys, id, "labels", &new.labels)?),
            outcome: Set(None),
            until: Set(new.until.0),
            created: Set(now.0),
        };
        let mut entry = self.deed(permit, EntryKind::Sealed);
        entry.resource = Some(id.to_string());
        let (entry, wanted, quota) = (&entry, new.length, new.quota);
        let begun = self
            .db
            .write("begin_upload", Some(tenant), |txn| {
                Box::pin(async move {
                    if announced(txn.db(), tenant, now)
                        .await?
                        .saturating_add(wanted)
                        > quota
                    {
                        return Ok(false);
                    }
                    row::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(begun.then(|| Upload {
            id,
            length: new.length,
            received: 0,
            labels: new.labels.clone(),
            outcome: None,
            until: new.until,
        }))
    }

    /// An upload of whoever the permit names.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is another's, was forgotten or never was.
    pub async fn upload(&self, permit: &Permit<Seal, UploadId>) -> Result<Upload, StoreError> {
        let row = self.own(permit).await?;
        let keys = self.tenant_keys(permit.tenant()).await?;
        self.upload_of(&keys, row)
    }

    /// Uploads of whoever the permit names that have not ended, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Permit`]; [`StoreError::Database`], [`StoreError::Seal`].
    pub async fn open_uploads(
        &self,
        permit: &Permit<Seal, Interactions>,
    ) -> Result<Vec<Upload>, StoreError> {
        let (tenant, now) = (permit.tenant(), self.clock.now());
        permit.check(DataCategory::RawContent, now)?;
        let holder = &permit.actor().handle;
        let rows = self
            .db
            .read("open_uploads", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Holder.eq(holder.as_str()))
                        .filter(row::Column::WrappedKey.is_not_null())
                        .filter(row::Column::Until.gt(now.0))
                        .order_by_asc(row::Column::Created);
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        let keys = self.tenant_keys(tenant).await?;
        rows.into_iter()
            .map(|row| self.upload_of(&keys, row))
            .collect()
    }

    /// Seals a part that begins after `offset` bytes, and puts the end of the upload off.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Blob`], [`StoreError::Database`].
    pub async fn append_upload(
        &self,
        permit: &Permit<Seal, UploadId>,
        offset: u64,
        bytes: &[u8],
        until: Timestamp,
    ) -> Result<Appended, StoreError> {
        permit.check(DataCategory::RawContent, self.clock.now())?;
        let found = self.own(permit).await?;
        let end = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let here = unsigned(found.received);
        if here != offset || end > unsigned(found.length) || found.wrapped_key.is_none() {
            return Ok(Appended::Elsewhere(here));
        }
        if bytes.is_empty() {
            return Ok(Appended::At(here));
        }
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = self.tenant_keys(tenant).await?;
        let key = key(&keys, id, found.wrapped_key)?;
        let name = place_name(id, offset);
        let sealed = seal(&key, &part_address(tenant, &name), bytes, &*self.chance)?;
        let blob = BlobId::from_uuid(self.timed_uuid()?);
        self.blobs.put(blob, sealed).await?;
        let part = &part::ActiveModel {
            upload: Set(id.as_uuid()),
            place: Set(signed(offset)),
            tenant: Set(tenant.as_uuid()),
            length: Set(signed(end - offset)),
            blob: Set(blob.as_uuid()),
        };
        let put = self
            .db
            .write("append_upload", Some(tenant), |txn| {
                Box::pin(async move {
                    // Of two that begin at the same byte one moves the mark, the other finds it
                    // moved.
                    let moved = row::Entity::update_many()
                        .col_expr(row::Column::Received, Expr::value(signed(end)))
                        .col_expr(row::Column::Until, Expr::value(until.0))
                        .filter(row::Column::Id.eq(id.as_uuid()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Received.eq(signed(offset)))
                        .filter(row::Column::WrappedKey.is_not_null())
                        .exec(txn.db())
                        .await?;
                    if moved.rows_affected == 1 {
                        part::Entity::insert(part.clone())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    Ok(moved.rows_affected == 1)
                })
            })
            .await;
        if !matches!(put, Ok(true)) {
            self.drop_blobs([blob]).await;
        }
        if put? {
            return Ok(Appended::At(end));
        }
        Ok(Appended::Elsewhere(unsigned(
            self.own(permit).await?.received,
        )))
    }

    /// Everything that was received, opened.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Record`] where parts are missing;
    /// [`StoreError::Blob`], [`StoreError::Seal`].
    pub async fn received(
        &self,
        permit: &Permit<Seal, UploadId>,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        permit.check(DataCategory::RawContent, self.clock.now())?;
        let found = self.own(permit).await?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = self.tenant_keys(tenant).await?;
        let key = key(&keys, id, found.wrapped_key)?;
        let parts = self
            .db
            .read("received", Some(tenant), |txn| {
                Box::pin(async move { parts(txn.db(), id.as_uuid()).await })
            })
            .await?;
        let length = usize::try_from(found.received).unwrap_or(0);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        for part in parts {
            let here = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if unsigned(part.place) != here {
                return Err(StoreError::record("upload", "a part is missing"));
            }
            let sealed = self.blobs.get(BlobId::from_uuid(part.blob)).await?;
            let name = place_name(id, here);
            bytes.extend_from_slice(&open(&key, &part_address(tenant, &name), &sealed)?);
        }
        if bytes.len() != length {
            return Err(StoreError::record("upload", "a part is missing"));
        }
        Ok(bytes)
    }

    /// Ends an upload: its key is destroyed, then its parts; what became of it stays until it is
    /// forgotten.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Database`].
    pub async fn end_upload(
        &self,
        permit: &Permit<Seal, UploadId>,
        outcome: &Secret,
    ) -> Result<(), StoreError> {
        self.own(permit).await?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = self.tenant_keys(tenant).await?;
        let sealed = &self.column(&keys, id, "outcome", outcome)?;
        let blobs = self
            .db
            .write("end_upload", Some(tenant), |txn| {
                Box::pin(async move {
                    row::Entity::update_many()
                        .col_expr(row::Column::WrappedKey, Expr::value(None::<Vec<u8>>))
                        .col_expr(row::Column::Outcome, Expr::value(sealed.clone()))
                        .filter(row::Column::Id.eq(id.as_uuid()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    without_parts(txn.db(), &[id.as_uuid()]).await
                })
            })
            .await?;
        self.drop_blobs(blobs).await;
        Ok(())
    }

    /// Gives an upload up; nothing of it stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Database`].
    pub async fn drop_upload(&self, permit: &Permit<Seal, UploadId>) -> Result<(), StoreError> {
        let found = self.own(permit).await?;
        let mut entry = self.deed(permit, EntryKind::Purged);
        entry.resource = Some(permit.resource().to_string());
        self.forget(permit.tenant(), vec![found.id], entry).await
    }

    /// Forgets every upload of the permit's tenant whose time is over; says how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sweep_uploads(
        &self,
        permit: &Permit<Seal, Interactions>,
    ) -> Result<usize, StoreError> {
        let (tenant, now) = (permit.tenant(), self.clock.now().0);
        let over = self
            .db
            .read("over_uploads", Some(tenant), |txn| {
                Box::pin(async move {
                    let over: Vec<Uuid> = row::Entity::find()
                        .select_only()
                        .column(row::Column::Id)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Until.lte(now))
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(over)
                })
            })
            .await?;
        let count = over.len();
        if count > 0 {
            let mut entry = self.deed(permit, EntryKind::Purged);
            entry.count = u64::try_from(count).ok();
            self.forget(tenant, over, entry).await?;
        }
        Ok(count)
    }

    /// The blobs of a tenant's parts; they are named, so the sweep leaves them.
    pub(crate) async fn part_blobs(&self, tenant: TenantId) -> Result<Vec<BlobId>, StoreError> {
        let named: Vec<Uuid> = self
            .db
            .read("part_blobs", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = part::Entity::find()
                        .select_only()
                        .column(part::Column::Blob)
                        .filter(part::Column::Tenant.eq(tenant.as_uuid()));
                    Ok(query.into_tuple().all(txn.db()).await?)
                })
            })
            .await?;
        Ok(named.into_iter().map(BlobId::from_uuid).collect())
    }

    async fn forget(
        &self,
        tenant: TenantId,
        ids: Vec<Uuid>,
        entry: crate::ledger::Entry,
    ) -> Result<(), StoreError> {
        let keys = &*self.tenant_keys(tenant).await?;
        let (ids, entry) = (&ids, &entry);
        let blobs = self
            .db
            .write("forget_uploads", Some(tenant), |txn| {
                Box::pin(async move {
                    let blobs = without_parts(txn.db(), ids).await?;
                    row::Entity::delete_many()
                        .filter(row::Column::Id.is_in(ids.iter().copied()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(blobs)
                })
            })
            .await?;
        self.drop_blobs(blobs).await;
        Ok(())
    }

    /// The row of the permit's upload, where it is the actor's and its time is not over.
    async fn own(&self, permit: &Permit<Seal, UploadId>) -> Result<row::Model, StoreError> {
        let (tenant, id, now) = (permit.tenant(), *permit.resource(), self.clock.now());
        let holder = &permit.actor().handle;
        let found = self
            .db
            .read("upload", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find_by_id(id.as_uuid())
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Holder.eq(holder.as_str()))
                        .filter(row::Column::Until.gt(now.0));
                    Ok(query.one(txn.db()).await?)
                })
            })
            .await?;
        found.ok_or_else(|| StoreError::not_found("upload", id))
    }

    fn upload_of(&self, keys: &TenantKeys, row: row::Model) -> Result<Upload, StoreError> {
        let id = UploadId::from_uuid(row.id);
        let text = |column: &str, sealed: &[u8]| -> Result<Secret, StoreError> {
            let name = id.to_string();
            let at = column_address(keys, &name, column);
            let plain = open(keys.records(), &at, sealed)?;
            let text = std::str::from_utf8(&plain)
                .map_err(|_| StoreError::record("upload", "not UTF-8"))?;
            Ok(Secret::new(text))
        };
        Ok(Upload {
            id,
            length: unsigned(row.length),
            received: unsigned(row.received),
            labels: text("labels", &row.labels)?,
            outcome: row
                .outcome
                .map(|sealed| text("outcome", &sealed))
                .transpose()?,
            until: Timestamp(row.until),
        })
    }

    fn column(
        &self,
        keys: &TenantKeys,
        id: UploadId,
        column: &str,
        text: &Secret,
    ) -> Result<Vec<u8>, StoreError> {
        let name = id.to_string();
        let at = column_address(keys, &name, column);
        Ok(seal(
            keys.records(),
            &at,
            text.expose().as_bytes(),
            &*self.chance,
        )?)
    }
}

/// Bytes that a tenant's open uploads announce.
async fn announced(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let lengths: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Length)
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::WrappedKey.is_not_null())
        .filter(row::Column::Until.gt(now.0))
        .into_tuple()
        .all(txn)
        .await?;
    Ok(lengths
        .into_iter()
        .map(unsigned)
        .fold(0, u64::saturating_add))
}

async fn parts(txn: &DatabaseTransaction, upload: Uuid) -> Result<Vec<part::Model>, StoreError> {
    let query = part::Entity::find()
        .filter(part::Column::Upload.eq(upload))
        .order_by_asc(part::Column::Place);
    Ok(query.all(txn).await?)
}

/// Removes the parts' rows; what is returned can be removed once that is committed.
async fn without_parts(
    txn: &DatabaseTransaction,
    uploads: &[Uuid],
) -> Result<Vec<BlobId>, StoreError> {
    let mut blobs = Vec::new();
    for upload in uploads {
        for part in parts(txn, *upload).await? {
            blobs.push(BlobId::from_uuid(part.blob));
        }
    }
    part::Entity::delete_many()
        .filter(part::Column::Upload.is_in(uploads.iter().copied()))
        .exec(txn)
        .await?;
    Ok(blobs)
}

fn key(
    keys: &TenantKeys,
    id: UploadId,
    wrapped: Option<Vec<u8>>,
) -> Result<crate::keys::Key, StoreError> {
    let wrapped = wrapped.ok_or_else(|| StoreError::record("upload", "it has ended"))?;
    Ok(keys.unwrap_object_key(&id.to_string(), &WrappedKey(wrapped))?)
}

fn place_name(id: UploadId, offset: u64) -> String {
    format!("{id}/{offset}")
}

const fn part_address(tenant: TenantId, name: &str) -> Address<'_> {
    Address {
        tenant,
        table: "upload_parts",
        row: name,
        column: "blob",
    }
}

fn column_address<'a>(keys: &TenantKeys, name: &'a str, column: &'a str) -> Address<'a> {
    Address {
        tenant: keys.tenant(),
        table: "uploads",
        row: name,
        column,
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

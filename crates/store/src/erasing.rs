//! Erasing an interaction: keys first, then bytes, then its rows; and sweeping what nothing names.
//!
//! An interaction whose erasure cannot be confirmed in every place stays listed as `erasing` and
//! is not said to be erased; erasing again goes on with it.

use std::collections::HashSet;

use domain::{BlobId, DataCategory, InteractionId, LeafIndex, Millis, TenantId, Timestamp};
use policy::{Erase, Permit};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::index::{count_out, tokens_of};
use crate::keys::TenantKeys;
use crate::ledger::EntryKind;
use crate::objects;
use crate::rows::{interaction, job, locator, object, source};
use crate::{Store, StoreError, listing, measures, notes, participants, redaction, tags};

/// How old a blob that no row names must be before it is swept: longer than any intake or stage
/// takes from writing a blob to committing its row.
const GRACE: Millis = Millis(60 * 60 * 1000);

/// One place where something was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedPlace {
    /// What was where; no personal data.
    pub what: String,
    /// Looked for afterwards and not found.
    pub confirmed: bool,
}

/// What was destroyed where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which interaction.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
    /// The leaf that records it; none while a place is unconfirmed.
    pub leaf: Option<LeafIndex>,
    /// Every place.
    pub places: Vec<ErasedPlace>,
}

impl Receipt {
    /// Whether it may be said that the interaction is erased.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.leaf.is_some() && self.places.iter().all(|place| place.confirmed)
    }
}

impl Store {
    /// Destroys an interaction: its keys, then everywhere its bytes. The permit is used up.
    ///
    /// # Errors
    /// [`StoreError::OnHold`], [`StoreError::NotFound`], [`StoreError::Permit`] without raw
    /// content. That a place is unconfirmed is no error: the receipt says so.
    pub async fn erase(&self, permit: Permit<Erase, InteractionId>) -> Result<Receipt, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RawContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let mut places = self.destroy_keys(&permit, keys).await?;
        self.erasures.note(tenant, id)?;
        places.push(ErasedPlace {
            what: "database: keys, sealed records, findings, notes, keyed hashes, vocabulary, job"
                .to_owned(),
            confirmed: self.db.forget_deleted().await?,
        });
        places.extend(self.destroy_blobs(tenant, id).await?);
        places.push(self.destroy_entry(tenant, id).await);
        let leaf = if places.iter().all(|place| place.confirmed) {
            Some(self.destroy_rows(&permit, keys).await?)
        } else {
            None
        };
        Ok(Receipt {
            interaction: id,
            at: now,
            leaf,
            places,
        })
    }

    /// Removes blobs that no row names and that are older than an hour: what a killed worker
    /// left half-done. Says how many.
    ///
    /// # Errors
    /// [`StoreError::Blob`], [`StoreError::Database`].
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        // Listed before the rows are read: what is written in between is named or not listed.
        let listed = self.blobs.list().await?;
        let mut named = HashSet::new();
        for tenant in self.tenants().await? {
            named.extend(self.named_blobs(tenant.id).await?);
            named.extend(self.part_blobs(tenant.id).await?);
        }
        let now = self.clock.now();
        let mut swept = 0;
        for blob in listed {
            if !named.contains(&blob) && born(blob).plus(GRACE) < now {
                self.blobs.delete(blob).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    async fn destroy_keys(
        &self,
        permit: &Permit<Erase, InteractionId>,
        keys: &TenantKeys,
    ) -> Result<Vec<ErasedPlace>, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let entry = &self.deed(permit, EntryKind::Erasing);
        let destroyed = self
            .db
            .write("erase_keys", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = listing::find(txn.db(), tenant, id).await?;
                    let found = found.ok_or_else(|| StoreError::not_found("interaction", id))?;
                    if found.on_hold {
                        return Err(StoreError::OnHold {
                            name: id.to_string(),
                        });
                    }
                    let tokens = tokens_of(txn.db(), keys, id).await?;
                    count_out(txn.db(), tenant, &tokens).await?;
                    let destroyed = blank_objects(txn.db(), tenant, id).await?;
                    forget_around(txn.db(), tenant, id).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(destroyed)
                })
            })
            .await?;
        Ok(vec![ErasedPlace {
            what: format!("object keys: {destroyed}"),
            confirmed: true,
        }])
    }

    async fn destroy_blobs(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<Vec<ErasedPlace>, StoreError> {
        let blobs = self
            .db
            .read("erase_blobs", Some(tenant), |txn| {
                Box::pin(async move { objects::blobs_of(txn.db(), tenant, id).await })
            })
            .await?;
        let mut places = Vec::with_capacity(blobs.len());
        for (kind, part, blob) in blobs {
            let gone = match self.blobs.delete(blob).await {
                Ok(()) => self.blobs.exists(blob).await.is_ok_and(|there| !there),
                Err(error) => {
                    tracing::warn!(%blob, %error, "a blob could not be deleted");
                    false
                }
            };
            places.push(ErasedPlace {
                what: format!("blob store: {kind} {part}"),
                confirmed: gone,
            });
        }
        Ok(places)
    }

    pub(crate) async fn destroy_entry(&self, tenant: TenantId, id: InteractionId) -> ErasedPlace {
        let _turn = self.indexing.lock().await;
        let removed = self.index.remove(tenant, id).await;
        if let Err(error) = &removed {
            tracing::warn!(interaction = %id, %error, "an index entry could not be removed");
        }
        ErasedPlace {
            what: self.index.place().to_owned(),
            confirmed: removed.is_ok(),
        }
    }

    async fn destroy_rows(
        &self,
        permit: &Permit<Erase, InteractionId>,
        keys: &TenantKeys,
    ) -> Result<LeafIndex, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let entry = &self.deed(permit, EntryKind::Erased);
        self.db
            .write("erase_rows", Some(tenant), |txn| {
                Box::pin(async move {
                    object::Entity::delete_many()
                        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(object::Column::Interaction.eq(id.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    redaction::forget_ruleset(txn.db(), tenant, id).await?;
                    interaction::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await
                })
            })
            .await
    }

    async fn named_blobs(&self, tenant: TenantId) -> Result<Vec<BlobId>, StoreError> {
        let named: Vec<Uuid> = self
            .db
            .read("named_blobs", Some(tenant), |txn| {
                Box::pin(async move {
                    let named = object::Entity::find()
                        .select_only()
                        .column(object::Column::Blob)
                        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(object::Column::Blob.is_not_null())
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(named)
                })
            })
            .await?;
        Ok(named.into_iter().map(BlobId::from_uuid).collect())
    }
}

/// Takes keys and sealed bytes out of an interaction's objects; their blobs stay named.
pub(crate) async fn blank_objects(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<u64, StoreError> {
    let blanked = object::Entity::update_many()
        .col_expr(
            object::Column::WrappedKey,
            Expr::value(Option::<Vec<u8>>::None),
        )
        .col_expr(object::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
        .filter(object::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(blanked.rows_affected)
}

/// Keyed hashes and job; the interaction is marked so that nothing reads or processes it.
async fn forget_around(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    source::Entity::delete_many()
        .filter(source::Column::Tenant.eq(tenant.as_uuid()))
        .filter(source::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    locator::Entity::delete_many()
        .filter(locator::Column::Tenant.eq(tenant.as_uuid()))
        .filter(locator::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    job::Entity::delete_many()
        .filter(job::Column::Tenant.eq(tenant.as_uuid()))
        .filter(job::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    crate::definitions::forget(txn, tenant, id).await?;
    tags::forget(txn, tenant, id).await?;
    notes::forget(txn, tenant, id).await?;
    participants::forget(txn, tenant, id).await?;
    measures::forget(txn, tenant, id).await?;
    interaction::Entity::update_many()
        .col_expr(interaction::Column::Status, Expr::value(listing::ERASING))
        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
        .filter(interaction::Column::Id.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

/// When a blob's id was made; blobs are named in order of time.
fn born(blob: BlobId) -> Timestamp {
    let seconds = blob
        .as_uuid()
        .get_timestamp()
        .map_or(0, |at| at.to_unix().0);
    Timestamp(i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX))
}

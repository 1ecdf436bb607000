//! Taking one person out of an interaction in which somebody else takes part.

use domain::{
    BlobId, DataCategory, Identifier, Interaction, InteractionId, JobId, Stage, TenantId,
};
use policy::{Erase, Permit};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::index::{count_out, tokens_of};
use crate::ledger::EntryKind;
use crate::objects::{self, Kind};
use crate::rows::{interaction as row, job, locator, object};
use crate::{ErasedPlace, Receipt, Store, StoreError, listing, locating, queue};

impl Store {
    /// Replaces an interaction by what is left without one person, under fresh keys; destroys
    /// everything that was made of it and has it made again. The permit is used up.
    ///
    /// # Errors
    /// [`StoreError::OnHold`], [`StoreError::NotFound`], [`StoreError::Permit`] without raw
    /// content and contact. That a place is unconfirmed is no error: the receipt says so.
    pub async fn take_out(
        &self,
        permit: Permit<Erase, InteractionId>,
        left: &Interaction,
        who: &Identifier,
    ) -> Result<Receipt, StoreError> {
        let now = self.clock.now();
        for category in [DataCategory::RawContent, DataCategory::Contact] {
            permit.check(category, now)?;
        }
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let fresh = &self.seal_interaction(keys, tenant, id, left).await?;
        let hash = &locating::hash_of(keys, who);
        let first = Stage::first_on(left.channel);
        let next = JobId::from_uuid(self.timed_uuid()?);
        let entry = &self.deed(&permit, EntryKind::Purged);
        let (leaf, blobs) = self
            .db
            .write("take_out", Some(tenant), |txn| {
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
                    let mut blobs = drop_made(txn.db(), tenant, id).await?;
                    blobs.extend(objects::put(txn.db(), tenant, id, fresh).await?);
                    forget_person(txn.db(), tenant, id, hash).await?;
                    begin_again(txn.db(), &found, first).await?;
                    queue::enqueue(txn.db(), next, tenant, id, first, now).await?;
                    let leaf = self.append(txn.db(), keys, entry).await?;
                    Ok((leaf, blobs))
                })
            })
            .await?;
        let mut places = vec![ErasedPlace {
            what: "database: the person's words, number or address, keys of what was made"
                .to_owned(),
            confirmed: self.db.forget_deleted().await?,
        }];
        for blob in blobs {
            let gone = match self.blobs.delete(blob).await {
                Ok(()) => self.blobs.exists(blob).await.is_ok_and(|there| !there),
                Err(error) => {
                    tracing::warn!(%blob, %error, "a replaced blob could not be deleted");
                    false
                }
            };
            places.push(ErasedPlace {
                what: "blob store: a recording with the person's voice".to_owned(),
                confirmed: gone,
            });
        }
        places.push(self.destroy_entry(tenant, id).await);
        let confirmed = places.iter().all(|place| place.confirmed);
        Ok(Receipt {
            interaction: id,
            at: now,
            leaf: confirmed.then_some(leaf),
            places,
        })
    }
}

/// Deletes the rows of what stages made; their blobs are named by nobody then.
async fn drop_made(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<Vec<BlobId>, StoreError> {
    let taken_in = [Kind::Document.key(), Kind::Media.key()];
    let blobs = objects::blobs_of(txn, tenant, id).await?;
    object::Entity::delete_many()
        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
        .filter(object::Column::Interaction.eq(id.as_uuid()))
        .filter(object::Column::Kind.is_not_in(taken_in))
        .exec(txn)
        .await?;
    // What came in later is part of the document that replaces the first one.
    object::Entity::delete_many()
        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
        .filter(object::Column::Interaction.eq(id.as_uuid()))
        .filter(object::Column::Kind.eq(Kind::Document.key()))
        .filter(object::Column::Part.gt(0i64))
        .exec(txn)
        .await?;
    Ok(blobs
        .into_iter()
        .filter(|(kind, ..)| !taken_in.contains(&kind.as_str()))
        .map(|(_, _, blob)| blob)
        .collect())
}

async fn forget_person(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    hash: &[u8],
) -> Result<(), StoreError> {
    locator::Entity::delete_many()
        .filter(locator::Column::Tenant.eq(tenant.as_uuid()))
        .filter(locator::Column::Interaction.eq(id.as_uuid()))
        .filter(locator::Column::Hash.eq(hash.to_vec()))
        .exec(txn)
        .await?;
    job::Entity::delete_many()
        .filter(job::Column::Tenant.eq(tenant.as_uuid()))
        .filter(job::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

async fn begin_again(
    txn: &DatabaseTransaction,
    found: &row::Model,
    first: Stage,
) -> Result<(), StoreError> {
    row::Entity::update_many()
        .col_expr(row::Column::Status, Expr::value(listing::WAITING))
        .col_expr(row::Column::Stage, Expr::value(first.key()))
        .col_expr(row::Column::Outcome, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Words, Expr::value(0i64))
        .col_expr(row::Column::Turns, Expr::value(0i64))
        .col_expr(row::Column::Redactions, Expr::value(""))
        .filter(row::Column::Tenant.eq(found.tenant))
        .filter(row::Column::Id.eq(found.id))
        .exec(txn)
        .await?;
    Ok(())
}

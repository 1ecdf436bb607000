//! Keeping the engine level with the database, and starting it over.

use std::collections::BTreeSet;

use domain::{InteractionId, TenantId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::source::Entry;
use super::{behind, distinct};
use crate::keys::TenantKeys;
use crate::objects::{self, Kind, Place, open_record};
use crate::rows::interaction as row;
use crate::{Store, StoreError, listing};

/// Interactions added in one commit of the engine.
const BATCH: u64 = 256;

/// An interaction that the engine does not know yet, with the generation it is at.
struct Lagging {
    entry: Entry,
    generation: i64,
}

impl Store {
    /// Adds what a tenant's index does not know yet. Where the engine cannot be written to just
    /// now, nothing is lost: what lags is searched without it.
    pub(crate) async fn catch_up(&self, tenant: TenantId) -> Result<(), StoreError> {
        match self.level(tenant).await {
            Err(error @ StoreError::Index { .. }) => {
                tracing::warn!(%tenant, %error, "the search index lags");
                Ok(())
            }
            other => other,
        }
    }

    /// Brings every tenant's index level with the database.
    ///
    /// # Errors
    /// [`StoreError::Index`], [`StoreError::Database`].
    pub async fn level_indexes(&self) -> Result<(), StoreError> {
        for tenant in self.tenants().await? {
            self.catch_up(tenant.id).await?;
        }
        Ok(())
    }

    /// Throws a tenant's index away and makes it again from the sealed word streams.
    ///
    /// # Errors
    /// [`StoreError::Index`], [`StoreError::Database`].
    pub async fn rebuild_index(&self, tenant: TenantId) -> Result<(), StoreError> {
        {
            let _turn = self.indexing.lock().await;
            self.db
                .write("rebuild_index", Some(tenant), |txn| {
                    Box::pin(async move {
                        row::Entity::update_many()
                            .col_expr(row::Column::Indexed, Expr::value(0i64))
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .exec(txn.db())
                            .await?;
                        Ok(())
                    })
                })
                .await?;
            self.index.clear(tenant).await?;
        }
        self.level(tenant).await
    }

    async fn level(&self, tenant: TenantId) -> Result<(), StoreError> {
        let _turn = self.indexing.lock().await;
        loop {
            let keys = self.tenant_keys(tenant).await?;
            let batch = self.lagging(tenant, &keys).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let entries = batch.iter().map(|lagging| lagging.entry.clone()).collect();
            self.index.put(tenant, entries).await?;
            self.settle(tenant, &batch).await?;
        }
    }

    async fn lagging(
        &self,
        tenant: TenantId,
        keys: &TenantKeys,
    ) -> Result<Vec<Lagging>, StoreError> {
        self.db
            .read("lagging", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows: Vec<(Uuid, i64)> = row::Entity::find()
                        .select_only()
                        .columns([row::Column::Id, row::Column::Generation])
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(behind())
                        .filter(row::Column::Status.ne(listing::ERASING))
                        .order_by_asc(row::Column::Id)
                        .limit(BATCH)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let mut batch = Vec::with_capacity(rows.len());
                    for (id, generation) in rows {
                        let id = InteractionId::from_uuid(id);
                        let place = Place::of(tenant, id, Kind::Stream);
                        let object = objects::find(txn.db(), &place).await?;
                        let object = object.ok_or_else(|| {
                            StoreError::record("interaction", "it has no word stream")
                        })?;
                        let tokens = distinct(&open_record(keys, &place, &object)?);
                        let entry = Entry { id, tokens };
                        batch.push(Lagging { entry, generation });
                    }
                    Ok(batch)
                })
            })
            .await
    }

    /// Notes what the engine knows now. What was erased while it was added is taken out again.
    async fn settle(&self, tenant: TenantId, batch: &[Lagging]) -> Result<(), StoreError> {
        let kept: Vec<Uuid> = self
            .db
            .write("index_settle", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut kept = Vec::new();
                    for lagging in batch {
                        let id = lagging.entry.id.as_uuid();
                        let noted = row::Entity::update_many()
                            .col_expr(row::Column::Indexed, Expr::value(lagging.generation))
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Id.eq(id))
                            .filter(row::Column::Status.ne(listing::ERASING))
                            .exec(txn.db())
                            .await?;
                        if noted.rows_affected == 1 {
                            kept.push(id);
                        }
                    }
                    Ok(kept)
                })
            })
            .await?;
        let kept: BTreeSet<Uuid> = kept.into_iter().collect();
        for lagging in batch
            .iter()
            .filter(|lagging| !kept.contains(&lagging.entry.id.as_uuid()))
        {
            self.index.remove(tenant, lagging.entry.id).await?;
        }
        Ok(())
    }
}

//! What people say about findings: whether a category is right, and another value for an
//! indicator. The computed value is never changed.

use domain::{DataCategory, DefinitionId, InteractionId, Override, TenantId, Timestamp};
use policy::{Find, Interactions, Permit, Read};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::find;
use crate::keys::{TenantKeys, WrappedKey};
use crate::ledger::EntryKind;
use crate::records::Record;
use crate::rows::{mark as row, override_row};
use crate::seal::{self, Address};
use crate::{Store, StoreError, listing, reading};

/// A person's word on one interaction for one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which interaction.
    pub interaction: InteractionId,
    /// Whether the category ought to match it.
    pub belongs: bool,
    /// Handle of who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A person's value for an indicator in one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredOverride {
    /// Of which scorecard.
    pub definition: DefinitionId,
    /// What they put in the computed one's place, and why.
    pub says: Override,
    /// Handle of who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Notes whether a category ought to match an interaction; a second word replaces the first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`] without redacted content.
    pub async fn mark(
        &self,
        permit: &Permit<Read, InteractionId>,
        definition: DefinitionId,
        belongs: bool,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.deed(permit, EntryKind::Sealed);
        let mark = &row::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            definition: Set(definition.as_uuid()),
            interaction: Set(id.as_uuid()),
            belongs: Set(belongs),
            actor: Set(permit.actor().handle.clone()),
            at: Set(now.0),
        };
        self.db
            .write("mark", Some(tenant), |txn| {
                Box::pin(async move {
                    find(txn.db(), tenant, definition).await?;
                    readable(txn.db(), tenant, id, now).await?;
                    let replace = OnConflict::columns([
                        row::Column::Tenant,
                        row::Column::Definition,
                        row::Column::Interaction,
                    ])
                    .update_columns([row::Column::Belongs, row::Column::Actor, row::Column::At])
                    .to_owned();
                    row::Entity::insert(mark.clone())
                        .on_conflict(replace)
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// What was said about a category, by interaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`] without redacted content.
    pub async fn marks(
        &self,
        permit: &Permit<Find, Interactions>,
        definition: DefinitionId,
    ) -> Result<Vec<Mark>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("marks", Some(tenant), |txn| {
                Box::pin(async move {
                    find(txn.db(), tenant, definition).await?;
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Definition.eq(definition.as_uuid()))
                        .order_by_asc(row::Column::Interaction)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let marks = rows.into_iter().map(|row| Mark {
            interaction: InteractionId::from_uuid(row.interaction),
            belongs: row.belongs,
            by: row.actor,
            at: Timestamp(row.at),
        });
        Ok(marks.collect())
    }

    /// Keeps a person's value for an indicator beside the computed one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`] without redacted content.
    pub async fn override_indicator(
        &self,
        permit: &Permit<Read, InteractionId>,
        definition: DefinitionId,
        says: &Override,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let own = self.timed_uuid()?;
        let name = name(id, own);
        let plain = zeroize::Zeroizing::new(says.encode()?);
        let (key, wrapped) = keys.new_object_key(&name, &*self.chance)?;
        let sealed = seal::seal(&key, &address(tenant, &name), &plain, &*self.chance)?;
        let made = &override_row::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            id: Set(own),
            definition: Set(definition.as_uuid()),
            interaction: Set(id.as_uuid()),
            actor: Set(permit.actor().handle.clone()),
            at: Set(now.0),
            wrapped_key: Set(wrapped.0),
            sealed: Set(sealed),
        };
        let entry = &self.deed(permit, EntryKind::Sealed);
        self.db
            .write("override_indicator", Some(tenant), |txn| {
                Box::pin(async move {
                    find(txn.db(), tenant, definition).await?;
                    readable(txn.db(), tenant, id, now).await?;
                    override_row::Entity::insert(made.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// People's values in one interaction, oldest first: of several for one indicator the last
    /// counts.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn overrides(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Vec<StoredOverride>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        self.overrides_in(permit.tenant(), *permit.resource()).await
    }

    /// As [`Self::overrides`], for a search that asks for scores. The search as a whole is on the
    /// ledger.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn overrides_of(
        &self,
        permit: &Permit<Find, Interactions>,
        id: InteractionId,
    ) -> Result<Vec<StoredOverride>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        self.overrides_in(permit.tenant(), id).await
    }

    async fn overrides_in(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<Vec<StoredOverride>, StoreError> {
        let now = self.clock.now();
        let keys = &*self.tenant_keys(tenant).await?;
        self.db
            .read("overrides", Some(tenant), |txn| {
                Box::pin(async move {
                    readable(txn.db(), tenant, id, now).await?;
                    let rows = override_row::Entity::find()
                        .filter(override_row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(override_row::Column::Interaction.eq(id.as_uuid()))
                        .order_by_asc(override_row::Column::At)
                        .order_by_asc(override_row::Column::Id)
                        .all(txn.db())
                        .await?;
                    rows.iter().map(|row| open(keys, row)).collect()
                })
            })
            .await
    }
}

async fn readable(
    txn: &sea_orm::DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let about = listing::find(txn, tenant, id).await?;
    let about = about.ok_or_else(|| StoreError::not_found("interaction", id))?;
    reading::readable(&about, now)
}

fn open(keys: &TenantKeys, row: &override_row::Model) -> Result<StoredOverride, StoreError> {
    let name = name(InteractionId::from_uuid(row.interaction), row.id);
    let key = keys.unwrap_object_key(&name, &WrappedKey(row.wrapped_key.clone()))?;
    let plain = seal::open(&key, &address(keys.tenant(), &name), &row.sealed)?;
    Ok(StoredOverride {
        definition: DefinitionId::from_uuid(row.definition),
        says: Override::decode(&plain)?,
        by: row.actor.clone(),
        at: Timestamp(row.at),
    })
}

fn name(id: InteractionId, own: Uuid) -> String {
    format!("{id}/override/{}", own.simple())
}

const fn address(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "overrides",
        row,
        column: "sealed",
    }
}

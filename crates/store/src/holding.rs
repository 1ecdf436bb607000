//! Legal holds: a case, and the interactions that lie under it. An interaction may lie under
//! many; it is free when the last one is lifted. Each placing and lifting writes a leaf for every
//! interaction in the transaction that changes it.

use std::collections::BTreeSet;

use domain::{HoldId, InteractionId, LeafIndex, TenantId};
use policy::{Desk, Find, Permit, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::keys::TenantKeys;
use crate::ledger::EntryKind;
use crate::registers::Change;
use crate::rows::{hold_item as item, interaction, register};
use crate::{Filed, Registered, Store, StoreError, listing};

/// An interaction under a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldItem {
    /// Which hold.
    pub hold: HoldId,
    /// Which interaction.
    pub interaction: InteractionId,
}

impl Store {
    /// Enters a hold and lays it on interactions.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where one of them is gone; then nothing is held.
    pub async fn place_hold<R: Registered<Id = HoldId>>(
        &self,
        permit: &Permit<Seal, Desk>,
        body: &R,
        items: &BTreeSet<InteractionId>,
    ) -> Result<HoldId, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let hold = HoldId::from_uuid(self.timed_uuid()?);
        let keys = &*self.tenant_keys(tenant).await?;
        let row = &self.register_row(keys, hold, body, self.clock.now())?;
        let entry = &self.register_deed::<R, Seal>(permit, EntryKind::Filed, Some(hold));
        self.db
            .write("place_hold", Some(tenant), |txn| {
                Box::pin(async move {
                    register::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    for id in items {
                        lay(txn.db(), tenant, hold, *id).await?;
                    }
                    self.append(txn.db(), keys, entry).await?;
                    for id in items {
                        self.hold_leaf(txn.db(), keys, permit, EntryKind::Held, *id)
                            .await?;
                    }
                    Ok(hold)
                })
            })
            .await
    }

    /// Lays a hold on further interactions, or lifts it from some; `body` is the record's new
    /// form.
    ///
    /// # Errors
    /// [`StoreError::Changed`]; [`StoreError::NotFound`] where one to be held is gone.
    pub async fn change_hold<R: Registered<Id = HoldId>>(
        &self,
        permit: &Permit<Seal, Desk>,
        seen: &Filed<R>,
        body: &R,
        add: &BTreeSet<InteractionId>,
        lift: &BTreeSet<InteractionId>,
    ) -> Result<LeafIndex, StoreError> {
        self.keeps_registers(permit)?;
        let (tenant, hold) = (permit.tenant(), seen.id);
        let keys = &*self.tenant_keys(tenant).await?;
        let change = &Change::new(self, keys, seen, body)?;
        let entry = &self.register_deed::<R, Seal>(permit, EntryKind::Filed, Some(hold));
        self.db
            .write("change_hold", Some(tenant), |txn| {
                Box::pin(async move {
                    change.apply(txn.db()).await?;
                    for id in add {
                        lay(txn.db(), tenant, hold, *id).await?;
                    }
                    for id in lift {
                        take_off(txn.db(), tenant, hold, *id).await?;
                    }
                    let leaf = self.append(txn.db(), keys, entry).await?;
                    for (kind, ids) in [(EntryKind::Held, add), (EntryKind::Released, lift)] {
                        for id in ids {
                            self.hold_leaf(txn.db(), keys, permit, kind, *id).await?;
                        }
                    }
                    Ok(leaf)
                })
            })
            .await
    }

    /// What lies under holds, or under which holds one interaction lies.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn held(
        &self,
        permit: &Permit<Find, Desk>,
        only: Option<InteractionId>,
    ) -> Result<Vec<HeldItem>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("held", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut query =
                        item::Entity::find().filter(item::Column::Tenant.eq(tenant.as_uuid()));
                    if let Some(id) = only {
                        query = query.filter(item::Column::Interaction.eq(id.as_uuid()));
                    }
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|row| HeldItem {
                hold: HoldId::from_uuid(row.hold),
                interaction: InteractionId::from_uuid(row.interaction),
            })
            .collect())
    }

    async fn hold_leaf(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        permit: &Permit<Seal, Desk>,
        kind: EntryKind,
        id: InteractionId,
    ) -> Result<(), StoreError> {
        let mut entry = self.deed(permit, kind);
        entry.resource = Some(id.to_string());
        self.append(txn, keys, &entry).await?;
        Ok(())
    }
}

async fn lay(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    hold: HoldId,
    id: InteractionId,
) -> Result<(), StoreError> {
    let found = listing::find(txn, tenant, id).await?;
    if found.is_none_or(|row| row.status == listing::ERASING) {
        return Err(StoreError::not_found("interaction", id));
    }
    let key = (tenant.as_uuid(), hold.as_uuid(), id.as_uuid());
    if item::Entity::find_by_id(key).one(txn).await?.is_some() {
        return Ok(());
    }
    let row = item::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        hold: Set(hold.as_uuid()),
        interaction: Set(id.as_uuid()),
    };
    item::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    mark(txn, tenant, id, true).await
}

async fn take_off(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    hold: HoldId,
    id: InteractionId,
) -> Result<(), StoreError> {
    item::Entity::delete_by_id((tenant.as_uuid(), hold.as_uuid(), id.as_uuid()))
        .exec(txn)
        .await?;
    let others = item::Entity::find()
        .filter(item::Column::Tenant.eq(tenant.as_uuid()))
        .filter(item::Column::Interaction.eq(id.as_uuid()))
        .one(txn)
        .await?;
    mark(txn, tenant, id, others.is_some()).await
}

/// The interaction's own flag says whether any hold lies on it; it changes with the items.
async fn mark(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    on_hold: bool,
) -> Result<(), StoreError> {
    interaction::Entity::update_many()
        .col_expr(interaction::Column::OnHold, Expr::value(on_hold))
        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
        .filter(interaction::Column::Id.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

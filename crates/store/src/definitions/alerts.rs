//! Alerts: raised once for a definition and an interaction, in the transaction that stores what
//! was found, so that none is lost and none is raised twice.

use domain::{AlertId, DataCategory, DefinitionId, InteractionId, Millis, TenantId, Timestamp};
use policy::{Find, Interactions, Permit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::rows::{alert as row, definition};
use crate::{Store, StoreError};

/// An alert to raise with what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertOrder {
    /// Which definition.
    pub definition: DefinitionId,
    /// After one was raised, further ones are kept but not delivered for so long.
    pub quiet: Millis,
}

/// An alert that was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// Its id: whoever gets it twice can tell.
    pub id: AlertId,
    /// Of which definition.
    pub definition: DefinitionId,
    /// About which interaction.
    pub interaction: InteractionId,
    /// When.
    pub raised: Timestamp,
    /// It came within the quiet time after another, and is not delivered.
    pub quiet: bool,
    /// When a recipient took it first.
    pub delivered: Option<Timestamp>,
}

impl Store {
    /// A tenant's newest alerts.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn alerts(
        &self,
        permit: &Permit<Find, Interactions>,
        limit: u64,
    ) -> Result<Vec<Alert>, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("alerts", Some(tenant), |txn| {
                Box::pin(async move {
                    let newest = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_desc(row::Column::Raised)
                        .order_by_desc(row::Column::Id);
                    Ok(newest.limit(limit).all(txn.db()).await?)
                })
            })
            .await?;
        let alerts = rows.into_iter().map(|row| Alert {
            id: AlertId::from_uuid(row.id),
            definition: DefinitionId::from_uuid(row.definition),
            interaction: InteractionId::from_uuid(row.interaction),
            raised: Timestamp(row.raised),
            quiet: row.quiet,
            delivered: row.delivered.map(Timestamp),
        });
        Ok(alerts.collect())
    }

    /// How many alerts were raised from an instant on, and before another.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn alerts_raised(
        &self,
        permit: &Permit<Find, Interactions>,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<u64, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        self.db
            .read("alerts_raised", Some(tenant), |txn| {
                Box::pin(async move {
                    let raised = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Raised.gte(from.0))
                        .filter(row::Column::Raised.lt(until.0));
                    Ok(raised.count(txn.db()).await?)
                })
            })
            .await
    }
}

/// Raises an alert, unless it was raised for this interaction before.
pub(super) async fn raise(
    txn: &DatabaseTransaction,
    (tenant, interaction): (TenantId, InteractionId),
    order: &AlertOrder,
    (id, now): (AlertId, Timestamp),
) -> Result<(), StoreError> {
    // One at a time for a definition, so that the quiet time holds among many workers.
    let key = (tenant.as_uuid(), order.definition.as_uuid());
    let definition = definition::Entity::find_by_id(key)
        .lock_exclusive()
        .one(txn)
        .await?;
    if definition.is_none_or(|row| row.live_epoch.is_none()) {
        return Ok(());
    }
    let since = now
        .0
        .saturating_sub(i64::try_from(order.quiet.0).unwrap_or(i64::MAX));
    let loud = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Definition.eq(order.definition.as_uuid()))
        .filter(row::Column::Raised.gt(since))
        .filter(row::Column::Quiet.eq(false))
        .limit(1)
        .one(txn)
        .await?;
    let alert = row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        id: Set(id.as_uuid()),
        definition: Set(order.definition.as_uuid()),
        interaction: Set(interaction.as_uuid()),
        raised: Set(now.0),
        quiet: Set(loud.is_some()),
        delivered: Set(None),
    };
    let once = OnConflict::columns([
        row::Column::Tenant,
        row::Column::Definition,
        row::Column::Interaction,
    ])
    .do_nothing()
    .to_owned();
    row::Entity::insert(alert)
        .on_conflict(once)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Drops the alerts about an interaction.
pub(super) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    super::deliveries::forget(txn, tenant, id).await?;
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

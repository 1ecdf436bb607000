//! Rows of messages and of what they tell of.

use domain::{
    AlertId, AlertRouteId, DefinitionId, DisclosureId, InteractionId, TenantId, Timestamp,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{AT_ONCE, DeliveryLease, RouteOrder, Sending, WAITING};
use crate::StoreError;
use crate::rows::{alert, delivery as row, register, sending};

/// One planner of a route at a time.
pub(super) async fn lock_route(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    route: AlertRouteId,
) -> Result<(), StoreError> {
    let key = (tenant.as_uuid(), "alert_routes".to_owned(), route.as_uuid());
    let found = register::Entity::find_by_id(key)
        .lock_exclusive()
        .one(txn)
        .await?;
    found
        .map(drop)
        .ok_or_else(|| StoreError::not_found("alert route", route))
}

pub(super) async fn untold(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    order: &RouteOrder,
) -> Result<Vec<alert::Model>, StoreError> {
    let told = sending::Entity::find()
        .select_only()
        .column(sending::Column::Alert)
        .filter(sending::Column::Tenant.eq(tenant.as_uuid()))
        .filter(sending::Column::Route.eq(order.route.as_uuid()))
        .into_query();
    let mut query = alert::Entity::find()
        .filter(alert::Column::Tenant.eq(tenant.as_uuid()))
        .filter(alert::Column::Quiet.eq(false))
        .filter(alert::Column::Raised.gte(order.since.0))
        .filter(alert::Column::Id.not_in_subquery(told));
    if !order.only.is_empty() {
        let only = order.only.iter().map(DefinitionId::as_uuid);
        query = query.filter(alert::Column::Definition.is_in(only));
    }
    Ok(query
        .order_by_asc(alert::Column::Raised)
        .order_by_asc(alert::Column::Id)
        .limit(AT_ONCE)
        .all(txn)
        .await?)
}

pub(super) async fn plan(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    route: AlertRouteId,
    (id, now): (Uuid, Timestamp),
    alerts: &[alert::Model],
) -> Result<(), StoreError> {
    let message = row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        id: Set(id),
        route: Set(route.as_uuid()),
        state: Set(WAITING.to_owned()),
        attempt: Set(0),
        ready_at: Set(now.0),
        created: Set(now.0),
        closed: Set(None),
        failure: Set(None),
        token: Set(None),
        lease_until: Set(None),
    };
    row::Entity::insert(message)
        .exec_without_returning(txn)
        .await?;
    let parts = alerts.iter().map(|alert| sending::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        route: Set(route.as_uuid()),
        alert: Set(alert.id),
        delivery: Set(id),
        disclosure: Set(None),
        refused: Set(None),
    });
    sending::Entity::insert_many(parts)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// What a message still tells of: alerts of erased interactions are gone from it.
pub(super) async fn going(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: Uuid,
) -> Result<Vec<Sending>, StoreError> {
    let parts = sending::Entity::find()
        .filter(sending::Column::Tenant.eq(tenant.as_uuid()))
        .filter(sending::Column::Delivery.eq(id))
        .filter(sending::Column::Refused.is_null())
        .order_by_asc(sending::Column::Alert)
        .all(txn)
        .await?;
    let mut going = Vec::with_capacity(parts.len());
    for part in parts {
        let key = (tenant.as_uuid(), part.alert);
        if let Some(alert) = alert::Entity::find_by_id(key).one(txn).await? {
            going.push(Sending {
                alert: AlertId::from_uuid(alert.id),
                definition: DefinitionId::from_uuid(alert.definition),
                interaction: InteractionId::from_uuid(alert.interaction),
                raised: Timestamp(alert.raised),
                disclosure: part.disclosure.map(DisclosureId::from_uuid),
            });
        }
    }
    Ok(going)
}

/// The message's row, while the lease is still ours.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    lease: &DeliveryLease,
) -> Result<row::Model, StoreError> {
    let found = row::Entity::find_by_id((tenant.as_uuid(), lease.id.as_uuid()))
        .lock_exclusive()
        .one(txn)
        .await?;
    found
        .filter(|row| row.token == Some(lease.token))
        .ok_or(StoreError::DeliveryLost { delivery: lease.id })
}

/// Takes an interaction's alerts out of every message.
pub(in crate::definitions) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    interaction: InteractionId,
) -> Result<(), StoreError> {
    let own = alert::Entity::find()
        .select_only()
        .column(alert::Column::Id)
        .filter(alert::Column::Tenant.eq(tenant.as_uuid()))
        .filter(alert::Column::Interaction.eq(interaction.as_uuid()))
        .into_query();
    sending::Entity::delete_many()
        .filter(sending::Column::Tenant.eq(tenant.as_uuid()))
        .filter(sending::Column::Alert.in_subquery(own))
        .exec(txn)
        .await?;
    Ok(())
}

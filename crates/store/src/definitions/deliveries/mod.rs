//! Messages that tell recipients of alerts.
//!
//! A message is planned in one transaction with the alerts it tells of: an alert goes by a route
//! once. Its id is made then and stays, so that whoever gets it twice can tell. Sending is leased:
//! a sender that dies leaves an expired lease, and the next one sends the same message again.
//! Invariant: an alert's disclosure is entered once and closed once, however often it is sent.

mod messages;

use domain::{
    AlertId, AlertRouteId, DefinitionId, DeliveryId, DisclosureId, InteractionId, Millis, Timestamp,
};
use policy::{Action, Desk, Disclose, Find, Interactions, Permit, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use messages::{going, held, lock_route, plan, untold};

use crate::ledger::EntryKind;
use crate::registers::{RecordKey, Registered};
use crate::rows::{alert, delivery as row, register, sending};
use crate::{Store, StoreError};

pub(super) use messages::forget;

/// Alerts that one message tells of at most.
const AT_ONCE: u64 = 200;
const WAITING: &str = "waiting";
const SENDING: &str = "sending";
const DELIVERED: &str = "delivered";
const FAILED: &str = "failed";
const REFUSED: &str = "refused";

/// Where a message is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent when its time has come.
    Waiting,
    /// Somebody is sending it.
    Sending,
    /// The recipient took it.
    Delivered,
    /// Given up; it can be tried again by hand.
    Failed,
    /// The policy let nothing of it go.
    Refused,
}

impl DeliveryState {
    /// Its word.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => WAITING,
            Self::Sending => SENDING,
            Self::Delivered => DELIVERED,
            Self::Failed => FAILED,
            Self::Refused => REFUSED,
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let all = [
            Self::Waiting,
            Self::Sending,
            Self::Delivered,
            Self::Failed,
            Self::Refused,
        ];
        let found = all.into_iter().find(|state| state.key() == text);
        found.ok_or_else(|| StoreError::record("delivery", "its state is not known"))
    }
}

/// Which alerts a route takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteOrder {
    /// Which route.
    pub route: AlertRouteId,
    /// Only alerts raised at or after this instant.
    pub since: Timestamp,
    /// Only of these definitions; empty: of all.
    pub only: Vec<DefinitionId>,
    /// Collects for so long and tells of all in one message; 0: a message each, at once.
    pub digest: Millis,
}

/// An alert in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// Which alert.
    pub alert: AlertId,
    /// Of which definition.
    pub definition: DefinitionId,
    /// About which interaction.
    pub interaction: InteractionId,
    /// When it was raised.
    pub raised: Timestamp,
    /// Its entry in the register of disclosures, once there.
    pub disclosure: Option<DisclosureId>,
}

/// A message to send now, held by whoever leased it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLease {
    /// Which message; what a receiver knows it by.
    pub id: DeliveryId,
    /// By which route.
    pub route: AlertRouteId,
    /// When it was planned.
    pub created: Timestamp,
    /// Attempts before this one.
    pub attempt: u32,
    /// The alerts that still go.
    pub alerts: Vec<Sending>,
    token: Uuid,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// The recipient took it.
    Delivered,
    /// It is tried again at an instant.
    Again(Timestamp, String),
    /// It is given up.
    Failed(String),
    /// The policy let nothing of it go.
    Refused(String),
}

/// A message as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// By which route.
    pub route: AlertRouteId,
    /// Where it is.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempt: u32,
    /// When it was planned.
    pub created: Timestamp,
    /// When it is tried next, while it waits.
    pub ready_at: Timestamp,
    /// When it ended.
    pub closed: Option<Timestamp>,
    /// What stood against it last.
    pub failure: Option<String>,
    /// The alerts it tells of; with the clauses of a refusal where one was left out.
    pub alerts: Vec<(AlertId, Option<String>)>,
}

impl Store {
    /// Plans messages for what a route has not told of yet; says how many.
    ///
    /// # Errors
    /// [`StoreError::WrongPermit`] where the permit is not for keeping registers.
    pub async fn plan_deliveries(
        &self,
        permit: &Permit<Seal, Desk>,
        order: &RouteOrder,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let ids: Result<Vec<Uuid>, StoreError> = (0..AT_ONCE).map(|_| self.timed_uuid()).collect();
        let ids = &ids?;
        self.db
            .write("plan_deliveries", Some(tenant), |txn| {
                Box::pin(async move {
                    lock_route(txn.db(), tenant, order.route).await?;
                    let alerts = untold(txn.db(), tenant, order).await?;
                    let oldest = alerts.first().map(|one| Timestamp(one.raised));
                    let Some(oldest) = oldest else {
                        return Ok(0);
                    };
                    let together = order.digest > Millis::ZERO;
                    if together && oldest.plus(order.digest) > now {
                        return Ok(0);
                    }
                    let messages: Vec<&[alert::Model]> = if together {
                        vec![&alerts]
                    } else {
                        alerts.chunks(1).collect()
                    };
                    for (message, id) in messages.iter().zip(ids) {
                        plan(txn.db(), tenant, order.route, (*id, now), message).await?;
                    }
                    Ok(messages.len())
                })
            })
            .await
    }

    /// Takes the next message that is due, or one whose sender is gone.
    ///
    /// # Errors
    /// [`StoreError::WrongPermit`], [`StoreError::Database`].
    pub async fn lease_delivery(
        &self,
        permit: &Permit<Seal, Desk>,
        (now, for_): (Timestamp, Millis),
    ) -> Result<Option<DeliveryLease>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let token = self.random_uuid()?;
        self.db
            .write("lease_delivery", Some(tenant), |txn| {
                Box::pin(async move {
                    let due = Condition::all()
                        .add(row::Column::State.eq(WAITING))
                        .add(row::Column::ReadyAt.lte(now.0));
                    let left = Condition::all()
                        .add(row::Column::State.eq(SENDING))
                        .add(row::Column::LeaseUntil.lte(now.0));
                    let found = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(Condition::any().add(due).add(left))
                        .order_by_asc(row::Column::ReadyAt)
                        .order_by_asc(row::Column::Id)
                        .lock_exclusive()
                        .one(txn.db())
                        .await?;
                    let Some(found) = found else {
                        return Ok(None);
                    };
                    let lease = DeliveryLease {
                        id: DeliveryId::from_uuid(found.id),
                        route: AlertRouteId::from_uuid(found.route),
                        created: Timestamp(found.created),
                        attempt: counted(found.attempt),
                        alerts: going(txn.db(), tenant, found.id).await?,
                        token,
                    };
                    let mut held = found.into_active_model();
                    held.state = Set(SENDING.to_owned());
                    held.token = Set(Some(token));
                    held.lease_until = Set(Some(now.plus(for_).0));
                    held.update(txn.db()).await?;
                    Ok(Some(lease))
                })
            })
            .await
    }

    /// Enters the disclosure of an alert's interaction under the permit that allows it, or finds
    /// the one that an earlier attempt entered.
    ///
    /// # Errors
    /// [`StoreError::Permit`]; [`StoreError::DeliveryLost`] where somebody else sends it now.
    pub async fn file_alert<R: Registered<Id = DisclosureId>>(
        &self,
        permit: &Permit<Disclose, InteractionId>,
        lease: &DeliveryLease,
        alert: AlertId,
        body: &R,
    ) -> Result<DisclosureId, StoreError> {
        let now = self.clock.now();
        for category in permit.categories() {
            permit.check(*category, now)?;
        }
        let tenant = permit.tenant();
        let fresh = DisclosureId::from_uuid(self.timed_uuid()?);
        let keys = &*self.tenant_keys(tenant).await?;
        let made = &self.register_row(keys, fresh, body, now)?;
        let entry = &self.deed(permit, EntryKind::Disclosed);
        self.db
            .write("file_alert", Some(tenant), |txn| {
                Box::pin(async move {
                    held(txn.db(), tenant, lease).await?;
                    let key = (tenant.as_uuid(), lease.route.as_uuid(), alert.as_uuid());
                    let found = sending::Entity::find_by_id(key).one(txn.db()).await?;
                    let found = found.ok_or_else(|| StoreError::not_found("alert", alert))?;
                    if let Some(known) = found.disclosure {
                        return Ok(DisclosureId::from_uuid(known));
                    }
                    register::Entity::insert(made.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    let mut entered = found.into_active_model();
                    entered.disclosure = Set(Some(fresh.raw()));
                    entered.update(txn.db()).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(fresh)
                })
            })
            .await
    }

    /// Leaves an alert out of a message because the policy refuses it.
    ///
    /// # Errors
    /// [`StoreError::DeliveryLost`], [`StoreError::Database`].
    pub async fn leave_out(
        &self,
        permit: &Permit<Seal, Desk>,
        lease: &DeliveryLease,
        alert: AlertId,
        clauses: &str,
    ) -> Result<(), StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        self.db
            .write("leave_out", Some(tenant), |txn| {
                Box::pin(async move {
                    held(txn.db(), tenant, lease).await?;
                    sending::Entity::update_many()
                        .col_expr(sending::Column::Refused, Expr::value(clauses))
                        .filter(sending::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(sending::Column::Route.eq(lease.route.as_uuid()))
                        .filter(sending::Column::Alert.eq(alert.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Ends an attempt. A message that was delivered marks its alerts as delivered.
    ///
    /// # Errors
    /// [`StoreError::DeliveryLost`], [`StoreError::Database`].
    pub async fn close_delivery(
        &self,
        permit: &Permit<Seal, Desk>,
        lease: &DeliveryLease,
        how: &Closing,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        self.db
            .write("close_delivery", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut ended = held(txn.db(), tenant, lease).await?.into_active_model();
                    let (state, ready, failure) = match how {
                        Closing::Delivered => (DELIVERED, now, None),
                        Closing::Again(at, why) => (WAITING, *at, Some(why.clone())),
                        Closing::Failed(why) => (FAILED, now, Some(why.clone())),
                        Closing::Refused(why) => (REFUSED, now, Some(why.clone())),
                    };
                    ended.state = Set(state.to_owned());
                    ended.ready_at = Set(ready.0);
                    ended.failure = Set(failure);
                    ended.closed = Set((state != WAITING).then_some(now.0));
                    ended.attempt = Set(i64::from(lease.attempt) + 1);
                    ended.token = Set(None);
                    ended.lease_until = Set(None);
                    ended.update(txn.db()).await?;
                    if *how == Closing::Delivered {
                        let told = lease.alerts.iter().map(|one| one.alert.as_uuid());
                        alert::Entity::update_many()
                            .col_expr(alert::Column::Delivered, Expr::value(now.0))
                            .filter(alert::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(alert::Column::Id.is_in(told))
                            .filter(alert::Column::Delivered.is_null())
                            .exec(txn.db())
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Lets a message that was given up be sent again, under the same id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is not there or did not fail.
    pub async fn retry_delivery<A: Action>(
        &self,
        permit: &Permit<A, Desk>,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let again = self
            .db
            .write("retry_delivery", Some(tenant), |txn| {
                Box::pin(async move {
                    let again = row::Entity::update_many()
                        .col_expr(row::Column::State, Expr::value(WAITING))
                        .col_expr(row::Column::ReadyAt, Expr::value(now.0))
                        .col_expr(row::Column::Attempt, Expr::value(0i64))
                        .col_expr(row::Column::Closed, Expr::value(Option::<i64>::None))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Id.eq(id.as_uuid()))
                        .filter(row::Column::State.eq(FAILED))
                        .exec(txn.db())
                        .await?;
                    Ok(again.rows_affected)
                })
            })
            .await?;
        if again == 1 {
            Ok(())
        } else {
            Err(StoreError::not_found("failed delivery", id))
        }
    }

    /// The newest messages with what they tell of. Ids and times only.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn deliveries(
        &self,
        permit: &Permit<Find, Interactions>,
        limit: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        permit.check(domain::DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        let (rows, parts) = self
            .db
            .read("deliveries", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_desc(row::Column::Created)
                        .order_by_desc(row::Column::Id)
                        .limit(limit)
                        .all(txn.db())
                        .await?;
                    let ids = rows.iter().map(|row| row.id);
                    let parts = sending::Entity::find()
                        .filter(sending::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(sending::Column::Delivery.is_in(ids))
                        .order_by_asc(sending::Column::Alert)
                        .all(txn.db())
                        .await?;
                    Ok((rows, parts))
                })
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                let own = parts.iter().filter(|part| part.delivery == row.id);
                Ok(Delivery {
                    id: DeliveryId::from_uuid(row.id),
                    route: AlertRouteId::from_uuid(row.route),
                    state: DeliveryState::parse(&row.state)?,
                    attempt: counted(row.attempt),
                    created: Timestamp(row.created),
                    ready_at: Timestamp(row.ready_at),
                    closed: row.closed.map(Timestamp),
                    failure: row.failure,
                    alerts: own
                        .map(|part| (AlertId::from_uuid(part.alert), part.refused.clone()))
                        .collect(),
                })
            })
            .collect()
    }
}

fn counted(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

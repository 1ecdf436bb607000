//! Notes that are work to be done: who asked for it wrote one, and the pipeline takes it on.

use domain::{DataCategory, TenantId, Timestamp};
use policy::{Interactions, Permit, Seal};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::ledger::EntryKind;
use crate::notes::{Note, Noted, read};
use crate::registers::RecordKey;
use crate::rows::note as row;
use crate::{Store, StoreError};

/// The states of a note that is work: nobody has begun it, or somebody has until its clock ends.
#[derive(Debug, Clone, Copy)]
pub struct ChoreStates {
    /// Nobody has begun it.
    pub waiting: &'static str,
    /// Somebody is at it; past its clock, another takes it over.
    pub begun: &'static str,
}

impl Store {
    /// Whether a tenant has work of a kind that nobody is at.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn chore_waits<N: Noted>(
        &self,
        tenant: TenantId,
        states: ChoreStates,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.db
            .read("chore_waits", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = open::<N>(tenant, states, now)
                        .select_only()
                        .column(row::Column::Id)
                        .into_tuple::<uuid::Uuid>()
                        .one(txn.db())
                        .await?;
                    Ok(found.is_some())
                })
            })
            .await
    }

    /// The oldest work of a kind that nobody is at, opened for who may store what comes of it.
    /// Whoever amends it first has taken it on.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where the permit does not cover what such notes hold;
    /// [`StoreError::Seal`].
    pub async fn chore<N: Noted>(
        &self,
        permit: &Permit<Seal, Interactions>,
        states: ChoreStates,
    ) -> Result<Option<Note<N>>, StoreError> {
        let now = self.clock.now();
        for category in N::HOLDS {
            permit.check(*category, now)?;
        }
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let found = self
            .db
            .write("chore", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = open::<N>(tenant, states, now).one(txn.db()).await?;
                    if let Some(found) = &found {
                        let id = N::Id::wrap(found.id).to_string();
                        let entry = self.note_deed(permit, EntryKind::Opened, &id);
                        self.append(txn.db(), keys, &entry).await?;
                    }
                    Ok(found)
                })
            })
            .await?;
        found.map(|found| read(keys, found)).transpose()
    }
}

fn open<N: Noted>(
    tenant: TenantId,
    states: ChoreStates,
    now: Timestamp,
) -> sea_orm::Select<row::Entity> {
    let left = Condition::all()
        .add(row::Column::State.eq(states.begun))
        .add(row::Column::Due.lte(now.0));
    row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Kind.eq(N::KIND))
        .filter(
            Condition::any()
                .add(row::Column::State.eq(states.waiting))
                .add(left),
        )
        .order_by_asc(row::Column::Created)
        .order_by_asc(row::Column::Id)
}

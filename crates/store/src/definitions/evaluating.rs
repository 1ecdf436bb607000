//! Which interactions have not been evaluated at the tenant's newest publication, and storing
//! what was found in them.
//!
//! The database is the truth: an interaction whose words are made gets a mark of epoch 0 in the same
//! transaction, and is behind while its mark is of an older epoch. Whoever evaluates may die at
//! any moment and may do it twice.

use domain::query::WordStream;
use domain::{
    AlertId, DataCategory, DefinitionId, Epoch, Finding, InteractionId, TenantId, Timestamp,
};
use policy::{Action, Permit, Read, Resource, Seal};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::alerts::AlertOrder;
use super::findings::{self, SealedFinding};
use super::{epoch_of, find, signed, unsigned};
use crate::ledger::EntryKind;
use crate::rows::{definition, evaluation as row, finding, interaction, mark, override_row};
use crate::{Store, StoreError, listing};

/// An interaction to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Which.
    pub id: InteractionId,
    /// Which of its words: they may be made again meanwhile.
    pub generation: i64,
    /// Evaluated up to here; 0 where these words never were.
    pub reached: Epoch,
}

/// How far the evaluation of a definition's next version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Interactions evaluated.
    pub done: u64,
    /// Interactions there are.
    pub total: u64,
}

impl Store {
    /// Some of a tenant's interactions that are behind, newest first; none while nothing was
    /// published. Ids only.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn behind(&self, tenant: TenantId, limit: u64) -> Result<Vec<Behind>, StoreError> {
        let now = self.clock.now();
        self.db
            .read("behind", Some(tenant), |txn| {
                Box::pin(async move {
                    let epoch = epoch_of(txn.db(), tenant).await?;
                    if epoch == 0 {
                        return Ok(Vec::new());
                    }
                    if !any_lags(txn.db(), tenant, epoch).await? {
                        return Ok(Vec::new());
                    }
                    let rows: Vec<(Uuid, i64, i64)> = lagging(tenant, epoch, now)
                        .select_only()
                        .column(interaction::Column::Id)
                        .columns([row::Column::Generation, row::Column::Epoch])
                        .order_by_desc(interaction::Column::Started)
                        .order_by_desc(interaction::Column::Id)
                        .limit(limit)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let behind = rows.into_iter().map(|(id, generation, reached)| Behind {
                        id: InteractionId::from_uuid(id),
                        generation,
                        reached: Epoch(unsigned(reached)),
                    });
                    Ok(behind.collect())
                })
            })
            .await
    }

    /// The word stream of one interaction with its fields, opened for an evaluation.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Withheld`].
    pub async fn stream_to_evaluate(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<WordStream, StoreError> {
        let stream = self.stream_of(permit, *permit.resource()).await?;
        let stream = stream.ok_or(StoreError::Withheld(domain::Withheld::NotReady))?;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let entry = &self.deed(permit, EntryKind::Opened);
        self.db
            .write("stream_to_evaluate", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(stream)
    }

    /// Stores what was found in an interaction, raises alerts, and marks it as evaluated up to an epoch. Nothing
    /// is stored, and `false` returned, where its words were made again or it is being erased.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn store_findings(
        &self,
        permit: &Permit<Seal, InteractionId>,
        behind: &Behind,
        reached: Epoch,
        (found, alerts): (&[(DefinitionId, Epoch, Finding)], &[AlertOrder]),
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let ids: Result<Vec<AlertId>, StoreError> = alerts
            .iter()
            .map(|_| Ok(AlertId::from_uuid(self.timed_uuid()?)))
            .collect();
        let ids = &ids?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        if id != behind.id {
            return Err(StoreError::WrongPermit {
                name: behind.id.to_string(),
            });
        }
        let keys = &*self.tenant_keys(tenant).await?;
        let sealed: Result<Vec<SealedFinding>, StoreError> = found
            .iter()
            .map(|(definition, epoch, finding)| {
                self.seal_finding(keys, (*definition, *epoch, id), finding)
            })
            .collect();
        let sealed = &sealed?;
        let entry = &self.deed(permit, EntryKind::Sealed);
        self.db
            .write("store_findings", Some(tenant), |txn| {
                Box::pin(async move {
                    if !mark_evaluated(txn.db(), tenant, behind, reached).await? {
                        return Ok(false);
                    }
                    if behind.reached == Epoch(0) {
                        drop_findings(txn.db(), tenant, id).await?;
                    }
                    for one in sealed {
                        findings::put(txn.db(), one).await?;
                    }
                    for (order, alert) in alerts.iter().zip(ids) {
                        super::alerts::raise(txn.db(), (tenant, id), order, (*alert, now)).await?;
                    }
                    if !sealed.is_empty() {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(true)
                })
            })
            .await
    }

    /// Marks an interaction as evaluated where the policy does not let it be: nothing is found
    /// in it. What was refused is on the ledger already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn pass_over(&self, tenant: TenantId, behind: &Behind) -> Result<(), StoreError> {
        self.db
            .write("pass_over", Some(tenant), |txn| {
                Box::pin(async move {
                    let reached = Epoch(unsigned(epoch_of(txn.db(), tenant).await?));
                    if mark_evaluated(txn.db(), tenant, behind, reached).await? {
                        drop_findings(txn.db(), tenant, behind.id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Lets every next version that all history was evaluated with take the place of the one
    /// before; says how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn promote_definitions(&self, tenant: TenantId) -> Result<usize, StoreError> {
        let now = self.clock.now();
        self.db
            .write("promote_definitions", Some(tenant), |txn| {
                Box::pin(async move {
                    let waiting = definition::Entity::find()
                        .filter(definition::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(definition::Column::NextEpoch.is_not_null())
                        .all(txn.db())
                        .await?;
                    let mut promoted = 0;
                    for row in waiting {
                        let Some(epoch) = row.next_epoch else {
                            continue;
                        };
                        let left = lagging(tenant, epoch, now).limit(1).one(txn.db());
                        if left.await?.is_some() {
                            continue;
                        }
                        let id = DefinitionId::from_uuid(row.id);
                        let version = row.next_version;
                        let mut row = row.into_active_model();
                        row.live_version = Set(version);
                        row.live_epoch = Set(Some(epoch));
                        row.next_version = Set(None);
                        row.next_epoch = Set(None);
                        row.update(txn.db()).await?;
                        findings::drop_epochs(txn.db(), tenant, id, 0, epoch).await?;
                        promoted += 1;
                    }
                    Ok(promoted)
                })
            })
            .await
    }

    /// How far the evaluation of a definition's next version is; none where none is waiting.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn definition_progress<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        id: DefinitionId,
    ) -> Result<Option<Progress>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        self.db
            .read("definition_progress", Some(tenant), |txn| {
                Box::pin(async move {
                    let Some(epoch) = find(txn.db(), tenant, id).await?.next_epoch else {
                        return Ok(None);
                    };
                    let total = evaluable(tenant, now).count(txn.db()).await?;
                    let left = lagging(tenant, epoch, now).count(txn.db()).await?;
                    Ok(Some(Progress {
                        done: total.saturating_sub(left),
                        total,
                    }))
                })
            })
            .await
    }
}

/// What can be evaluated: what has words and may be read.
fn evaluable(tenant: TenantId, now: Timestamp) -> sea_orm::Select<interaction::Entity> {
    use interaction::Column;
    interaction::Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Generation.gt(0))
        .filter(Column::Status.ne(listing::ERASING))
        .filter(
            Condition::any()
                .add(Column::KeepUntil.is_null())
                .add(Column::KeepUntil.gt(now.0)),
        )
}

/// What can be evaluated and was not at an epoch or later.
fn lagging(tenant: TenantId, epoch: i64, now: Timestamp) -> sea_orm::Select<interaction::Entity> {
    let mark: RelationDef = interaction::Entity::belongs_to(row::Entity)
        .from((interaction::Column::Tenant, interaction::Column::Id))
        .to((row::Column::Tenant, row::Column::Interaction))
        .into();
    evaluable(tenant, now)
        .join(JoinType::InnerJoin, mark)
        .filter(row::Column::Epoch.lt(epoch))
}

/// Whether anything is behind: one step into an index, asked whenever a worker has nothing to do.
async fn any_lags(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    epoch: i64,
) -> Result<bool, StoreError> {
    let found = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Epoch.lt(epoch))
        .limit(1)
        .one(txn)
        .await?;
    Ok(found.is_some())
}

/// Notes that an interaction has new words, which nothing was evaluated on.
pub(crate) async fn note_words(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    generation: i64,
) -> Result<(), StoreError> {
    put_mark(txn, tenant, id, (generation, 0)).await
}

async fn put_mark(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    (generation, epoch): (i64, i64),
) -> Result<(), StoreError> {
    let mark = row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        interaction: Set(id.as_uuid()),
        generation: Set(generation),
        epoch: Set(epoch),
    };
    let replace = OnConflict::columns([row::Column::Tenant, row::Column::Interaction])
        .update_columns([row::Column::Generation, row::Column::Epoch])
        .to_owned();
    row::Entity::insert(mark)
        .on_conflict(replace)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// `false` where the interaction has other words by now, or none.
async fn mark_evaluated(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    behind: &Behind,
    reached: Epoch,
) -> Result<bool, StoreError> {
    let now = interaction::Entity::find_by_id((tenant.as_uuid(), behind.id.as_uuid()))
        .lock_shared()
        .one(txn)
        .await?;
    let same = |row: &interaction::Model| {
        row.generation == behind.generation && row.status != listing::ERASING
    };
    if !now.as_ref().is_some_and(same) {
        return Ok(false);
    }
    let mark = (behind.generation, signed(reached.0));
    put_mark(txn, tenant, behind.id, mark).await?;
    Ok(true)
}

async fn drop_findings(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    finding::Entity::delete_many()
        .filter(finding::Column::Tenant.eq(tenant.as_uuid()))
        .filter(finding::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Everything that definitions and people noted about an interaction, when it is erased.
pub(crate) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    drop_findings(txn, tenant, id).await?;
    super::alerts::forget(txn, tenant, id).await?;
    row::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid()))
        .exec(txn)
        .await?;
    mark::Entity::delete_many()
        .filter(mark::Column::Tenant.eq(tenant.as_uuid()))
        .filter(mark::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    override_row::Entity::delete_many()
        .filter(override_row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(override_row::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

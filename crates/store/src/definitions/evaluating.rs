//! Which interactions have not been evaluated at the tenant's newest publication, and storing
//! what was found in them.
//!
//! The database is the truth: an interaction is behind while its mark is of an older epoch or of
//! older words. Whoever evaluates may die at any moment and may do it twice.

use domain::query::WordStream;
use domain::{DataCategory, DefinitionId, Epoch, Finding, InteractionId, TenantId, Timestamp};
use policy::{Action, Permit, Read, Resource, Seal};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

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
                    let rows: Vec<(Uuid, i64)> = evaluable(tenant, now)
                        .filter(level_with(epoch).not())
                        .select_only()
                        .columns([interaction::Column::Id, interaction::Column::Generation])
                        .order_by_desc(interaction::Column::Started)
                        .order_by_desc(interaction::Column::Id)
                        .limit(limit)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let mut behind = Vec::with_capacity(rows.len());
                    for (id, generation) in rows {
                        let known = row::Entity::find_by_id((tenant.as_uuid(), id))
                            .one(txn.db())
                            .await?
                            .filter(|known| known.generation == generation);
                        behind.push(Behind {
                            id: InteractionId::from_uuid(id),
                            generation,
                            reached: Epoch(known.map_or(0, |known| unsigned(known.epoch))),
                        });
                    }
                    Ok(behind)
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

    /// Stores what was found in an interaction and marks it as evaluated up to an epoch. Nothing
    /// is stored, and `false` returned, where its words were made again or it is being erased.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn store_findings(
        &self,
        permit: &Permit<Seal, InteractionId>,
        behind: &Behind,
        reached: Epoch,
        found: &[(DefinitionId, Epoch, Finding)],
    ) -> Result<bool, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
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
                        let lagging = evaluable(tenant, now)
                            .filter(level_with(epoch).not())
                            .limit(1)
                            .count(txn.db())
                            .await?;
                        if lagging > 0 {
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
                    let done = evaluable(tenant, now).filter(level_with(epoch));
                    Ok(Some(Progress {
                        done: done.count(txn.db()).await?,
                        total: evaluable(tenant, now).count(txn.db()).await?,
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

/// Whether an interaction's present words were evaluated at an epoch or later.
fn level_with(epoch: i64) -> Expr {
    let of = |column: row::Column| Expr::col((row::Entity, column));
    let its = |column: interaction::Column| Expr::col((interaction::Entity, column));
    let mark: SelectStatement = Query::select()
        .expr(Expr::val(1))
        .from(row::Entity)
        .cond_where(
            Condition::all()
                .add(of(row::Column::Tenant).eq(its(interaction::Column::Tenant)))
                .add(of(row::Column::Interaction).eq(its(interaction::Column::Id)))
                .add(of(row::Column::Generation).eq(its(interaction::Column::Generation)))
                .add(of(row::Column::Epoch).gte(epoch)),
        )
        .to_owned();
    Expr::exists(mark)
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
    let mark = row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        interaction: Set(behind.id.as_uuid()),
        generation: Set(behind.generation),
        epoch: Set(signed(reached.0)),
    };
    let replace = OnConflict::columns([row::Column::Tenant, row::Column::Interaction])
        .update_columns([row::Column::Generation, row::Column::Epoch])
        .to_owned();
    row::Entity::insert(mark)
        .on_conflict(replace)
        .exec_without_returning(txn)
        .await?;
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

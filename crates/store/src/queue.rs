//! The durable queue: one job per interaction, leased by token, taken over when a lease runs out.
//!
//! A job holds ids and times only. What a stage makes is stored in `stages`, in the transaction
//! that also moves the job on, so a worker that dies leaves an expired lease and nothing else.

use domain::{InteractionId, JobId, Millis, Stage, TenantId, Timestamp};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use uuid::Uuid;

use crate::db::name_tenant;
use crate::listing::{FAILED, PROCESSING};
use crate::rows::{interaction, job as row};
use crate::{Store, StoreError};

/// Leases that ran out before a job counts as one that kills its workers. Above what restarts of
/// healthy machines cause, below forever.
const TAKEOVERS: i64 = 64;

pub(crate) const QUEUED: &str = "queued";
pub(crate) const LEASED: &str = "leased";
pub(crate) const POISON: &str = "poison";
pub(crate) const HALTED: &str = "stopped";

/// The right to run one stage for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Which job.
    pub job: JobId,
    /// Whose interaction.
    pub tenant: TenantId,
    /// Which interaction.
    pub interaction: InteractionId,
    /// Which stage.
    pub stage: Stage,
    /// The how-many-th try this is, from 1; a takeover from a dead worker is no new try.
    pub attempt: u32,
    /// Proves that the lease is still this one.
    pub(crate) token: Uuid,
}

/// Why a stage failed; no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureNote {
    /// A short stable key.
    pub code: String,
    /// What happened and what to do.
    pub sentence: String,
}

/// Something that lies on the poison shelf or was stopped by the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedJob {
    /// Which interaction.
    pub interaction: InteractionId,
    /// The stage that failed or was refused.
    pub stage: Stage,
    /// A short key; for a refusal by policy its clauses.
    pub code: String,
    /// What happened and what to do.
    pub sentence: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Takes the next job that is due, or one whose lease ran out.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Chance`].
    pub async fn lease(&self, worker: &str, for_: Millis) -> Result<Option<Lease>, StoreError> {
        let now = self.clock.now();
        let token = self.random_uuid()?;
        self.db
            .write("lease", None, |txn| {
                Box::pin(async move {
                    while let Some(found) = next_job(txn.db(), now).await? {
                        let taken_over = found.state == LEASED;
                        if taken_over && found.takeovers >= TAKEOVERS {
                            shelve_killer(txn.db(), found, now).await?;
                            continue;
                        }
                        let lease = lease_of(&found, token)?;
                        let takeovers = found.takeovers + i64::from(taken_over);
                        let mut job = found.into_active_model();
                        job.state = Set(LEASED.to_owned());
                        job.holder = Set(Some(worker.to_owned()));
                        job.token = Set(Some(token));
                        job.lease_until = Set(Some(now.plus(for_).0));
                        job.takeovers = Set(takeovers);
                        job.update(txn.db()).await?;
                        return Ok(Some(lease));
                    }
                    Ok(None)
                })
            })
            .await
    }

    /// Keeps a lease alive; `false` where it is lost, so that the worker may stop early.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn renew_lease(&self, lease: &Lease, for_: Millis) -> Result<bool, StoreError> {
        let until = self.clock.now().plus(for_).0;
        self.db
            .write("renew_lease", None, |txn| {
                Box::pin(async move {
                    let renewed = row::Entity::update_many()
                        .col_expr(row::Column::LeaseUntil, Expr::value(until))
                        .filter(row::Column::Id.eq(lease.job.as_uuid()))
                        .filter(row::Column::Token.eq(lease.token))
                        .exec(txn.db())
                        .await?;
                    Ok(renewed.rows_affected == 1)
                })
            })
            .await
    }

    /// Gives a job back after a failure: to be tried again at an instant, or to the poison shelf.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`], [`StoreError::Database`].
    pub async fn fail_stage(
        &self,
        lease: &Lease,
        note: &FailureNote,
        retry_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.db
            .write("fail_stage", Some(lease.tenant), |txn| {
                Box::pin(async move {
                    let held = held(txn.db(), lease).await?;
                    let attempt = held.attempt + 1;
                    let mut job = release(held);
                    job.attempt = Set(attempt);
                    job.failure_code = Set(Some(note.code.clone()));
                    job.failure_sentence = Set(Some(note.sentence.clone()));
                    job.state = Set(if retry_at.is_some() { QUEUED } else { POISON }.to_owned());
                    job.ready_at = Set(retry_at.unwrap_or(now).0);
                    job.update(txn.db()).await?;
                    if retry_at.is_none() {
                        mark(
                            txn.db(),
                            lease.tenant,
                            lease.interaction,
                            FAILED,
                            lease.stage,
                        )
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// What lies on a tenant's poison shelf or was stopped by the policy, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn failed(&self, tenant: TenantId) -> Result<Vec<FailedJob>, StoreError> {
        let rows = self
            .db
            .read("failed", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::State.is_in([POISON, HALTED]))
                        .order_by_desc(row::Column::ReadyAt)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let failed = rows.into_iter().map(|row| {
            Ok(FailedJob {
                interaction: InteractionId::from_uuid(row.interaction),
                stage: row.stage.parse()?,
                code: row.failure_code.unwrap_or_default(),
                sentence: row.failure_sentence.unwrap_or_default(),
                at: Timestamp(row.ready_at),
            })
        });
        failed.collect()
    }

    /// Puts failed and stopped jobs back into the queue at the stage where they stopped; says
    /// how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn replay(
        &self,
        tenant: TenantId,
        only: Option<InteractionId>,
    ) -> Result<u64, StoreError> {
        let now = self.clock.now();
        self.db
            .write("replay", Some(tenant), |txn| {
                Box::pin(async move {
                    let wanted = Condition::all()
                        .add(row::Column::Tenant.eq(tenant.as_uuid()))
                        .add(row::Column::State.is_in([POISON, HALTED]))
                        .add_option(only.map(|id| row::Column::Interaction.eq(id.as_uuid())));
                    let jobs = row::Entity::find().filter(wanted).all(txn.db()).await?;
                    let mut count = 0;
                    for job in jobs {
                        let stage: Stage = job.stage.parse()?;
                        requeue(txn.db(), job, stage, now).await?;
                        count += 1;
                    }
                    Ok(count)
                })
            })
            .await
    }

    /// Has an interaction processed again from a stage on, whatever its state is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Database`].
    pub async fn replay_from(
        &self,
        tenant: TenantId,
        id: InteractionId,
        stage: Stage,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let job = JobId::from_uuid(self.timed_uuid()?);
        self.db
            .write("replay_from", Some(tenant), |txn| {
                Box::pin(async move { restart(txn.db(), job, (tenant, id), stage, now).await })
            })
            .await
    }

    /// Whether no job is due, delayed or at work.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn queue_is_empty(&self) -> Result<bool, StoreError> {
        self.db
            .read("queue_is_empty", None, |txn| {
                Box::pin(async move {
                    let open = row::Entity::find()
                        .filter(row::Column::State.is_in([QUEUED, LEASED]))
                        .limit(1)
                        .count(txn.db())
                        .await?;
                    Ok(open == 0)
                })
            })
            .await
    }

    /// Stages that wait or are at work, each interaction counted with all it has before it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn waiting(&self) -> Result<u64, StoreError> {
        let mut total = 0;
        for tenant in self.tenants().await? {
            let stages: Vec<(String, String, i64)> = self
                .db
                .read("waiting", Some(tenant.id), |txn| {
                    Box::pin(async move { Ok(waiting_of(txn.db(), tenant.id).await?) })
                })
                .await?;
            for (stage, channel, jobs) in stages {
                let stage: Stage = stage.parse()?;
                total += stage.left_on(channel.parse()?) * u64::try_from(jobs).unwrap_or(0);
            }
        }
        Ok(total)
    }
}

/// A tenant's jobs that wait or are at work: stage, channel, how many.
async fn waiting_of(
    txn: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<Vec<(String, String, i64)>, DbErr> {
    let interaction: RelationDef = row::Entity::belongs_to(interaction::Entity)
        .from((row::Column::Tenant, row::Column::Interaction))
        .to((interaction::Column::Tenant, interaction::Column::Id))
        .into();
    row::Entity::find()
        .select_only()
        .column(row::Column::Stage)
        .column(interaction::Column::Channel)
        .column_as(row::Column::Id.count(), "jobs")
        .join(JoinType::InnerJoin, interaction)
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::State.is_in([QUEUED, LEASED]))
        .group_by(row::Column::Stage)
        .group_by(interaction::Column::Channel)
        .into_tuple()
        .all(txn)
        .await
}

async fn next_job(
    txn: &DatabaseTransaction,
    now: Timestamp,
) -> Result<Option<row::Model>, StoreError> {
    let expired = Condition::all()
        .add(row::Column::State.eq(LEASED))
        .add(row::Column::LeaseUntil.lte(now.0));
    let due = Condition::all()
        .add(row::Column::State.eq(QUEUED))
        .add(row::Column::ReadyAt.lte(now.0));
    // Two queries, because each is one step into an index and their union is a sort.
    for condition in [expired, due] {
        let found = row::Entity::find()
            .filter(condition)
            .order_by_asc(row::Column::ReadyAt)
            .order_by_asc(row::Column::Id)
            .limit(1)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(txn)
            .await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn lease_of(job: &row::Model, token: Uuid) -> Result<Lease, StoreError> {
    Ok(Lease {
        job: JobId::from_uuid(job.id),
        tenant: TenantId::from_uuid(job.tenant),
        interaction: InteractionId::from_uuid(job.interaction),
        stage: job.stage.parse()?,
        attempt: u32::try_from(job.attempt + 1).unwrap_or(u32::MAX),
        token,
    })
}

async fn shelve_killer(
    txn: &DatabaseTransaction,
    found: row::Model,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (tenant, id) = (
        TenantId::from_uuid(found.tenant),
        InteractionId::from_uuid(found.interaction),
    );
    let stage: Stage = found.stage.parse()?;
    name_tenant(txn, tenant).await?;
    let mut job = release(found);
    job.state = Set(POISON.to_owned());
    job.ready_at = Set(now.0);
    job.failure_code = Set(Some("worker_died".to_owned()));
    job.failure_sentence = Set(Some(
        "its workers died again and again; look at their memory limit, then replay".to_owned(),
    ));
    job.update(txn).await?;
    mark(txn, tenant, id, FAILED, stage).await
}

/// The job of a lease that is still held, locked until the transaction ends.
pub(crate) async fn held(
    txn: &DatabaseTransaction,
    lease: &Lease,
) -> Result<row::Model, StoreError> {
    let found = row::Entity::find_by_id(lease.job.as_uuid())
        .filter(row::Column::Token.eq(lease.token))
        .filter(row::Column::State.eq(LEASED))
        .lock_exclusive()
        .one(txn)
        .await?;
    found.ok_or(StoreError::LeaseLost { job: lease.job })
}

/// The job without its lease.
pub(crate) fn release(job: row::Model) -> row::ActiveModel {
    let mut job = job.into_active_model();
    job.holder = Set(None);
    job.token = Set(None);
    job.lease_until = Set(None);
    job
}

/// Has an interaction processed from a stage on; a worker that is at it finds its lease lost.
pub(crate) async fn restart(
    txn: &DatabaseTransaction,
    job: JobId,
    (tenant, id): (TenantId, InteractionId),
    stage: Stage,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = crate::listing::find(txn, tenant, id).await?;
    known.ok_or_else(|| StoreError::not_found("interaction", id))?;
    let found = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .one(txn)
        .await?;
    match found {
        Some(found) => requeue(txn, found, stage, now).await,
        None => {
            enqueue(txn, job, tenant, id, stage, now).await?;
            mark(txn, tenant, id, PROCESSING, stage).await
        }
    }
}

async fn requeue(
    txn: &DatabaseTransaction,
    found: row::Model,
    stage: Stage,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (tenant, id) = (
        TenantId::from_uuid(found.tenant),
        InteractionId::from_uuid(found.interaction),
    );
    let mut job = release(found);
    job.stage = Set(stage.key().to_owned());
    job.state = Set(QUEUED.to_owned());
    job.ready_at = Set(now.0);
    job.attempt = Set(0);
    job.takeovers = Set(0);
    job.failure_code = Set(None);
    job.failure_sentence = Set(None);
    job.update(txn).await?;
    mark(txn, tenant, id, PROCESSING, stage).await
}

/// Puts a new job at the end of the queue.
pub(crate) async fn enqueue(
    txn: &DatabaseTransaction,
    job: JobId,
    tenant: TenantId,
    interaction: InteractionId,
    stage: Stage,
    now: Timestamp,
) -> Result<(), StoreError> {
    let job = row::ActiveModel {
        id: Set(job.as_uuid()),
        tenant: Set(tenant.as_uuid()),
        interaction: Set(interaction.as_uuid()),
        stage: Set(stage.key().to_owned()),
        state: Set(QUEUED.to_owned()),
        ready_at: Set(now.0),
        attempt: Set(0),
        takeovers: Set(0),
        holder: Set(None),
        token: Set(None),
        lease_until: Set(None),
        failure_code: Set(None),
        failure_sentence: Set(None),
        created: Set(now.0),
    };
    row::Entity::insert(job).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes where an interaction is on its way.
pub(crate) async fn mark(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    status: &str,
    stage: Stage,
) -> Result<(), StoreError> {
    interaction::Entity::update_many()
        .col_expr(interaction::Column::Status, Expr::value(status))
        .col_expr(interaction::Column::Stage, Expr::value(stage.key()))
        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
        .filter(interaction::Column::Id.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

//! What the overview adds up: numbers of single interactions beside their facts, and sums of them
//! by day and channel. Nothing here is personal.

use std::collections::BTreeMap;

use domain::{
    Channel, DataCategory, EntityKind, InteractionId, Metrics, Millis, SpeakerLabel, TenantId,
    Timestamp,
};
use policy::{Find, Interactions, Permit};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::listing::{FAILED, READY, STOPPED, alive, redactions_from};
use crate::rows::{interaction, measure as row};
use crate::{ListFilter, Store, StoreError};

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Sums over the interactions of one day and channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySum {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// Which channel.
    pub channel: Channel,
    /// Interactions.
    pub count: u64,
    /// Of these, processed to the end.
    pub ready: u64,
    /// Of these, failed at a stage.
    pub failed: u64,
    /// Of these, stopped by the policy.
    pub stopped: u64,
    /// Sum of their lengths.
    pub duration: Millis,
    /// Of these, measured.
    pub measured: u64,
    /// Sum of talk time.
    pub talk: Millis,
    /// Sum of counted silence.
    pub silence: Millis,
    /// Of these, with a counted silence.
    pub silent: u64,
    /// Sum of counted overtalk.
    pub overtalk: Millis,
    /// Of these, with a counted overtalk.
    pub overtalked: u64,
    /// Agents' responses.
    pub gaps: u64,
    /// Sum of the agents' response gaps.
    pub gap_time: Millis,
    /// The longest of them.
    pub gap_longest: Millis,
    /// Of these, with a sentiment.
    pub toned: u64,
    /// Sum of the sentiments, in thousandths.
    pub tone: i64,
}

/// As the database adds them up.
#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) day: i64,
    pub(crate) channel: String,
    count: i64,
    ready: i64,
    failed: i64,
    stopped: i64,
    duration: i64,
    measured: i64,
    talk: i64,
    silence: i64,
    silent: i64,
    overtalk: i64,
    overtalked: i64,
    gaps: i64,
    gap_time: i64,
    gap_longest: i64,
    toned: i64,
    tone: i64,
    /// When the first of them is past its retention.
    pub(crate) next_end: Option<i64>,
}

/// Removed spans by kind, and in how many interactions, of a day and a channel.
pub(crate) type RemovedSums = BTreeMap<(i64, String), BTreeMap<EntityKind, (u64, u64)>>;

impl Store {
    /// Sums by day and channel over a filter's interactions, in order of days.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn day_sums(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<Vec<DaySum>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let mut sums = self
            .db
            .read("day_sums", Some(tenant), |txn| {
                Box::pin(async move { sums_of(txn.db(), tenant, filter, now).await })
            })
            .await?;
        sums.sort_by(|a, b| (a.day, &a.channel).cmp(&(b.day, &b.channel)));
        sums.iter().map(total_of_sums).collect()
    }

    /// How many interactions a filter lists.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn count(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<u64, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        self.db
            .read("count", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = interaction::Entity::find()
                        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(alive(now))
                        .filter(crate::filtering::condition(filter));
                    Ok(query.count(txn.db()).await?)
                })
            })
            .await
    }

    /// Removed spans by kind over a filter's interactions, and how many interactions had any of
    /// that kind.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn redaction_sums(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<BTreeMap<EntityKind, (u64, u64)>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let days = self
            .db
            .read("redaction_sums", Some(tenant), |txn| {
                Box::pin(async move { removed_in(txn.db(), tenant, filter, now).await })
            })
            .await?;
        let mut sums: BTreeMap<EntityKind, (u64, u64)> = BTreeMap::new();
        for (kind, (spans, interactions)) in days.into_values().flatten() {
            let sum = sums.entry(kind).or_default();
            sum.0 = sum.0.saturating_add(spans);
            sum.1 = sum.1.saturating_add(interactions);
        }
        Ok(sums)
    }
}

/// Sums by day and channel over a filter's interactions.
pub(crate) async fn sums_of(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    filter: &ListFilter,
    now: Timestamp,
) -> Result<Vec<Sums>, StoreError> {
    let query = with_sums(
        interaction::Entity::find()
            .select_only()
            .left_join_measures()
            .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
            .filter(alive(now))
            .filter(crate::filtering::condition(filter)),
    );
    Ok(query.into_model::<Sums>().all(txn).await?)
}

/// Removed spans by day and channel over a filter's interactions.
pub(crate) async fn removed_in(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    filter: &ListFilter,
    now: Timestamp,
) -> Result<RemovedSums, StoreError> {
    let counted: Vec<(i64, String, String, i64)> = interaction::Entity::find()
        .select_only()
        .column_as(day(), "day")
        .column(interaction::Column::Channel)
        .column(interaction::Column::Redactions)
        .column_as(interaction::Column::Id.count(), "number")
        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
        .filter(interaction::Column::Redactions.ne(""))
        .filter(alive(now))
        .filter(crate::filtering::condition(filter))
        .group_by(day())
        .group_by(interaction::Column::Channel)
        .group_by(interaction::Column::Redactions)
        .into_tuple()
        .all(txn)
        .await?;
    let mut sums = RemovedSums::new();
    for (day, channel, text, number) in counted {
        let number = u64::try_from(number).unwrap_or(0);
        let of_day = sums.entry((day, channel)).or_default();
        for (kind, spans) in redactions_from(&text)? {
            let sum = of_day.entry(kind).or_default();
            sum.0 = sum
                .0
                .saturating_add(u64::from(spans).saturating_mul(number));
            sum.1 = sum.1.saturating_add(number);
        }
    }
    Ok(sums)
}

/// Joins the numbers to the facts; an interaction without numbers counts all the same.
trait LeftJoinMeasures {
    fn left_join_measures(self) -> Self;
}

impl LeftJoinMeasures for sea_orm::Select<interaction::Entity> {
    fn left_join_measures(self) -> Self {
        let relation = interaction::Entity::belongs_to(row::Entity)
            .from((interaction::Column::Tenant, interaction::Column::Id))
            .to((row::Column::Tenant, row::Column::Interaction))
            .into();
        self.join(sea_orm::JoinType::LeftJoin, relation)
    }
}

fn with_sums(query: sea_orm::Select<interaction::Entity>) -> sea_orm::Select<interaction::Entity> {
    let of = |column: row::Column| Expr::col((row::Entity, column));
    let status = |key: &str| one_if(interaction::Column::Status.eq(key));
    query
        .column_as(day(), "day")
        .column_as(interaction::Column::Channel, "channel")
        .column_as(interaction::Column::Id.count(), "count")
        .column_as(total(status(READY)), "ready")
        .column_as(total(status(FAILED)), "failed")
        .column_as(total(status(STOPPED)), "stopped")
        .column_as(
            total(Expr::col((
                interaction::Entity,
                interaction::Column::Duration,
            ))),
            "duration",
        )
        .column_as(row::Column::Talk.count(), "measured")
        .column_as(total(of(row::Column::Talk)), "talk")
        .column_as(total(of(row::Column::Silence)), "silence")
        .column_as(total(one_if(row::Column::Silence.gt(0))), "silent")
        .column_as(total(of(row::Column::Overtalk)), "overtalk")
        .column_as(total(one_if(row::Column::Overtalk.gt(0))), "overtalked")
        .column_as(total(of(row::Column::Gaps)), "gaps")
        .column_as(
            total(of(row::Column::Gaps).mul(of(row::Column::GapMean))),
            "gap_time",
        )
        .column_as(
            whole(Func::coalesce([row::Column::GapLongest.max(), Expr::val(0i64)]).into()),
            "gap_longest",
        )
        .column_as(row::Column::Sentiment.count(), "toned")
        .column_as(total(of(row::Column::Sentiment)), "tone")
        .column_as(next_end(), "next_end")
        .group_by(day())
        .group_by(interaction::Column::Channel)
}

/// The first end of a retention that no hold puts off.
fn next_end() -> SimpleExpr {
    let ends: SimpleExpr = Expr::case(interaction::Column::OnHold.eq(false), {
        Expr::col((interaction::Entity, interaction::Column::KeepUntil))
    })
    .finally(Expr::val(None::<i64>))
    .into();
    Func::min(ends).into()
}

/// Whole days: both engines divide integers so. The number stands in the text, for PostgreSQL
/// takes two parameters for two expressions.
pub(crate) fn day() -> SimpleExpr {
    Expr::col((interaction::Entity, interaction::Column::Started))
        .div(Expr::cust(DAY_MS.to_string()))
}

fn one_if(condition: SimpleExpr) -> SimpleExpr {
    Expr::case(condition, Expr::val(1i64))
        .finally(Expr::val(0i64))
        .into()
}

/// A sum that is a whole number on both engines, and zero of nothing.
fn total(of: SimpleExpr) -> SimpleExpr {
    whole(Func::coalesce([Func::sum(of).into(), Expr::val(0i64)]).into())
}

fn whole(value: SimpleExpr) -> SimpleExpr {
    value.cast_as("bigint")
}

pub(crate) fn total_of_sums(sums: &Sums) -> Result<DaySum, StoreError> {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let time = |number: i64| Millis(count(number));
    Ok(DaySum {
        day: sums.day,
        channel: sums.channel.parse()?,
        count: count(sums.count),
        ready: count(sums.ready),
        failed: count(sums.failed),
        stopped: count(sums.stopped),
        duration: time(sums.duration),
        measured: count(sums.measured),
        talk: time(sums.talk),
        silence: time(sums.silence),
        silent: count(sums.silent),
        overtalk: time(sums.overtalk),
        overtalked: count(sums.overtalked),
        gaps: count(sums.gaps),
        gap_time: time(sums.gap_time),
        gap_longest: time(sums.gap_longest),
        toned: count(sums.toned),
        tone: sums.tone,
    })
}

/// Writes one interaction's numbers, in the transaction that stores its metrics.
pub(crate) async fn put(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    metrics: &Metrics,
) -> Result<(), StoreError> {
    let signed = |time: Millis| i64::try_from(time.0).unwrap_or(i64::MAX);
    let agents = metrics
        .parties
        .iter()
        .filter(|party| party.speaker == SpeakerLabel::Agent)
        .map(|party| party.response_gap);
    let (mut gaps, mut time, mut longest) = (0u64, 0u64, 0u64);
    for gap in agents {
        let number = u64::from(gap.count);
        gaps = gaps.saturating_add(number);
        time = time.saturating_add(gap.mean.map_or(0, |mean| mean.0.saturating_mul(number)));
        longest = Ord::max(longest, gap.longest.map_or(0, |one| one.0));
    }
    let numbers = row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        interaction: Set(id.as_uuid()),
        talk: Set(signed(metrics.talk)),
        silence: Set(signed(metrics.silence)),
        longest_silence: Set(signed(metrics.longest_silence)),
        overtalk: Set(signed(metrics.overtalk)),
        gaps: Set(signed(Millis(gaps))),
        gap_mean: Set(signed(Millis(time.checked_div(gaps).unwrap_or(0)))),
        gap_longest: Set(signed(Millis(longest))),
        sentiment: Set(metrics.sentiment.map(|one| i64::from(one.overall.0))),
    };
    let again = OnConflict::columns([row::Column::Tenant, row::Column::Interaction])
        .update_columns([
            row::Column::Talk,
            row::Column::Silence,
            row::Column::LongestSilence,
            row::Column::Overtalk,
            row::Column::Gaps,
            row::Column::GapMean,
            row::Column::GapLongest,
            row::Column::Sentiment,
        ])
        .to_owned();
    row::Entity::insert(numbers)
        .on_conflict(again)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

pub(crate) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    row::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

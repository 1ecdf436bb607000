//! Sums by day that are made once and kept: an overview of a year adds up days, not interactions.
//!
//! A kept day is exact. The database drops it with the first change to what it counts (migration
//! 27), and it says until when the retention of its interactions leaves it as it is. It is made in
//! a writing transaction that no such change runs beside; where that cannot be had at once, the
//! sums are made and not kept.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::{Channel, DataCategory, DefinitionId, EntityKind, TenantId, Timestamp};
use policy::{Find, Interactions, Permit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait as _, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect, Statement,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Txn;
use crate::definitions::{live_editions, sums_of_findings};
use crate::measures::{DAY_MS, DaySum, Sums, removed_in, sums_of, total_of_sums};
use crate::rows::{interaction, kept_day as row, tag as tag_row};
use crate::tags::TagKey;
use crate::{ListFilter, Store, StoreError};

/// Days that are made in one transaction: others write between two of them.
const AT_ONCE: i64 = 31;
/// Longest stretch of days that is looked up: two years and their leap days.
const MOST: i64 = 732;
/// How often a lock that others hold is asked for.
const TRIES: u32 = 5;

/// One day's interactions of one channel, added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDay {
    /// Their numbers.
    pub sum: DaySum,
    /// Removed spans by kind, and interactions with any of that kind.
    pub removed: BTreeMap<EntityKind, (u64, u64)>,
    /// In how many of them each live definition found something.
    pub found: BTreeMap<DefinitionId, u64>,
}

/// As it lies in the database. Findings keep their epoch: which one is live is asked when they
/// are read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Part {
    sums: Sums,
    removed: Vec<(String, u64, u64)>,
    found: Vec<(Uuid, i64, u64)>,
}

/// What is asked for: whole days, and the label that their interactions bear.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    days: Range<i64>,
    tag: Option<TagKey>,
    channel: Option<Channel>,
}

impl Asked {
    /// None where a filter asks for more than whole days, a channel and one label.
    fn of(filter: &ListFilter) -> Option<Self> {
        let (from, until) = (filter.from?.0, filter.until?.0);
        let whole = from >= 0 && from % DAY_MS == 0 && until % DAY_MS == 0 && from < until;
        let tag = match filter.tags.as_slice() {
            [] => None,
            [tag] => Some(tag.clone()),
            _ => return None,
        };
        let days = from / DAY_MS..until / DAY_MS;
        let same = ListFilter {
            from: filter.from,
            until: filter.until,
            tags: filter.tags.clone(),
            channel: filter.channel,
            ..ListFilter::default()
        };
        (whole && days.end - days.start <= MOST && same == *filter).then_some(Self {
            days,
            tag,
            channel: filter.channel,
        })
    }

    fn tag(&self) -> Vec<u8> {
        self.tag.as_ref().map_or_else(Vec::new, TagKey::bytes)
    }

    /// What lists the interactions of some of the days.
    fn filter(&self, days: &Range<i64>) -> ListFilter {
        ListFilter {
            from: Some(Timestamp(days.start * DAY_MS)),
            until: Some(Timestamp(days.end * DAY_MS)),
            tags: self.tag.iter().cloned().collect(),
            ..ListFilter::default()
        }
    }
}

impl Store {
    /// Sums by day and channel over a filter's interactions, in order of days; kept where they
    /// were not. None where the filter asks for more than whole days (UTC, from 1970 on, at most
    /// two years), a channel and one label.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn kept_days(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<Option<Vec<KeptDay>>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let Some(asked) = Asked::of(filter) else {
            return Ok(None);
        };
        let tenant = permit.tenant();
        let (live, mut days, missing) = self.look_up(tenant, &asked, now).await?;
        for some in stretches(&missing) {
            days.extend(self.make(tenant, &asked, &some, now).await?);
        }
        let parts = days.into_values().flatten();
        let fits = |part: &Part| {
            let channel = asked.channel.map(Channel::key);
            channel.is_none_or(|channel| part.sums.channel == channel)
        };
        parts
            .filter(fits)
            .map(|part| kept(&part, &live))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// What is kept, and which days are to be made.
    async fn look_up(
        &self,
        tenant: TenantId,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<(Live, BTreeMap<i64, Vec<Part>>, Vec<i64>), StoreError> {
        self.db
            .read("kept_days", Some(tenant), |txn| {
                Box::pin(async move {
                    let live = live_editions(txn.db(), tenant).await?;
                    let within = match &asked.tag {
                        // Nothing is kept of a label that an address made up.
                        Some(tag) if !in_use(txn.db(), tenant, tag).await? => 0..0,
                        _ => within(txn.db(), tenant, &asked.days).await?,
                    };
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Day.gte(within.start))
                        .filter(row::Column::Day.lt(within.end))
                        .filter(row::Column::Tag.eq(asked.tag()))
                        .all(txn.db())
                        .await?;
                    let mut days = BTreeMap::new();
                    for row in rows {
                        if row.good_until.is_none_or(|until| until > now.0) {
                            let parts = serde_json::from_str(&row.sums).map_err(|_| {
                                StoreError::record("kept day", "its sums cannot be read")
                            })?;
                            days.insert(row.day, parts);
                        }
                    }
                    let missing = within.filter(|day| !days.contains_key(day)).collect();
                    Ok((live, days, missing))
                })
            })
            .await
    }

    /// Makes the sums of some days, and keeps them where nobody changes what they count.
    async fn make(
        &self,
        tenant: TenantId,
        asked: &Asked,
        days: &Range<i64>,
        now: Timestamp,
    ) -> Result<BTreeMap<i64, Vec<Part>>, StoreError> {
        self.db
            .write("keep_days", Some(tenant), |txn| {
                Box::pin(async move {
                    let alone = self.alone(txn, tenant).await?;
                    let made = made(txn.db(), tenant, &asked.filter(days), now).await?;
                    if alone {
                        keep(txn.db(), tenant, (asked, days), &made).await?;
                    }
                    Ok(made)
                })
            })
            .await
    }

    /// Whether no transaction is under way that changes what a tenant's days count, and none
    /// begins before this one ends. SQLite has one writer.
    async fn alone(&self, txn: &Txn<'_>, tenant: TenantId) -> Result<bool, StoreError> {
        if !self.db.is_postgres() {
            return Ok(true);
        }
        for _ in 0..TRIES {
            let lock = Statement::from_sql_and_values(
                txn.db().get_database_backend(),
                "select pg_try_advisory_xact_lock(hashtextextended($1, 5794721027))",
                [tenant.as_uuid().to_string().into()],
            );
            let got = txn.db().query_one_raw(lock).await?;
            if got
                .map(|row| row.try_get_by_index(0))
                .transpose()?
                .unwrap_or(false)
            {
                return Ok(true);
            }
            tokio::time::sleep(std::time::Duration::from_millis(4)).await;
        }
        Ok(false)
    }
}

/// Definition and epoch of what is read.
type Live = BTreeMap<(Uuid, i64), domain::DefinitionKind>;

/// Whether any interaction of a tenant bears a label.
async fn in_use(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    tag: &TagKey,
) -> Result<bool, StoreError> {
    let bearing = tag_row::Entity::find()
        .filter(tag_row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(tag_row::Column::Hash.eq(tag.bytes()))
        .one(txn)
        .await?;
    Ok(bearing.is_some())
}

/// Those of some days in which a tenant has interactions at all.
async fn within(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    days: &Range<i64>,
) -> Result<Range<i64>, StoreError> {
    let starts = || {
        interaction::Entity::find()
            .select_only()
            .column(interaction::Column::Started)
            .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
            .filter(interaction::Column::Started.gte(days.start * DAY_MS))
            .filter(interaction::Column::Started.lt(days.end * DAY_MS))
    };
    let first = starts().order_by_asc(interaction::Column::Started);
    let last = starts().order_by_desc(interaction::Column::Started);
    let first: Option<i64> = first.into_tuple().one(txn).await?;
    let last: Option<i64> = last.into_tuple().one(txn).await?;
    Ok(match (first, last) {
        (Some(first), Some(last)) => first / DAY_MS..last / DAY_MS + 1,
        _ => days.start..days.start,
    })
}

/// Neighbouring days together, up to so many.
fn stretches(days: &[i64]) -> Vec<Range<i64>> {
    let mut all: Vec<Range<i64>> = Vec::new();
    for day in days {
        match all.last_mut() {
            Some(last) if last.end == *day && last.end - last.start < AT_ONCE => last.end += 1,
            _ => all.push(*day..*day + 1),
        }
    }
    all
}

async fn made(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    filter: &ListFilter,
    now: Timestamp,
) -> Result<BTreeMap<i64, Vec<Part>>, StoreError> {
    let mut parts: BTreeMap<(i64, String), Part> = BTreeMap::new();
    for sums in sums_of(txn, tenant, filter, now).await? {
        let part = Part {
            sums: sums.clone(),
            removed: Vec::new(),
            found: Vec::new(),
        };
        parts.insert((sums.day, sums.channel), part);
    }
    for (key, removed) in removed_in(txn, tenant, filter, now).await? {
        if let Some(part) = parts.get_mut(&key) {
            let named = removed
                .into_iter()
                .map(|(kind, (spans, of))| (kind.tag().to_owned(), spans, of));
            part.removed = named.collect();
        }
    }
    for (day, channel, definition, epoch, count) in
        sums_of_findings(txn, tenant, filter, now).await?
    {
        if let Some(part) = parts.get_mut(&(day, channel)) {
            let count = u64::try_from(count).unwrap_or(0);
            part.found.push((definition, epoch, count));
        }
    }
    let mut days: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
    for ((day, _), part) in parts {
        days.entry(day).or_default().push(part);
    }
    Ok(days)
}

/// A day without interactions is kept too, as one with nothing in it.
async fn keep(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    (asked, days): (&Asked, &Range<i64>),
    made: &BTreeMap<i64, Vec<Part>>,
) -> Result<(), StoreError> {
    let nothing = Vec::new();
    let mut rows = Vec::new();
    for day in days.clone() {
        let parts = made.get(&day).unwrap_or(&nothing);
        let sums = serde_json::to_string(parts)
            .map_err(|_| StoreError::record("kept day", "its sums cannot be written"))?;
        rows.push(row::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            day: Set(day),
            tag: Set(asked.tag()),
            good_until: Set(parts.iter().filter_map(|part| part.sums.next_end).min()),
            sums: Set(sums),
        });
    }
    let again = OnConflict::columns([row::Column::Tenant, row::Column::Day, row::Column::Tag])
        .update_columns([row::Column::GoodUntil, row::Column::Sums])
        .to_owned();
    row::Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn kept(part: &Part, live: &Live) -> Result<KeptDay, StoreError> {
    let sum = total_of_sums(&part.sums)?;
    let mut removed = BTreeMap::new();
    for (kind, spans, of) in &part.removed {
        removed.insert(kind.parse()?, (*spans, *of));
    }
    let found = part
        .found
        .iter()
        .filter(|(id, epoch, _)| live.contains_key(&(*id, *epoch)))
        .map(|(id, _, count)| (DefinitionId::from_uuid(*id), *count));
    Ok(KeptDay {
        sum,
        removed,
        found: found.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_days_with_a_channel_and_one_label_are_kept() {
        let days = ListFilter {
            from: Some(Timestamp(2 * DAY_MS)),
            until: Some(Timestamp(9 * DAY_MS)),
            channel: Some(Channel::Voice),
            tags: vec![TagKey::from_hex("07").unwrap()],
            ..ListFilter::default()
        };
        assert_eq!(Asked::of(&days).unwrap().days, 2..9);
        let but = |change: &dyn Fn(&mut ListFilter)| {
            let mut other = days.clone();
            change(&mut other);
            Asked::of(&other)
        };
        assert!(but(&|one| one.from = None).is_none());
        assert!(but(&|one| one.until = Some(Timestamp(9 * DAY_MS + 1))).is_none());
        assert!(but(&|one| one.until = one.from).is_none());
        assert!(but(&|one| one.from = Some(Timestamp(-DAY_MS))).is_none());
        assert!(but(&|one| one.until = Some(Timestamp(900 * DAY_MS))).is_none());
        assert!(but(&|one| one.ready_only = true).is_none());
        assert!(but(&|one| one.overtalk = Some(domain::Millis(1))).is_none());
        assert!(but(&|one| one.tags.push(TagKey::from_hex("08").unwrap())).is_none());
    }

    #[test]
    fn missing_days_are_made_by_the_stretch() {
        assert_eq!(stretches(&[1, 2, 3, 7, 9, 10]), [1..4, 7..8, 9..11]);
        let long: Vec<i64> = (0..40).collect();
        assert_eq!(stretches(&long), [0..31, 31..40]);
        assert!(stretches(&[]).is_empty());
    }
}

//! Pages of candidates as one search sees them: the engine's, without what may no longer be shown,
//! and with what the engine does not know yet.

use std::collections::HashSet;
use std::time::Duration;

use domain::{DataCategory, InteractionId, TenantId, Timestamp};
use policy::{Find, Interactions, Permit};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::{AT_ONCE, Candidates, Count, Spot, behind};
use crate::keys::KeyedHash;
use crate::rows::interaction as row;
use crate::{Store, StoreError, listing, refusing};

/// What one search must know beside the engine's answers.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// Past their retention, refused or being erased; the engine may still have them.
    hidden: HashSet<InteractionId>,
    /// What the engine does not know yet, newest first: always candidates.
    behind: Vec<Spot>,
    /// All that an agent may see, newest first; none for who may see everything.
    own: Option<Vec<Spot>>,
}

impl Store {
    /// Brings the permit's tenant's index level and looks at what a search must know beside it.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn sight(&self, permit: &Permit<Find, Interactions>) -> Result<Sight, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        self.catch_up(tenant).await?;
        let own = listing::own_ids(permit);
        self.db
            .read("sight", Some(tenant), |txn| {
                Box::pin(async move {
                    if let Some(ids) = own {
                        let mut spots = Vec::new();
                        for some in ids.chunks(AT_ONCE) {
                            let some = some.iter().map(InteractionId::as_uuid);
                            let some = Condition::all().add(row::Column::Id.is_in(some));
                            spots.extend(searchable(txn.db(), tenant, now, some).await?);
                        }
                        spots.sort_unstable_by(|a, b| b.cmp(a));
                        spots.dedup();
                        return Ok(Sight {
                            own: Some(spots),
                            ..Sight::default()
                        });
                    }
                    let mut behind = searchable(txn.db(), tenant, now, behind()).await?;
                    behind.sort_unstable_by(|a, b| b.cmp(a));
                    Ok(Sight {
                        hidden: hidden(txn.db(), tenant, now).await?,
                        behind,
                        own: None,
                    })
                })
            })
            .await
    }

    /// The newest candidates after a spot, newest first; fewer than `limit` where there are no
    /// more. What arrives while pages are turned stands before them or is found in its place.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Index`],
    /// [`StoreError::Database`].
    pub async fn candidate_page(
        &self,
        permit: &Permit<Find, Interactions>,
        sight: &Sight,
        plan: &Candidates,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        if *plan == Candidates::None {
            return Ok(Vec::new());
        }
        let older = |spot: &&Spot| after.is_none_or(|after| **spot < after);
        if let Some(own) = &sight.own {
            return Ok(own.iter().filter(older).take(limit).copied().collect());
        }
        let keys = self.tenant_keys(tenant).await?;
        let plan = plan.plan(&KeyedHash::new(keys.index()));
        let asked = limit.saturating_add(sight.hidden.len() + sight.behind.len());
        let known = self.index.page(tenant, &plan, after, asked).await?;
        let late: HashSet<InteractionId> = sight.behind.iter().map(|spot| spot.id).collect();
        let shown = |spot: &Spot| !sight.hidden.contains(&spot.id) && !late.contains(&spot.id);
        let mut spots: Vec<Spot> = known.into_iter().filter(shown).collect();
        spots.extend(sight.behind.iter().filter(older));
        spots.sort_unstable_by(|a, b| b.cmp(a));
        spots.truncate(limit);
        Ok(spots)
    }

    /// How many candidates a plan has, as well as can be said in a time.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Index`],
    /// [`StoreError::Database`].
    pub async fn candidate_count(
        &self,
        permit: &Permit<Find, Interactions>,
        sight: &Sight,
        plan: &Candidates,
        patience: Duration,
    ) -> Result<Count, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        if *plan == Candidates::None {
            return Ok(Count::exactly(0));
        }
        let size = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        if let Some(own) = &sight.own {
            return Ok(Count {
                at_least: 0,
                at_most: Some(size(own.len())),
                about: None,
            });
        }
        let tenant = permit.tenant();
        let keys = self.tenant_keys(tenant).await?;
        let plan = plan.plan(&KeyedHash::new(keys.index()));
        let count = self.index.count(tenant, &plan, patience).await?;
        // What is hidden may be counted, what is behind may be counted as it was.
        let (hidden, late) = (size(sight.hidden.len()), size(sight.behind.len()));
        Ok(Count {
            at_least: count.at_least.saturating_sub(hidden + late),
            at_most: count.at_most.map(|most| most.saturating_add(late)),
            about: count.about,
        })
    }
}

impl Sight {
    /// Whether the index alone says what a plan finds: it knows everything, and everything may be
    /// seen.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.behind.is_empty() && self.own.is_none()
    }

    /// What the index does not know yet.
    #[must_use]
    pub fn lag(&self) -> usize {
        self.behind.len()
    }
}

/// What may be searched among some.
async fn searchable(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    now: Timestamp,
    some: Condition,
) -> Result<Vec<Spot>, StoreError> {
    let rows: Vec<(i64, Uuid)> = searching(tenant, now, some).into_tuple().all(txn).await?;
    let spots = rows.into_iter().map(|(started, id)| Spot {
        started: Timestamp(started),
        id: InteractionId::from_uuid(id),
    });
    Ok(spots.collect())
}

/// Start and id of what may be searched among some.
pub(super) fn searching(tenant: TenantId, now: Timestamp, some: Condition) -> Select<row::Entity> {
    row::Entity::find()
        .select_only()
        .columns([row::Column::Started, row::Column::Id])
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Generation.gt(0))
        .filter(row::Column::Status.ne(listing::ERASING))
        .filter(
            Condition::any()
                .add(row::Column::KeepUntil.is_null())
                .add(row::Column::KeepUntil.gt(now.0)),
        )
        .filter(refusing::unrefused())
        .filter(some)
}

/// What the engine may have and a search may not show. Three questions, each by its own index.
async fn hidden(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    now: Timestamp,
) -> Result<HashSet<InteractionId>, StoreError> {
    // Written out, because a bound value would not be known to fit a partial index.
    let erasing = Expr::col(row::Column::Status).eq(Expr::cust("'erasing'"));
    let over = row::Column::KeepUntil.lte(now.0);
    let refused = Expr::col(row::Column::Refused).ne(Expr::cust("''"));
    let refused = refused.and(refusing::unrefused().not());
    let mut all = HashSet::new();
    for one in [erasing, over, refused] {
        let rows: Vec<Uuid> = row::Entity::find()
            .select_only()
            .column(row::Column::Id)
            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
            .filter(one)
            .into_tuple()
            .all(txn)
            .await?;
        all.extend(rows.into_iter().map(InteractionId::from_uuid));
    }
    Ok(all)
}

//! Keeping the engine level with the database, and starting it over.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::query::WordStream;
use domain::{InteractionId, TenantId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::places::{Places, Turns};
use super::source::Entry;
use super::{AT_ONCE, Spot, behind, marks, streams};
use crate::db::Db;
use crate::keys::{KeyedHash, TenantKeys};
use crate::objects::{Kind, Place, open_record};
use crate::rows::{interaction as row, object};
use crate::{Store, StoreError, listing};

/// Interactions read in one transaction.
const BATCH: u64 = 2_000;
/// Interactions added in one commit of the engine, where so many are behind. Each commit writes a
/// dictionary of nearly all words anew: fewer and larger ones are what makes a large index quick to
/// build. So many are held in memory twice, about 16 KB each.
const COMMIT: usize = 8_000;

/// An interaction that the engine does not know yet, with what its row said when it was read.
struct Lagging {
    entry: Entry,
    known: Known,
}

struct Known {
    id: InteractionId,
    generation: i64,
    indexed: i64,
}

/// What was read for one commit, and where it ended unless there are no more.
#[derive(Default)]
struct Gathered {
    batch: Vec<Lagging>,
    end: Option<(i64, Uuid)>,
}

impl Store {
    /// Adds what a tenant's index does not know yet. Where the engine cannot be written to just
    /// now, nothing is lost: what lags is searched without it.
    pub(crate) async fn catch_up(&self, tenant: TenantId) -> Result<(), StoreError> {
        match self.level(tenant).await {
            Err(error @ StoreError::Index { .. }) => {
                tracing::warn!(%tenant, %error, "the search index lags");
                Ok(())
            }
            other => other,
        }
    }

    /// Brings every tenant's index level with the database.
    ///
    /// # Errors
    /// [`StoreError::Index`], [`StoreError::Database`].
    pub async fn level_indexes(&self) -> Result<(), StoreError> {
        for tenant in self.tenants().await? {
            self.catch_up(tenant.id).await?;
        }
        Ok(())
    }

    /// Throws a tenant's index away and makes it again from the sealed word streams.
    ///
    /// # Errors
    /// [`StoreError::Index`], [`StoreError::Database`].
    pub async fn rebuild_index(&self, tenant: TenantId) -> Result<(), StoreError> {
        {
            let _turn = self.indexing.lock().await;
            mark_all(&self.db, tenant).await?;
            self.index.clear(tenant).await?;
        }
        self.level(tenant).await
    }

    async fn level(&self, tenant: TenantId) -> Result<(), StoreError> {
        let _turn = self.indexing.lock().await;
        loop {
            let mut next = self.gather(tenant, None).await?;
            if next.batch.is_empty() {
                return Ok(());
            }
            while !next.batch.is_empty() {
                let mut known = Vec::with_capacity(next.batch.len());
                let mut entries = Vec::with_capacity(next.batch.len());
                for lagging in next.batch {
                    known.push(lagging.known);
                    entries.push(lagging.entry);
                }
                // While these are added, the next ones are opened.
                let end = next.end;
                let following = async {
                    match end {
                        Some(end) => self.gather(tenant, Some(end)).await,
                        None => Ok(Gathered::default()),
                    }
                };
                let (put, following) = tokio::join!(self.index.put(tenant, entries), following);
                put?;
                self.settle(tenant, &known).await?;
                next = following?;
            }
        }
    }

    /// The next interactions that the engine does not know, as many as one commit takes.
    async fn gather(
        &self,
        tenant: TenantId,
        after: Option<(i64, Uuid)>,
    ) -> Result<Gathered, StoreError> {
        let keys = self.tenant_keys(tenant).await?;
        let mut gathered = Gathered {
            end: after,
            ..Gathered::default()
        };
        while gathered.batch.len() < COMMIT {
            let (some, end) = self.lagging(tenant, &keys, gathered.end).await?;
            gathered.batch.extend(some);
            gathered.end = end;
            if end.is_none() {
                break;
            }
        }
        Ok(gathered)
    }

    /// The oldest first, so that the engine's parts are in order of time, and where they end unless
    /// there are no more.
    async fn lagging(
        &self,
        tenant: TenantId,
        keys: &TenantKeys,
        after: Option<(i64, Uuid)>,
    ) -> Result<(Vec<Lagging>, Option<(i64, Uuid)>), StoreError> {
        let later = &Condition::all().add_option(after.map(|(started, id)| {
            let same = Condition::all()
                .add(row::Column::Started.eq(started))
                .add(row::Column::Id.gt(id));
            Condition::any()
                .add(row::Column::Started.gt(started))
                .add(same)
        }));
        let (rows, mut objects) = self
            .db
            .read("lagging", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(behind())
                        .filter(row::Column::Status.ne(listing::ERASING))
                        .filter(later.clone())
                        .order_by_asc(row::Column::Started)
                        .order_by_asc(row::Column::Id)
                        .limit(BATCH)
                        .all(txn.db())
                        .await?;
                    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
                    let mut objects: HashMap<Uuid, Vec<object::Model>> = HashMap::new();
                    for some in ids.chunks(AT_ONCE) {
                        let kinds = &[Kind::Stream, Kind::Fields];
                        streams::sealed(txn.db(), tenant, some, kinds, &mut objects).await?;
                    }
                    Ok((rows, objects))
                })
            })
            .await?;
        let end = rows.last().map(|row| (row.started, row.id));
        let hasher = KeyedHash::new(keys.index());
        let mut batch = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed = objects.remove(&row.id).unwrap_or_default();
            // Without its stream an interaction is being erased or made again.
            if let Some(entry) = entry_of(keys, &hasher, &row, &sealed)? {
                let known = Known {
                    id: entry.spot.id,
                    generation: row.generation,
                    indexed: row.indexed,
                };
                batch.push(Lagging { entry, known });
            }
        }
        Ok((batch, end))
    }

    /// Notes what the engine knows now. What was erased or changed while it was added is taken
    /// out again; what changed is still behind and is added anew.
    async fn settle(&self, tenant: TenantId, batch: &[Known]) -> Result<(), StoreError> {
        let mut alike: BTreeMap<(i64, i64), Vec<Uuid>> = BTreeMap::new();
        for one in batch {
            let same = alike.entry((one.generation, one.indexed)).or_default();
            same.push(one.id.as_uuid());
        }
        let alike = &alike;
        let level: HashSet<Uuid> = self
            .db
            .write("index_settle", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut level = HashSet::new();
                    for ((generation, indexed), ids) in alike {
                        for some in ids.chunks(AT_ONCE) {
                            let known = || row::Column::Id.is_in(some.iter().copied());
                            row::Entity::update_many()
                                .col_expr(row::Column::Indexed, Expr::value(*generation))
                                .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                                .filter(known())
                                .filter(row::Column::Generation.eq(*generation))
                                .filter(row::Column::Indexed.eq(*indexed))
                                .filter(row::Column::Status.ne(listing::ERASING))
                                .exec(txn.db())
                                .await?;
                            let noted: Vec<Uuid> = row::Entity::find()
                                .select_only()
                                .column(row::Column::Id)
                                .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                                .filter(known())
                                .filter(behind().not())
                                .filter(row::Column::Status.ne(listing::ERASING))
                                .into_tuple()
                                .all(txn.db())
                                .await?;
                            level.extend(noted);
                        }
                    }
                    Ok(level)
                })
            })
            .await?;
        for one in batch {
            if !level.contains(&one.id.as_uuid()) {
                self.index.remove(tenant, one.id).await?;
            }
        }
        Ok(())
    }
}

/// Marks every interaction of a tenant as not indexed.
pub(super) async fn mark_all(db: &Db, tenant: TenantId) -> Result<(), StoreError> {
    db.write("mark_all", Some(tenant), |txn| {
        Box::pin(async move {
            row::Entity::update_many()
                .col_expr(row::Column::Indexed, Expr::value(0i64))
                .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                .exec(txn.db())
                .await?;
            Ok(())
        })
    })
    .await
}

fn entry_of(
    keys: &TenantKeys,
    hasher: &KeyedHash,
    row: &row::Model,
    sealed: &[object::Model],
) -> Result<Option<Entry>, StoreError> {
    let id = InteractionId::from_uuid(row.id);
    let of = |kind: Kind| sealed.iter().find(|object| object.kind == kind.key());
    let Some(object) = of(Kind::Stream).filter(|object| object.wrapped_key.is_some()) else {
        return Ok(None);
    };
    let place = Place::of(keys.tenant(), id, Kind::Stream);
    let stream: WordStream = open_record(keys, &place, object)?;
    let fields = streams::known_fields(keys, id, row, of(Kind::Fields))?;
    Ok(Some(Entry {
        spot: Spot {
            started: Timestamp(row.started),
            id,
        },
        places: Places::of(&Turns::of(hasher), id, &stream),
        marks: marks::of(hasher, &stream, &fields),
    }))
}

//! Finding candidates by keyed hashes; the truth of a match is decided over the sealed word
//! stream, elsewhere.
//!
//! The database is the truth about what is indexed: each word stream has a generation, and an
//! interaction whose index entry is of an older one is added again before the next search. An
//! engine that crashed, lagged or was deleted therefore changes no answer.

mod expand;
mod fields;
mod folder;
mod inverted;
mod source;
mod streams;
mod upkeep;
mod vocabulary;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::query::{TokenId, WordStream};
use domain::{DataCategory, InteractionId, TenantId, Timestamp};
use policy::{Action, Find, Interactions, Permit, Resource};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::db::Db;
use crate::ledger::EntryKind;
use crate::rows::interaction as row;
use crate::{Store, StoreError, listing};

pub(crate) use expand::OpenWords;
use folder::Folder;
use inverted::Inverted;
pub(crate) use source::CandidateSource;
pub(crate) use vocabulary::{Prepared, count_out, tokens_of};

/// Ids looked up by name; above this a tenant's rows are read in one pass.
const BY_NAME: usize = 2_000;
const AT_ONCE: usize = 500;

/// Which interactions may match, in tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidates {
    /// Every searchable interaction.
    All,
    /// None.
    None,
    /// Those with the word.
    Token(TokenId),
    /// Those that satisfy every part.
    And(Vec<Self>),
    /// Those that satisfy some part.
    Or(Vec<Self>),
}

impl Candidates {
    /// The same plan without `All` and `None` inside, unless it is one of them.
    fn simplified(&self) -> Self {
        match self {
            Self::All | Self::None | Self::Token(_) => self.clone(),
            Self::And(parts) => {
                let mut kept: Vec<Self> = parts.iter().map(Self::simplified).collect();
                if kept.contains(&Self::None) {
                    return Self::None;
                }
                kept.retain(|part| *part != Self::All);
                Self::one_or(kept, Self::All, Self::And)
            }
            Self::Or(parts) => {
                let mut kept: Vec<Self> = parts.iter().map(Self::simplified).collect();
                if kept.contains(&Self::All) {
                    return Self::All;
                }
                kept.retain(|part| *part != Self::None);
                Self::one_or(kept, Self::None, Self::Or)
            }
        }
    }

    fn one_or(mut kept: Vec<Self>, empty: Self, many: fn(Vec<Self>) -> Self) -> Self {
        match (kept.pop(), kept.is_empty()) {
            (None, _) => empty,
            (Some(only), true) => only,
            (Some(last), false) => {
                kept.push(last);
                many(kept)
            }
        }
    }

    /// The tokens, where there is nothing else.
    fn only_tokens(parts: &[Self]) -> Option<Vec<TokenId>> {
        let token = |part: &Self| match part {
            Self::Token(token) => Some(*token),
            _ => None,
        };
        parts.iter().map(token).collect()
    }
}

/// The engine that goes with a database.
pub(crate) fn source(db: &Arc<Db>, folder: &Path) -> Arc<dyn CandidateSource> {
    if db.is_postgres() {
        Arc::new(Inverted::new(Arc::clone(db)))
    } else {
        Arc::new(Folder::new(folder))
    }
}

impl Store {
    /// The permit's tenant's interactions that may match, newest first. What is past its
    /// retention, on hold beyond it, or being erased is not among them.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Index`],
    /// [`StoreError::Database`].
    pub async fn candidates(
        &self,
        permit: &Permit<Find, Interactions>,
        plan: &Candidates,
    ) -> Result<Vec<InteractionId>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        let named = match plan.simplified() {
            Candidates::None => return Ok(Vec::new()),
            Candidates::All => None,
            plan => {
                self.catch_up(tenant).await?;
                Some(self.index.find(tenant, &plan).await?)
            }
        };
        self.searchable(permit, named, now).await
    }

    /// The sealed word stream of one of the permit's tenant's interactions; `None` where it has
    /// none or may not be read. The search as a whole is on the ledger: [`Self::record_search`].
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn word_stream(
        &self,
        permit: &Permit<Find, Interactions>,
        id: InteractionId,
    ) -> Result<Option<WordStream>, StoreError> {
        self.stream_of(permit, id).await
    }

    /// The word stream with its fields, under whichever permit the caller's act has.
    pub(crate) async fn stream_of<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        id: InteractionId,
    ) -> Result<Option<WordStream>, StoreError> {
        let mut streams = self.word_streams(permit, &[id]).await?;
        Ok(streams.pop().map(|(_, stream)| stream))
    }

    /// Writes the one leaf of a search: who searched, for what purpose, how many were found.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn record_search(
        &self,
        permit: &Permit<Find, Interactions>,
        found: usize,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let mut entry = self.deed(permit, EntryKind::Found);
        entry.count = u64::try_from(found).ok();
        let entry = &entry;
        self.db
            .write("record_search", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The readable ones among the named (or all), with those that the index does not know yet.
    async fn searchable(
        &self,
        permit: &Permit<Find, Interactions>,
        named: Option<Vec<InteractionId>>,
        now: Timestamp,
    ) -> Result<Vec<InteractionId>, StoreError> {
        let tenant = permit.tenant();
        let named: Option<BTreeSet<Uuid>> =
            named.map(|ids| ids.iter().map(InteractionId::as_uuid).collect());
        let named = &named;
        let mut rows = self
            .db
            .read("searchable", Some(tenant), |txn| {
                Box::pin(async move {
                    let base = || searchable_rows(tenant, now).filter(listing::own(permit));
                    let rows: Vec<(i64, Uuid)> = match named {
                        None => base().into_tuple().all(txn.db()).await?,
                        Some(ids) if ids.len() > BY_NAME => {
                            let all: Vec<(i64, Uuid, i64, i64)> = base()
                                .column(row::Column::Indexed)
                                .column(row::Column::Generation)
                                .into_tuple()
                                .all(txn.db())
                                .await?;
                            let wanted = all.into_iter().filter(|(_, id, indexed, generation)| {
                                indexed < generation || ids.contains(id)
                            });
                            wanted.map(|(started, id, ..)| (started, id)).collect()
                        }
                        Some(ids) => {
                            let mut rows: Vec<(i64, Uuid)> =
                                base().filter(behind()).into_tuple().all(txn.db()).await?;
                            let ids: Vec<Uuid> = ids.iter().copied().collect();
                            for some in ids.chunks(AT_ONCE) {
                                let some = row::Column::Id.is_in(some.iter().copied());
                                let current = Condition::all().add(some).add(behind().not());
                                rows.extend(
                                    base()
                                        .filter(current)
                                        .into_tuple::<(i64, Uuid)>()
                                        .all(txn.db())
                                        .await?,
                                );
                            }
                            rows
                        }
                    };
                    Ok(rows)
                })
            })
            .await?;
        rows.sort_unstable_by(|a, b| b.cmp(a));
        Ok(rows
            .into_iter()
            .map(|(_, id)| InteractionId::from_uuid(id))
            .collect())
    }
}

/// Start and id of what may be searched.
fn searchable_rows(tenant: TenantId, now: Timestamp) -> sea_orm::Select<row::Entity> {
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
}

/// What the index does not know yet.
fn behind() -> Condition {
    use sea_orm::sea_query::{Expr, ExprTrait};
    Condition::all().add(Expr::col(row::Column::Indexed).lt(Expr::col(row::Column::Generation)))
}

/// The distinct tokens of a stream.
fn distinct(stream: &WordStream) -> Vec<TokenId> {
    let tokens: BTreeSet<TokenId> = stream.words.iter().map(|word| word.token).collect();
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests;

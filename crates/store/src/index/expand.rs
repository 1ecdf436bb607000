//! Expanding patterns over the sealed vocabulary. A word is opened once per process: its hash
//! says which word it is for as long as the tenant's key lives. Whether the vocabulary is still
//! the same is asked each time, so that an erased interaction's last words are gone from here too.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::query::TokenId;
use domain::{DataCategory, Secret, TenantId};
use policy::{Action, Permit, Resource};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::AT_ONCE;
use super::inverted::unsigned;
use super::vocabulary::{address, name};
use crate::keys::TenantKeys;
use crate::rows::{tenant as owner, vocabulary as row};
use crate::{Store, StoreError, seal};

/// Words read in one go where very many are not open yet.
const STRETCH: usize = 8_000;

/// Opened words by tenant.
#[derive(Clone, Default)]
pub(crate) struct OpenWords(Arc<Mutex<HashMap<TenantId, Opened>>>);

/// A tenant's vocabulary as it was when it was read.
#[derive(Default)]
struct Opened {
    words: BTreeMap<Secret, i64>,
    /// The number of changes that it had seen then.
    changes: Option<i64>,
}

impl OpenWords {
    fn of<T>(&self, tenant: TenantId, work: impl FnOnce(&mut Opened) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(all.entry(tenant).or_default())
    }
}

impl Store {
    /// The keyed hashes of all words of the tenant's vocabulary that begin so and match.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`],
    /// [`StoreError::Database`].
    pub async fn expand<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        begin: &str,
        matches: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<Vec<TokenId>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        // Asked for before the words are read: what changes meanwhile is seen the next time.
        let changes = self.changes_of_words(tenant).await?;
        if self.words.of(tenant, |open| open.changes) != Some(changes) {
            let present = self.present(tenant).await?;
            self.open_words(tenant, &present).await?;
            self.words.of(tenant, |open| open.changes = Some(changes));
        }
        Ok(self.words.of(tenant, |open| {
            let words = open.words.range(Secret::new(begin)..);
            let begun = words.take_while(|(word, _)| word.expose().starts_with(begin));
            let fits = begun.filter(|(word, _)| matches(word.expose()));
            let mut found: Vec<TokenId> = fits.map(|(_, token)| unsigned(*token)).collect();
            found.sort_unstable();
            found
        }))
    }

    /// How often the vocabulary has gained or lost a word.
    async fn changes_of_words(&self, tenant: TenantId) -> Result<i64, StoreError> {
        let changes: Option<i64> = self
            .db
            .read("changes_of_words", Some(tenant), |txn| {
                Box::pin(async move {
                    let changes = owner::Entity::find_by_id(tenant.as_uuid())
                        .select_only()
                        .column(owner::Column::WordChanges)
                        .into_tuple()
                        .one(txn.db())
                        .await?;
                    Ok(changes)
                })
            })
            .await?;
        changes.ok_or_else(|| StoreError::not_found("tenant", tenant))
    }

    async fn present(&self, tenant: TenantId) -> Result<Vec<i64>, StoreError> {
        self.db
            .read("expand", Some(tenant), |txn| {
                Box::pin(async move {
                    let tokens = row::Entity::find()
                        .select_only()
                        .column(row::Column::Token)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_asc(row::Column::Token)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(tokens)
                })
            })
            .await
    }

    /// Opens the words that are not open yet and drops those that are there no more.
    async fn open_words(&self, tenant: TenantId, present: &[i64]) -> Result<(), StoreError> {
        let missing: Vec<i64> = self.words.of(tenant, |open| {
            open.words
                .retain(|_, token| present.binary_search(token).is_ok());
            let known: HashSet<i64> = open.words.values().copied().collect();
            let closed = |token: &&i64| !known.contains(*token);
            present.iter().filter(closed).copied().collect()
        });
        if missing.is_empty() {
            return Ok(());
        }
        // Many are read as stretches of the table in its own order, a few one by one. While one
        // stretch is opened, the next is read.
        let many = missing.len() > AT_ONCE;
        let mut opening = tokio::task::JoinSet::new();
        for some in missing.chunks(if many { STRETCH } else { AT_ONCE }) {
            let (Some(first), Some(last)) = (some.first(), some.last()) else {
                continue;
            };
            let those = if many {
                row::Column::Token.between(*first, *last)
            } else {
                row::Column::Token.is_in(some.iter().copied())
            };
            let mut sealed = self.sealed_words(tenant, those).await?;
            sealed.retain(|(token, _)| some.binary_search(token).is_ok());
            let keys = self.tenant_keys(tenant).await?;
            opening.spawn_blocking(move || opened(&keys, &sealed));
        }
        while let Some(opened) = opening.join_next().await {
            let opened = opened.map_err(|_| StoreError::Stopped)??;
            self.words.of(tenant, |open| open.words.extend(opened));
        }
        Ok(())
    }

    async fn sealed_words(
        &self,
        tenant: TenantId,
        those: SimpleExpr,
    ) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let those = &those;
        self.db
            .read("open_words", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .select_only()
                        .columns([row::Column::Token, row::Column::Word])
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(those.clone())
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await
    }
}

fn opened(keys: &TenantKeys, sealed: &[(i64, Vec<u8>)]) -> Result<Vec<(Secret, i64)>, StoreError> {
    let mut opened = Vec::with_capacity(sealed.len());
    for (token, word) in sealed {
        let name = name(unsigned(*token));
        let word = seal::open(keys.records(), &address(keys.tenant(), &name), word)?;
        opened.push((Secret::new(String::from_utf8_lossy(&word)), *token));
    }
    Ok(opened)
}

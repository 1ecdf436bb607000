//! Expanding patterns over the sealed vocabulary. A word is opened once per process: its hash
//! says which word it is for as long as the tenant's key lives. Which words there are is asked
//! each time, so that an erased interaction's last words are gone from here too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::query::TokenId;
use domain::{DataCategory, Secret, TenantId};
use policy::{Action, Permit, Resource};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::AT_ONCE;
use super::inverted::unsigned;
use super::vocabulary::{address, name};
use crate::rows::vocabulary as row;
use crate::{Store, StoreError, seal};

/// Opened words by tenant and hash.
#[derive(Clone, Default)]
pub(crate) struct OpenWords(Arc<Mutex<HashMap<TenantId, HashMap<i64, Secret>>>>);

impl OpenWords {
    fn of<T>(&self, tenant: TenantId, work: impl FnOnce(&mut HashMap<i64, Secret>) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(all.entry(tenant).or_default())
    }
}

impl Store {
    /// The keyed hashes of all words of the tenant's vocabulary that match.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`],
    /// [`StoreError::Database`].
    pub async fn expand<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        matches: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<Vec<TokenId>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let present: Vec<i64> = self
            .db
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
            .await?;
        self.open_words(tenant, &present).await?;
        Ok(self.words.of(tenant, |open| {
            let fits = |token: &&i64| {
                let word = open.get(*token);
                word.is_some_and(|word| matches(word.expose()))
            };
            present
                .iter()
                .filter(fits)
                .map(|token| unsigned(*token))
                .collect()
        }))
    }

    /// Opens the words that are not open yet and drops those that are there no more.
    async fn open_words(&self, tenant: TenantId, present: &[i64]) -> Result<(), StoreError> {
        let missing: Vec<i64> = self.words.of(tenant, |open| {
            open.retain(|token, _| present.binary_search(token).is_ok());
            let closed = |token: &&i64| !open.contains_key(*token);
            present.iter().filter(closed).copied().collect()
        });
        if missing.is_empty() {
            return Ok(());
        }
        let keys = self.tenant_keys(tenant).await?;
        for some in missing.chunks(AT_ONCE) {
            let rows = self
                .db
                .read("open_words", Some(tenant), |txn| {
                    Box::pin(async move {
                        let rows = row::Entity::find()
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Token.is_in(some.iter().copied()))
                            .all(txn.db())
                            .await?;
                        Ok(rows)
                    })
                })
                .await?;
            let mut opened = Vec::with_capacity(rows.len());
            for row in rows {
                let name = name(unsigned(row.token));
                let word = seal::open(keys.records(), &address(tenant, &name), &row.word)?;
                let word = String::from_utf8_lossy(&word).into_owned();
                opened.push((row.token, Secret::new(word)));
            }
            self.words.of(tenant, |open| open.extend(opened));
        }
        Ok(())
    }
}

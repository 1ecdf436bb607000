//! A tenant's sealed vocabulary: which words there are, each with the number of interactions it
//! is in, so that a wildcard can be expanded and an erased interaction's last words disappear.

use std::collections::BTreeMap;

use domain::query::{Fields, IndexText, TokenId, WordStream};
use domain::{DataCategory, InteractionId, Secret, TenantId};
use policy::{Action, Permit, Resource};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};

use super::inverted::{signed, unsigned};
use super::{AT_ONCE, distinct};
use crate::keys::{KeyedHash, TenantKeys};
use crate::objects::{self, Kind, Place, open_record};
use crate::rows::{tenant as owner, vocabulary as row};
use crate::seal::{self, Address};
use crate::{Store, StoreError};

/// An index text with its words hashed: what is stored of it.
pub(crate) struct Prepared {
    pub(crate) stream: WordStream,
    words: BTreeMap<TokenId, Secret>,
}

impl Store {
    /// The keyed hashes of words, in their order.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Key`].
    pub async fn token_ids<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        words: &[&str],
    ) -> Result<Vec<TokenId>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let keys = self.tenant_keys(permit.tenant()).await?;
        let hasher = KeyedHash::new(keys.index());
        Ok(words
            .iter()
            .map(|word| TokenId(hasher.token(word.as_bytes())))
            .collect())
    }

    /// Counts an interaction's words into the vocabulary, after counting out what an earlier
    /// stream of it had.
    pub(crate) async fn store_words(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        earlier: &[TokenId],
        prepared: &Prepared,
    ) -> Result<(), StoreError> {
        let tenant = keys.tenant();
        count_out(txn, tenant, earlier).await?;
        let once = |(token, word): (&TokenId, &Secret)| (*token, (word.clone(), 1));
        let uses = prepared.words.iter().map(once).collect();
        self.count_in(txn, keys, &uses).await
    }

    /// Adds words with the number of interactions that they are newly in. In the order of tokens,
    /// so that two transactions cannot wait for each other.
    pub(crate) async fn count_in(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        uses: &BTreeMap<TokenId, (Secret, i64)>,
    ) -> Result<(), StoreError> {
        let tenant = keys.tenant();
        let all: Vec<(&TokenId, &(Secret, i64))> = uses.iter().collect();
        let mut new = false;
        for some in all.chunks(AT_ONCE) {
            let tokens: Vec<TokenId> = some.iter().map(|(token, _)| **token).collect();
            let known = known(txn, tenant, &tokens).await?;
            let mut rows = Vec::with_capacity(some.len());
            for (token, (word, uses)) in some {
                let sealed = if known.contains(*token) {
                    // Its row has the sealed word; this row only counts it.
                    Vec::new()
                } else {
                    new = true;
                    let name = name(**token);
                    let at = address(tenant, &name);
                    seal::seal(keys.records(), &at, word.expose().as_bytes(), &*self.chance)?
                };
                rows.push(row::ActiveModel {
                    tenant: Set(tenant.as_uuid()),
                    token: Set(signed(token)),
                    word: Set(sealed),
                    uses: Set(*uses),
                });
            }
            let excluded = Expr::col((Alias::new("excluded"), row::Column::Uses));
            let count = Expr::col((row::Entity, row::Column::Uses)).add(excluded);
            let count_in = OnConflict::columns([row::Column::Tenant, row::Column::Token])
                .value(row::Column::Uses, count)
                .to_owned();
            row::Entity::insert_many(rows)
                .on_conflict(count_in)
                .exec_without_returning(txn)
                .await?;
        }
        if new {
            note_change(txn, tenant).await?;
        }
        Ok(())
    }
}

/// Says that the vocabulary has other words now, to whoever holds them open.
async fn note_change(txn: &DatabaseTransaction, tenant: TenantId) -> Result<(), StoreError> {
    let more = Expr::col(owner::Column::WordChanges).add(1i64);
    owner::Entity::update_many()
        .col_expr(owner::Column::WordChanges, more)
        .filter(owner::Column::Id.eq(tenant.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

impl Prepared {
    /// Hashes an index text's words.
    pub(crate) fn new(keys: &TenantKeys, text: &IndexText) -> Self {
        let hasher = KeyedHash::new(keys.index());
        let mut words = BTreeMap::new();
        let stream = text.stream(Fields::default(), |word| {
            let token = TokenId(hasher.token(word.as_bytes()));
            words.entry(token).or_insert_with(|| Secret::new(word));
            token
        });
        Self { stream, words }
    }
}

/// The distinct tokens of the stream that an interaction has now.
pub(crate) async fn tokens_of(
    txn: &DatabaseTransaction,
    keys: &TenantKeys,
    id: InteractionId,
) -> Result<Vec<TokenId>, StoreError> {
    let place = Place::of(keys.tenant(), id, Kind::Stream);
    match objects::find(txn, &place).await? {
        Some(object) if object.wrapped_key.is_some() => {
            Ok(distinct(&open_record(keys, &place, &object)?))
        }
        _ => Ok(Vec::new()),
    }
}

/// Takes an interaction's words out of the vocabulary; those that no other one has are deleted.
pub(crate) async fn count_out(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    tokens: &[TokenId],
) -> Result<(), StoreError> {
    let mut gone = 0;
    for some in tokens.chunks(AT_ONCE) {
        row::Entity::update_many()
            .col_expr(row::Column::Uses, Expr::col(row::Column::Uses).sub(1i64))
            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
            .filter(row::Column::Token.is_in(some.iter().map(signed)))
            .exec(txn)
            .await?;
        let unused = row::Entity::delete_many()
            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
            .filter(row::Column::Token.is_in(some.iter().map(signed)))
            .filter(row::Column::Uses.lte(0i64))
            .exec(txn)
            .await?;
        gone += unused.rows_affected;
    }
    if gone > 0 {
        note_change(txn, tenant).await?;
    }
    Ok(())
}

async fn known(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    tokens: &[TokenId],
) -> Result<Vec<TokenId>, StoreError> {
    let found: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Token)
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Token.is_in(tokens.iter().map(signed)))
        .lock_exclusive()
        .into_tuple()
        .all(txn)
        .await?;
    Ok(found.into_iter().map(unsigned).collect())
}

pub(super) fn name(token: TokenId) -> String {
    format!("{:016x}", token.0)
}

pub(super) const fn address(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "vocabulary",
        row,
        column: "word",
    }
}

//! Candidates from PostgreSQL: an inverted index over arrays of keyed hashes.

use std::sync::Arc;

use async_trait::async_trait;
use domain::query::TokenId;
use domain::{InteractionId, TenantId};
use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Candidates;
use super::source::{CandidateSource, Entry};
use crate::StoreError;
use crate::db::Db;
use crate::rows::index_token as row;

/// The table of arrays.
pub(crate) struct Inverted {
    db: Arc<Db>,
}

impl Inverted {
    pub(crate) const fn new(db: Arc<Db>) -> Self {
        Self { db }
    }
}

#[async_trait]
impl CandidateSource for Inverted {
    async fn put(&self, tenant: TenantId, entries: Vec<Entry>) -> Result<(), StoreError> {
        let rows: Vec<row::ActiveModel> = entries
            .iter()
            .map(|entry| row::ActiveModel {
                tenant: Set(tenant.as_uuid()),
                interaction: Set(entry.id.as_uuid()),
                tokens: Set(entry.tokens.iter().map(signed).collect()),
            })
            .collect();
        let rows = &rows;
        self.db
            .write("index_put", Some(tenant), |txn| {
                Box::pin(async move {
                    let replace =
                        OnConflict::columns([row::Column::Tenant, row::Column::Interaction])
                            .update_column(row::Column::Tokens)
                            .to_owned();
                    for some in rows.chunks(500) {
                        row::Entity::insert_many(some.to_vec())
                            .on_conflict(replace.clone())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn find(
        &self,
        tenant: TenantId,
        plan: &Candidates,
    ) -> Result<Vec<InteractionId>, StoreError> {
        let wanted = &condition(plan);
        let found: Vec<Uuid> = self
            .db
            .read("index_find", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = row::Entity::find()
                        .select_only()
                        .column(row::Column::Interaction)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(wanted.clone())
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(found)
                })
            })
            .await?;
        Ok(found.into_iter().map(InteractionId::from_uuid).collect())
    }

    async fn remove(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError> {
        self.db
            .write("index_remove", Some(tenant), |txn| {
                Box::pin(async move {
                    row::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    async fn clear(&self, tenant: TenantId) -> Result<(), StoreError> {
        self.db
            .write("index_clear", Some(tenant), |txn| {
                Box::pin(async move {
                    row::Entity::delete_many()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    fn place(&self) -> &'static str {
        "search index table"
    }
}

/// The same 64 bits in the type that the engine has.
pub(crate) fn signed(token: &TokenId) -> i64 {
    i64::from_be_bytes(token.0.to_be_bytes())
}

/// Back from the engine's type.
pub(crate) fn unsigned(token: i64) -> TokenId {
    TokenId(u64::from_be_bytes(token.to_be_bytes()))
}

fn holds(tokens: Vec<i64>) -> Expr {
    Expr::col(row::Column::Tokens).contains(Expr::val(tokens))
}

fn condition(plan: &Candidates) -> Expr {
    match plan {
        Candidates::Token(token) => holds(vec![signed(token)]),
        Candidates::And(parts) => match Candidates::only_tokens(parts) {
            Some(tokens) => holds(tokens.iter().map(signed).collect()),
            None => join(parts, ExprTrait::and),
        },
        Candidates::Or(parts) => join(parts, ExprTrait::or),
        // The caller answers these two without the index.
        Candidates::All | Candidates::None => Expr::val(false),
    }
}

fn join(parts: &[Candidates], with: fn(Expr, Expr) -> Expr) -> Expr {
    let joined = parts.iter().map(condition).reduce(with);
    joined.unwrap_or_else(|| Expr::val(false))
}

//! Candidates from PostgreSQL: an inverted index over arrays of keyed hashes, beside the records.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::query::TokenId;
use domain::{InteractionId, TenantId, Timestamp};
use sea_orm::sea_query::extension::postgres::{PgBinOper, PgExpr};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RuntimeErr,
};
use uuid::Uuid;

use super::Spot;
use super::source::{CandidateSource, Count, Entry, Plan, Question};
use crate::StoreError;
use crate::db::Db;
use crate::rows::index_token as row;

/// Entries that are counted one by one; more are "at least so many".
const COUNTED: u64 = 10_000;
const AT_ONCE: usize = 500;
/// What PostgreSQL says where a statement took longer than it may.
const TOO_LONG: &str = "57014";

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
                interaction: Set(entry.spot.id.as_uuid()),
                started: Set(entry.spot.started.0),
                tokens: Set(entry.tokens().iter().map(signed).collect()),
            })
            .collect();
        let rows = &rows;
        self.db
            .write("index_put", Some(tenant), |txn| {
                Box::pin(async move {
                    let replace =
                        OnConflict::columns([row::Column::Tenant, row::Column::Interaction])
                            .update_columns([row::Column::Started, row::Column::Tokens])
                            .to_owned();
                    for some in rows.chunks(AT_ONCE) {
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

    async fn page(
        &self,
        tenant: TenantId,
        plan: &Plan,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, StoreError> {
        let wanted = &condition(plan);
        let limit = u64::try_from(limit)
            .ok()
            .filter(|limit| i64::try_from(*limit).is_ok());
        let found: Vec<(i64, Uuid)> = self
            .db
            .read("index_page", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = row::Entity::find()
                        .select_only()
                        .columns([row::Column::Started, row::Column::Interaction])
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(wanted.clone())
                        .filter(Condition::all().add_option(after.map(older)))
                        .order_by_desc(row::Column::Started)
                        .order_by_desc(row::Column::Interaction)
                        .limit(limit)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(found)
                })
            })
            .await?;
        let spots = found.into_iter().map(|(started, id)| Spot {
            started: Timestamp(started),
            id: InteractionId::from_uuid(id),
        });
        Ok(spots.collect())
    }

    async fn count(
        &self,
        tenant: TenantId,
        plan: &Plan,
        patience: Duration,
    ) -> Result<Count, StoreError> {
        let wanted = &condition(plan);
        let patience = &format!(
            "set local statement_timeout = {}",
            patience.as_millis().max(1)
        );
        let counted = self
            .db
            .read("index_count", Some(tenant), |txn| {
                Box::pin(async move {
                    txn.db().execute_unprepared(patience).await?;
                    let some = row::Entity::find()
                        .select_only()
                        .column(row::Column::Interaction)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(wanted.clone())
                        .limit(COUNTED + 1)
                        .into_query();
                    let counting = Query::select()
                        .expr(Expr::cust("count(*)"))
                        .from_subquery(some, "counted")
                        .to_owned();
                    let said = txn.db().query_one(&counting).await?;
                    let said = said.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
                    let counted = said
                        .and_then(|count| u64::try_from(count).ok())
                        .unwrap_or(0);
                    Ok(counted)
                })
            })
            .await;
        match counted {
            Ok(count) if count <= COUNTED => Ok(Count::exactly(count)),
            Ok(_) => Ok(Count {
                at_least: COUNTED,
                at_most: None,
                about: None,
            }),
            Err(StoreError::Database { source, .. }) if took_too_long(&source) => {
                Ok(Count::unknown())
            }
            Err(other) => Err(other),
        }
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
    token.0.cast_signed()
}

/// Back from the engine's type.
pub(crate) fn unsigned(token: i64) -> TokenId {
    TokenId(token.cast_unsigned())
}

fn older(after: Spot) -> Condition {
    let same_start = Condition::all()
        .add(row::Column::Started.eq(after.started.0))
        .add(row::Column::Interaction.lt(after.id.as_uuid()));
    Condition::any()
        .add(row::Column::Started.lt(after.started.0))
        .add(same_start)
}

fn holds(tokens: Vec<i64>) -> Expr {
    Expr::col(row::Column::Tokens).contains(Expr::val(tokens))
}

fn holds_any(tokens: &[TokenId]) -> Expr {
    let tokens: Vec<i64> = tokens.iter().map(signed).collect();
    Expr::col(row::Column::Tokens).binary(PgBinOper::Overlap, Expr::val(tokens))
}

fn condition(plan: &Plan) -> Expr {
    match plan {
        Plan::All => Expr::val(true),
        Plan::None => Expr::val(false),
        Plan::Token(token) | Plan::Mark(token) => holds(vec![signed(token)]),
        Plan::Placed(placed) => match &placed.question {
            Question::Near(nearby) => {
                holds_any(&nearby.left.tokens).and(holds_any(&nearby.right.tokens))
            }
            Question::Unbroken(_) => Expr::val(false),
        },
        Plan::Started(from, until) => {
            let from = from.map(|at| row::Column::Started.gte(at.0));
            let until = until.map(|at| row::Column::Started.lt(at.0));
            from.into_iter()
                .chain(until)
                .reduce(ExprTrait::and)
                .unwrap_or_else(|| Expr::val(true))
        }
        Plan::Not(inner) => condition(inner).not(),
        Plan::And(parts) => {
            let (tokens, others): (Vec<&Plan>, Vec<&Plan>) = parts
                .iter()
                .partition(|part| matches!(part, Plan::Token(_) | Plan::Mark(_)));
            let tokens: Vec<i64> = tokens
                .into_iter()
                .filter_map(|part| match part {
                    Plan::Token(token) | Plan::Mark(token) => Some(signed(token)),
                    _ => None,
                })
                .collect();
            let together = (!tokens.is_empty()).then(|| holds(tokens));
            let others = others.into_iter().map(condition);
            let all = together.into_iter().chain(others).reduce(ExprTrait::and);
            all.unwrap_or_else(|| Expr::val(true))
        }
        Plan::Or(parts) => match Plan::only_tokens(parts) {
            Some(tokens) => holds_any(&tokens),
            None => {
                let any = parts.iter().map(condition).reduce(ExprTrait::or);
                any.unwrap_or_else(|| Expr::val(false))
            }
        },
    }
}

fn took_too_long(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return false;
    };
    let code = inner.as_database_error().and_then(|found| found.code());
    code.as_deref() == Some(TOO_LONG)
}

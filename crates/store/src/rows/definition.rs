//! `definitions`: a category, scorecard or alert, and which of its versions is read.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "definitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name_hash: Vec<u8>,
    pub newest: i64,
    pub live_version: Option<i64>,
    pub live_epoch: Option<i64>,
    pub next_version: Option<i64>,
    pub next_epoch: Option<i64>,
    pub created: i64,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

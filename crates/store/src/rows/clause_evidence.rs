//! `clause_evidence`: the latest that was seen for or against a clause.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clause_evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub clause: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub at: i64,
    pub holds: bool,
    pub until_at: Option<i64>,
    pub reason: String,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `declared_fields`: metadata that a tenant's queries may name.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_fields")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub about: String,
    pub declared: i64,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

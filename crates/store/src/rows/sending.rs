//! `sendings`: which alert goes by which route in which message; ids only.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sendings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub route: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alert: Uuid,
    pub delivery: Uuid,
    pub disclosure: Option<Uuid>,
    pub refused: Option<String>,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

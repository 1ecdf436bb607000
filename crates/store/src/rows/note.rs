//! `notes`: what people write about interactions, and what belongs to it; sealed.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub interaction: Option<Uuid>,
    pub about: Option<String>,
    pub person: Option<Uuid>,
    pub actor: String,
    pub state: String,
    pub created: i64,
    pub due: Option<i64>,
    pub revision: i64,
    pub wrapped_key: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `uploads`: a file on its way in, part by part.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant: Uuid,
    pub holder: String,
    pub length: i64,
    pub received: i64,
    pub wrapped_key: Option<Vec<u8>>,
    pub labels: Vec<u8>,
    pub outcome: Option<Vec<u8>>,
    pub until: i64,
    pub created: i64,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

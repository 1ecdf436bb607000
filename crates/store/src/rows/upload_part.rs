//! `upload_parts`: where a part of a file on its way in begins, and its sealed blob.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub upload: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    pub tenant: Uuid,
    pub length: i64,
    pub blob: Uuid,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

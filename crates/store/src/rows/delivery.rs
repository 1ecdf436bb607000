//! `deliveries`: messages that tell recipients of alerts; ids, states and times.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub route: Uuid,
    pub state: String,
    pub attempt: i64,
    pub ready_at: i64,
    pub created: i64,
    pub closed: Option<i64>,
    pub failure: Option<String>,
    pub token: Option<Uuid>,
    pub lease_until: Option<i64>,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

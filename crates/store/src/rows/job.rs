//! `jobs`: the next stage of an interaction.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant: Uuid,
    pub interaction: Uuid,
    pub stage: String,
    pub state: String,
    pub ready_at: i64,
    pub attempt: i64,
    pub takeovers: i64,
    pub holder: Option<String>,
    pub token: Option<Uuid>,
    pub lease_until: Option<i64>,
    pub failure_code: Option<String>,
    pub failure_sentence: Option<String>,
    pub created: i64,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `measures`: what was measured of an interaction, in milliseconds and counts.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub interaction: Uuid,
    pub talk: i64,
    pub silence: i64,
    pub longest_silence: i64,
    pub overtalk: i64,
    pub gaps: i64,
    pub gap_mean: i64,
    pub gap_longest: i64,
    /// In thousandths.
    pub sentiment: Option<i64>,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

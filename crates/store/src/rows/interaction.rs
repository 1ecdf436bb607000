//! `interactions`: facts and counts of an interaction.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel: String,
    pub direction: String,
    pub started: i64,
    pub received: i64,
    pub duration: Option<i64>,
    pub status: String,
    pub stage: Option<String>,
    pub outcome: Option<String>,
    pub parties: String,
    pub dialogs: i64,
    pub words: i64,
    pub turns: i64,
    pub redactions: String,
    pub warnings: String,
    pub instruction: String,
    pub subjects: i64,
    pub lawful_bases: String,
    pub on_hold: bool,
    pub refused: String,
    pub collected_under: String,
    pub keep_until: Option<i64>,
    pub generation: i64,
    pub indexed: i64,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

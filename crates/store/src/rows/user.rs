//! `users`: a person of a tenant: keyed hash of the mail address, never the address.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant: Uuid,
    pub login: Vec<u8>,
    pub profile: Vec<u8>,
    pub credentials: Option<Vec<u8>>,
    pub role: String,
    pub invite: Option<Vec<u8>>,
    pub invite_until: Option<i64>,
    pub failures: i64,
    pub shut_until: i64,
    pub locked: bool,
    pub totp_step: i64,
    pub created: i64,
    pub seen: Option<i64>,
    pub sso: Option<Vec<u8>>,
}

/// Rows are joined in our queries, not by the entity.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The ledger's tables; raw ids and numbers of the ledger live here and nowhere else.

#![expect(unreachable_pub, reason = "the entity derive wants `pub` items")]

/// `ledger`: one leaf and, until it is forgotten, its evidence.
pub(crate) mod leaf {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub leaf_index: i64,
        pub tenant: Option<Uuid>,
        pub at: i64,
        pub leaf: Vec<u8>,
        pub salt: Option<Vec<u8>>,
        pub sealed: Option<Vec<u8>>,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `ledger_head`: how many leaves there are; its one row gives each writer its turn.
pub(crate) mod head {
    use sea_orm::entity::prelude::*;

    /// The one row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub size: i64,
        pub origin: String,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `ledger_checkpoints`: every signed tree head.
pub(crate) mod checkpoint {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_checkpoints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        pub root: Vec<u8>,
        pub note: String,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `ledger_keys`: the installation's own keys of the ledger, wrapped by the root.
pub(crate) mod key {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub wrapped: Vec<u8>,
        pub verifier: String,
        pub active: bool,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `ledger_cosignatures`: who vouches for a checkpoint.
pub(crate) mod cosignature {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_cosignatures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub witness: String,
        pub line: String,
        pub at: i64,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `ledger_witnesses`: how asking each witness ended last.
pub(crate) mod witness {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_witnesses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub witness: String,
        pub size: i64,
        pub tried: i64,
        pub problem: Option<String>,
    }

    /// Rows are joined in our queries, not by the entity.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

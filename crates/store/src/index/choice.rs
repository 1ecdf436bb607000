//! Which engine finds candidates.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, Statement};

use super::CandidateSource;
use super::folder::{Folder, remove_folder};
use super::inverted::Inverted;
use crate::StoreError;
use crate::db::Db;

/// An engine that finds candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchEngine {
    /// Files beside the installation, one folder per tenant. Every process that searches needs
    /// the same folder.
    Folder,
    /// A table beside the records; with a PostgreSQL database only.
    Table,
}

impl SearchEngine {
    /// Its name in the configuration.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Table => "table",
        }
    }
}

impl FromStr for SearchEngine {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        [Self::Folder, Self::Table]
            .into_iter()
            .find(|engine| engine.key() == text)
            .ok_or_else(|| {
                StoreError::Config("the search engine is `folder` or `table`".to_owned())
            })
    }
}

/// The engine that was chosen, or the one that goes with the database. What the other engine has
/// of an earlier choice is removed, and everything is indexed again: an entry that nobody keeps
/// level would outlive its interaction.
pub(crate) async fn source(
    db: &Arc<Db>,
    folder: &Path,
    chosen: Option<SearchEngine>,
) -> Result<Arc<dyn CandidateSource>, StoreError> {
    let usual = if db.is_postgres() {
        SearchEngine::Table
    } else {
        SearchEngine::Folder
    };
    match chosen.unwrap_or(usual) {
        SearchEngine::Table if !db.is_postgres() => Err(StoreError::Config(
            "the search engine `table` needs a PostgreSQL database; with SQLite it is `folder`"
                .to_owned(),
        )),
        SearchEngine::Table => {
            if folder.exists() {
                remove_folder(folder)?;
                index_again(db, false).await?;
            }
            Ok(Arc::new(Inverted::new(Arc::clone(db))))
        }
        SearchEngine::Folder => {
            if db.is_postgres() && table_is_used(db).await? {
                index_again(db, true).await?;
            }
            Ok(Arc::new(Folder::new(folder)))
        }
    }
}

async fn table_is_used(db: &Db) -> Result<bool, StoreError> {
    db.read("table_is_used", None, |txn| {
        Box::pin(async move {
            let backend = txn.db().get_database_backend();
            let any = Statement::from_string(backend, "select 1 from index_tokens limit 1");
            Ok(txn.db().query_one_raw(any).await?.is_some())
        })
    })
    .await
}

/// Marks every interaction of every tenant; by hand, because row-level security shows a
/// transaction one tenant's rows.
async fn index_again(db: &Db, empty_table: bool) -> Result<(), StoreError> {
    use sea_orm::EntityTrait;
    let tenants = db
        .read("index_again", None, |txn| {
            Box::pin(async move { Ok(crate::rows::tenant::Entity::find().all(txn.db()).await?) })
        })
        .await?;
    for tenant in tenants {
        let id = domain::TenantId::from_uuid(tenant.id);
        super::upkeep::mark_all(db, id).await?;
    }
    if empty_table {
        db.write("empty_table", None, |txn| {
            Box::pin(async move {
                let all = crate::rows::index_token::Entity::delete_many();
                all.exec(txn.db()).await?;
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}

//! What was erased stays erased when an older backup of database and blobs comes back.
//!
//! Each erasure is noted in a file beside the key file, which no backup of the data covers. When a
//! store is opened, whatever the file names and the database still has is shut: its keys are
//! destroyed, or, where a hold came back with it, kept and never opened.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::{InteractionId, TenantId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::erasing::blank_objects;
use crate::rows::interaction as row;
use crate::{Store, StoreError, listing};

/// The list of what was erased.
#[derive(Debug, Clone)]
pub(crate) struct Erasures(PathBuf);

impl Erasures {
    /// Beside the key file.
    pub(crate) fn beside(key_file: &Path) -> Self {
        let mut path = key_file.as_os_str().to_owned();
        path.push(".erased");
        Self(path.into())
    }

    /// Notes an erasure; durable when it returns.
    pub(crate) fn note(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError> {
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.0)?;
            file.write_all(format!("{tenant} {id}\n").as_bytes())?;
            file.sync_data()
        };
        write().map_err(|source| self.fault("note an erasure in", source))
    }

    fn read(&self) -> Result<BTreeSet<(TenantId, InteractionId)>, StoreError> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(BTreeSet::new());
            }
            Err(source) => return Err(self.fault("read", source)),
        };
        let noted = text.lines().filter_map(|line| {
            let (tenant, id) = line.split_once(' ')?;
            Some((tenant.parse().ok()?, id.parse().ok()?))
        });
        Ok(noted.collect())
    }

    fn fault(&self, during: &'static str, source: std::io::Error) -> StoreError {
        StoreError::Io {
            during,
            path: self.0.clone(),
            source,
        }
    }
}

impl Store {
    /// Everything that was erased, as noted beside the key file.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn erased(&self) -> Result<BTreeSet<(TenantId, InteractionId)>, StoreError> {
        self.erasures.read()
    }

    /// Notes what another installation erased, so that it stays erased when a copy of it comes in.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn note_erased(
        &self,
        erased: &BTreeSet<(TenantId, InteractionId)>,
    ) -> Result<(), StoreError> {
        let known = self.erasures.read()?;
        for (tenant, id) in erased.difference(&known) {
            self.erasures.note(*tenant, *id)?;
        }
        Ok(())
    }

    /// Shuts whatever was erased and came back with a backup.
    pub(crate) async fn shut_erased(&self) -> Result<(), StoreError> {
        for (tenant, id) in self.erasures.read()? {
            self.db
                .write("shut_erased", Some(tenant), |txn| {
                    Box::pin(async move { shut(txn.db(), tenant, id).await })
                })
                .await?;
        }
        Ok(())
    }
}

async fn shut(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    let Some(found) = listing::find(txn, tenant, id).await? else {
        return Ok(());
    };
    if found.status != listing::ERASING {
        tracing::warn!(interaction = %id, "an erased interaction came back and was shut");
        row::Entity::update_many()
            .col_expr(row::Column::Status, Expr::value(listing::ERASING))
            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
            .filter(row::Column::Id.eq(id.as_uuid()))
            .exec(txn)
            .await?;
    }
    if !found.on_hold {
        blank_objects(txn, tenant, id).await?;
    }
    Ok(())
}

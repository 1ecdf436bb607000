//! Publishing versions, taking them out of use, and reading all that are published.

use domain::{DataCategory, DefinitionId, DefinitionKind, Epoch, TenantId, VersionNumber};
use policy::{Action, Permit, Resource};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{Edition, VersionText, editions_of, find, findings, unsigned, version_of};
use crate::ledger::EntryKind;
use crate::rows::{definition as row, definition_epoch as epoch_row};
use crate::{Store, StoreError};

/// A published version to evaluate with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Which definition.
    pub id: DefinitionId,
    /// What it defines.
    pub kind: DefinitionKind,
    /// Which publication.
    pub edition: Edition,
    /// Not read yet: history is still being evaluated.
    pub next: bool,
    /// What it says.
    pub says: VersionText,
}

impl Store {
    /// Publishes versions together: all history is evaluated at their new epoch before they are
    /// read.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn publish_definitions<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        wanted: &[(DefinitionId, VersionNumber)],
    ) -> Result<Epoch, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        self.db
            .write("publish_definitions", Some(tenant), |txn| {
                Box::pin(async move {
                    let epoch = next_epoch(txn.db(), tenant).await?;
                    for (id, number) in wanted {
                        let row = find(txn.db(), tenant, *id).await?;
                        let wanted = i64::from(number.0);
                        if !(1..=row.newest).contains(&wanted) {
                            let name = format!("{id} version {number}");
                            return Err(StoreError::not_found("definition", name));
                        }
                        let abandoned = row.next_epoch;
                        let mut row = row.into_active_model();
                        row.next_version = Set(Some(wanted));
                        row.next_epoch = Set(Some(epoch));
                        row.update(txn.db()).await?;
                        if let Some(abandoned) = abandoned {
                            findings::drop_epochs(txn.db(), tenant, *id, abandoned, epoch).await?;
                        }
                        let mut entry = self.deed(permit, EntryKind::Published);
                        entry.resource = Some(id.to_string());
                        self.append(txn.db(), keys, &entry).await?;
                    }
                    Ok(Epoch(unsigned(epoch)))
                })
            })
            .await
    }

    /// Puts a version to use at once, without evaluating anything: of a form, which people fill in.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn use_version<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        (id, number): (DefinitionId, VersionNumber),
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let mut entry = self.deed(permit, EntryKind::Published);
        entry.resource = Some(id.to_string());
        let entry = &entry;
        self.db
            .write("use_version", Some(tenant), |txn| {
                Box::pin(async move {
                    let row = find(txn.db(), tenant, id).await?;
                    let wanted = i64::from(number.0);
                    if row.kind != DefinitionKind::Form.key() || !(1..=row.newest).contains(&wanted)
                    {
                        let name = format!("{id} version {number}");
                        return Err(StoreError::not_found("form", name));
                    }
                    let mut row = row.into_active_model();
                    row.live_version = Set(Some(wanted));
                    row.live_epoch = Set(Some(0));
                    row.update(txn.db()).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes a definition out of use: what it found is dropped, its versions are kept.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn retire_definition<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        id: DefinitionId,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let mut entry = self.deed(permit, EntryKind::Published);
        entry.resource = Some(id.to_string());
        let entry = &entry;
        self.db
            .write("retire_definition", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut row = find(txn.db(), tenant, id).await?.into_active_model();
                    row.live_version = Set(None);
                    row.live_epoch = Set(None);
                    row.next_version = Set(None);
                    row.next_epoch = Set(None);
                    row.update(txn.db()).await?;
                    findings::drop_epochs(txn.db(), tenant, id, 0, i64::MAX).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Every published version, with the epoch that an evaluation with all of them reaches.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn published_definitions<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
    ) -> Result<(Epoch, Vec<Published>), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        self.db
            .read("published_definitions", Some(tenant), |txn| {
                Box::pin(async move {
                    // The epoch first: what is published in between is then evaluated again.
                    let epoch = epoch_of(txn.db(), tenant).await?;
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_asc(row::Column::Id)
                        .all(txn.db())
                        .await?;
                    let mut all = Vec::new();
                    for row in &rows {
                        let id = DefinitionId::from_uuid(row.id);
                        let kind = row.kind.parse()?;
                        let (live, next) = editions_of(row);
                        for (edition, next) in [(live, false), (next, true)] {
                            let Some(edition) = edition else { continue };
                            let number = i64::from(edition.version.0);
                            let version = version_of(txn.db(), keys, id, number).await?;
                            all.push(Published {
                                id,
                                kind,
                                edition,
                                next,
                                says: version.says,
                            });
                        }
                    }
                    Ok((Epoch(unsigned(epoch)), all))
                })
            })
            .await
    }
}

/// The tenant's epoch, counted on. The row stays locked until the transaction ends, so that two
/// publications never share an epoch.
async fn next_epoch(txn: &DatabaseTransaction, tenant: TenantId) -> Result<i64, StoreError> {
    let first = epoch_row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        epoch: Set(1),
    };
    let counted = Expr::col((epoch_row::Entity, epoch_row::Column::Epoch)).add(1i64);
    let count = OnConflict::column(epoch_row::Column::Tenant)
        .value(epoch_row::Column::Epoch, counted)
        .to_owned();
    epoch_row::Entity::insert(first)
        .on_conflict(count)
        .exec_without_returning(txn)
        .await?;
    epoch_of(txn, tenant).await
}

/// How often the tenant has published; 0 before the first time.
pub(super) async fn epoch_of(
    txn: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<i64, StoreError> {
    let found = epoch_row::Entity::find_by_id(tenant.as_uuid())
        .one(txn)
        .await?;
    Ok(found.map_or(0, |row| row.epoch))
}

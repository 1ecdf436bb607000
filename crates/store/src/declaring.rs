//! Metadata of interactions that a tenant's queries may name: settings, nothing of any person.

use domain::{DataCategory, TenantId};
use policy::{Interactions, Permit, Seal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::ledger::EntryKind;
use crate::rows::declared_field as row;
use crate::{Store, StoreError};

/// A field that a tenant declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredField {
    /// Its name in queries and among the metadata, in lower case.
    pub name: String,
    /// What it is, for an editor's list.
    pub about: String,
}

impl Store {
    /// Declares a field, or says anew what it is.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn declare_field(
        &self,
        permit: &Permit<Seal, Interactions>,
        field: &DeclaredField,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let made = &row::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            name: Set(field.name.clone()),
            about: Set(field.about.clone()),
            declared: Set(now.0),
        };
        let mut entry = self.deed(permit, EntryKind::Sealed);
        entry.resource = Some(format!("field {}", field.name));
        let entry = &entry;
        self.db
            .write("declare_field", Some(tenant), |txn| {
                Box::pin(async move {
                    let again = OnConflict::columns([row::Column::Tenant, row::Column::Name])
                        .update_columns([row::Column::About, row::Column::Declared])
                        .to_owned();
                    row::Entity::insert(made.clone())
                        .on_conflict(again)
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes a declaration back; queries that name the field are refused from then on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none; [`StoreError::Permit`],
    /// [`StoreError::Database`].
    pub async fn drop_field(
        &self,
        permit: &Permit<Seal, Interactions>,
        name: &str,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let mut entry = self.deed(permit, EntryKind::Purged);
        entry.resource = Some(format!("field {name}"));
        let entry = &entry;
        self.db
            .write("drop_field", Some(tenant), |txn| {
                Box::pin(async move {
                    let key = (tenant.as_uuid(), name.to_owned());
                    let gone = row::Entity::delete_by_id(key).exec(txn.db()).await?;
                    if gone.rows_affected == 0 {
                        return Err(StoreError::not_found("field", name));
                    }
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The fields that a tenant declared, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn declared_fields(
        &self,
        tenant: TenantId,
    ) -> Result<Vec<DeclaredField>, StoreError> {
        let rows = self
            .db
            .read("declared_fields", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_asc(row::Column::Name)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let field = |row: row::Model| DeclaredField {
            name: row.name,
            about: row.about,
        };
        Ok(rows.into_iter().map(field).collect())
    }
}

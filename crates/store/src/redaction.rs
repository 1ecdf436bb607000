//! What redaction keeps: each tenant's settings, under which rules an interaction was redacted,
//! and the reports of audits.

use std::sync::Arc;

use domain::{InteractionId, Stage, TenantId, Timestamp};
use policy::{Permit, Read, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::keys::KeyedHash;
use crate::ledger::{Entry, EntryKind};
use crate::rows::{interaction, redacted_under, redaction_audit, redaction_settings as row};
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError, listing};

/// A tenant's redaction settings.
#[derive(Clone, PartialEq, Eq)]
pub struct RedactionSettings {
    /// Counts changes, from 1.
    pub version: u64,
    /// As the tenant wrote them.
    pub text: String,
    /// When they were last changed.
    pub changed: Timestamp,
}

/// Words of a tenant's own lists may name people, so they are not printed.
impl std::fmt::Debug for RedactionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedactionSettings(version {})", self.version)
    }
}

/// A hash under a key of the tenant that is used for nothing else.
pub type SurrogateHash = Arc<dyn Fn(&[u8]) -> [u8; 32] + Send + Sync>;

/// A stored report of an audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAudit {
    /// When it ended.
    pub at: Timestamp,
    /// The report, as it was written.
    pub report: String,
}

impl Store {
    /// A tenant's redaction settings, where it has any of its own.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Seal`] where they do not open.
    pub async fn redaction_settings(
        &self,
        tenant: TenantId,
    ) -> Result<Option<RedactionSettings>, StoreError> {
        let found = self
            .db
            .read("redaction_settings", Some(tenant), |txn| {
                Box::pin(async move { settings_row(txn.db(), tenant).await })
            })
            .await?;
        let Some(found) = found else { return Ok(None) };
        let keys = self.tenant_keys(tenant).await?;
        let name = tenant.to_string();
        let plain = open(keys.records(), &address(tenant, &name), &found.sealed)?;
        let text = String::from_utf8(plain.to_vec())
            .map_err(|_| StoreError::record("redaction settings", "not UTF-8"))?;
        Ok(Some(RedactionSettings {
            version: u64::try_from(found.version).unwrap_or(0),
            text,
            changed: Timestamp(found.changed),
        }))
    }

    /// Replaces a tenant's redaction settings; says their new version. A leaf records who did.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Chance`].
    pub async fn set_redaction_settings(
        &self,
        scope: &Scope,
        text: &str,
    ) -> Result<u64, StoreError> {
        let (tenant, now) = (scope.tenant(), self.clock.now());
        let keys = &*self.tenant_keys(tenant).await?;
        let name = tenant.to_string();
        let sealed = &seal(
            keys.records(),
            &address(tenant, &name),
            text.as_bytes(),
            &*self.chance,
        )?;
        let mut entry = Entry::new(
            EntryKind::Published,
            now,
            &scope.actor().handle,
            "redaction_settings",
        );
        entry.tenant = Some(tenant);
        let entry = &entry;
        let version = self
            .db
            .write("set_redaction_settings", Some(tenant), |txn| {
                Box::pin(async move {
                    let earlier = settings_row(txn.db(), tenant).await?;
                    let version = earlier.map_or(0, |row| row.version) + 1;
                    let row = row::ActiveModel {
                        tenant: Set(tenant.as_uuid()),
                        version: Set(version),
                        sealed: Set(sealed.clone()),
                        changed: Set(now.0),
                    };
                    let columns = [
                        row::Column::Version,
                        row::Column::Sealed,
                        row::Column::Changed,
                    ];
                    let replace = OnConflict::column(row::Column::Tenant)
                        .update_columns(columns)
                        .to_owned();
                    row::Entity::insert(row)
                        .on_conflict(replace)
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(version)
                })
            })
            .await?;
        Ok(u64::try_from(version).unwrap_or(0))
    }

    /// The tenant's hash for surrogates, for whoever may read an interaction's raw words.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without raw content.
    pub async fn surrogate_hash(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<SurrogateHash, StoreError> {
        permit.check(domain::DataCategory::RawContent, self.clock.now())?;
        let keys = self.tenant_keys(permit.tenant()).await?;
        let hasher = KeyedHash::new(keys.surrogates());
        Ok(Arc::new(move |bytes: &[u8]| hasher.hash(bytes)))
    }

    /// Processed interactions of a tenant with the rules they were redacted under; nothing where
    /// that is not known.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn redacted_under(
        &self,
        tenant: TenantId,
    ) -> Result<Vec<(InteractionId, Option<String>)>, StoreError> {
        let (ready, known) = self
            .db
            .read("redacted_under", Some(tenant), |txn| {
                Box::pin(async move {
                    let ready: Vec<uuid::Uuid> = interaction::Entity::find()
                        .select_only()
                        .column(interaction::Column::Id)
                        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(interaction::Column::Status.eq(listing::READY))
                        .order_by_asc(interaction::Column::Started)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let known = redacted_under::Entity::find()
                        .filter(redacted_under::Column::Tenant.eq(tenant.as_uuid()))
                        .all(txn.db())
                        .await?;
                    Ok((ready, known))
                })
            })
            .await?;
        let known: std::collections::HashMap<uuid::Uuid, String> = known
            .into_iter()
            .map(|row| (row.interaction, row.ruleset))
            .collect();
        Ok(ready
            .into_iter()
            .map(|id| (InteractionId::from_uuid(id), known.get(&id).cloned()))
            .collect())
    }

    /// Has an interaction redacted again, and everything made of it after that.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Database`].
    pub async fn redact_again(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<(), StoreError> {
        self.replay_from(tenant, id, Stage::RedactText).await
    }

    /// Keeps the report of an audit.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_audit(&self, report: &str) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        self.db
            .write("keep_audit", None, |txn| {
                Box::pin(async move {
                    let row = redaction_audit::ActiveModel {
                        at: Set(now.0),
                        report: Set(report.to_owned()),
                    };
                    let replace = OnConflict::column(redaction_audit::Column::At)
                        .update_column(redaction_audit::Column::Report)
                        .to_owned();
                    redaction_audit::Entity::insert(row)
                        .on_conflict(replace)
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await?;
        Ok(now)
    }

    /// The latest reports of audits, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn audits(&self, limit: u64) -> Result<Vec<StoredAudit>, StoreError> {
        let rows = self
            .db
            .read("audits", None, |txn| {
                Box::pin(async move {
                    let rows = redaction_audit::Entity::find()
                        .order_by_desc(redaction_audit::Column::At)
                        .limit(limit)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| StoredAudit {
                at: Timestamp(row.at),
                report: row.report,
            })
            .collect())
    }
}

/// Notes under which rules an interaction was redacted.
pub(crate) async fn note_ruleset(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    ruleset: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = redacted_under::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        interaction: Set(id.as_uuid()),
        ruleset: Set(ruleset.to_owned()),
        at: Set(at.0),
    };
    let replace = OnConflict::columns([
        redacted_under::Column::Tenant,
        redacted_under::Column::Interaction,
    ])
    .update_columns([redacted_under::Column::Ruleset, redacted_under::Column::At])
    .to_owned();
    redacted_under::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Forgets under which rules an interaction was redacted, when it is erased.
pub(crate) async fn forget_ruleset(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    redacted_under::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

async fn settings_row(
    txn: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<Option<row::Model>, StoreError> {
    Ok(row::Entity::find_by_id(tenant.as_uuid()).one(txn).await?)
}

const fn address(tenant: TenantId, name: &str) -> Address<'_> {
    Address {
        tenant,
        table: "redaction_settings",
        row: name,
        column: "sealed",
    }
}

//! A tenant's categories, scorecards, alerts and forms: sealed texts in numbered versions.
//!
//! Publishing gives each published definition a new epoch of the tenant. What the old epoch found
//! stays readable until every interaction was evaluated at the new one; then the new one takes
//! its place. The permit names the tenant; the texts are the tenant's own, not a person's.

mod alerts;
mod deliveries;
mod evaluating;
mod findings;
mod marks;
mod publishing;

use std::fmt;

use domain::{
    DataCategory, DefinitionId, DefinitionKind, DefinitionName, Epoch, Secret, TenantId, Timestamp,
    VersionNumber,
};
use policy::{Action, Permit, Resource};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::EntryKind;
use crate::records::Record;
use crate::rows::{definition as row, definition_version as version};
use crate::seal::{self, Address};
use crate::{Store, StoreError};

pub use alerts::{Alert, AlertOrder};
pub use deliveries::{Closing, Delivery, DeliveryLease, DeliveryState, RouteOrder, Sending};
pub use evaluating::{Behind, Progress};
pub use findings::{FoundBy, StoredFinding};
pub(crate) use findings::{live_editions, sums_of_findings};
pub use marks::{Mark, StoredOverride};
pub use publishing::Published;

pub(crate) use evaluating::{forget, note_words};
use publishing::epoch_of;

/// A version that was published, and since which publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// Which version.
    pub version: VersionNumber,
    /// Which publication.
    pub epoch: Epoch,
}

/// A category, scorecard or alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Which.
    pub id: DefinitionId,
    /// What it defines.
    pub kind: DefinitionKind,
    /// Folders and name.
    pub name: DefinitionName,
    /// The newest version, published or not.
    pub newest: VersionNumber,
    /// What is read.
    pub live: Option<Edition>,
    /// What will be read once all history is evaluated.
    pub next: Option<Edition>,
    /// When its first version was made.
    pub created: Timestamp,
}

/// What a version says.
#[derive(Clone, PartialEq, Eq)]
pub struct VersionText {
    /// Folders and name.
    pub name: DefinitionName,
    /// The definition as its file says it.
    pub text: Secret,
    /// Handle of who made it.
    pub author: String,
    /// Why it was made.
    pub reason: Secret,
}

impl fmt::Debug for VersionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionText({} bytes)", self.text.expose().len())
    }
}

/// One version of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionVersion {
    /// Its number.
    pub number: VersionNumber,
    /// What it says.
    pub says: VersionText,
    /// When it was made.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a text as the newest version of the definition of that name; the same text again is
    /// no new version.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Taken`] where the name is
    /// of another kind; [`StoreError::Database`].
    pub async fn save_definition<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        kind: DefinitionKind,
        says: &VersionText,
    ) -> Result<(DefinitionId, VersionNumber), StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let fresh = DefinitionId::from_uuid(self.timed_uuid()?);
        let hash = &name_hash(keys, &says.name);
        self.db
            .write("save_definition", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::NameHash.eq(hash.clone()))
                        .lock_exclusive()
                        .one(txn.db())
                        .await?;
                    let (id, number) = match &found {
                        Some(row) if row.kind != kind.key() => {
                            return Err(StoreError::Taken {
                                what: "definition",
                                name: says.name.to_string(),
                            });
                        }
                        Some(row) => {
                            let id = DefinitionId::from_uuid(row.id);
                            let newest = version_of(txn.db(), keys, id, row.newest).await?;
                            if newest.says.text == says.text {
                                return Ok((id, newest.number));
                            }
                            (id, row.newest + 1)
                        }
                        None => (fresh, 1),
                    };
                    match found {
                        Some(row) => {
                            let mut row = row.into_active_model();
                            row.newest = Set(number);
                            row.update(txn.db()).await?;
                        }
                        None => {
                            let row = new_row(tenant, id, kind, hash, now);
                            row::Entity::insert(row)
                                .exec_without_returning(txn.db())
                                .await?;
                        }
                    }
                    self.insert_version(txn.db(), keys, (id, number), says)
                        .await?;
                    let mut entry = self.deed(permit, EntryKind::Sealed);
                    entry.resource = Some(id.to_string());
                    self.append(txn.db(), keys, &entry).await?;
                    Ok((id, numbered(number)))
                })
            })
            .await
    }

    async fn insert_version(
        &self,
        txn: &DatabaseTransaction,
        keys: &TenantKeys,
        (id, number): (DefinitionId, i64),
        says: &VersionText,
    ) -> Result<(), StoreError> {
        let name = version_name(id, number);
        let plain = zeroize::Zeroizing::new(says.encode()?);
        let at = address(keys.tenant(), &name);
        let sealed = seal::seal(keys.records(), &at, &plain, &*self.chance)?;
        let made = version::ActiveModel {
            tenant: Set(keys.tenant().as_uuid()),
            definition: Set(id.as_uuid()),
            number: Set(number),
            sealed: Set(sealed),
            created: Set(self.clock.now().0),
        };
        version::Entity::insert(made)
            .exec_without_returning(txn)
            .await?;
        Ok(())
    }

    /// The permit's tenant's definitions of a kind, by name.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn definitions<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        kind: DefinitionKind,
    ) -> Result<Vec<Definition>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let mut found = self
            .db
            .read("definitions", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Kind.eq(kind.key()))
                        .all(txn.db())
                        .await?;
                    let mut found = Vec::with_capacity(rows.len());
                    for row in rows {
                        let id = DefinitionId::from_uuid(row.id);
                        let newest = version_of(txn.db(), keys, id, row.newest).await?;
                        found.push(definition_of(&row, newest.says.name)?);
                    }
                    Ok(found)
                })
            })
            .await?;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Every version of a definition, newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for another tenant's too; [`StoreError::Permit`],
    /// [`StoreError::Seal`].
    pub async fn definition_versions<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        id: DefinitionId,
    ) -> Result<Vec<DefinitionVersion>, StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        self.db
            .read("definition_versions", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = version::Entity::find()
                        .filter(version::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(version::Column::Definition.eq(id.as_uuid()))
                        .order_by_desc(version::Column::Number)
                        .all(txn.db())
                        .await?;
                    if rows.is_empty() {
                        return Err(StoreError::not_found("definition", id));
                    }
                    rows.iter().map(|row| open_version(keys, row)).collect()
                })
            })
            .await
    }
}

/// The row of one definition.
async fn find(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: DefinitionId,
) -> Result<row::Model, StoreError> {
    let found = row::Entity::find_by_id((tenant.as_uuid(), id.as_uuid()))
        .one(txn)
        .await?;
    found.ok_or_else(|| StoreError::not_found("definition", id))
}

async fn version_of(
    txn: &DatabaseTransaction,
    keys: &TenantKeys,
    id: DefinitionId,
    number: i64,
) -> Result<DefinitionVersion, StoreError> {
    let key = (keys.tenant().as_uuid(), id.as_uuid(), number);
    let found = version::Entity::find_by_id(key).one(txn).await?;
    let found = found.ok_or_else(|| StoreError::record("definition", "a version is missing"))?;
    open_version(keys, &found)
}

fn open_version(keys: &TenantKeys, row: &version::Model) -> Result<DefinitionVersion, StoreError> {
    let name = version_name(DefinitionId::from_uuid(row.definition), row.number);
    let plain = seal::open(keys.records(), &address(keys.tenant(), &name), &row.sealed)?;
    Ok(DefinitionVersion {
        number: numbered(row.number),
        says: VersionText::decode(&plain)?,
        at: Timestamp(row.created),
    })
}

fn new_row(
    tenant: TenantId,
    id: DefinitionId,
    kind: DefinitionKind,
    hash: &[u8],
    now: Timestamp,
) -> row::ActiveModel {
    row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        id: Set(id.as_uuid()),
        kind: Set(kind.key().to_owned()),
        name_hash: Set(hash.to_vec()),
        newest: Set(1),
        live_version: Set(None),
        live_epoch: Set(None),
        next_version: Set(None),
        next_epoch: Set(None),
        created: Set(now.0),
    }
}

fn definition_of(row: &row::Model, name: DefinitionName) -> Result<Definition, StoreError> {
    let (live, next) = editions_of(row);
    Ok(Definition {
        id: DefinitionId::from_uuid(row.id),
        kind: row.kind.parse()?,
        name,
        newest: numbered(row.newest),
        live,
        next,
        created: Timestamp(row.created),
    })
}

/// What is read and what will be.
fn editions_of(row: &row::Model) -> (Option<Edition>, Option<Edition>) {
    let edition = |version: Option<i64>, epoch: Option<i64>| {
        Some(Edition {
            version: numbered(version?),
            epoch: Epoch(unsigned(epoch?)),
        })
    };
    (
        edition(row.live_version, row.live_epoch),
        edition(row.next_version, row.next_epoch),
    )
}

/// Names that differ by case only are one.
fn name_hash(keys: &TenantKeys, name: &DefinitionName) -> Vec<u8> {
    let named = format!("definition {}", name.as_str().to_lowercase());
    KeyedHash::new(keys.dedupe())
        .hash(named.as_bytes())
        .to_vec()
}

fn numbered(number: i64) -> VersionNumber {
    VersionNumber(u32::try_from(number).unwrap_or(u32::MAX))
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn version_name(id: DefinitionId, number: i64) -> String {
    format!("{id}/{number}")
}

const fn address(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "definition_versions",
        row,
        column: "sealed",
    }
}

//! What definitions found, sealed, each under a key of its own.

use std::collections::BTreeMap;

use domain::{
    DataCategory, DefinitionId, DefinitionKind, Epoch, Finding, InteractionId, TenantId, Timestamp,
};
use policy::{Find, Interactions, Permit, Read};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::{editions_of, find, signed, unsigned};
use crate::keys::{TenantKeys, WrappedKey};
use crate::ledger::EntryKind;
use crate::measures::day;
use crate::records::Record;
use crate::rows::{definition, finding as row, interaction};
use crate::seal::{self, Address};
use crate::{ListFilter, Page, Store, StoreError, Summary, listing};

/// What a definition found in one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFinding {
    /// Which definition.
    pub definition: DefinitionId,
    /// What it defines.
    pub kind: DefinitionKind,
    /// What was found.
    pub finding: Finding,
}

/// An interaction in which a definition found something.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBy {
    /// Facts and counts.
    pub summary: Summary,
    /// What was found.
    pub finding: Finding,
}

/// A finding ready to be stored.
pub(super) struct SealedFinding(row::ActiveModel);

impl Store {
    /// What the live definitions found in one interaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::NotFound`],
    /// [`StoreError::Withheld`].
    pub async fn findings(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Vec<StoredFinding>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.deed(permit, EntryKind::Opened);
        self.db
            .write("findings", Some(tenant), |txn| {
                Box::pin(async move {
                    let about = listing::find(txn.db(), tenant, id).await?;
                    let about = about.ok_or_else(|| StoreError::not_found("interaction", id))?;
                    crate::reading::readable(&about, now)?;
                    let found = read(txn.db(), keys, id).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(found)
                })
            })
            .await
    }

    /// The live scorecards' findings in one of the permit's tenant's interactions, for a search
    /// that asks for scores. The search as a whole is on the ledger.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content and metadata; [`StoreError::Seal`].
    pub async fn scores_of(
        &self,
        permit: &Permit<Find, Interactions>,
        id: InteractionId,
    ) -> Result<Vec<StoredFinding>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let found = self
            .db
            .read("scores_of", Some(tenant), |txn| {
                Box::pin(async move { read(txn.db(), keys, id).await })
            })
            .await?;
        let score = |one: &StoredFinding| one.kind == DefinitionKind::Scorecard;
        Ok(found.into_iter().filter(score).collect())
    }

    /// A page of the interactions in which a live definition found something, newest first.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content and metadata; [`StoreError::NotFound`].
    pub async fn found_by(
        &self,
        permit: &Permit<Find, Interactions>,
        id: DefinitionId,
        page: &Page,
    ) -> Result<Vec<FoundBy>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let base = &self.deed(permit, EntryKind::Found);
        self.db
            .write("found_by", Some(tenant), |txn| {
                Box::pin(async move {
                    let (live, _) = editions_of(&find(txn.db(), tenant, id).await?);
                    let Some(live) = live else {
                        return Ok(Vec::new());
                    };
                    let mut query = listed(tenant, id, live.epoch)
                        .filter(listing::alive(now))
                        .filter(interaction::Column::Status.ne(listing::ERASING));
                    if let Some(after) = page.after {
                        let mark = listing::find(txn.db(), tenant, after).await?;
                        let mark =
                            mark.ok_or_else(|| StoreError::not_found("interaction", after))?;
                        query = query.filter(listing::older_than(&mark));
                    }
                    let rows: Vec<interaction::Model> = query
                        .order_by_desc(interaction::Column::Started)
                        .order_by_desc(interaction::Column::Id)
                        .limit(u64::from(page.limit))
                        .all(txn.db())
                        .await?;
                    let mut found = Vec::with_capacity(rows.len());
                    for about in &rows {
                        let key = (
                            tenant.as_uuid(),
                            id.as_uuid(),
                            signed(live.epoch.0),
                            about.id,
                        );
                        if let Some(row) = row::Entity::find_by_id(key).one(txn.db()).await? {
                            found.push(FoundBy {
                                summary: listing::summary_of(about)?,
                                finding: open(keys, &row)?,
                            });
                        }
                    }
                    let mut entry = base.clone();
                    entry.count = u64::try_from(found.len()).ok();
                    self.append(txn.db(), keys, &entry).await?;
                    Ok(found)
                })
            })
            .await
    }

    /// In how many interactions each live definition found something.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn finding_counts(
        &self,
        permit: &Permit<Find, Interactions>,
    ) -> Result<BTreeMap<DefinitionId, u64>, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        let counted: Vec<(Uuid, i64, i64)> = self
            .db
            .read("finding_counts", Some(tenant), |txn| {
                Box::pin(async move {
                    let live = live_editions(txn.db(), tenant).await?;
                    let counted: Vec<(Uuid, i64, i64)> = row::Entity::find()
                        .select_only()
                        .columns([row::Column::Definition, row::Column::Epoch])
                        .column_as(row::Column::Interaction.count(), "interactions")
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .group_by(row::Column::Definition)
                        .group_by(row::Column::Epoch)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let alive = counted
                        .into_iter()
                        .filter(|(id, epoch, _)| live.contains_key(&(*id, *epoch)));
                    Ok(alive.collect())
                })
            })
            .await?;
        Ok(counted
            .into_iter()
            .map(|(id, _, count)| (DefinitionId::from_uuid(id), unsigned(count)))
            .collect())
    }

    /// In how many of a filter's interactions each live definition found something. Every finding
    /// of the filter's interactions is looked up: ask it for thousands, not for millions.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn finding_counts_within(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<BTreeMap<DefinitionId, u64>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let counted: BTreeMap<(Uuid, i64), i64> = self
            .db
            .read("finding_counts_within", Some(tenant), |txn| {
                Box::pin(async move {
                    let live = live_editions(txn.db(), tenant).await?;
                    let mut counted: BTreeMap<(Uuid, i64), i64> = BTreeMap::new();
                    for (_, _, id, epoch, count) in
                        sums_of_findings(txn.db(), tenant, filter, now).await?
                    {
                        *counted.entry((id, epoch)).or_default() += count;
                    }
                    let alive = counted
                        .into_iter()
                        .filter(|(edition, _)| live.contains_key(edition));
                    Ok(alive.collect())
                })
            })
            .await?;
        Ok(counted
            .into_iter()
            .map(|((id, _), count)| (DefinitionId::from_uuid(id), unsigned(count)))
            .collect())
    }

    pub(super) fn seal_finding(
        &self,
        keys: &TenantKeys,
        (definition, epoch, id): (DefinitionId, Epoch, InteractionId),
        finding: &Finding,
    ) -> Result<SealedFinding, StoreError> {
        let name = name(definition, signed(epoch.0), id);
        let plain = zeroize::Zeroizing::new(finding.encode()?);
        let (key, wrapped) = keys.new_object_key(&name, &*self.chance)?;
        let sealed = seal::seal(&key, &address(keys.tenant(), &name), &plain, &*self.chance)?;
        Ok(SealedFinding(row::ActiveModel {
            tenant: Set(keys.tenant().as_uuid()),
            definition: Set(definition.as_uuid()),
            epoch: Set(signed(epoch.0)),
            interaction: Set(id.as_uuid()),
            wrapped_key: Set(wrapped.0),
            sealed: Set(sealed),
        }))
    }
}

/// Stores a finding in the place of an earlier one of the same edition.
pub(super) async fn put(txn: &DatabaseTransaction, one: &SealedFinding) -> Result<(), StoreError> {
    let replace = OnConflict::columns([
        row::Column::Tenant,
        row::Column::Definition,
        row::Column::Epoch,
        row::Column::Interaction,
    ])
    .update_columns([row::Column::WrappedKey, row::Column::Sealed])
    .to_owned();
    row::Entity::insert(one.0.clone())
        .on_conflict(replace)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Drops what a definition found in some epochs, the last one not included.
pub(super) async fn drop_epochs(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: DefinitionId,
    from: i64,
    until: i64,
) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Definition.eq(id.as_uuid()))
        .filter(row::Column::Epoch.gte(from))
        .filter(row::Column::Epoch.lt(until))
        .exec(txn)
        .await?;
    Ok(())
}

/// Day, channel, definition, epoch, and how many interactions something was found in: over a
/// filter's interactions, of every epoch there is.
pub(crate) async fn sums_of_findings(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    filter: &ListFilter,
    now: Timestamp,
) -> Result<Vec<(i64, String, Uuid, i64, i64)>, StoreError> {
    let found: RelationDef = interaction::Entity::belongs_to(row::Entity)
        .from((interaction::Column::Tenant, interaction::Column::Id))
        .to((row::Column::Tenant, row::Column::Interaction))
        .into();
    let counted = interaction::Entity::find()
        .select_only()
        .column_as(day(), "day")
        .column(interaction::Column::Channel)
        .column(row::Column::Definition)
        .column(row::Column::Epoch)
        .column_as(row::Column::Interaction.count(), "interactions")
        .join(JoinType::InnerJoin, found)
        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
        .filter(interaction::Column::Status.ne(listing::ERASING))
        .filter(listing::alive(now))
        .filter(crate::filtering::condition(filter))
        .group_by(day())
        .group_by(interaction::Column::Channel)
        .group_by(row::Column::Definition)
        .group_by(row::Column::Epoch);
    Ok(counted.into_tuple().all(txn).await?)
}

/// Definition and epoch of what is read, with its kind.
pub(crate) async fn live_editions(
    txn: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<BTreeMap<(Uuid, i64), DefinitionKind>, StoreError> {
    let rows = definition::Entity::find()
        .filter(definition::Column::Tenant.eq(tenant.as_uuid()))
        .filter(definition::Column::LiveEpoch.is_not_null())
        .all(txn)
        .await?;
    let mut live = BTreeMap::new();
    for row in rows {
        if let Some(epoch) = row.live_epoch {
            live.insert((row.id, epoch), row.kind.parse()?);
        }
    }
    Ok(live)
}

/// What is read of one interaction.
async fn read(
    txn: &DatabaseTransaction,
    keys: &TenantKeys,
    id: InteractionId,
) -> Result<Vec<StoredFinding>, StoreError> {
    let tenant = keys.tenant();
    let live = live_editions(txn, tenant).await?;
    let rows = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .all(txn)
        .await?;
    let mut found = Vec::new();
    for row in rows {
        if let Some(kind) = live.get(&(row.definition, row.epoch)) {
            found.push(StoredFinding {
                definition: DefinitionId::from_uuid(row.definition),
                kind: *kind,
                finding: open(keys, &row)?,
            });
        }
    }
    Ok(found)
}

/// The interactions in which an edition found something.
fn listed(
    tenant: TenantId,
    id: DefinitionId,
    epoch: Epoch,
) -> sea_orm::Select<interaction::Entity> {
    let found: RelationDef = interaction::Entity::belongs_to(row::Entity)
        .from((interaction::Column::Tenant, interaction::Column::Id))
        .to((row::Column::Tenant, row::Column::Interaction))
        .into();
    interaction::Entity::find()
        .join(JoinType::InnerJoin, found)
        .filter(
            Condition::all()
                .add(interaction::Column::Tenant.eq(tenant.as_uuid()))
                .add(row::Column::Definition.eq(id.as_uuid()))
                .add(row::Column::Epoch.eq(signed(epoch.0))),
        )
}

fn open(keys: &TenantKeys, row: &row::Model) -> Result<Finding, StoreError> {
    let (definition, id) = (
        DefinitionId::from_uuid(row.definition),
        InteractionId::from_uuid(row.interaction),
    );
    let name = name(definition, row.epoch, id);
    let key = keys.unwrap_object_key(&name, &WrappedKey(row.wrapped_key.clone()))?;
    let plain = seal::open(&key, &address(keys.tenant(), &name), &row.sealed)?;
    Finding::decode(&plain)
}

fn name(definition: DefinitionId, epoch: i64, id: InteractionId) -> String {
    format!("{id}/finding/{definition}/{epoch}")
}

const fn address(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "findings",
        row,
        column: "sealed",
    }
}

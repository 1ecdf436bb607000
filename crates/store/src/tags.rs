//! Labels that a tenant's people put on interactions: sealed words, found by keyed hash.

use std::collections::BTreeMap;

use domain::{DataCategory, InteractionId, Secret};
use policy::{Find, Interactions, Permit, Read};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::keys::{KeyedHash, TenantKeys};
use crate::rows::tag as row;
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError};

/// A label as it may stand in an address: nothing of its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagKey(Vec<u8>);

impl TagKey {
    /// As hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// From hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).ok().map(Self)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.clone()
    }
}

/// A label in use.
#[derive(Debug, Clone)]
pub struct TagUse {
    /// Finds its interactions.
    pub key: TagKey,
    /// Its words.
    pub label: Secret,
    /// Interactions that bear it.
    pub count: u32,
}

impl Store {
    /// Puts a label on an interaction; twice is once.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn add_tag(
        &self,
        permit: &Permit<Read, InteractionId>,
        label: &Secret,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::InteractionMetadata, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = self.tenant_keys(tenant).await?;
        let tag = &self.seal_tag(&keys, id, label)?;
        self.db
            .write("add_tag", Some(tenant), |txn| {
                Box::pin(async move {
                    let once = OnConflict::columns([
                        row::Column::Tenant,
                        row::Column::Interaction,
                        row::Column::Hash,
                    ])
                    .do_nothing()
                    .to_owned();
                    row::Entity::insert(tag.clone())
                        .on_conflict(once)
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    pub(crate) fn seal_tag(
        &self,
        keys: &TenantKeys,
        id: InteractionId,
        label: &Secret,
    ) -> Result<row::ActiveModel, StoreError> {
        let hash = hash(keys, label);
        let row_key = format!("{id}/{}", hex::encode(&hash));
        let sealed = seal(
            keys.records(),
            &address(keys, &row_key),
            label.expose().as_bytes(),
            &*self.chance,
        )?;
        Ok(row::ActiveModel {
            tenant: Set(keys.tenant().as_uuid()),
            interaction: Set(id.as_uuid()),
            hash: Set(hash),
            label: Set(sealed),
            at: Set(self.clock.now().0),
        })
    }

    /// Takes a label off an interaction; of one that is not there nothing.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn remove_tag(
        &self,
        permit: &Permit<Read, InteractionId>,
        key: &TagKey,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        self.db
            .write("remove_tag", Some(tenant), |txn| {
                Box::pin(async move {
                    row::Entity::delete_by_id((tenant.as_uuid(), id.as_uuid(), key.bytes()))
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Every label in use by a tenant, the most used first.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Seal`].
    pub async fn tags(
        &self,
        permit: &Permit<Find, Interactions>,
    ) -> Result<Vec<TagUse>, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        // Of each label its first row: only that one is opened, however many bear it.
        let (counts, rows) = self
            .db
            .read("tags", Some(tenant), |txn| {
                Box::pin(async move {
                    let counts: Vec<(Vec<u8>, i64)> = row::Entity::find()
                        .select_only()
                        .column(row::Column::Hash)
                        .column_as(row::Column::Interaction.count(), "uses")
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .group_by(row::Column::Hash)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let mut rows = Vec::with_capacity(counts.len());
                    for (hash, _) in &counts {
                        let query = row::Entity::find()
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Hash.eq(hash.clone()))
                            .order_by_asc(row::Column::At);
                        rows.extend(query.one(txn.db()).await?);
                    }
                    Ok((counts, rows))
                })
            })
            .await?;
        let counts: BTreeMap<Vec<u8>, i64> = counts.into_iter().collect();
        let keys = self.tenant_keys(tenant).await?;
        let mut uses = Vec::with_capacity(rows.len());
        for row in rows {
            let count = counts.get(&row.hash).copied().unwrap_or(1);
            let id = InteractionId::from_uuid(row.interaction);
            uses.push(TagUse {
                count: u32::try_from(count).unwrap_or(1),
                ..tag_of(&keys, id, row)?
            });
        }
        uses.sort_by(|a, b| (b.count, a.label.expose()).cmp(&(a.count, b.label.expose())));
        Ok(uses)
    }

    /// The labels of those of some interactions that bear any.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Seal`].
    pub async fn tags_of(
        &self,
        permit: &Permit<Find, Interactions>,
        ids: &[InteractionId],
    ) -> Result<BTreeMap<InteractionId, Vec<TagUse>>, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("tags_of", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(
                            row::Column::Interaction.is_in(ids.iter().map(InteractionId::as_uuid)),
                        )
                        .order_by_asc(row::Column::At);
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        let keys = self.tenant_keys(tenant).await?;
        let mut found: BTreeMap<InteractionId, Vec<TagUse>> = BTreeMap::new();
        for row in rows {
            let id = InteractionId::from_uuid(row.interaction);
            found.entry(id).or_default().push(tag_of(&keys, id, row)?);
        }
        Ok(found)
    }
}

pub(crate) async fn forget(
    txn: &DatabaseTransaction,
    tenant: domain::TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

fn tag_of(keys: &TenantKeys, id: InteractionId, row: row::Model) -> Result<TagUse, StoreError> {
    let row_key = format!("{id}/{}", hex::encode(&row.hash));
    let opened = open(keys.records(), &address(keys, &row_key), &row.label)?;
    Ok(TagUse {
        label: Secret::new(String::from_utf8_lossy(&opened).into_owned()),
        key: TagKey(row.hash),
        count: 1,
    })
}

fn hash(keys: &TenantKeys, label: &Secret) -> Vec<u8> {
    let text = format!("tag\u{1f}{}", label.expose().to_lowercase());
    let hash = KeyedHash::new(keys.dedupe()).hash(text.as_bytes());
    hash.first_chunk::<8>()
        .map(|half| half.to_vec())
        .unwrap_or_default()
}

fn address<'a>(keys: &TenantKeys, row: &'a str) -> Address<'a> {
    Address {
        tenant: keys.tenant(),
        table: "tags",
        row,
        column: "label",
    }
}

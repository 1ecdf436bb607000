//! Agents who took part in an interaction, by keyed hash of a name or address: so that an agent
//! who signs in finds their own interactions, and nobody can read names from the table.

use domain::{DataCategory, Interaction, InteractionId, Role, TenantId, UserId};
use policy::{Permit, Read};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::keys::{KeyedHash, TenantKeys};
use crate::rows::{interaction, participant as row};
use crate::{Store, StoreError};

impl Store {
    /// Interactions in which an agent took part who is known by any of the names or addresses;
    /// the newest taken in first, at most ten thousand.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn took_part(
        &self,
        tenant: TenantId,
        known_by: &[&str],
    ) -> Result<Vec<InteractionId>, StoreError> {
        let keys = self.tenant_keys(tenant).await?;
        let hasher = KeyedHash::new(keys.dedupe());
        let hashes: Vec<Vec<u8>> = known_by.iter().map(|name| hash(&hasher, name)).collect();
        let hashes = &hashes;
        let mut found: Vec<Uuid> = self
            .db
            .read("took_part", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .select_only()
                        .column(row::Column::Interaction)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Hash.is_in(hashes.iter().cloned()))
                        .limit(10_000);
                    Ok(query.into_tuple().all(txn.db()).await?)
                })
            })
            .await?;
        found.sort_unstable();
        found.dedup();
        Ok(found
            .into_iter()
            .rev()
            .map(InteractionId::from_uuid)
            .collect())
    }

    /// How many interactions a tenant has, and the persons named at their intakes, each counted
    /// once an interaction. Nothing is opened.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn records_and_persons(&self, tenant: TenantId) -> Result<(u64, u64), StoreError> {
        let subjects: Vec<i64> = self
            .db
            .read("records_and_persons", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = interaction::Entity::find()
                        .select_only()
                        .column(interaction::Column::Subjects)
                        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()));
                    Ok(query.into_tuple().all(txn.db()).await?)
                })
            })
            .await?;
        let persons = subjects
            .iter()
            .filter_map(|count| u64::try_from(*count).ok());
        let records = u64::try_from(subjects.len()).unwrap_or(u64::MAX);
        Ok((records, persons.sum()))
    }
}

impl Store {
    /// Which of some people took part in the permit's interaction as an agent, each known by any
    /// of their names or addresses.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without metadata; [`StoreError::Database`].
    pub async fn who_took_part(
        &self,
        permit: &Permit<Read, InteractionId>,
        people: &[(UserId, Vec<String>)],
    ) -> Result<Vec<UserId>, StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let there: Vec<Vec<u8>> = self
            .db
            .read("who_took_part", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .select_only()
                        .column(row::Column::Hash)
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Interaction.eq(id.as_uuid()));
                    Ok(query.into_tuple().all(txn.db()).await?)
                })
            })
            .await?;
        let keys = self.tenant_keys(tenant).await?;
        let hasher = KeyedHash::new(keys.dedupe());
        let took_part = |(_, known_by): &&(UserId, Vec<String>)| {
            known_by
                .iter()
                .any(|name| there.contains(&hash(&hasher, name)))
        };
        Ok(people
            .iter()
            .filter(took_part)
            .map(|(who, _)| *who)
            .collect())
    }
}

/// Every name and address of every agent of an interaction, hashed.
pub(crate) fn hashes(keys: &TenantKeys, interaction: &Interaction) -> Vec<Vec<u8>> {
    let hasher = KeyedHash::new(keys.dedupe());
    let agents = interaction
        .parties
        .iter()
        .filter(|party| party.role == Role::Agent);
    let mut hashes: Vec<Vec<u8>> = agents
        .flat_map(|party| party.name.iter().chain(&party.mailto))
        .map(|text| hash(&hasher, text.expose()))
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

pub(crate) async fn put(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.iter().map(|hash| row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        hash: Set(hash.clone()),
        interaction: Set(id.as_uuid()),
    });
    row::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

pub(crate) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

/// The prefix keeps these hashes apart from those of sources under the same key.
fn hash(hasher: &KeyedHash, text: &str) -> Vec<u8> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let text = format!("participant\u{1f}{}", words.join(" "));
    hasher.hash(text.as_bytes()).to_vec()
}

//! The blind locator: which interactions a number or address occurs in, by keyed hash.
//!
//! Each tenant's hashes have a key of their own, so that nothing can be compared across tenants
//! and nothing is told by a row. Written with the interaction, gone with it.

use std::collections::BTreeSet;

use domain::{Identifier, Interaction, InteractionId, TenantId};
use policy::{Desk, Find, Permit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::EntryKind;
use crate::rows::locator as row;
use crate::{Store, StoreError};

/// What the leaf of a look-up names as its resource.
const LOCATOR: &str = "locator";

impl Store {
    /// The permit's tenant's interactions in which a number or address takes part, oldest first.
    /// Nothing of them is opened; the look-up is on the tenant's ledger.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where it is not for keeping registers, [`StoreError::Database`].
    pub async fn located(
        &self,
        permit: &Permit<Find, Desk>,
        who: &Identifier,
    ) -> Result<Vec<InteractionId>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let wanted = &hash_of(keys, who);
        let mut entry = self.deed(permit, EntryKind::Found);
        entry.resource = Some(LOCATOR.to_owned());
        let entry = &entry;
        self.db
            .write("located", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Hash.eq(wanted.clone()))
                        .order_by_asc(row::Column::Interaction)
                        .all(txn.db())
                        .await?;
                    let counted = crate::Entry {
                        count: u64::try_from(rows.len()).ok(),
                        ..entry.clone()
                    };
                    self.append(txn.db(), keys, &counted).await?;
                    let rows = rows.into_iter();
                    Ok(rows
                        .map(|row| InteractionId::from_uuid(row.interaction))
                        .collect())
                })
            })
            .await
    }

    /// A number or address under the key of the operator's own registers, for counting how often
    /// somebody asks without keeping who.
    ///
    /// # Errors
    /// [`StoreError::Key`].
    pub async fn blinded(&self, who: &Identifier) -> Result<String, StoreError> {
        let keys = self.tenant_keys(TenantId::INSTALLATION).await?;
        Ok(hex::encode(hash_of(&keys, who)))
    }
}

/// The hashes of everybody who takes part in an interaction.
pub(crate) fn hashes(keys: &TenantKeys, interaction: &Interaction) -> Vec<Vec<u8>> {
    let hasher = KeyedHash::new(keys.locator());
    let all: BTreeSet<Vec<u8>> = interaction
        .parties
        .iter()
        .flat_map(Identifier::of)
        .map(|who| hash(&hasher, &who))
        .collect();
    all.into_iter().collect()
}

/// One person's hash.
pub(crate) fn hash_of(keys: &TenantKeys, who: &Identifier) -> Vec<u8> {
    hash(&KeyedHash::new(keys.locator()), who)
}

/// Writes an interaction's hashes.
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
    // Somebody may write again in a conversation that goes on.
    let once = OnConflict::columns([
        row::Column::Tenant,
        row::Column::Hash,
        row::Column::Interaction,
    ])
    .do_nothing()
    .to_owned();
    row::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn hash(hasher: &KeyedHash, who: &Identifier) -> Vec<u8> {
    hasher.hash(who.canonical().expose().as_bytes()).to_vec()
}

//! What a row tells to whom holds its key, and each tenant's own part of the ledger.

use std::collections::BTreeMap;

use domain::{LeafIndex, TenantId, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::leaf::{Leaf, SALT, commit};
use super::rows::leaf as row;
use super::{BATCH, Entry, Ledger, LedgerError, address, signed, unsigned};
use crate::keys::{Key, TenantKeys};
use crate::seal;

/// What is left of a leaf's evidence.
pub(crate) enum Evidence {
    /// All of it.
    Whole {
        entry: Box<Entry>,
        bytes: Zeroizing<Vec<u8>>,
        salt: Vec<u8>,
    },
    /// Salt and entry were destroyed.
    Forgotten,
    /// The tenant's key was destroyed: nobody can open the entry any more.
    KeyGone,
}

/// Checks a row against itself and opens it. The error says what is wrong.
pub(crate) fn examine(
    found: &row::Model,
    key: Option<&Key>,
) -> Result<(Leaf, Evidence), &'static str> {
    let leaf = Leaf::decode(&found.leaf).ok_or("its leaf is malformed")?;
    let tenant = found.tenant.map(TenantId::from_uuid);
    if leaf.index != unsigned(found.leaf_index) {
        return Err("its leaf has another index");
    }
    if leaf.at != Timestamp(found.at) || leaf.tenant != tenant {
        return Err("its leaf has another time or tenant");
    }
    let (salt, sealed) = match (&found.salt, &found.sealed) {
        (None, None) => return Ok((leaf, Evidence::Forgotten)),
        (Some(salt), Some(sealed)) => (salt, sealed),
        _ => return Err("half of its evidence is gone"),
    };
    let Some(key) = key else {
        return Ok((leaf, Evidence::KeyGone));
    };
    let place = leaf.index.to_string();
    let bytes = seal::open(key, &address(tenant, &place), sealed)
        .map_err(|_| "its sealed entry does not open")?;
    if salt.len() != SALT || commit(salt, &bytes) != leaf.commitment {
        return Err("its entry or salt is not what its leaf commits to");
    }
    let entry = Entry::decode(&bytes).ok_or("its entry cannot be read")?;
    if entry.tenant != tenant || entry.at != leaf.at {
        return Err("its entry has another time or tenant than its leaf");
    }
    let evidence = Evidence::Whole {
        entry: Box::new(entry),
        bytes,
        salt: salt.clone(),
    };
    Ok((leaf, evidence))
}

/// Which end of the ledger comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As it was written.
    OldestFirst,
    /// The last first.
    NewestFirst,
}

/// A page of a tenant's entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// First leaf to take.
    pub(crate) from: LeafIndex,
    /// One past the last leaf.
    pub(crate) to: LeafIndex,
    /// How many at most.
    pub(crate) limit: u64,
    pub(crate) order: Order,
}

impl Window {
    /// The newest entries.
    pub(crate) const fn newest(limit: u64) -> Self {
        Self {
            from: LeafIndex(0),
            to: LeafIndex(i64::MAX.cast_unsigned()),
            limit,
            order: Order::NewestFirst,
        }
    }
}

/// One line of a tenant's part of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it stands.
    pub index: LeafIndex,
    /// When.
    pub at: Timestamp,
    /// What happened; none where the evidence was forgotten.
    pub entry: Option<Entry>,
}

impl Ledger {
    /// A tenant's own entries, or with no keys the installation's.
    pub(crate) async fn entries<C: ConnectionTrait>(
        &self,
        db: &C,
        keys: Option<&TenantKeys>,
        window: Window,
    ) -> Result<Vec<Listed>, LedgerError> {
        let own: Option<Uuid> = keys.map(|keys| keys.tenant().as_uuid());
        let query = row::Entity::find()
            .filter(match own {
                Some(tenant) => row::Column::Tenant.eq(tenant),
                None => row::Column::Tenant.is_null(),
            })
            .filter(row::Column::LeafIndex.gte(signed(window.from.0)?))
            .filter(row::Column::LeafIndex.lt(signed(window.to.0)?))
            .limit(window.limit);
        let query = match window.order {
            Order::OldestFirst => query.order_by_asc(row::Column::LeafIndex),
            Order::NewestFirst => query.order_by_desc(row::Column::LeafIndex),
        };
        let found = query.all(db).await?;
        found.iter().map(|row| self.listed(keys, row)).collect()
    }

    /// Those of a tenant's own entries that stand at some places, in the places' order; others'
    /// are left out.
    pub(crate) async fn entries_at<C: ConnectionTrait>(
        &self,
        db: &C,
        keys: &TenantKeys,
        places: &[LeafIndex],
    ) -> Result<Vec<Listed>, LedgerError> {
        let mut listed = Vec::with_capacity(places.len());
        for some in places.chunks(BATCH) {
            let indexes = some.iter().map(|place| signed(place.0));
            let indexes: Vec<i64> = indexes.collect::<Result<_, _>>()?;
            let found = row::Entity::find()
                .filter(row::Column::Tenant.eq(keys.tenant().as_uuid()))
                .filter(row::Column::LeafIndex.is_in(indexes))
                .all(db)
                .await?;
            let rows: BTreeMap<u64, &row::Model> = found
                .iter()
                .map(|row| (unsigned(row.leaf_index), row))
                .collect();
            for place in some {
                if let Some(row) = rows.get(&place.0) {
                    listed.push(self.listed(Some(keys), row)?);
                }
            }
        }
        Ok(listed)
    }

    fn listed(&self, keys: Option<&TenantKeys>, row: &row::Model) -> Result<Listed, LedgerError> {
        let (leaf, evidence) =
            examine(row, Some(self.key(keys))).map_err(|_| LedgerError::Record("an entry"))?;
        Ok(Listed {
            index: LeafIndex(leaf.index),
            at: leaf.at,
            entry: match evidence {
                Evidence::Whole { entry, .. } => Some(*entry),
                Evidence::Forgotten | Evidence::KeyGone => None,
            },
        })
    }
}

//! A known conversation goes on: only the messages that are not here yet are sealed, as a further
//! part of its document, and it is processed again. Nothing that is sealed is opened for it.

use std::collections::BTreeSet;

use domain::{Interaction, InteractionId, JobId, SourceKey, Stage, TenantId, Timestamp};
use policy::{Permit, Seal};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::intake::{categories, hash_of, hashes, owner};
use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::EntryKind;
use crate::objects::{Kind, Place};
use crate::rows::{interaction, object, source};
use crate::{Store, StoreError, TakeIn, listing, queue};

/// Others that may add to the same conversation between our look and our write.
const TRIES: usize = 16;

/// A further part of a known conversation.
#[derive(Debug)]
pub struct Continuation<'a> {
    /// All that came in, known messages among it.
    pub interaction: &'a Interaction,
    /// What makes each dialog the same one when it arrives again, in their order.
    pub messages: &'a [SourceKey],
    /// What else names what came in (content, source id).
    pub source_keys: &'a [SourceKey],
    /// What a listener should know, in sentences without personal data.
    pub warnings: &'a [String],
}

/// What one transaction of a continuation writes.
struct Part {
    number: u16,
    object: object::ActiveModel,
    messages: Vec<Vec<u8>>,
    others: Vec<Vec<u8>>,
    locators: Vec<Vec<u8>>,
    roles: Vec<domain::Role>,
    job: JobId,
    first: Stage,
}

impl Store {
    /// Adds what a known conversation does not have yet and has it processed again from its
    /// first stage. Where all is known, nothing is stored.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where the permit does not cover what is added;
    /// [`StoreError::NotFound`]; [`StoreError::Record`] where a dialog has no key.
    pub async fn take_in_further(
        &self,
        permit: &Permit<Seal, InteractionId>,
        new: &Continuation<'_>,
    ) -> Result<TakeIn, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let now = self.clock.now();
        for category in categories(new.interaction) {
            permit.check(category, now)?;
        }
        if new.messages.len() != new.interaction.dialogs.len() {
            return Err(StoreError::record(
                "interaction",
                "each of its messages needs a key",
            ));
        }
        let keys = &*self.tenant_keys(tenant).await?;
        for _ in 0..TRIES {
            let unknown = self.unknown(keys, tenant, new.messages).await?;
            if unknown.is_empty() {
                return Ok(TakeIn::Known(id));
            }
            let part = self.part(keys, permit, new, &unknown).await?;
            if self.add_part(keys, permit, new, &part, now).await? {
                return Ok(TakeIn::Continued(id, unknown.len()));
            }
        }
        Err(StoreError::record(
            "interaction",
            "others keep adding to the same conversation; send it again",
        ))
    }

    /// Positions of the messages that no interaction of the tenant has.
    async fn unknown(
        &self,
        keys: &TenantKeys,
        tenant: TenantId,
        messages: &[SourceKey],
    ) -> Result<BTreeSet<usize>, StoreError> {
        let hasher = KeyedHash::new(keys.dedupe());
        let hashes: Vec<Vec<u8>> = messages.iter().map(|key| hash_of(&hasher, key)).collect();
        let wanted = &hashes;
        let known = self
            .db
            .read("known_messages", Some(tenant), |txn| {
                Box::pin(async move { claimed(txn.db(), tenant, wanted).await })
            })
            .await?;
        let mut seen = BTreeSet::new();
        let fresh = hashes
            .iter()
            .enumerate()
            .filter(|(_, hash)| !known.contains(*hash) && seen.insert((*hash).clone()));
        Ok(fresh.map(|(number, _)| number).collect())
    }

    async fn part(
        &self,
        keys: &TenantKeys,
        permit: &Permit<Seal, InteractionId>,
        new: &Continuation<'_>,
        unknown: &BTreeSet<usize>,
    ) -> Result<Part, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let last = self
            .db
            .read("document_parts", Some(tenant), |txn| {
                Box::pin(async move { last_part(txn.db(), tenant, id).await })
            })
            .await?;
        let last = last.ok_or_else(|| StoreError::not_found("interaction", id))?;
        let number = last.checked_add(1).ok_or_else(|| {
            StoreError::record("interaction", "it has more than 65,535 further parts")
        })?;
        let place = Place {
            part: number,
            ..Place::of(tenant, id, Kind::Document)
        };
        let part = new.interaction.only(unknown);
        let messages: Vec<SourceKey> = unknown
            .iter()
            .filter_map(|at| new.messages.get(*at).cloned())
            .collect();
        Ok(Part {
            number,
            object: self.seal_record(keys, &place, &part)?,
            messages: hashes(keys, &messages),
            others: hashes(keys, new.source_keys),
            locators: crate::locating::hashes(keys, &part),
            roles: part.parties.iter().map(|party| party.role).collect(),
            job: JobId::from_uuid(self.timed_uuid()?),
            first: Stage::first_on(part.channel),
        })
    }

    /// `false` where somebody else added to the conversation meanwhile; nothing was written.
    async fn add_part(
        &self,
        keys: &TenantKeys,
        permit: &Permit<Seal, InteractionId>,
        new: &Continuation<'_>,
        part: &Part,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let entry = &self.deed(permit, EntryKind::TakenIn);
        self.db
            .write("take_in_further", Some(tenant), |txn| {
                Box::pin(async move {
                    lock(txn.db(), tenant, id).await?;
                    let last = last_part(txn.db(), tenant, id).await?;
                    let last = last.ok_or_else(|| StoreError::not_found("interaction", id))?;
                    let raced = owner(txn.db(), tenant, &part.messages).await?.is_some();
                    if raced || last.checked_add(1) != Some(part.number) {
                        return Ok(false);
                    }
                    for hash in part.messages.iter().chain(&part.others) {
                        crate::intake::claim(txn.db(), tenant, id, hash).await?;
                    }
                    object::Entity::insert(part.object.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    crate::locating::put(txn.db(), tenant, id, &part.locators).await?;
                    note(txn.db(), tenant, id, part, new.warnings).await?;
                    queue::restart(txn.db(), part.job, (tenant, id), part.first, now).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// Whoever adds to the same conversation waits until this transaction ends.
async fn lock(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    let found = interaction::Entity::find_by_id((tenant.as_uuid(), id.as_uuid()))
        .lock_exclusive()
        .one(txn)
        .await?;
    found
        .map(|_| ())
        .ok_or_else(|| StoreError::not_found("interaction", id))
}

/// Adds to the interaction's plain columns.
async fn note(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    part: &Part,
    warnings: &[String],
) -> Result<(), StoreError> {
    let found = listing::find(txn, tenant, id).await?;
    let found = found.ok_or_else(|| StoreError::not_found("interaction", id))?;
    let known: Vec<String> = found.warnings.lines().map(str::to_owned).collect();
    let all: Vec<String> = known.into_iter().chain(warnings.iter().cloned()).collect();
    let mut roles = found.parties.clone();
    for role in &part.roles {
        if *role != domain::Role::Unknown && !roles.split(',').any(|known| known == role.key()) {
            roles = format!("{roles},{}", role.key());
        }
    }
    let added = i64::try_from(part.messages.len()).unwrap_or(i64::MAX);
    let dialogs = found.dialogs.saturating_add(added);
    let indexed = crate::index::changed(&found);
    let mut row = found.into_active_model();
    row.indexed = Set(indexed);
    row.dialogs = Set(dialogs);
    row.parties = Set(roles.trim_start_matches(',').to_owned());
    row.warnings = Set(listing::warnings_to_text(&all));
    row.update(txn).await?;
    Ok(())
}

/// Those of the keyed hashes that an interaction has.
async fn claimed(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    hashes: &[Vec<u8>],
) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let mut found = BTreeSet::new();
    for some in hashes.chunks(500) {
        let rows: Vec<Vec<u8>> = source::Entity::find()
            .select_only()
            .column(source::Column::Hash)
            .filter(source::Column::Tenant.eq(tenant.as_uuid()))
            .filter(source::Column::Hash.is_in(some.iter().cloned()))
            .into_tuple()
            .all(txn)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Number of the document's last part; `None` where there is no document.
async fn last_part(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<Option<u16>, StoreError> {
    let part: Option<i64> = object::Entity::find()
        .select_only()
        .column(object::Column::Part)
        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
        .filter(object::Column::Interaction.eq(id.as_uuid()))
        .filter(object::Column::Kind.eq(Kind::Document.key()))
        .order_by_desc(object::Column::Part)
        .limit(1)
        .into_tuple()
        .one(txn)
        .await?;
    Ok(part.map(|part| u16::try_from(part).unwrap_or(u16::MAX)))
}

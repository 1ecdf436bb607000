//! Taking an interaction in: sealed document, sealed media, keyed hashes, facts, ledger leaf and
//! first job in one transaction. What was acknowledged is durable.

use std::collections::BTreeSet;

use domain::{
    Content, DataCategory, Interaction, InteractionId, JobId, SourceKey, Stage, TenantId, Timestamp,
};
use policy::{Facts, Permit, Seal};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::EntryKind;
use crate::objects::{Kind, Place, blob_of};
use crate::rows::{interaction as row, object, refusal, source};
use crate::{Store, StoreError, listing, locating, participants, queue, records};

/// An interaction to be.
#[derive(Debug)]
pub struct NewInteraction<'a> {
    /// What came in.
    pub interaction: &'a Interaction,
    /// What makes it the same one when it arrives again.
    pub source_keys: Vec<SourceKey>,
    /// What later decisions must know.
    pub facts: Facts,
    /// What a listener should know, in sentences without personal data.
    pub warnings: Vec<String>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeIn {
    /// Sealed, stored and queued.
    Taken(InteractionId),
    /// It was here already; nothing was stored.
    Known(InteractionId),
    /// A known conversation got this many further messages and is queued again.
    Continued(InteractionId, usize),
}

/// Input that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeRefusal {
    /// A short stable key.
    pub reason: String,
    /// What is wrong and what to do; no personal data.
    pub sentence: String,
    /// What it was taken for.
    pub kind: String,
}

/// A refusal as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedIntake {
    /// When.
    pub at: Timestamp,
    /// A short stable key.
    pub reason: String,
    /// What is wrong and what to do.
    pub sentence: String,
    /// What it was taken for.
    pub kind: String,
}

impl Store {
    /// Takes an interaction in under the permit's id, or says which one it is already.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where the permit does not cover what the interaction holds.
    pub async fn take_in(
        &self,
        permit: &Permit<Seal, InteractionId>,
        new: &NewInteraction<'_>,
    ) -> Result<TakeIn, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let now = self.clock.now();
        for category in categories(new.interaction) {
            permit.check(category, now)?;
        }
        written_or_heard(new.interaction)?;
        let keys = &*self.tenant_keys(tenant).await?;
        let hashes = hashes(keys, &new.source_keys);
        if let Some(known) = self.known(tenant, &hashes).await? {
            return Ok(TakeIn::Known(known));
        }
        let objects = self
            .seal_interaction(keys, tenant, id, new.interaction)
            .await?;
        let arrival = &Arrival {
            row: facts_row(tenant, id, new, permit.version(), now)?,
            hashes,
            locators: locating::hashes(keys, new.interaction),
            objects,
            agents: participants::hashes(keys, new.interaction),
            job: JobId::from_uuid(self.timed_uuid()?),
            first: Stage::first_on(new.interaction.channel),
        };
        let entry = &self.deed(permit, EntryKind::TakenIn);
        let outcome = self
            .db
            .write("take_in", Some(tenant), |txn| {
                Box::pin(async move {
                    if let Some(known) = arrival.claim(txn.db(), tenant, id).await? {
                        return Ok(TakeIn::Known(known));
                    }
                    arrival.store(txn.db(), tenant, id, now).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(TakeIn::Taken(id))
                })
            })
            .await?;
        if !matches!(outcome, TakeIn::Taken(_)) {
            // Somebody else took the same in meanwhile. After an error the blobs stay: the
            // commit may have happened, and the sweep tells.
            self.drop_blobs(arrival.objects.iter().filter_map(blob_of))
                .await;
        }
        Ok(outcome)
    }

    /// Keeps visible that input was refused, and why.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_refusal(
        &self,
        tenant: TenantId,
        refused: &IntakeRefusal,
    ) -> Result<(), StoreError> {
        let row = &refusal::ActiveModel {
            id: Set(self.timed_uuid()?),
            tenant: Set(tenant.as_uuid()),
            at: Set(self.clock.now().0),
            kind: Set(refused.kind.clone()),
            reason: Set(refused.reason.clone()),
            sentence: Set(refused.sentence.clone()),
        };
        self.db
            .write("record_refusal", Some(tenant), |txn| {
                Box::pin(async move {
                    refusal::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// What a tenant's input was refused for, newest first, at most a thousand.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn refusals(&self, tenant: TenantId) -> Result<Vec<RefusedIntake>, StoreError> {
        let rows = self
            .db
            .read("refusals", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = refusal::Entity::find()
                        .filter(refusal::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_desc(refusal::Column::At)
                        .order_by_desc(refusal::Column::Id)
                        .limit(1_000)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let kept = rows.into_iter().map(|row| RefusedIntake {
            at: Timestamp(row.at),
            reason: row.reason,
            sentence: row.sentence,
            kind: row.kind,
        });
        Ok(kept.collect())
    }

    /// The interaction that any of the keyed hashes belongs to.
    async fn known(
        &self,
        tenant: TenantId,
        hashes: &[Vec<u8>],
    ) -> Result<Option<InteractionId>, StoreError> {
        self.db
            .read("known", Some(tenant), |txn| {
                Box::pin(async move { owner(txn.db(), tenant, hashes).await })
            })
            .await
    }

    pub(crate) async fn seal_interaction(
        &self,
        keys: &TenantKeys,
        tenant: TenantId,
        id: InteractionId,
        interaction: &Interaction,
    ) -> Result<Vec<object::ActiveModel>, StoreError> {
        let document = Place::of(tenant, id, Kind::Document);
        let mut sealed = vec![self.seal_record(keys, &document, interaction)?];
        for (number, dialog) in interaction.dialogs.iter().enumerate() {
            if let Content::Media(bytes) = &dialog.content {
                let part = u16::try_from(number).map_err(|_| {
                    StoreError::record("interaction", "it has more than 65,535 dialogs")
                })?;
                let place = Place {
                    part,
                    ..Place::of(tenant, id, Kind::Media)
                };
                sealed.push(self.seal_media(keys, &place, bytes).await?);
            }
        }
        Ok(sealed)
    }
}

/// Everything that one transaction of an intake writes.
struct Arrival {
    row: row::ActiveModel,
    hashes: Vec<Vec<u8>>,
    locators: Vec<Vec<u8>>,
    objects: Vec<object::ActiveModel>,
    agents: Vec<Vec<u8>>,
    job: JobId,
    first: Stage,
}

impl Arrival {
    /// Claims the keyed hashes; says who has one of them already. A concurrent claim makes this
    /// wait until it is decided.
    async fn claim(
        &self,
        txn: &DatabaseTransaction,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<Option<InteractionId>, StoreError> {
        if let Some(known) = owner(txn, tenant, &self.hashes).await? {
            return Ok(Some(known));
        }
        for hash in &self.hashes {
            if !claim(txn, tenant, id, hash).await? {
                // Rolls back what was claimed here; the next run finds the owner.
                return Err(DbErr::RecordNotInserted.into());
            }
        }
        Ok(None)
    }

    async fn store(
        &self,
        txn: &DatabaseTransaction,
        tenant: TenantId,
        id: InteractionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        row::Entity::insert(self.row.clone())
            .exec_without_returning(txn)
            .await?;
        object::Entity::insert_many(self.objects.clone())
            .exec_without_returning(txn)
            .await?;
        participants::put(txn, tenant, id, &self.agents).await?;
        locating::put(txn, tenant, id, &self.locators).await?;
        queue::enqueue(txn, self.job, tenant, id, self.first, now).await
    }
}

/// Claims a keyed hash; `false` where an interaction has it already.
pub(crate) async fn claim(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    hash: &[u8],
) -> Result<bool, StoreError> {
    let claim = source::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        hash: Set(hash.to_vec()),
        interaction: Set(id.as_uuid()),
    };
    let nobody_elses = OnConflict::columns([source::Column::Tenant, source::Column::Hash])
        .do_nothing()
        .to_owned();
    let claimed = source::Entity::insert(claim)
        .on_conflict(nobody_elses)
        .exec_without_returning(txn)
        .await?;
    Ok(claimed > 0)
}

/// What a permit must cover for an interaction to be taken in.
pub(crate) fn categories(interaction: &Interaction) -> Vec<DataCategory> {
    let mut needed = Kind::Document.categories().to_vec();
    let heard = interaction.dialogs.iter();
    if heard
        .map(|dialog| &dialog.content)
        .any(|content| matches!(content, Content::Media(_)))
    {
        needed.extend(Kind::Media.categories());
    }
    needed
}

/// What came as written must carry no sound: no stage would redact it.
fn written_or_heard(interaction: &Interaction) -> Result<(), StoreError> {
    let sound = |dialog: &domain::Dialog| matches!(dialog.content, Content::Media(_));
    if interaction.channel != domain::Channel::Voice && interaction.dialogs.iter().any(sound) {
        return Err(StoreError::record(
            "interaction",
            "it came as written and carries sound",
        ));
    }
    Ok(())
}

pub(crate) fn hashes(keys: &TenantKeys, sources: &[SourceKey]) -> Vec<Vec<u8>> {
    let hasher = KeyedHash::new(keys.dedupe());
    let hashes: BTreeSet<Vec<u8>> = sources.iter().map(|key| hash_of(&hasher, key)).collect();
    hashes.into_iter().collect()
}

pub(crate) fn hash_of(hasher: &KeyedHash, key: &SourceKey) -> Vec<u8> {
    hasher.hash(key.expose()).to_vec()
}

pub(crate) async fn owner(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    hashes: &[Vec<u8>],
) -> Result<Option<InteractionId>, StoreError> {
    for some in hashes.chunks(500) {
        let found = source::Entity::find()
            .filter(source::Column::Tenant.eq(tenant.as_uuid()))
            .filter(source::Column::Hash.is_in(some.iter().cloned()))
            .one(txn)
            .await?;
        if let Some(row) = found {
            return Ok(Some(InteractionId::from_uuid(row.interaction)));
        }
    }
    Ok(None)
}

fn facts_row(
    tenant: TenantId,
    id: InteractionId,
    new: &NewInteraction<'_>,
    version: &str,
    now: Timestamp,
) -> Result<row::ActiveModel, StoreError> {
    let (interaction, facts) = (new.interaction, &new.facts);
    let dialogs = interaction.dialogs.len();
    let collected_under = facts.collected_under.as_deref().unwrap_or(version);
    Ok(row::ActiveModel {
        tenant: Set(tenant.as_uuid()),
        id: Set(id.as_uuid()),
        channel: Set(interaction.channel.key().to_owned()),
        direction: Set(interaction.direction.key().to_owned()),
        started: Set(interaction.started.0),
        received: Set(facts.collected_at.unwrap_or(now).0),
        duration: Set(None),
        status: Set(listing::WAITING.to_owned()),
        stage: Set(Some(Stage::first_on(interaction.channel).key().to_owned())),
        outcome: Set(None),
        parties: Set(listing::roles_to_text(
            interaction.parties.iter().map(|party| party.role),
        )),
        dialogs: Set(i64::try_from(dialogs).unwrap_or(i64::MAX)),
        words: Set(0),
        turns: Set(0),
        redactions: Set(String::new()),
        warnings: Set(listing::warnings_to_text(&new.warnings)),
        instruction: Set(facts.instruction.clone().unwrap_or_default()),
        subjects: Set(i64::from(facts.subjects)),
        lawful_bases: Set(records::bases_to_text(&facts.lawful_bases)?),
        on_hold: Set(facts.on_hold),
        refused: Set(String::new()),
        collected_under: Set(collected_under.to_owned()),
        keep_until: Set(facts.keep_until.map(|at| at.0)),
        generation: Set(0),
        indexed: Set(0),
    })
}

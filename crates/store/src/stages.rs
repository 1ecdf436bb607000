//! What a stage made, stored in the transaction that moves its job on: exactly once in effect.

use std::collections::BTreeMap;

use domain::query::{Fields, IndexText};
use domain::{
    Channel, DataCategory, EntityKind, Interaction, InteractionId, JobId, Metrics, RawTranscript,
    RedactedTranscript, SoundReport, Stage,
};
use policy::{Denial, Permit, Seal};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel,
};

use crate::index::{Prepared, tokens_of};
use crate::keys::TenantKeys;
use crate::ledger::EntryKind;
use crate::objects::{self, Kind, Place};
use crate::rows::{interaction as row, job, object};
use crate::{Lease, Store, StoreError, definitions, listing, measures, queue, redaction};

/// Something a stage made.
#[derive(Debug)]
pub enum StageOutput {
    /// Report on the recordings.
    Sound(SoundReport),
    /// Words before redaction.
    Raw(RawTranscript),
    /// Words after redaction.
    Redacted(RedactedTranscript),
    /// Sound after redaction, a WAV file.
    RedactedAudio(Vec<u8>),
    /// The numbers.
    Metrics(Metrics),
    /// What a search may ask for beside words, redacted.
    Fields(Fields),
    /// What the index may know of the redacted words.
    Index(IndexText),
    /// Under which rules and settings the words were redacted.
    Ruleset(String),
    /// The interaction as taken in, without what may not be kept; the original's key and bytes
    /// are destroyed.
    Original(Box<Interaction>),
    /// The words before redaction, without what may not be kept.
    OriginalWords(RawTranscript),
    /// One recording as taken in, without what may not be kept; by its dialog's number.
    OriginalMedia {
        /// The dialog's number.
        part: u16,
        /// The new recording.
        bytes: Vec<u8>,
    },
    /// The stage had nothing to do.
    Nothing {
        /// Why, without personal data.
        reason: String,
    },
}

impl StageOutput {
    /// What a permit must cover for it to be sealed.
    #[must_use]
    pub const fn categories(&self) -> &'static [DataCategory] {
        match self {
            Self::Sound(_) => Kind::Sound.categories(),
            Self::Raw(_) => Kind::Raw.categories(),
            Self::Redacted(_) => Kind::Redacted.categories(),
            Self::RedactedAudio(_) => Kind::RedactedAudio.categories(),
            Self::Metrics(_) => Kind::Metrics.categories(),
            Self::Fields(_) => Kind::Fields.categories(),
            Self::Index(_) => Kind::Stream.categories(),
            Self::Original(_) => Kind::Document.categories(),
            Self::OriginalWords(_) => Kind::Raw.categories(),
            Self::OriginalMedia { .. } => Kind::Media.categories(),
            Self::Ruleset(_) | Self::Nothing { .. } => &[],
        }
    }
}

/// Everything that one transaction of a stage's end writes.
#[derive(Default)]
struct Harvest {
    objects: Vec<object::ActiveModel>,
    facts: Facts,
    index: Option<Prepared>,
    /// What a search may ask for beside words is among the objects.
    fields: bool,
    measured: Option<Metrics>,
    ruleset: Option<String>,
    /// An original was rewritten: the earlier one's key and bytes are destroyed.
    rewritten: bool,
    /// The whole document is among the objects, so that its further parts are to go.
    document: bool,
}

/// What an output says about the interaction, for its plain columns.
#[derive(Default)]
struct Facts {
    duration: Option<i64>,
    words: Option<(i64, i64)>,
    redactions: Option<String>,
    warnings: Vec<String>,
}

impl Store {
    /// Stores what a stage made and moves the interaction on, if the lease is still held.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]: nothing was changed. [`StoreError::Permit`] where the permit
    /// does not cover an output, [`StoreError::WrongPermit`] where it is for another interaction.
    pub async fn finish_stage(
        &self,
        lease: &Lease,
        permit: &Permit<Seal, InteractionId>,
        outputs: Vec<StageOutput>,
    ) -> Result<(), StoreError> {
        let (tenant, id, now) = (permit.tenant(), *permit.resource(), self.clock.now());
        if (tenant, id) != (lease.tenant, lease.interaction) {
            return Err(StoreError::WrongPermit {
                name: lease.interaction.to_string(),
            });
        }
        for category in outputs.iter().flat_map(StageOutput::categories) {
            permit.check(*category, now)?;
        }
        let keys = &*self.tenant_keys(tenant).await?;
        let harvest = &self.harvest(keys, id, outputs).await?;
        let next = JobId::from_uuid(self.timed_uuid()?);
        let entry = &self.deed(permit, EntryKind::Sealed);
        let destroyed = &self.deed(permit, EntryKind::KeyDestroyed);
        let left = self
            .db
            .write("finish_stage", Some(tenant), |txn| {
                Box::pin(async move {
                    let held = queue::held(txn.db(), lease).await?;
                    if let Some(prepared) = &harvest.index {
                        let earlier = tokens_of(txn.db(), keys, id).await?;
                        self.store_words(txn.db(), keys, &earlier, prepared).await?;
                    }
                    let left = objects::put(txn.db(), tenant, id, &harvest.objects).await?;
                    if let Some(metrics) = &harvest.measured {
                        measures::put(txn.db(), tenant, id, metrics).await?;
                    }
                    // Whoever adds a part meanwhile restarts the job, and this lease is lost.
                    if harvest.document {
                        let first = Place::of(tenant, id, Kind::Document);
                        objects::forget_further_parts(txn.db(), &first).await?;
                    }
                    if let Some(ruleset) = &harvest.ruleset {
                        redaction::note_ruleset(txn.db(), tenant, id, ruleset, now).await?;
                    }
                    let stage = advance(txn.db(), lease, harvest).await?;
                    follow(txn.db(), lease, held, stage.map(|stage| (next, stage))).await?;
                    if harvest.rewritten {
                        self.append(txn.db(), keys, destroyed).await?;
                    }
                    self.append(txn.db(), keys, entry).await?;
                    Ok(left)
                })
            })
            .await;
        match left {
            Ok(left) => {
                self.drop_blobs(left).await;
                if harvest.rewritten {
                    self.forget_rewritten(id).await;
                }
                Ok(())
            }
            Err(StoreError::LeaseLost { job }) => {
                self.drop_blobs(harvest.objects.iter().filter_map(objects::blob_of))
                    .await;
                Err(StoreError::LeaseLost { job })
            }
            // The commit may have happened; blobs that no row names are swept.
            Err(other) => Err(other),
        }
    }

    /// Stops an interaction at a stage that the policy refused; its clauses are kept.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`], [`StoreError::Database`].
    pub async fn deny_stage(&self, lease: &Lease, denial: &Denial) -> Result<(), StoreError> {
        let now = self.clock.now();
        let keys = &*self.tenant_keys(lease.tenant).await?;
        let clauses: Vec<String> = denial.clauses.iter().map(ToString::to_string).collect();
        let clauses = &clauses.join(",");
        let entry = &self.refused(lease, denial);
        self.db
            .write("deny_stage", Some(lease.tenant), |txn| {
                Box::pin(async move {
                    let held = queue::held(txn.db(), lease).await?;
                    let mut job = queue::release(held);
                    job.state = Set(queue::HALTED.to_owned());
                    job.ready_at = Set(now.0);
                    job.failure_code = Set(Some(clauses.clone()));
                    job.failure_sentence = Set(Some(denial.sentence.clone()));
                    job.update(txn.db()).await?;
                    let mut row = self.row_of(txn.db(), lease).await?.into_active_model();
                    row.status = Set(listing::STOPPED.to_owned());
                    row.stage = Set(Some(lease.stage.key().to_owned()));
                    row.outcome = Set(Some(clauses.clone()));
                    row.update(txn.db()).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The stage has ended whatever comes of this: the earlier keys are gone with their rows.
    async fn forget_rewritten(&self, id: InteractionId) {
        match self.db.forget_deleted().await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(interaction = %id, "an earlier original's bytes stay in the write-ahead log until it is cut");
            }
            Err(error) => {
                tracing::warn!(interaction = %id, %error, "an earlier original's rows are not freed yet");
            }
        }
    }

    async fn row_of(
        &self,
        txn: &DatabaseTransaction,
        lease: &Lease,
    ) -> Result<row::Model, StoreError> {
        let found = listing::find(txn, lease.tenant, lease.interaction).await?;
        found.ok_or_else(|| StoreError::not_found("interaction", lease.interaction))
    }

    async fn harvest(
        &self,
        keys: &TenantKeys,
        id: InteractionId,
        outputs: Vec<StageOutput>,
    ) -> Result<Harvest, StoreError> {
        let mut harvest = Harvest::default();
        let place = |kind| Place::of(keys.tenant(), id, kind);
        for output in outputs {
            let object = match output {
                StageOutput::Sound(report) => {
                    harvest.facts.duration = Some(signed(report.duration.0));
                    harvest.facts.warnings.clone_from(&report.warnings);
                    self.seal_record(keys, &place(Kind::Sound), &report)?
                }
                StageOutput::Raw(raw) => {
                    harvest.facts.duration = Some(signed(raw.duration.0));
                    self.seal_record(keys, &place(Kind::Raw), &raw)?
                }
                StageOutput::Redacted(redacted) => {
                    harvest.facts.learn(&redacted);
                    self.seal_record(keys, &place(Kind::Redacted), &redacted)?
                }
                StageOutput::RedactedAudio(wav) => {
                    self.seal_media(keys, &place(Kind::RedactedAudio), &wav)
                        .await?
                }
                StageOutput::Metrics(metrics) => {
                    harvest.facts.duration = Some(signed(metrics.duration.0));
                    let sealed = self.seal_record(keys, &place(Kind::Metrics), &metrics)?;
                    harvest.measured = Some(metrics);
                    sealed
                }
                StageOutput::Fields(fields) => {
                    harvest.fields = true;
                    self.seal_record(keys, &place(Kind::Fields), &fields)?
                }
                StageOutput::Index(text) => {
                    let prepared = Prepared::new(keys, &text);
                    let object = self.seal_record(keys, &place(Kind::Stream), &prepared.stream)?;
                    harvest.index = Some(prepared);
                    object
                }
                StageOutput::Ruleset(ruleset) => {
                    harvest.ruleset = Some(ruleset);
                    continue;
                }
                StageOutput::Original(interaction) => {
                    harvest.rewritten = true;
                    harvest.document = true;
                    self.seal_record(keys, &place(Kind::Document), &*interaction)?
                }
                StageOutput::OriginalWords(raw) => {
                    harvest.rewritten = true;
                    self.seal_record(keys, &place(Kind::Raw), &raw)?
                }
                StageOutput::OriginalMedia { part, bytes } => {
                    harvest.rewritten = true;
                    let place = Place {
                        part,
                        ..place(Kind::Media)
                    };
                    self.seal_media(keys, &place, &bytes).await?
                }
                StageOutput::Nothing { reason } => {
                    tracing::debug!(interaction = %id, reason, "a stage had nothing to do");
                    continue;
                }
            };
            harvest.objects.push(object);
        }
        Ok(harvest)
    }
}

impl Facts {
    fn learn(&mut self, redacted: &RedactedTranscript) {
        let mut counts: BTreeMap<EntityKind, u32> = BTreeMap::new();
        for removed in redacted.redactions() {
            let count = counts.entry(removed.kind).or_default();
            *count = count.saturating_add(1);
        }
        let size = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        self.duration = Some(signed(redacted.duration().0));
        self.words = Some((size(redacted.words().len()), size(redacted.turns().len())));
        self.redactions = Some(listing::redactions_to_text(&counts));
    }
}

/// Writes the interaction's plain columns: what is known now, and which stage is next; says
/// which that is.
async fn advance(
    txn: &DatabaseTransaction,
    lease: &Lease,
    harvest: &Harvest,
) -> Result<Option<Stage>, StoreError> {
    let found = listing::find(txn, lease.tenant, lease.interaction).await?;
    let found = found.ok_or_else(|| StoreError::not_found("interaction", lease.interaction))?;
    let facts = &harvest.facts;
    let known = found.warnings.lines().map(str::to_owned);
    let warnings: Vec<String> = known.chain(facts.warnings.iter().cloned()).collect();
    let generation = found.generation;
    let channel: Channel = found.channel.parse()?;
    let refreshed = harvest.fields || facts.redactions.is_some();
    let indexed = refreshed.then(|| crate::index::changed(&found));
    let mut row = found.into_active_model();
    if let Some(indexed) = indexed {
        row.indexed = Set(indexed);
    }
    row.warnings = Set(listing::warnings_to_text(&warnings));
    if let Some(duration) = facts.duration {
        row.duration = Set(Some(duration));
    }
    if let Some((words, turns)) = facts.words {
        row.words = Set(words);
        row.turns = Set(turns);
    }
    if let Some(redactions) = &facts.redactions {
        row.redactions = Set(redactions.clone());
    }
    if harvest.index.is_some() {
        row.generation = Set(generation + 1);
        let (tenant, id) = (lease.tenant, lease.interaction);
        definitions::note_words(txn, tenant, id, generation + 1).await?;
    }
    let next = lease.stage.next_on(channel);
    row.status = Set(next
        .map_or(listing::READY, |_| listing::PROCESSING)
        .to_owned());
    row.stage = Set(next.map(|stage| stage.key().to_owned()));
    row.outcome = Set(None);
    row.update(txn).await?;
    Ok(next)
}

/// The next stage's job in the place of this one. It keeps its place in the queue, so that an
/// interaction is finished before a younger one is begun.
async fn follow(
    txn: &DatabaseTransaction,
    lease: &Lease,
    held: job::Model,
    next: Option<(JobId, Stage)>,
) -> Result<(), StoreError> {
    let created = domain::Timestamp(held.created);
    job::Entity::delete_by_id(held.id).exec(txn).await?;
    if let Some((job, stage)) = next {
        queue::enqueue(txn, job, lease.tenant, lease.interaction, stage, created).await?;
    }
    Ok(())
}

fn signed(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

//! Many searchable interactions at once, whose words were made elsewhere: what the search is
//! measured on. Sealed and indexed like any other; they have no original and no transcript.

use std::collections::BTreeMap;

use domain::query::{Fields, TokenId, WordStream};
use domain::{
    Channel, DataCategory, Direction, EntityKind, InteractionId, LawfulBasis, Millis, Secret,
    Timestamp, Tone,
};
use policy::{Interactions, Permit, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::EntryKind;
use crate::objects::{Kind, Place};
use crate::rows::{interaction as row, measure, object, tag};
use crate::{Store, StoreError, listing, records};

/// Rows in one statement; the engines bound the number of values.
const ROWS: usize = 500;

/// An interaction that is made of its words alone.
#[derive(Debug, Clone)]
pub struct Planted {
    /// Which it will be.
    pub id: InteractionId,
    /// When it started.
    pub started: Timestamp,
    /// How it took place.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// What a search may ask for beside words, redacted.
    pub fields: Fields,
    /// Its redacted words, under the tenant's hashes ([`Store::token_ids`]).
    pub stream: WordStream,
}

/// The numbers of a planted interaction.
#[derive(Debug, Clone)]
pub struct PlantedNumbers {
    /// Which.
    pub id: InteractionId,
    /// Time in which anybody speaks.
    pub talk: Millis,
    /// Counted silence.
    pub silence: Millis,
    /// Counted overtalk.
    pub overtalk: Millis,
    /// The agent's one response gap.
    pub gap: Millis,
    /// How the consumer's words sound.
    pub sentiment: Option<Tone>,
    /// What was removed.
    pub removed: BTreeMap<EntityKind, u32>,
    /// Labels that it bears.
    pub labels: Vec<Secret>,
}

impl Store {
    /// Gives planted interactions their numbers, as the pipeline's last stages do.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn plant_numbers(
        &self,
        permit: &Permit<Seal, Interactions>,
        many: &[PlantedNumbers],
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let signed = |time: Millis| i64::try_from(time.0).unwrap_or(i64::MAX);
        let rows: Vec<measure::ActiveModel> = many
            .iter()
            .map(|one| measure::ActiveModel {
                tenant: Set(tenant.as_uuid()),
                interaction: Set(one.id.as_uuid()),
                talk: Set(signed(one.talk)),
                silence: Set(signed(one.silence)),
                longest_silence: Set(signed(one.silence)),
                overtalk: Set(signed(one.overtalk)),
                gaps: Set(1),
                gap_mean: Set(signed(one.gap)),
                gap_longest: Set(signed(one.gap)),
                sentiment: Set(one.sentiment.map(|tone| i64::from(tone.0))),
            })
            .collect();
        let keys = &*self.tenant_keys(tenant).await?;
        let labels = many.iter().flat_map(|one| {
            let label = |label| self.seal_tag(keys, one.id, label);
            one.labels.iter().map(label)
        });
        let labels: Vec<tag::ActiveModel> = labels.collect::<Result<_, _>>()?;
        let (rows, labels) = (&rows, &labels);
        self.db
            .write("plant_numbers", Some(tenant), |txn| {
                Box::pin(async move {
                    for some in rows.chunks(ROWS) {
                        measure::Entity::insert_many(some.to_vec())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    for some in labels.chunks(ROWS) {
                        tag::Entity::insert_many(some.to_vec())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    for one in many {
                        let removed = listing::redactions_to_text(&one.removed);
                        row::Entity::update_many()
                            .col_expr(row::Column::Redactions, Expr::value(removed))
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Id.eq(one.id.as_uuid()))
                            .exec(txn.db())
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Seals interactions and counts their words into the vocabulary: each word with the number
    /// of these interactions that it is in. One transaction, one leaf.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Database`].
    pub async fn plant(
        &self,
        permit: &Permit<Seal, Interactions>,
        many: &[Planted],
        words: &[(&str, u64)],
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let rows = many.iter().map(|one| self.row(permit, one));
        let rows: Vec<row::ActiveModel> = rows.collect::<Result<_, _>>()?;
        let mut objects: Vec<object::ActiveModel> = Vec::with_capacity(many.len() * 2);
        for one in many {
            let place = |kind| Place::of(tenant, one.id, kind);
            objects.push(self.seal_record(keys, &place(Kind::Stream), &one.stream)?);
            objects.push(self.seal_record(keys, &place(Kind::Fields), &one.fields)?);
        }
        let uses = &uses(keys, words);
        let mut entry = self.deed(permit, EntryKind::Sealed);
        entry.count = u64::try_from(many.len()).ok();
        let (rows, objects, entry) = (&rows, &objects, &entry);
        self.db
            .write("plant", Some(tenant), |txn| {
                Box::pin(async move {
                    for some in rows.chunks(ROWS) {
                        row::Entity::insert_many(some.to_vec())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    for some in objects.chunks(ROWS) {
                        object::Entity::insert_many(some.to_vec())
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    self.count_in(txn.db(), keys, uses).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Collected now, under the policy that the permit was given by.
    fn row(
        &self,
        permit: &Permit<Seal, Interactions>,
        one: &Planted,
    ) -> Result<row::ActiveModel, StoreError> {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let basis = LawfulBasis {
            basis: "contract".to_owned(),
            expires: None,
            grants: Vec::new(),
        };
        Ok(row::ActiveModel {
            tenant: Set(permit.tenant().as_uuid()),
            id: Set(one.id.as_uuid()),
            channel: Set(one.channel.key().to_owned()),
            direction: Set(one.direction.key().to_owned()),
            started: Set(one.started.0),
            received: Set(self.clock.now().0),
            duration: Set(i64::try_from(one.stream.duration.0).ok()),
            status: Set(listing::READY.to_owned()),
            stage: Set(None),
            outcome: Set(None),
            parties: Set("agent,consumer".to_owned()),
            dialogs: Set(1),
            words: Set(count(one.stream.words.len())),
            turns: Set(0),
            redactions: Set(String::new()),
            warnings: Set(String::new()),
            instruction: Set("planted".to_owned()),
            subjects: Set(2),
            lawful_bases: Set(records::bases_to_text(&[basis])?),
            on_hold: Set(false),
            collected_under: Set(permit.version().to_owned()),
            keep_until: Set(None),
            refused: Set(String::new()),
            generation: Set(1),
            indexed: Set(0),
        })
    }
}

fn uses(keys: &TenantKeys, words: &[(&str, u64)]) -> BTreeMap<TokenId, (Secret, i64)> {
    let hasher = KeyedHash::new(keys.index());
    let counted = words.iter().map(|(word, uses)| {
        let token = TokenId(hasher.token(word.as_bytes()));
        let uses = i64::try_from(*uses).unwrap_or(i64::MAX);
        (token, (Secret::new(*word), uses))
    });
    counted.collect()
}

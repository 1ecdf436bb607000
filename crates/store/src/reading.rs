//! Opening sealed data of one interaction. Each way checks the permit's categories, looks at
//! retention and hold again in its own query, and commits an `opened` leaf before anything is
//! opened.

use std::ops::Range;

use domain::{
    DataCategory, Interaction, InteractionId, Metrics, RawTranscript, RedactedTranscript,
    SoundReport, Timestamp, Withheld,
};
use policy::{Permit, Read};

use crate::ledger::EntryKind;
use crate::objects::{self, Kind, Place, open_record};
use crate::records::Record;
use crate::rows::{interaction, object};
use crate::{Store, StoreError, Summary, listing};

impl Store {
    /// The interaction as taken in, with what joined it later; its media is left out.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without raw content and contact; [`StoreError::Withheld`];
    /// [`StoreError::NotFound`].
    pub async fn interaction(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Interaction, StoreError> {
        let place = Place::of(permit.tenant(), *permit.resource(), Kind::Document);
        let row = self.open_place(permit, &place).await?;
        let keys = &*self.tenant_keys(place.tenant).await?;
        let mut whole: Interaction = open_record(keys, &place, &row)?;
        // The leaf above is for the document, of which these are further parts.
        let further = self
            .db
            .read("document_parts", Some(place.tenant), |txn| {
                Box::pin(async move { objects::further_parts(txn.db(), &place).await })
            })
            .await?;
        for (part, row) in further {
            let place = Place { part, ..place };
            whole.join(open_record(keys, &place, &row)?);
        }
        Ok(whole)
    }

    /// One recording as taken in, by its dialog's number.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without voice; [`StoreError::Withheld`]; [`StoreError::NotFound`].
    pub async fn media(
        &self,
        permit: &Permit<Read, InteractionId>,
        dialog: u16,
    ) -> Result<Vec<u8>, StoreError> {
        let place = Place {
            part: dialog,
            ..Place::of(permit.tenant(), *permit.resource(), Kind::Media)
        };
        self.media_range(permit, &place, None).await
    }

    /// Words before redaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without raw content; [`StoreError::Withheld`].
    pub async fn raw_transcript(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<RawTranscript, StoreError> {
        self.opened(permit, Kind::Raw).await
    }

    /// Words after redaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Withheld`].
    pub async fn redacted_transcript(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<RedactedTranscript, StoreError> {
        self.opened(permit, Kind::Redacted).await
    }

    /// Facts, counts and redacted words of several interactions of one tenant, in the order of
    /// their permits; what is not there any more is left out. Each that is opened leaves its own
    /// leaf, all in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content and interaction metadata;
    /// [`StoreError::WrongPermit`] where the permits are of two tenants.
    pub async fn redacted_transcripts(
        &self,
        permits: &[Permit<Read, InteractionId>],
    ) -> Result<Vec<(Summary, Result<RedactedTranscript, Withheld>)>, StoreError> {
        let now = self.clock.now();
        let Some(tenant) = permits.first().map(Permit::tenant) else {
            return Ok(Vec::new());
        };
        for permit in permits {
            permit.check(DataCategory::InteractionMetadata, now)?;
            permit.check(DataCategory::RedactedContent, now)?;
            if permit.tenant() != tenant {
                return Err(StoreError::WrongPermit {
                    name: permit.resource().to_string(),
                });
            }
        }
        let keys = &*self.tenant_keys(tenant).await?;
        let ids: &Vec<InteractionId> = &permits.iter().map(|permit| *permit.resource()).collect();
        let kind = Kind::Redacted;
        let opened = self
            .db
            .write("open_several", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = listing::find_all(txn.db(), tenant, ids).await?;
                    let mut objects = objects::find_all(txn.db(), tenant, ids, kind).await?;
                    let mut opened = Vec::with_capacity(permits.len());
                    let mut entries = Vec::with_capacity(permits.len());
                    for permit in permits {
                        let id = permit.resource().as_uuid();
                        let Some(row) = rows.iter().find(|row| row.id == id) else {
                            continue;
                        };
                        let place = Place::of(tenant, *permit.resource(), kind);
                        let sealed = match readable(row, now) {
                            Ok(()) => objects.remove(permit.resource()),
                            Err(StoreError::Withheld(why)) => {
                                opened.push((row.clone(), Err(why)));
                                continue;
                            }
                            Err(other) => return Err(other),
                        };
                        let Some(sealed) = sealed else {
                            opened.push((row.clone(), Err(Withheld::NotReady)));
                            continue;
                        };
                        let mut entry = self.deed(permit, EntryKind::Opened);
                        entry.categories = place.kind.categories().to_vec();
                        entries.push(entry);
                        opened.push((row.clone(), Ok((place, sealed))));
                    }
                    if !entries.is_empty() {
                        self.append_all(txn.db(), keys, &entries).await?;
                    }
                    Ok(opened)
                })
            })
            .await?;
        let mut all = Vec::with_capacity(opened.len());
        for (row, sealed) in opened {
            let words = match sealed {
                Ok((place, object)) => Ok(open_record(keys, &place, &object)?),
                Err(why) => Err(why),
            };
            all.push((listing::summary_of(&row)?, words));
        }
        Ok(all)
    }

    /// The numbers.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without interaction metadata; [`StoreError::Withheld`].
    pub async fn metrics(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Metrics, StoreError> {
        self.opened(permit, Kind::Metrics).await
    }

    /// The report on the recordings; withheld as not ready for a written interaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without interaction metadata; [`StoreError::Withheld`].
    pub async fn sound(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<SoundReport, StoreError> {
        self.opened(permit, Kind::Sound).await
    }

    /// Length of the redacted audio in bytes. Nothing is opened, so no leaf is written.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted audio; [`StoreError::Withheld`] where there is no
    /// redacted copy.
    pub async fn redacted_audio_len(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<u64, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedAudio, now)?;
        let place = &audio_of(permit);
        let row = self
            .db
            .read("redacted_audio_len", Some(place.tenant), |txn| {
                Box::pin(async move { readable_object(txn.db(), place, now).await })
            })
            .await?;
        Ok(u64::try_from(row.length).unwrap_or(0))
    }

    /// Some bytes of the redacted audio; only the chunks that hold them are opened.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted audio; [`StoreError::Withheld`] where there is no
    /// redacted copy; [`StoreError::Media`] for a range outside it.
    pub async fn redacted_audio_range(
        &self,
        permit: &Permit<Read, InteractionId>,
        range: Range<u64>,
    ) -> Result<Vec<u8>, StoreError> {
        self.media_range(permit, &audio_of(permit), Some(range))
            .await
    }

    async fn opened<R: Record>(
        &self,
        permit: &Permit<Read, InteractionId>,
        kind: Kind,
    ) -> Result<R, StoreError> {
        let place = Place::of(permit.tenant(), *permit.resource(), kind);
        let row = self.open_place(permit, &place).await?;
        let keys = self.tenant_keys(place.tenant).await?;
        open_record(&keys, &place, &row)
    }

    async fn media_range(
        &self,
        permit: &Permit<Read, InteractionId>,
        place: &Place,
        range: Option<Range<u64>>,
    ) -> Result<Vec<u8>, StoreError> {
        let row = self.open_place(permit, place).await?;
        let keys = self.tenant_keys(place.tenant).await?;
        let mut media = self.open_media(&keys, place, &row).await?;
        let mut bytes = Vec::new();
        match range {
            Some(range) => bytes.extend_from_slice(&media.read(range).await?),
            None => {
                while let Some(piece) = media.next().await? {
                    bytes.extend_from_slice(&piece);
                }
            }
        }
        Ok(bytes)
    }

    /// Checks, finds the object's row and commits the leaf that says so.
    async fn open_place(
        &self,
        permit: &Permit<Read, InteractionId>,
        place: &Place,
    ) -> Result<object::Model, StoreError> {
        let now = self.clock.now();
        for category in place.kind.categories() {
            permit.check(*category, now)?;
        }
        let keys = &*self.tenant_keys(place.tenant).await?;
        let mut entry = self.deed(permit, EntryKind::Opened);
        entry.categories = place.kind.categories().to_vec();
        let entry = &entry;
        self.db
            .write("open", Some(place.tenant), |txn| {
                Box::pin(async move {
                    let row = readable_object(txn.db(), place, now).await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(row)
                })
            })
            .await
    }
}

const fn audio_of(permit: &Permit<Read, InteractionId>) -> Place {
    Place::of(permit.tenant(), *permit.resource(), Kind::RedactedAudio)
}

async fn readable_object(
    txn: &sea_orm::DatabaseTransaction,
    place: &Place,
    now: Timestamp,
) -> Result<object::Model, StoreError> {
    let found = listing::find(txn, place.tenant, place.interaction).await?;
    let row = found.ok_or_else(|| StoreError::not_found("interaction", place.interaction))?;
    readable(&row, now)?;
    let object = objects::find(txn, place).await?;
    object.ok_or(StoreError::Withheld(Withheld::NotReady))
}

/// Past its retention nothing is read, and what only a hold still keeps is kept, not read.
pub(crate) fn readable(row: &interaction::Model, now: Timestamp) -> Result<(), StoreError> {
    if row.status == listing::ERASING {
        return Err(StoreError::Withheld(Withheld::Expired));
    }
    let kept = row.keep_until.is_none_or(|until| until > now.0);
    match (kept, row.on_hold) {
        (true, _) => Ok(()),
        (false, true) => Err(StoreError::Withheld(Withheld::OnHold)),
        (false, false) => Err(StoreError::Withheld(Withheld::Expired)),
    }
}

//! Sealed objects of an interaction: each has a key of its own, wrapped by the tenant's.
//!
//! Records are sealed in their row, media in blobs of chunks so that playback can seek. An
//! object's place is part of what its bytes and its key are bound to.

use std::collections::HashMap;

use domain::{BlobId, DataCategory, InteractionId, TenantId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::keys::{Key, TenantKeys, WrappedKey};
use crate::records::Record;
use crate::rows::object as row;
use crate::seal::{self, Address};
use crate::stream::{MediaReader, MediaWriter};
use crate::{Store, StoreError};

/// Bytes handed to the blob store at once.
const PIECE: usize = 1 << 20;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The interaction as taken in, media left out.
    Document,
    /// One recording as taken in; its part is the dialog's number.
    Media,
    /// Report on the recordings.
    Sound,
    /// Words before redaction.
    Raw,
    /// Words after redaction.
    Redacted,
    /// Sound after redaction.
    RedactedAudio,
    /// The numbers.
    Metrics,
    /// The words' keyed hashes with their times.
    Stream,
    /// What a search may ask for beside words.
    Fields,
}

impl Kind {
    /// Key in rows and addresses; a stored format.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Media => "media",
            Self::Sound => "sound",
            Self::Raw => "raw",
            Self::Redacted => "redacted",
            Self::RedactedAudio => "redacted_audio",
            Self::Metrics => "metrics",
            Self::Stream => "stream",
            Self::Fields => "fields",
        }
    }

    /// What a permit must cover to open or seal it.
    pub(crate) const fn categories(self) -> &'static [DataCategory] {
        match self {
            Self::Document => &[DataCategory::RawContent, DataCategory::Contact],
            Self::Media => &[DataCategory::Voice],
            Self::Raw => &[DataCategory::RawContent],
            Self::Redacted | Self::Stream | Self::Fields => &[DataCategory::RedactedContent],
            Self::RedactedAudio => &[DataCategory::RedactedAudio],
            Self::Sound | Self::Metrics => &[DataCategory::InteractionMetadata],
        }
    }
}

/// The place of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) tenant: TenantId,
    pub(crate) interaction: InteractionId,
    pub(crate) kind: Kind,
    pub(crate) part: u16,
}

impl Place {
    pub(crate) const fn of(tenant: TenantId, interaction: InteractionId, kind: Kind) -> Self {
        Self {
            tenant,
            interaction,
            kind,
            part: 0,
        }
    }

    /// The row's key in text form: part of what bytes and key are bound to.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}/{}", self.interaction, self.kind.key(), self.part)
    }

    pub(crate) const fn address<'a>(&self, name: &'a str) -> Address<'a> {
        Address {
            tenant: self.tenant,
            table: "objects",
            row: name,
            column: "sealed",
        }
    }

    pub(crate) fn primary_key(&self) -> (uuid::Uuid, uuid::Uuid, String, i64) {
        (
            self.tenant.as_uuid(),
            self.interaction.as_uuid(),
            self.kind.key().to_owned(),
            i64::from(self.part),
        )
    }
}

impl Store {
    /// Seals a record for its place under a fresh key.
    pub(crate) fn seal_record(
        &self,
        keys: &TenantKeys,
        place: &Place,
        record: &impl Record,
    ) -> Result<row::ActiveModel, StoreError> {
        let name = place.name();
        let plain = zeroize::Zeroizing::new(record.encode()?);
        let (key, wrapped) = keys.new_object_key(&name, &*self.chance)?;
        let sealed = seal::seal(&key, &place.address(&name), &plain, &*self.chance)?;
        Ok(self.object(place, wrapped, Some(sealed), None, plain.len()))
    }

    /// Seals media for its place under a fresh key; durable in the blob store when it returns.
    pub(crate) async fn seal_media(
        &self,
        keys: &TenantKeys,
        place: &Place,
        media: &[u8],
    ) -> Result<row::ActiveModel, StoreError> {
        let name = place.name();
        let blob = BlobId::from_uuid(self.timed_uuid()?);
        let (key, wrapped) = keys.new_object_key(&name, &*self.chance)?;
        let address = place.address(&name);
        let mut writer =
            MediaWriter::create(&self.blobs, blob, &key, &address, &*self.chance).await?;
        for piece in media.chunks(PIECE) {
            if let Err(error) = writer.write(piece).await {
                writer.abort().await?;
                return Err(error.into());
            }
        }
        writer.finish().await?;
        Ok(self.object(place, wrapped, None, Some(blob), media.len()))
    }

    /// Opens media that was found in its row, for reading at any place.
    pub(crate) async fn open_media(
        &self,
        keys: &TenantKeys,
        place: &Place,
        row: &row::Model,
    ) -> Result<MediaReader, StoreError> {
        let name = place.name();
        let key = object_key(keys, &name, row)?;
        let blob = row.blob.map(BlobId::from_uuid);
        let blob = blob.ok_or_else(|| StoreError::record("object", "it has no blob"))?;
        let length = u64::try_from(row.length).unwrap_or(0);
        let address = place.address(&name);
        Ok(MediaReader::open(&self.blobs, blob, &key, &address, length).await?)
    }

    /// Removes blobs that no row names any more. One that cannot be removed now is found by the
    /// sweep: its key is gone with its row.
    pub(crate) async fn drop_blobs(&self, blobs: impl IntoIterator<Item = BlobId>) {
        for blob in blobs {
            if let Err(error) = self.blobs.delete(blob).await {
                tracing::warn!(%blob, %error, "an unused blob stays until the next sweep");
            }
        }
    }

    fn object(
        &self,
        place: &Place,
        wrapped: WrappedKey,
        sealed: Option<Vec<u8>>,
        blob: Option<BlobId>,
        length: usize,
    ) -> row::ActiveModel {
        let (tenant, interaction, kind, part) = place.primary_key();
        row::ActiveModel {
            tenant: Set(tenant),
            interaction: Set(interaction),
            kind: Set(kind),
            part: Set(part),
            wrapped_key: Set(Some(wrapped.0)),
            sealed: Set(sealed),
            blob: Set(blob.map(|blob| blob.as_uuid())),
            length: Set(i64::try_from(length).unwrap_or(i64::MAX)),
            created: Set(self.clock.now().0),
        }
    }
}

/// Opens a record that was read from its row.
pub(crate) fn open_record<R: Record>(
    keys: &TenantKeys,
    place: &Place,
    row: &row::Model,
) -> Result<R, StoreError> {
    let name = place.name();
    let key = object_key(keys, &name, row)?;
    let sealed = row.sealed.as_deref().unwrap_or_default();
    let plain = seal::open(&key, &place.address(&name), sealed)?;
    R::decode(&plain)
}

/// The key of an object that was read from its row.
pub(crate) fn object_key(
    keys: &TenantKeys,
    name: &str,
    row: &row::Model,
) -> Result<Key, StoreError> {
    let wrapped = row.wrapped_key.clone();
    let wrapped = wrapped.ok_or(StoreError::Withheld(domain::Withheld::Expired))?;
    Ok(keys.unwrap_object_key(name, &WrappedKey(wrapped))?)
}

/// The row of one object.
pub(crate) async fn find(
    txn: &DatabaseTransaction,
    place: &Place,
) -> Result<Option<row::Model>, StoreError> {
    Ok(row::Entity::find_by_id(place.primary_key())
        .one(txn)
        .await?)
}

/// The first parts of a kind of some interactions' objects.
pub(crate) async fn find_all(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    ids: &[InteractionId],
    kind: Kind,
) -> Result<HashMap<InteractionId, row::Model>, StoreError> {
    let found = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.is_in(ids.iter().map(InteractionId::as_uuid)))
        .filter(row::Column::Kind.eq(kind.key()))
        .filter(row::Column::Part.eq(0))
        .all(txn)
        .await?;
    let by_id = found
        .into_iter()
        .map(|row| (InteractionId::from_uuid(row.interaction), row));
    Ok(by_id.collect())
}

/// The parts of an object after its first, in their order.
pub(crate) async fn further_parts(
    txn: &DatabaseTransaction,
    first: &Place,
) -> Result<Vec<(u16, row::Model)>, StoreError> {
    let found = row::Entity::find()
        .filter(row::Column::Tenant.eq(first.tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(first.interaction.as_uuid()))
        .filter(row::Column::Kind.eq(first.kind.key()))
        .filter(row::Column::Part.gt(i64::from(first.part)))
        .order_by_asc(row::Column::Part)
        .all(txn)
        .await?;
    let numbered = found.into_iter().map(|row| {
        let part = u16::try_from(row.part);
        let part = part.map_err(|_| StoreError::record("object", "its part is out of range"))?;
        Ok((part, row))
    });
    numbered.collect()
}

/// Removes the parts of an object after its first, whose contents the first has taken in.
pub(crate) async fn forget_further_parts(
    txn: &DatabaseTransaction,
    first: &Place,
) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(first.tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(first.interaction.as_uuid()))
        .filter(row::Column::Kind.eq(first.kind.key()))
        .filter(row::Column::Part.gt(i64::from(first.part)))
        .exec(txn)
        .await?;
    Ok(())
}

/// Writes objects; returns the blobs that the replaced ones leave behind.
pub(crate) async fn put(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    interaction: InteractionId,
    objects: &[row::ActiveModel],
) -> Result<Vec<BlobId>, StoreError> {
    let kept = blobs_of(txn, tenant, interaction).await?;
    let replaced = kept.into_iter().filter(|(kind, part, _)| {
        let same = |new: &row::ActiveModel| new.kind == Set(kind.clone()) && new.part == Set(*part);
        objects.iter().any(same)
    });
    let left = replaced.map(|(_, _, blob)| blob).collect();
    let overwrite = OnConflict::columns([
        row::Column::Tenant,
        row::Column::Interaction,
        row::Column::Kind,
        row::Column::Part,
    ])
    .update_columns([
        row::Column::WrappedKey,
        row::Column::Sealed,
        row::Column::Blob,
        row::Column::Length,
        row::Column::Created,
    ])
    .to_owned();
    for object in objects {
        row::Entity::insert(object.clone())
            .on_conflict(overwrite.clone())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(left)
}

/// Kind, part and blob of an interaction's objects that lie in the blob store.
pub(crate) async fn blobs_of(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    interaction: InteractionId,
) -> Result<Vec<(String, i64, BlobId)>, StoreError> {
    let found: Vec<(String, i64, uuid::Uuid)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Kind, row::Column::Part, row::Column::Blob])
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(interaction.as_uuid()))
        .filter(row::Column::Blob.is_not_null())
        .into_tuple()
        .all(txn)
        .await?;
    let named = found.into_iter();
    Ok(named
        .map(|(kind, part, blob)| (kind, part, BlobId::from_uuid(blob)))
        .collect())
}

/// The blob of a prepared object, if it has one.
pub(crate) fn blob_of(object: &row::ActiveModel) -> Option<BlobId> {
    match &object.blob {
        Set(blob) => blob.map(BlobId::from_uuid),
        _ => None,
    }
}

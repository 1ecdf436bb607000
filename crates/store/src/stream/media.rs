//! Sealed streams in the blob store: written as they come, read at any place.

use std::ops::Range;

use bytes::Bytes;
use domain::{BlobId, Chance, TenantId};
use zeroize::Zeroizing;

use super::{CHUNK_U64, HEADER_U64, Opener, Sealer};
use crate::blobs::{BlobError, BlobWriter, Blobs};
use crate::keys::Key;
use crate::seal::{Address, SealError};

/// Seals a stream into a blob; nothing is visible under its id before [`Self::finish`].
pub(crate) struct MediaWriter {
    sealer: Sealer,
    writer: BlobWriter,
}

impl MediaWriter {
    pub(crate) async fn create(
        blobs: &Blobs,
        id: BlobId,
        key: &Key,
        at: &Address<'_>,
        chance: &dyn Chance,
    ) -> Result<Self, MediaError> {
        Ok(Self {
            sealer: Sealer::new(key, at, chance)?,
            writer: blobs.writer(id).await?,
        })
    }

    pub(crate) async fn write(&mut self, plain: &[u8]) -> Result<(), MediaError> {
        let sealed = self.sealer.push(plain)?;
        Ok(self.writer.write(Bytes::from(sealed)).await?)
    }

    /// Durable when it returns; says how many plain bytes were written.
    pub(crate) async fn finish(mut self) -> Result<u64, MediaError> {
        let (sealed, length) = self.sealer.finish()?;
        self.writer.write(Bytes::from(sealed)).await?;
        self.writer.finish().await?;
        Ok(length)
    }

    /// Leaves nothing behind.
    pub(crate) async fn abort(self) -> Result<(), MediaError> {
        Ok(self.writer.abort().await?)
    }
}

/// Reads a sealed blob; fetches only the chunks that a stretch needs.
pub(crate) struct MediaReader {
    blobs: Blobs,
    id: BlobId,
    opener: Opener,
    place: Place,
    at: u64,
}

/// An address that owns its words.
struct Place {
    tenant: TenantId,
    table: String,
    row: String,
    column: String,
}

impl Place {
    fn address(&self) -> Address<'_> {
        Address {
            tenant: self.tenant,
            table: &self.table,
            row: &self.row,
            column: &self.column,
        }
    }
}

impl MediaReader {
    /// `plain_length` is what the row says: a blob that was cut or extended is refused here.
    pub(crate) async fn open(
        blobs: &Blobs,
        id: BlobId,
        key: &Key,
        at: &Address<'_>,
        plain_length: u64,
    ) -> Result<Self, MediaError> {
        let sealed_length = blobs.length(id).await?;
        let header = blobs
            .get_range(id, 0..HEADER_U64.min(sealed_length))
            .await?;
        let opener = Opener::new(key, at, &header, sealed_length)?;
        if opener.len() != plain_length {
            return Err(at.refused().into());
        }
        Ok(Self {
            blobs: blobs.clone(),
            id,
            opener,
            place: Place {
                tenant: at.tenant,
                table: at.table.to_owned(),
                row: at.row.to_owned(),
                column: at.column.to_owned(),
            },
            at: 0,
        })
    }

    pub(crate) const fn len(&self) -> u64 {
        self.opener.len()
    }

    /// A stretch of plain bytes.
    pub(crate) async fn read(&self, range: Range<u64>) -> Result<Zeroizing<Vec<u8>>, MediaError> {
        let window = self.opener.window(range)?;
        let sealed = self.blobs.get_range(self.id, window.sealed.clone()).await?;
        Ok(self.opener.open(&self.place.address(), &window, &sealed)?)
    }

    /// The next piece in order, sixteen chunks at a time; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, MediaError> {
        if self.at >= self.len() {
            return Ok(None);
        }
        let end = self.len().min(self.at + 16 * CHUNK_U64);
        let piece = self.read(self.at..end).await?;
        self.at = end;
        Ok(Some(piece))
    }
}

/// Why media cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// It does not seal or open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The blob store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

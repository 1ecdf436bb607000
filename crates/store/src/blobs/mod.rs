//! Sealed blobs and the log's tiles in a folder or an S3-compatible store, chosen by URL.
//!
//! Names are opaque ids or log paths, never personal. What is put here is sealed already (or
//! public, as the log is); this module knows no key.

#[cfg(test)]
mod tests;
mod url;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use domain::{BlobId, Timestamp};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};

/// Where sealed objects lie, by the last two digits of their id: ids made in one moment differ
/// only there, and a folder with everything in it is slow.
const OBJECTS: &str = "objects";
/// Where the transparency log lies: `checkpoint` and `tile/…` as tlog-tiles serves them.
const LOG: &str = "tlog";
/// How much of a stream is on its way at once.
const PARTS: usize = 4;

/// What a blob is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum BlobName {
    /// A sealed object.
    Object(BlobId),
    /// A resource of the transparency log, path below its prefix.
    Log(String),
}

impl From<BlobId> for BlobName {
    fn from(id: BlobId) -> Self {
        Self::Object(id)
    }
}

impl BlobName {
    fn path(&self) -> Path {
        match self {
            Self::Object(id) => {
                let text = id.to_string();
                let shard = text
                    .split_at_checked(text.len() - 2)
                    .map_or("", |(_, two)| two);
                Path::from_iter([OBJECTS, shard, &text])
            }
            Self::Log(path) => Path::from(format!("{LOG}/{path}")),
        }
    }
}

/// The blob store.
#[derive(Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blobs")
    }
}

impl Blobs {
    /// Opens `file:///folder` (made where missing) or
    /// `s3://[id:secret@]bucket[/prefix][?endpoint=…&region=…]`. Without credentials in the URL,
    /// S3's usual sources hold: its environment variables, then the machine's role.
    pub(crate) fn open(url: &str) -> Result<Self, BlobError> {
        Ok(Self {
            store: url::open(url)?,
        })
    }

    /// Stores a blob whole; durable when it returns. An older one of that name is replaced.
    pub(crate) async fn put(
        &self,
        name: impl Into<BlobName>,
        bytes: impl Into<Bytes>,
    ) -> Result<(), BlobError> {
        self.store
            .put(&name.into().path(), PutPayload::from(bytes.into()))
            .await
            .map_err(failed("putting a blob"))?;
        Ok(())
    }

    /// Stores a blob as it comes; see [`BlobWriter`].
    pub(crate) async fn writer(&self, name: impl Into<BlobName>) -> Result<BlobWriter, BlobError> {
        let path = name.into().path();
        let upload = self
            .store
            .put_multipart(&path)
            .await
            .map_err(failed("starting a blob"))?;
        Ok(BlobWriter {
            upload: WriteMultipart::new(upload),
        })
    }

    /// A blob whole.
    pub(crate) async fn get(&self, name: impl Into<BlobName>) -> Result<Bytes, BlobError> {
        let during = "getting a blob";
        let found = self
            .store
            .get(&name.into().path())
            .await
            .map_err(failed(during))?;
        found.bytes().await.map_err(failed(during))
    }

    /// Some bytes of a blob; an empty range needs no store.
    pub(crate) async fn get_range(
        &self,
        name: impl Into<BlobName>,
        range: Range<u64>,
    ) -> Result<Bytes, BlobError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.store
            .get_range(&name.into().path(), range)
            .await
            .map_err(failed("getting part of a blob"))
    }

    /// Bytes of a blob.
    pub(crate) async fn length(&self, name: impl Into<BlobName>) -> Result<u64, BlobError> {
        let found = self
            .store
            .head(&name.into().path())
            .await
            .map_err(failed("measuring a blob"))?;
        Ok(found.size)
    }

    /// Whether it is there.
    pub(crate) async fn exists(&self, name: impl Into<BlobName>) -> Result<bool, BlobError> {
        match self.length(name).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes it; that it was gone already is fine.
    pub(crate) async fn delete(&self, name: impl Into<BlobName>) -> Result<(), BlobError> {
        match self.store.delete(&name.into().path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("deleting a blob")(error)),
        }
    }

    /// Every sealed object's id, in no order.
    pub(crate) async fn list(&self) -> Result<Vec<BlobId>, BlobError> {
        let paths = self.paths(OBJECTS).await?;
        Ok(paths
            .iter()
            .filter_map(|path| path.filename()?.parse().ok())
            .collect())
    }

    /// Every sealed object that was written since a time, in no order.
    pub(crate) async fn written_since(&self, since: Timestamp) -> Result<Vec<BlobId>, BlobError> {
        self.store
            .list(Some(&Path::from(OBJECTS)))
            .try_filter(|found| {
                std::future::ready(found.last_modified.timestamp_millis() >= since.0)
            })
            .try_filter_map(|found| {
                let name = found.location.filename();
                let id: Option<BlobId> = name.and_then(|name| name.parse().ok());
                std::future::ready(Ok(id))
            })
            .try_collect()
            .await
            .map_err(failed("listing blobs"))
    }

    /// Every resource of the log, path below its prefix, in no order.
    #[cfg(test)]
    pub(crate) async fn list_log(&self) -> Result<Vec<String>, BlobError> {
        let prefix = format!("{LOG}/");
        let paths = self.paths(LOG).await?;
        Ok(paths
            .iter()
            .filter_map(|path| path.as_ref().strip_prefix(&prefix))
            .map(str::to_owned)
            .collect())
    }

    async fn paths(&self, prefix: &str) -> Result<Vec<Path>, BlobError> {
        self.store
            .list(Some(&Path::from(prefix)))
            .map_ok(|found| found.location)
            .try_collect()
            .await
            .map_err(failed("listing blobs"))
    }
}

/// Writes one blob in pieces; nothing is visible under its name before [`Self::finish`].
pub(crate) struct BlobWriter {
    upload: WriteMultipart,
}

impl BlobWriter {
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.upload
            .wait_for_capacity(PARTS)
            .await
            .map_err(failed("writing a blob"))?;
        self.upload.put(bytes);
        Ok(())
    }

    /// Durable when it returns.
    pub(crate) async fn finish(self) -> Result<(), BlobError> {
        self.upload
            .finish()
            .await
            .map_err(failed("finishing a blob"))?;
        Ok(())
    }

    /// Leaves nothing behind.
    pub(crate) async fn abort(self) -> Result<(), BlobError> {
        self.upload.abort().await.map_err(failed("dropping a blob"))
    }
}

fn failed(during: &'static str) -> impl FnOnce(object_store::Error) -> BlobError {
    move |source| BlobError::Store {
        during,
        source: Box::new(source),
    }
}

/// Why the blob store cannot be used. URLs are not repeated: they may hold a credential.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The URL names no store this program knows.
    #[error("the blob store's URL cannot be used: {0}")]
    Url(&'static str),
    /// The folder cannot be made.
    #[error("the blob store's folder cannot be made")]
    Folder(#[source] std::io::Error),
    /// The store failed.
    #[error("the blob store failed at {during}")]
    Store {
        /// What was tried.
        during: &'static str,
        /// What it said.
        #[source]
        source: Box<object_store::Error>,
    },
}

impl BlobError {
    /// Whether the store answered that there is no such blob.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store { source, .. }
            if matches!(**source, object_store::Error::NotFound { .. }))
    }
}

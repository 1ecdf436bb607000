//! Tiles in the blob store: written once, read for proofs and to go on from a checkpoint.

use std::collections::HashMap;
use std::sync::Mutex;

use bytes::Bytes;
use tlog_tiles::{Hash, HashReader, Tile};

use super::LedgerError;
use super::tree::{Edge, HEIGHT, TileData, edge_tiles, hashes, tile_path};
use crate::blobs::{BlobName, Blobs};

/// The log's resources.
pub(crate) struct Tiles<'a> {
    blobs: &'a Blobs,
    seen: Mutex<HashMap<String, Bytes>>,
}

impl<'a> Tiles<'a> {
    pub(crate) fn new(blobs: &'a Blobs) -> Self {
        Self {
            blobs,
            seen: Mutex::new(HashMap::new()),
        }
    }

    pub(crate) async fn put(&self, data: TileData) -> Result<(), LedgerError> {
        let name = BlobName::Log(tile_path(&data.tile));
        Ok(self.blobs.put(name, data.bytes).await?)
    }

    /// A tile's bytes as they are stored; a partial one may have been replaced by the full one.
    pub(crate) async fn get(&self, tile: &Tile) -> Result<Option<Bytes>, LedgerError> {
        let wanted = usize::try_from(tile.width()).unwrap_or(0) * 32;
        let full = Tile::new(HEIGHT, tile.level(), tile.level_index(), 1 << HEIGHT, false);
        for (candidate, exact) in [(tile, true), (&full, false)] {
            match self.blobs.get(BlobName::Log(tile_path(candidate))).await {
                Ok(bytes) if exact => return Ok((bytes.len() == wanted).then_some(bytes)),
                Ok(bytes) => return Ok((bytes.len() >= wanted).then(|| bytes.slice(..wanted))),
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// A tile that must be there; kept for the next question.
    async fn require(&self, tile: &Tile) -> Result<Bytes, LedgerError> {
        let path = tile_path(tile);
        if let Some(bytes) = self.lock().get(&path) {
            return Ok(bytes.clone());
        }
        let Some(bytes) = self.get(tile).await? else {
            return Err(LedgerError::Tile(path));
        };
        self.lock().insert(path, bytes.clone());
        Ok(bytes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Bytes>> {
        self.seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The right edge of a tree from its unfinished tiles.
    pub(crate) async fn edge(&self, size: u64) -> Result<Edge, LedgerError> {
        let mut levels = Vec::new();
        for tile in edge_tiles(size) {
            levels.push(match tile {
                Some(tile) => hashes(&self.require(&tile).await?),
                None => Vec::new(),
            });
        }
        Ok(Edge::from_levels(size, levels))
    }

    /// Runs a computation over hashes of a tree of `size` leaves: once to learn which it needs,
    /// then, with the tiles at hand, in earnest.
    pub(crate) async fn with_hashes<T>(
        &self,
        size: u64,
        compute: impl Fn(&Gathered) -> Result<T, tlog_tiles::Error>,
    ) -> Result<T, LedgerError> {
        let asking = Gathered::default();
        // What it computes from placeholders is dropped; only what it asked for counts.
        drop(compute(&asking));
        let mut known = HashMap::new();
        for index in asking.into_asked() {
            let tile = Tile::from_index(HEIGHT, index)
                .parent(0, size)
                .ok_or(LedgerError::Record("a tile"))?;
            let bytes = self.require(&tile).await?;
            let hash = tile
                .hash_at_index(&bytes, index)
                .map_err(|_| LedgerError::Tile(tile_path(&tile)))?;
            known.insert(index, hash);
        }
        let answering = Gathered {
            known: Some(known),
            asked: Mutex::default(),
        };
        compute(&answering).map_err(|_| LedgerError::Record("a proof"))
    }
}

/// Hashes by their place in the tree; without any it notes what is asked.
#[derive(Default)]
pub(crate) struct Gathered {
    known: Option<HashMap<u64, Hash>>,
    asked: Mutex<Vec<u64>>,
}

impl Gathered {
    fn into_asked(self) -> Vec<u64> {
        self.asked
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl HashReader for Gathered {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let Some(known) = &self.known else {
            let mut asked = self
                .asked
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            asked.extend_from_slice(indexes);
            return Ok(vec![tlog_tiles::EMPTY_HASH; indexes.len()]);
        };
        indexes
            .iter()
            .map(|index| {
                known
                    .get(index)
                    .copied()
                    .ok_or(tlog_tiles::Error::IndexesNotInTree)
            })
            .collect()
    }
}

//! Signed tree heads: the tiles since the last one, then the note, then where it is served.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use tlog_tiles::{Checkpoint, Hash, Tile, record_hash};

use super::rows::{checkpoint as row, leaf};
use super::signing::{Signers, open_note};
use super::tiles::Tiles;
use super::tree::{Edge, HEIGHT, leaves_under, tile_path, width_at};
use super::{Ledger, LedgerError, head_of, signed, unsigned};
use crate::blobs::{BlobName, Blobs};

pub(crate) use super::rows::checkpoint::Model as Row;

/// Where the newest checkpoint is served.
pub(crate) const PATH: &str = "checkpoint";
/// Leaves read at once.
pub(crate) const PAGE: u64 = 4096;

impl Ledger {
    /// Signs the tree as it is, after writing its new tiles; nothing where no leaf was ever
    /// written. Work is in proportion to the leaves since the last one. Two processes that do
    /// this at once write the same tiles.
    pub(crate) async fn checkpoint<C: ConnectionTrait>(
        &self,
        db: &C,
        blobs: &Blobs,
    ) -> Result<Option<String>, LedgerError> {
        let signers = Signers::load(db, &*self.provider, &self.origin).await?;
        let last = latest(db).await?;
        let size = unsigned(head_of(db).await?.ok_or(LedgerError::NotBegun)?.size);
        let covered = last.as_ref().map_or(0, |found| unsigned(found.size));
        if size > covered {
            let (edge, filled) = grow(db, blobs, last.as_ref(), &signers.verifiers, size).await?;
            let head = Checkpoint::new(&self.origin, size, edge.root(), "")
                .map_err(|_| LedgerError::Record("a checkpoint"))?;
            store(db, &head, signers.sign(&head)?).await?;
            for tile in filled {
                tidy(db, blobs, &tile).await?;
            }
        }
        publish(db, blobs).await
    }
}

/// The newest checkpoint's row.
pub(crate) async fn latest<C: ConnectionTrait>(db: &C) -> Result<Option<row::Model>, LedgerError> {
    Ok(row::Entity::find()
        .order_by_desc(row::Column::Size)
        .one(db)
        .await?)
}

/// Leaves of a stretch, at most a page of them.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    from: u64,
    to: u64,
) -> Result<Vec<leaf::Model>, LedgerError> {
    Ok(leaf::Entity::find()
        .filter(leaf::Column::LeafIndex.gte(signed(from)?))
        .filter(leaf::Column::LeafIndex.lt(signed(to)?))
        .order_by_asc(leaf::Column::LeafIndex)
        .limit(PAGE)
        .all(db)
        .await?)
}

/// Writes the tiles that lead from one checkpoint to `size` leaves.
async fn grow<C: ConnectionTrait>(
    db: &C,
    blobs: &Blobs,
    last: Option<&row::Model>,
    verifiers: &[String],
    size: u64,
) -> Result<(Edge, Vec<Tile>), LedgerError> {
    let tiles = Tiles::new(blobs);
    let mut full = Vec::new();
    let mut edge = match last {
        Some(last) => trusted_edge(&tiles, last, verifiers).await?,
        None => Edge::default(),
    };
    let since = edge.size();
    while edge.size() < size {
        let leaves = page(db, edge.size(), size).await?;
        if leaves.is_empty() {
            return Err(LedgerError::NotThere(edge.size()));
        }
        for found in leaves {
            if unsigned(found.leaf_index) != edge.size() {
                return Err(LedgerError::NotThere(edge.size()));
            }
            for filled in edge.push(record_hash(&found.leaf)) {
                full.push(filled.tile);
                tiles.put(filled).await?;
            }
        }
    }
    for partial in edge.partials(since) {
        tiles.put(partial).await?;
    }
    Ok((edge, full))
}

/// The right edge of the last checkpoint's tree, checked against its signed root: a damaged tile
/// must not be signed into the next one.
async fn trusted_edge(
    tiles: &Tiles<'_>,
    last: &row::Model,
    verifiers: &[String],
) -> Result<Edge, LedgerError> {
    let size = unsigned(last.size);
    let diverged = |problem| LedgerError::Diverged { size, problem };
    let note = open_note(last.note.as_bytes(), verifiers).map_err(diverged)?;
    if note.size() != size || note.hash().0.as_slice() != last.root {
        return Err(diverged("its row differs from its signed note"));
    }
    let edge = tiles.edge(size).await?;
    if edge.root() != Hash(note.hash().0) {
        return Err(diverged("its tiles have another root"));
    }
    Ok(edge)
}

/// Removes the unfinished forms of a tile that is full now: whoever proves under an older
/// checkpoint finds the same hashes in the full one.
async fn tidy<C: ConnectionTrait>(db: &C, blobs: &Blobs, tile: &Tile) -> Result<(), LedgerError> {
    let (from, to) = leaves_under(tile);
    let sizes: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Size)
        .filter(row::Column::Size.gt(signed(from)?))
        .filter(row::Column::Size.lt(signed(to)?))
        .into_tuple()
        .all(db)
        .await?;
    let widths: BTreeSet<u32> = sizes
        .into_iter()
        .filter_map(|size| width_at(tile, unsigned(size)))
        .collect();
    for width in widths {
        let partial = Tile::new(HEIGHT, tile.level(), tile.level_index(), width, false);
        blobs.delete(BlobName::Log(tile_path(&partial))).await?;
    }
    Ok(())
}

async fn store<C: ConnectionTrait>(
    db: &C,
    head: &Checkpoint,
    note: String,
) -> Result<(), LedgerError> {
    let new = row::ActiveModel {
        size: Set(signed(head.size())?),
        root: Set(head.hash().0.to_vec()),
        note: Set(note),
    };
    row::Entity::insert(new)
        .on_conflict_do_nothing_on([row::Column::Size])
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Serves the newest checkpoint. Where another process made a newer one meanwhile, that one.
async fn publish<C: ConnectionTrait>(db: &C, blobs: &Blobs) -> Result<Option<String>, LedgerError> {
    let Some(mut newest) = latest(db).await? else {
        return Ok(None);
    };
    loop {
        let name = BlobName::Log(PATH.to_owned());
        blobs.put(name, newest.note.clone()).await?;
        match latest(db).await? {
            Some(found) if found.size != newest.size => newest = found,
            _ => return Ok(Some(newest.note)),
        }
    }
}

//! The Merkle tree (RFC 6962) as tiles of 256 hashes (C2SP tlog-tiles), built leaf by leaf.
//!
//! Only the right edge is kept in memory: for each level the hashes of its unfinished tile. That
//! is exactly what the partial tiles of a checkpoint hold, so a tree goes on from any checkpoint
//! without reading its leaves again.

use tlog_tiles::{Hash, Tile, node_hash};

/// Height of a tile: 256 hashes.
pub(crate) const HEIGHT: u8 = 8;
const WIDTH: usize = 256;

/// A tile and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TileData {
    pub(crate) tile: Tile,
    pub(crate) bytes: Vec<u8>,
}

/// The right edge of a tree.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// From the unfinished tiles of a tree, lowest level first.
    pub(crate) const fn from_levels(size: u64, levels: Vec<Vec<Hash>>) -> Self {
        Self { size, levels }
    }

    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash; returns the tiles that it filled.
    pub(crate) fn push(&mut self, leaf: Hash) -> Vec<TileData> {
        self.size += 1;
        let mut filled = Vec::new();
        let mut carry = Some(leaf);
        let mut level = 0u8;
        while let Some(hash) = carry.take() {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.push(Vec::new());
            }
            if let Some(tile) = self.levels.get_mut(at) {
                tile.push(hash);
                if tile.len() == WIDTH {
                    let number = above(self.size, level) - 1;
                    filled.push(TileData {
                        tile: Tile::new(HEIGHT, level, number, 1 << HEIGHT, false),
                        bytes: concat(tile),
                    });
                    carry = Some(perfect(tile));
                    tile.clear();
                }
            }
            level += 1;
        }
        filled
    }

    /// Root of the tree as it is.
    pub(crate) fn root(&self) -> Hash {
        let mut subtrees = Vec::new();
        for tile in self.levels.iter().rev() {
            let mut rest = tile.as_slice();
            for bit in (0..HEIGHT).rev() {
                let width = 1usize << bit;
                if tile.len() & width != 0 {
                    let (subtree, later) = rest.split_at(width.min(rest.len()));
                    subtrees.push(perfect(subtree));
                    rest = later;
                }
            }
        }
        let folded = subtrees
            .into_iter()
            .rev()
            .reduce(|right, left| node_hash(left, right));
        folded.unwrap_or(tlog_tiles::EMPTY_HASH)
    }

    /// The unfinished tiles that a tree of `since` leaves did not have.
    pub(crate) fn partials(&self, since: u64) -> Vec<TileData> {
        let mut partials = Vec::new();
        for (level, hashes) in (0u8..).zip(&self.levels) {
            let grown = shifted(self.size, level) != shifted(since, level);
            let width = u32::try_from(hashes.len()).unwrap_or(0);
            if grown && width > 0 {
                let number = above(self.size, level);
                partials.push(TileData {
                    tile: Tile::new(HEIGHT, level, number, width, false),
                    bytes: concat(hashes),
                });
            }
        }
        partials
    }
}

/// The unfinished tiles of a tree, lowest level first; none where a level has no unfinished one.
pub(crate) fn edge_tiles(size: u64) -> Vec<Option<Tile>> {
    let mut tiles = Vec::new();
    let mut level = 0u8;
    while shifted(size, level) > 0 {
        let width = u32::try_from(shifted(size, level) % 256).unwrap_or(0);
        let number = above(size, level);
        tiles.push((width > 0).then(|| Tile::new(HEIGHT, level, number, width, false)));
        level += 1;
    }
    tiles
}

/// The leaves below a full tile: first, and one past the last.
pub(crate) fn leaves_under(tile: &Tile) -> (u64, u64) {
    let bits = (u32::from(tile.level()) + 1) * u32::from(HEIGHT);
    let first = |number: u64| number.checked_shl(bits).unwrap_or(u64::MAX);
    (first(tile.level_index()), first(tile.level_index() + 1))
}

/// How wide a tile was in a tree of `size` leaves that ended below it, if it was there.
pub(crate) fn width_at(tile: &Tile, size: u64) -> Option<u32> {
    let inside = above(size, tile.level()) == tile.level_index();
    let width = u32::try_from(shifted(size, tile.level()) % 256).ok()?;
    (inside && width > 0).then_some(width)
}

/// Where tlog-tiles serves a tile, below the log's prefix.
pub(crate) fn tile_path(tile: &Tile) -> String {
    // The crate's own form names the height, which C2SP fixes and leaves out.
    let with_height = tile.path();
    let rest = with_height.strip_prefix("tile/8/").unwrap_or(&with_height);
    format!("tile/{rest}")
}

/// The hashes of a tile's bytes.
pub(crate) fn hashes(bytes: &[u8]) -> Vec<Hash> {
    let (whole, _) = bytes.as_chunks::<32>();
    whole.iter().map(|hash| Hash(*hash)).collect()
}

fn concat(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Root over a power of two of hashes.
fn perfect(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs
            .iter()
            .map(|[left, right]| node_hash(*left, *right))
            .collect();
    }
    row.first().copied().unwrap_or(tlog_tiles::EMPTY_HASH)
}

fn shifted(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT))
        .unwrap_or(0)
}

fn above(size: u64, level: u8) -> u64 {
    shifted(size, level.saturating_add(1))
}

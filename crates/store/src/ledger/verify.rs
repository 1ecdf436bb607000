//! Recomputes the whole ledger: every row, the tree over them, every checkpoint, tile, signature.
//!
//! Reads page by page; memory holds the tree's right edge and the tenants' keys. Evidence that is
//! gone without an entry that says so is found; a forged tail after the newest checkpoint is not
//! (its rows are reported as not yet covered), which is why checkpoints are made often and pinned
//! outside.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{LeafIndex, TenantId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use tlog_tiles::record_hash;

use super::checkpoint::{PATH, page};
use super::evidence::{Evidence, examine};
use super::rows::{checkpoint as head_row, leaf as row};
use super::signing::{Signers, open_note};
use super::tiles::Tiles;
use super::tree::{Edge, TileData, tile_path};
use super::{
    EntryKind, Finding, KeyRing, Ledger, LedgerError, VerifyReport, forgotten_name, head_of,
    signed, unsigned,
};
use crate::blobs::{BlobName, Blobs};
use crate::keys::{Key, TenantKeys};

impl Ledger {
    /// Verifies everything. A failure of database or blob store is an error; whatever is there
    /// and wrong is a finding.
    pub(crate) async fn verify<C: ConnectionTrait>(
        &self,
        db: &C,
        blobs: &Blobs,
        ring: &dyn KeyRing,
    ) -> Result<VerifyReport, LedgerError> {
        // Checkpoints first: the head that is read after them covers them all.
        let heads = head_row::Entity::find()
            .order_by_asc(head_row::Column::Size)
            .all(db)
            .await?;
        let head = head_of(db).await?.ok_or(LedgerError::NotBegun)?;
        let signers = Signers::load(db, &*self.provider, &self.origin).await?;
        let mut run = Run {
            operator: &self.operator,
            ring,
            keys: HashMap::new(),
            stored: Tiles::new(blobs),
            edge: Edge::default(),
            whole: true,
            due: heads.last().map_or(0, |newest| unsigned(newest.size)),
            since: 0,
            gone: BTreeSet::new(),
            told: BTreeSet::new(),
            report: VerifyReport {
                origin: head.origin.clone(),
                size: unsigned(head.size),
                verifiers: signers.verifiers.clone(),
                ..VerifyReport::default()
            },
        };
        for (id, problem) in &signers.faults {
            run.report.findings.push(Finding::Key {
                id: id.to_string(),
                problem,
            });
        }
        for found in &heads {
            run.rows(db, unsigned(found.size)).await?;
            run.checkpoint(found).await?;
        }
        run.rows(db, unsigned(head.size)).await?;
        run.served(db, blobs, heads.last()).await?;
        run.end(db).await
    }
}

struct Run<'a> {
    operator: &'a Key,
    ring: &'a dyn KeyRing,
    keys: HashMap<TenantId, Option<Arc<TenantKeys>>>,
    stored: Tiles<'a>,
    edge: Edge,
    /// No row was missing so far: the edge is that of the real tree.
    whole: bool,
    /// Size of the newest checkpoint.
    due: u64,
    /// Size of the checkpoint before the one at hand.
    since: u64,
    gone: BTreeSet<u64>,
    told: BTreeSet<String>,
    report: VerifyReport,
}

impl Run<'_> {
    /// Goes on over the rows up to a size.
    async fn rows<C: ConnectionTrait>(&mut self, db: &C, size: u64) -> Result<(), LedgerError> {
        let size = size.min(self.report.size);
        let mut next = self.edge.size();
        while self.whole && next < size {
            let leaves = page(db, next, size).await?;
            for found in &leaves {
                let index = unsigned(found.leaf_index);
                if index != next {
                    break;
                }
                self.row(found).await?;
                let filled = self.edge.push(record_hash(&found.leaf));
                // Tiles that fill after the newest checkpoint are written by the next one.
                if self.edge.size() <= self.due {
                    self.tiles(&filled).await?;
                }
                next += 1;
            }
            let last = leaves.last().map(|last| unsigned(last.leaf_index) + 1);
            if next < size && last != Some(next) {
                // What follows a gap has no place in the tree that was signed.
                self.whole = false;
                self.report.findings.push(Finding::Missing {
                    index: LeafIndex(next),
                });
            }
        }
        Ok(())
    }

    async fn row(&mut self, found: &row::Model) -> Result<(), LedgerError> {
        let index = LeafIndex(unsigned(found.leaf_index));
        let keys = match found.tenant.map(TenantId::from_uuid) {
            Some(tenant) => match self.tenant(tenant).await {
                Ok(keys) => keys,
                Err(problem) => {
                    self.blame(index, problem);
                    return Ok(());
                }
            },
            None => None,
        };
        let key = match (&found.tenant, &keys) {
            (None, _) => Some(self.operator),
            (Some(_), Some(keys)) => Some(keys.ledger()),
            (Some(_), None) => None,
        };
        match examine(found, key) {
            Ok((_, Evidence::Whole { entry, .. })) => {
                self.report.opened += 1;
                if entry.kind == EntryKind::Forgotten {
                    self.told.extend(entry.resource);
                }
            }
            Ok((_, Evidence::Forgotten)) => {
                self.report.forgotten += 1;
                self.gone.insert(index.0);
            }
            Ok((_, Evidence::KeyGone)) => self.report.key_gone += 1,
            Err(problem) => self.blame(index, problem),
        }
        Ok(())
    }

    fn blame(&mut self, index: LeafIndex, problem: &'static str) {
        self.report.findings.push(Finding::Row { index, problem });
    }

    async fn tenant(&mut self, id: TenantId) -> Result<Option<Arc<TenantKeys>>, &'static str> {
        if let Some(keys) = self.keys.get(&id) {
            return Ok(keys.clone());
        }
        let opened = self.ring.tenant(id).await;
        let keys = opened.map_err(|_| "its tenant's key does not open")?;
        self.keys.insert(id, keys.clone());
        Ok(keys)
    }

    async fn checkpoint(&mut self, found: &head_row::Model) -> Result<(), LedgerError> {
        let size = unsigned(found.size);
        let problem = self.head_problem(found);
        if let Some(problem) = problem {
            self.report
                .findings
                .push(Finding::Checkpoint { size, problem });
        } else {
            self.report.checkpoints += 1;
            self.report.covered = size;
        }
        if self.whole && self.edge.size() == size {
            let partials = self.edge.partials(self.since);
            self.tiles(&partials).await?;
            self.since = size;
        }
        Ok(())
    }

    fn head_problem(&self, found: &head_row::Model) -> Option<&'static str> {
        let note = match open_note(found.note.as_bytes(), &self.report.verifiers) {
            Ok(note) => note,
            Err(problem) => return Some(problem),
        };
        if note.origin() != self.report.origin {
            return Some("it is of a log with another name");
        }
        if note.size() != unsigned(found.size) || note.hash().0.as_slice() != found.root {
            return Some("its row differs from its signed note");
        }
        if note.size() > self.report.size {
            return Some("it covers more leaves than the ledger's head admits");
        }
        if !self.whole || self.edge.size() != note.size() {
            return Some("rows below it are missing");
        }
        (self.edge.root() != *note.hash()).then_some("the rows below it give another root")
    }

    async fn tiles(&mut self, expected: &[TileData]) -> Result<(), LedgerError> {
        for tile in expected {
            let problem = match self.stored.get(&tile.tile).await? {
                None => "it is missing or cut",
                Some(bytes) if bytes != tile.bytes => "it differs from what the rows give",
                Some(_) => {
                    self.report.tiles += 1;
                    continue;
                }
            };
            self.report.findings.push(Finding::Resource {
                path: tile_path(&tile.tile),
                problem,
            });
        }
        Ok(())
    }

    /// The checkpoint that readers are served must be the newest one.
    async fn served<C: ConnectionTrait>(
        &mut self,
        db: &C,
        blobs: &Blobs,
        newest: Option<&head_row::Model>,
    ) -> Result<(), LedgerError> {
        let Some(newest) = newest else {
            return Ok(());
        };
        let problem = match blobs.get(BlobName::Log(PATH.to_owned())).await {
            Ok(bytes) if bytes == newest.note.as_bytes() => return Ok(()),
            Ok(bytes) if is_newer(db, newest, &bytes).await? => return Ok(()),
            Ok(_) => "it differs from the newest checkpoint",
            Err(error) if error.is_missing() => "it is missing",
            Err(error) => return Err(error.into()),
        };
        self.report.findings.push(Finding::Resource {
            path: PATH.to_owned(),
            problem,
        });
        Ok(())
    }

    async fn end<C: ConnectionTrait>(mut self, db: &C) -> Result<VerifyReport, LedgerError> {
        self.beyond(db).await?;
        self.told_meanwhile(db).await?;
        for index in std::mem::take(&mut self.gone) {
            if !self.told.contains(&forgotten_name(index)) {
                let problem = "its evidence is gone and no entry says that it was forgotten";
                self.blame(LeafIndex(index), problem);
            }
        }
        Ok(self.report)
    }

    /// Rows outside the head's range. Others may be writing: rows are asked for first, the head
    /// after them, so that a row of theirs is below it.
    async fn beyond<C: ConnectionTrait>(&mut self, db: &C) -> Result<(), LedgerError> {
        let all = || row::Entity::find();
        let first = all().order_by_asc(row::Column::LeafIndex).one(db).await?;
        let last = all().order_by_desc(row::Column::LeafIndex).one(db).await?;
        let end = head_of(db).await?.ok_or(LedgerError::NotBegun)?.size;
        for found in first.into_iter().chain(last) {
            if found.leaf_index < 0 || found.leaf_index >= end {
                self.report.findings.push(Finding::Beyond {
                    index: LeafIndex(unsigned(found.leaf_index)),
                });
            }
        }
        Ok(())
    }

    /// A leaf that was forgotten while we read is told of past the size we began with.
    async fn told_meanwhile<C: ConnectionTrait>(&mut self, db: &C) -> Result<(), LedgerError> {
        let rows = row::Entity::find()
            .filter(row::Column::Tenant.is_null())
            .filter(row::Column::LeafIndex.gte(signed(self.report.size)?))
            .all(db)
            .await?;
        for found in rows {
            if let Ok((_, Evidence::Whole { entry, .. })) = examine(&found, Some(self.operator))
                && entry.kind == EntryKind::Forgotten
            {
                self.told.extend(entry.resource);
            }
        }
        Ok(())
    }
}

/// Whether a served checkpoint is one that was made after `known` was read.
async fn is_newer<C: ConnectionTrait>(
    db: &C,
    known: &head_row::Model,
    served: &[u8],
) -> Result<bool, LedgerError> {
    let newer = head_row::Entity::find()
        .filter(head_row::Column::Size.gt(known.size))
        .all(db)
        .await?;
    Ok(newer.iter().any(|found| found.note.as_bytes() == served))
}

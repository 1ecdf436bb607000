//! What a whole verification found.

use std::fmt;

use domain::LeafIndex;

/// Outcome of [`super::Ledger::verify`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// Name of the log.
    pub origin: String,
    /// Leaves written.
    pub size: u64,
    /// Leaves under the newest sound checkpoint.
    pub covered: u64,
    /// Entries that were opened and compared with their leaf.
    pub opened: u64,
    /// Leaves whose evidence was forgotten; the tree still covers them.
    pub forgotten: u64,
    /// Leaves whose tenant's key was destroyed; the tree still covers them.
    pub key_gone: u64,
    /// Checkpoints recomputed.
    pub checkpoints: u64,
    /// Tiles compared byte by byte.
    pub tiles: u64,
    /// Every key that signs or signed; compare with those pinned outside.
    pub verifiers: Vec<String>,
    /// What does not hold; empty is good.
    pub findings: Vec<Finding>,
}

impl VerifyReport {
    /// Whether everything holds.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Leaves written since the newest sound checkpoint: only their rows vouch for them yet.
    #[must_use]
    pub const fn not_yet_covered(&self) -> u64 {
        self.size.saturating_sub(self.covered)
    }
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A row is not what its leaf, its seal or its place says.
    Row {
        /// Which.
        index: LeafIndex,
        /// What is wrong.
        problem: &'static str,
    },
    /// A row that must be there is not.
    Missing {
        /// Which.
        index: LeafIndex,
    },
    /// A row stands past the end.
    Beyond {
        /// Which.
        index: LeafIndex,
    },
    /// A checkpoint does not hold for the rows below it.
    Checkpoint {
        /// How many leaves it covers.
        size: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// A served resource differs from what the rows give.
    Resource {
        /// Path below the log's prefix.
        path: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A key of the log is not what it was.
    Key {
        /// Its id in the table.
        id: String,
        /// What is wrong.
        problem: &'static str,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row { index, problem } => write!(f, "leaf {}: {problem}", index.0),
            Self::Missing { index } => write!(f, "leaf {}: its row is missing", index.0),
            Self::Beyond { index } => {
                write!(f, "leaf {}: its row stands past the ledger's end", index.0)
            }
            Self::Checkpoint { size, problem } => {
                write!(f, "checkpoint of {size} leaves: {problem}")
            }
            Self::Resource { path, problem } => write!(f, "`{path}`: {problem}"),
            Self::Key { id, problem } => write!(f, "signing key {id}: {problem}"),
        }
    }
}

//! What can go wrong at rest, by what mends it.

use std::path::PathBuf;

use domain::{DeliveryId, IdError, JobId, NoChance, TimeError, Withheld};
use policy::PermitError;

use crate::blobs::BlobError;
use crate::keys::KeyError;
use crate::ledger::LedgerError;
use crate::seal::SealError;
use crate::stream::MediaError;

/// Every failure of the store. None carries a person's words.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The permit does not cover the act; an outcome of the policy, repeated beside the act.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// It may not be shown, or is not there yet.
    #[error("it is withheld: {0:?}")]
    Withheld(Withheld),
    /// The permit's tenant has no such thing; also for another tenant's.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
        /// Its id or public name.
        name: String,
    },
    /// A name that must be unique is in use.
    #[error("there is already a {what} `{name}`; choose another name")]
    Taken {
        /// Kind of thing.
        what: &'static str,
        /// The public name.
        name: String,
    },
    /// Another worker has taken the job over; nothing was changed.
    #[error("the lease on `{job}` is no longer held; its result was dropped")]
    LeaseLost {
        /// Which job.
        job: JobId,
    },
    /// Another sender has taken the message over; nothing was changed.
    #[error("the lease on `{delivery}` is no longer held")]
    DeliveryLost {
        /// Which message.
        delivery: DeliveryId,
    },
    /// A legal hold bars the act.
    #[error("`{name}` is under a legal hold; lift the hold first")]
    OnHold {
        /// The interaction.
        name: String,
    },
    /// Somebody else changed the record meanwhile; nothing was changed.
    #[error("`{name}` was changed by somebody else; look at it again")]
    Changed {
        /// Which record.
        name: String,
    },
    /// The permit is for another interaction than the act.
    #[error("the permit is not for `{name}`")]
    WrongPermit {
        /// What the act is on.
        name: String,
    },
    /// An installation is already there.
    #[error("there is already an installation at `{place}`; open it or choose another place")]
    Exists {
        /// File or database.
        place: String,
    },
    /// No installation is there.
    #[error("there is no installation at `{place}`; create one first")]
    Missing {
        /// File or database.
        place: String,
    },
    /// The database was written by a newer program.
    #[error("the database has schema {found}, this program knows {known}; use a newer program")]
    Newer {
        /// Highest number applied.
        found: i64,
        /// Highest number known.
        known: i64,
    },
    /// A migration that was applied differs from the one this program carries.
    #[error("migration {number} was applied with another text; restore the matching program")]
    Altered {
        /// Its number.
        number: i64,
    },
    /// A stored record has a version or shape that this program cannot read.
    #[error("a stored {what} cannot be read: {problem}")]
    Record {
        /// Kind of record.
        what: &'static str,
        /// Which rule it breaks; never its content.
        problem: String,
    },
    /// A URL, path or size in the configuration cannot be used.
    #[error("{0}")]
    Config(String),
    /// The database failed.
    #[error("the database failed at {during}")]
    Database {
        /// Which of our functions asked.
        during: &'static str,
        /// What it said.
        #[source]
        source: Box<sea_orm::DbErr>,
    },
    /// The blob store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// Media cannot be kept or read.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The search index failed.
    #[error("the search index failed at {during}")]
    Index {
        /// Which of our functions asked.
        during: &'static str,
        /// What it said.
        #[source]
        source: Box<tantivy::TantivyError>,
    },
    /// A file could not be read or written.
    #[error("cannot {during} `{}`", path.display())]
    Io {
        /// What was tried.
        during: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A key cannot be made or opened.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Something cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The ledger cannot be written or read.
    #[error(transparent)]
    Ledger(LedgerError),
    /// A computation was torn down.
    #[error("a computation was stopped before it ended")]
    Stopped,
    /// A stored id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A stored span is none.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
}

impl StoreError {
    pub(crate) fn db(during: &'static str) -> impl FnOnce(sea_orm::DbErr) -> Self {
        move |source| Self::Database {
            during,
            source: Box::new(source),
        }
    }

    pub(crate) fn index(during: &'static str) -> impl FnOnce(tantivy::TantivyError) -> Self {
        move |source| Self::Index {
            during,
            source: Box::new(source),
        }
    }

    pub(crate) fn record(what: &'static str, problem: impl Into<String>) -> Self {
        Self::Record {
            what,
            problem: problem.into(),
        }
    }

    pub(crate) fn not_found(what: &'static str, name: impl ToString) -> Self {
        Self::NotFound {
            what,
            name: name.to_string(),
        }
    }
}

/// What a transaction of the database says inside one of our functions; the function's name is
/// added where the transaction is run.
impl From<sea_orm::DbErr> for StoreError {
    fn from(source: sea_orm::DbErr) -> Self {
        Self::Database {
            during: "a statement",
            source: Box::new(source),
        }
    }
}

/// A conflict inside the ledger is one of the transaction's, and runs it again.
impl From<LedgerError> for StoreError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Database(source) => Self::Database {
                during: "the ledger",
                source,
            },
            other => Self::Ledger(other),
        }
    }
}

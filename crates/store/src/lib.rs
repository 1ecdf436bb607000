//! Everything at rest: keys, sealing, tables, blobs, search index, job queue, migrations, ledger.
//!
//! Every function that opens, seals or destroys personal data takes a [`policy::Permit`], reads
//! tenant and id from it, and writes a leaf of the ledger in the same transaction. Plain columns
//! hold ids, times, counts, states and keyed hashes; everything else is sealed. Invariant: no
//! function here decides whether something is allowed, and none opens a connection to anything
//! but the configured database, blob store and folders.

#![warn(missing_docs)]

mod accounts;
mod apikeys;
mod blobs;
mod chores;
mod continuing;
mod db;
mod declaring;
mod definitions;
mod erasing;
mod error;
mod filtering;
mod holding;
mod index;
mod intake;
mod kept_days;
mod keys;
mod leaves;
mod ledger;
mod listing;
mod locating;
mod measures;
mod migration;
mod notes;
mod objects;
mod participants;
mod planting;
mod publishing;
mod queue;
mod raw;
mod reading;
mod records;
mod redaction;
mod refusing;
mod registers;
mod restoring;
mod retaining;
mod rows;
mod seal;
mod stages;
mod store;
mod stream;
mod tags;
mod taking_out;
mod tenants;
#[cfg(test)]
mod testing;
mod uploads;
mod witnessing;

pub use accounts::{
    Account, Credentials, Holder, Invite, NewAccount, Reading, Session, SignIn, SignInOutcome,
    SingleSignOn, SsoFlow, Standing, Throttle,
};
pub use apikeys::{ApiKeyRecord, NewApiKey};
pub use blobs::BlobError;
pub use chores::ChoreStates;
pub use continuing::Continuation;
pub use db::sqlite_file;
pub use declaring::DeclaredField;
pub use definitions::{
    Alert, AlertOrder, Behind, Closing, Definition, DefinitionVersion, Delivery, DeliveryLease,
    DeliveryState, Edition, FoundBy, Mark, Progress, Published, RouteOrder, Sending, StoredFinding,
    StoredOverride, VersionText,
};
pub use erasing::{ErasedPlace, Receipt};
pub use error::StoreError;
pub use filtering::{ListFilter, Reached};
pub use holding::HeldItem;
pub use index::{Beside, Candidates, Count, SearchEngine, Sight, Spot};
pub use intake::{IntakeRefusal, NewInteraction, RefusedIntake, TakeIn};
pub use kept_days::KeptDay;
pub use keys::{Key, KeyContext, KeyError, KeyFile, KeyKind, KeyProvider, WrappedKey};
pub use leaves::AccessEntry;
pub use ledger::{
    Entry, EntryKind, Finding, LedgerError, Listed, ProofError, Proven, Submission, UnknownKind,
    VerifyReport, WitnessKey, WitnessState, verify_proof,
};
pub use listing::{Page, Status, Summary};
pub use measures::DaySum;
pub use notes::{Note, NoteFilter, Noted};
pub use planting::{Planted, PlantedNumbers};
pub use publishing::{ClauseSeen, PublishedVersion};
pub use queue::{FailedJob, FailureNote, Lease};
pub use raw::Onlooker;
pub use redaction::{RedactionSettings, StoredAudit, SurrogateHash};
pub use registers::{Filed, RecordKey, Registered};
pub use retaining::{Overdue, Reach};
pub use seal::SealError;
pub use stages::StageOutput;
pub use store::{Store, StoreConfig};
pub use stream::MediaError;
pub use tags::{TagKey, TagUse};
pub use tenants::{Instruction, NewTenant, Tenant, TenantSettings};
pub use uploads::{Appended, NewUpload, Upload};

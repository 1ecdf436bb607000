//! The ledger: a transparency log (C2SP tlog-tiles) of what was done with personal data.
//!
//! An entry is written in the transaction of the act it tells of. Its row holds the entry sealed
//! under the tenant's ledger key, a salt, and the leaf that commits to both. Leaves form a Merkle
//! tree; signed checkpoints of it and its tiles lie in the blob store, where anybody may read
//! them: they tell nothing. Destroying salt and sealed entry forgets the evidence and leaves the
//! tree verifiable. Invariant: rows are never changed but to forget, and leaf bytes never.

mod checkpoint;
mod cosigning;
mod entry;
mod evidence;
mod leaf;
mod migration;
mod proof;
mod report;
mod rows;
mod signing;
#[cfg(test)]
mod tests;
mod tiles;
mod tree;
mod verify;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{Chance, LeafIndex, NoChance, TenantId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, Statement, TransactionTrait,
};
use uuid::Uuid;

use crate::blobs::BlobError;
use crate::keys::{Key, KeyContext, KeyError, KeyKind, KeyProvider, TenantKeys, WrappedKey};
use crate::seal::{Address, SealError, seal};
use leaf::Leaf;
use rows::{head, key as key_row, leaf as row};

pub use cosigning::{Submission, WitnessKey, WitnessState};
pub use entry::{Entry, EntryKind, UnknownKind};
pub use evidence::Listed;
pub use proof::{ProofError, Proven, verify_proof};
pub use report::{Finding, VerifyReport};

pub(crate) use checkpoint::PATH;
pub(crate) use evidence::{Order, Window};
pub(crate) use migration::TABLES;

/// Values of the column `kind` of `ledger_keys`.
mod kinds {
    pub(super) const OPERATOR: &str = "operator";
    pub(super) const CHECKPOINTS: &str = "checkpoints";
}

/// The head's only row.
const HEAD: i64 = 1;
/// Rows of one insert: below the engines' limits on bound values.
const BATCH: usize = 500;

/// Where a verifier finds the tenants' ledger keys.
#[async_trait]
pub(crate) trait KeyRing: Send + Sync {
    /// A tenant's subkeys; none where its key was destroyed.
    async fn tenant(&self, tenant: TenantId) -> Result<Option<Arc<TenantKeys>>, KeyError>;
}

/// The log of one installation.
#[derive(Clone)]
pub(crate) struct Ledger {
    origin: String,
    operator: Key,
    provider: Arc<dyn KeyProvider>,
    chance: Arc<dyn Chance>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger({})", self.origin)
    }
}

impl Ledger {
    /// Opens the log; begins it, with its first keys, where the tables are empty. `origin` names
    /// a new log for ever, by C2SP's custom a host and path without a scheme.
    pub(crate) async fn open(
        db: &DatabaseConnection,
        provider: Arc<dyn KeyProvider>,
        chance: Arc<dyn Chance>,
        origin: &str,
    ) -> Result<Self, LedgerError> {
        if head_of(db).await?.is_none() {
            begin(db, &*provider, &*chance, origin).await?;
        }
        let found = head_of(db).await?.ok_or(LedgerError::NotBegun)?;
        let operator = key_row::Entity::find()
            .filter(key_row::Column::Kind.eq(kinds::OPERATOR))
            .one(db)
            .await?
            .ok_or(LedgerError::NotBegun)?;
        let context = KeyContext::installation(KeyKind::Operator, operator.id);
        Ok(Self {
            origin: found.origin,
            operator: provider
                .unwrap(&WrappedKey(operator.wrapped), &context)
                .await?,
            provider,
            chance,
        })
    }

    /// The log's name.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Writes an entry in the transaction of the act; `keys` are its tenant's, none for the
    /// installation's own. Call it last in the transaction: from here to the commit every other
    /// writer of the ledger waits, which is what keeps indices without gaps.
    pub(crate) async fn append<C: ConnectionTrait>(
        &self,
        txn: &C,
        keys: Option<&TenantKeys>,
        entry: &Entry,
    ) -> Result<LeafIndex, LedgerError> {
        self.append_all(txn, keys, std::slice::from_ref(entry))
            .await
    }

    /// Writes entries one after the other; returns the first one's place.
    pub(crate) async fn append_all<C: ConnectionTrait>(
        &self,
        txn: &C,
        keys: Option<&TenantKeys>,
        entries: &[Entry],
    ) -> Result<LeafIndex, LedgerError> {
        let tenant = keys.map(TenantKeys::tenant);
        if entries.iter().any(|entry| entry.tenant != tenant) {
            return Err(LedgerError::Tenant);
        }
        let first = take_places(txn, entries.len()).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for (index, entry) in (first..).zip(entries) {
            rows.push(self.row(index, keys, entry)?.into_active_model());
        }
        for batch in rows.chunks(BATCH) {
            row::Entity::insert_many(batch.iter().cloned())
                .exec_without_returning(txn)
                .await?;
        }
        Ok(LeafIndex(first))
    }

    /// Forgets the evidence of a leaf that a checkpoint covers, and says so in an entry of the
    /// installation's own. `said` tells who and why; its kind and resource are set here.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "requests that erase evidence are not served yet")
    )]
    pub(crate) async fn forget<C: ConnectionTrait>(
        &self,
        txn: &C,
        index: LeafIndex,
        said: &Entry,
    ) -> Result<LeafIndex, LedgerError> {
        let covered = checkpoint::latest(txn).await?.map_or(0, |found| found.size);
        if index.0 >= unsigned(covered) {
            return Err(LedgerError::NotCovered(index.0));
        }
        let place = signed(index.0)?;
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Salt, Expr::value(None::<Vec<u8>>))
            .col_expr(row::Column::Sealed, Expr::value(None::<Vec<u8>>))
            .filter(row::Column::LeafIndex.eq(place))
            .exec(txn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(LedgerError::NotThere(index.0));
        }
        let entry = Entry {
            tenant: None,
            kind: EntryKind::Forgotten,
            resource: Some(forgotten_name(index.0)),
            ..said.clone()
        };
        self.append(txn, None, &entry).await
    }

    /// Makes a new signing key. Older ones stop signing and go on verifying.
    pub(crate) async fn rotate<C: ConnectionTrait>(&self, txn: &C) -> Result<String, LedgerError> {
        key_row::Entity::update_many()
            .col_expr(key_row::Column::Active, Expr::value(false))
            .filter(key_row::Column::Kind.eq(kinds::CHECKPOINTS))
            .exec(txn)
            .await?;
        let made = new_signer(&*self.provider, &*self.chance, &self.origin).await?;
        let verifier = made.verifier.clone();
        key_row::Entity::insert(made.into_active_model())
            .exec_without_returning(txn)
            .await?;
        Ok(verifier)
    }

    /// Every key that signs or signed checkpoints, in signed-note's form; to be published and
    /// pinned outside the installation.
    pub(crate) async fn verifiers<C: ConnectionTrait>(
        &self,
        db: &C,
    ) -> Result<Vec<String>, LedgerError> {
        let signers = signing::Signers::load(db, &*self.provider, &self.origin).await?;
        Ok(signers.verifiers)
    }

    /// Signs a statement of the installation about itself.
    pub(crate) async fn statement<C: ConnectionTrait>(
        &self,
        db: &C,
        form: &str,
        statement: &[u8],
    ) -> Result<String, LedgerError> {
        let signers = signing::Signers::load(db, &*self.provider, &self.origin).await?;
        signers.sign_statement(&self.origin, form, statement)
    }

    fn row(
        &self,
        index: u64,
        keys: Option<&TenantKeys>,
        entry: &Entry,
    ) -> Result<row::Model, LedgerError> {
        let bytes = entry.encode()?;
        let mut salt = [0u8; leaf::SALT];
        self.chance.fill(&mut salt)?;
        let leaf = Leaf {
            index,
            at: entry.at,
            tenant: entry.tenant,
            commitment: leaf::commit(&salt, &bytes),
        };
        let key = self.key(keys);
        let place = index.to_string();
        let sealed = seal(key, &address(entry.tenant, &place), &bytes, &*self.chance)?;
        Ok(row::Model {
            leaf_index: signed(index)?,
            tenant: entry.tenant.map(|tenant| tenant.as_uuid()),
            at: entry.at.0,
            leaf: leaf.encode(),
            salt: Some(salt.to_vec()),
            sealed: Some(sealed),
        })
    }

    fn key<'k>(&'k self, keys: Option<&'k TenantKeys>) -> &'k Key {
        keys.map_or(&self.operator, TenantKeys::ledger)
    }
}

fn address(tenant: Option<TenantId>, place: &str) -> Address<'_> {
    Address {
        tenant: tenant.unwrap_or(Address::INSTALLATION),
        table: "ledger",
        row: place,
        column: "sealed",
    }
}

fn forgotten_name(index: u64) -> String {
    format!("leaf_{index}")
}

async fn head_of<C: ConnectionTrait>(db: &C) -> Result<Option<head::Model>, LedgerError> {
    Ok(head::Entity::find_by_id(HEAD).one(db).await?)
}

/// The head's row is the queue: its lock is held until the transaction ends, so places are given
/// out in the order of commits, and a place of a transaction that fails is given out again.
async fn take_places<C: ConnectionTrait>(txn: &C, count: usize) -> Result<u64, LedgerError> {
    let count = i64::try_from(count).map_err(|_| LedgerError::Record("a batch"))?;
    let grow = "update ledger_head set size = size + $1 where id = 1 returning size";
    let statement =
        Statement::from_sql_and_values(txn.get_database_backend(), grow, [count.into()]);
    let grown = txn
        .query_one_raw(statement)
        .await?
        .ok_or(LedgerError::NotBegun)?;
    let size: i64 = grown.try_get("", "size")?;
    Ok(unsigned(size - count))
}

async fn begin(
    db: &DatabaseConnection,
    provider: &dyn KeyProvider,
    chance: &dyn Chance,
    origin: &str,
) -> Result<(), LedgerError> {
    if !signing::is_origin(origin) {
        return Err(LedgerError::Origin(origin.to_owned()));
    }
    let operator = Key::generate(chance)?;
    let id = random_id(chance)?;
    let context = KeyContext::installation(KeyKind::Operator, id);
    let keys = [
        key_row::Model {
            id,
            kind: kinds::OPERATOR.to_owned(),
            wrapped: provider.wrap(&operator, &context).await?.0,
            verifier: String::new(),
            active: true,
        },
        new_signer(provider, chance, origin).await?,
    ];
    let txn = db.begin().await?;
    let new = head::ActiveModel {
        id: Set(HEAD),
        size: Set(0),
        origin: Set(origin.to_owned()),
    };
    let inserted = head::Entity::insert(new)
        .on_conflict_do_nothing_on([head::Column::Id])
        .exec_without_returning(&txn)
        .await?;
    // Another process began it in the same moment: its keys hold.
    if !matches!(inserted, sea_orm::TryInsertResult::Inserted(1)) {
        return Ok(txn.rollback().await?);
    }
    key_row::Entity::insert_many(keys.map(IntoActiveModel::into_active_model))
        .exec_without_returning(&txn)
        .await?;
    Ok(txn.commit().await?)
}

async fn new_signer(
    provider: &dyn KeyProvider,
    chance: &dyn Chance,
    origin: &str,
) -> Result<key_row::Model, LedgerError> {
    let seed = Key::generate(chance)?;
    let id = random_id(chance)?;
    let context = KeyContext::installation(KeyKind::Checkpoints, id);
    let wrapped = provider.wrap(&seed, &context).await?;
    Ok(signing::new_row(origin, id, &seed, wrapped))
}

fn random_id(chance: &dyn Chance) -> Result<Uuid, NoChance> {
    let mut bytes = [0u8; 16];
    chance.fill(&mut bytes)?;
    Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn signed(index: u64) -> Result<i64, LedgerError> {
    i64::try_from(index).map_err(|_| LedgerError::Record("an index"))
}

/// Sizes and places in rows are never negative; one that is counts as nothing.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Why the ledger cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<DbErr>),
    /// A key failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The blob store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
    /// The tables are there, but the log was never begun.
    #[error("the ledger has no head or no keys; restore them from a backup")]
    NotBegun,
    /// A name that no log can have.
    #[error("`{0}` cannot name a ledger; write a host and path without spaces or `+`")]
    Origin(String),
    /// An entry is not of the tenant whose keys were given.
    #[error("a ledger entry names another tenant than its keys")]
    Tenant,
    /// No key may sign.
    #[error("the ledger has no active signing key; make one")]
    NoSigner,
    /// There is no such leaf.
    #[error("the ledger has no leaf {0}")]
    NotThere(u64),
    /// A proof or an erasure needs a checkpoint first.
    #[error("leaf {0} is not yet covered by a checkpoint; make one first")]
    NotCovered(u64),
    /// Something stored cannot be read.
    #[error("{0} of the ledger cannot be read or written")]
    Record(&'static str),
    /// A tile is gone or cut.
    #[error("the ledger's `{0}` is missing or cut; verify the ledger")]
    Tile(String),
    /// A witness's key or answer cannot be used.
    #[error("{0}")]
    Witness(&'static str),
    /// A witness saw more of this log than there is.
    #[error(
        "the witness has seen {seen} leaves and the ledger has {size}: it was set back or forked"
    )]
    SetBack {
        /// What the witness saw.
        seen: u64,
        /// What is there.
        size: u64,
    },
    /// What is stored does not match the signed checkpoint it must grow from.
    #[error("the ledger does not match its checkpoint of {size} leaves: {problem}; verify it")]
    Diverged {
        /// Size of the checkpoint.
        size: u64,
        /// What does not match.
        problem: &'static str,
    },
}

impl From<DbErr> for LedgerError {
    fn from(source: DbErr) -> Self {
        Self::Database(Box::new(source))
    }
}

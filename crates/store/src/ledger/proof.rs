//! Proofs that verify offline (C2SP tlog-proof): a leaf, its path to a signed checkpoint and, for
//! whom it concerns, the entry with its salt. [`verify_proof`] needs nothing but the text and the
//! log's verifier keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{LeafIndex, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use tlog_tiles::{Hash, check_record, prove_record, record_hash};

use super::evidence::{Evidence, Window, examine};
use super::leaf::{Leaf, commit};
use super::rows::leaf as row;
use super::signing::open_note;
use super::tiles::Tiles;
use super::{Entry, Ledger, LedgerError, Order, checkpoint, cosigning, signed, unsigned};
use crate::blobs::Blobs;
use crate::keys::TenantKeys;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// Longer is no proof: a tree has at most 64 levels.
const LONGEST: usize = 1 << 20;

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Name of the log.
    pub origin: String,
    /// Leaves under the signed checkpoint.
    pub size: u64,
    /// The leaf's place.
    pub index: LeafIndex,
    /// When it was written, as the leaf says.
    pub at: Timestamp,
    /// Whose it is.
    pub tenant: Option<TenantId>,
    /// The entry, where the proof reveals it.
    pub entry: Option<Entry>,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The text is not in the form of c2sp.org/tlog-proof@v1.
    #[error("it is no tlog-proof@v1: {0}")]
    Form(&'static str),
    /// No known key signed its checkpoint.
    #[error("{0}")]
    Checkpoint(&'static str),
    /// The path does not lead from the leaf to the checkpoint's root.
    #[error("the leaf is not in the signed tree at this place")]
    Path,
    /// Leaf, salt and entry do not belong together.
    #[error("the entry is not the one that the leaf commits to")]
    Entry,
}

/// Checks a proof against the log's verifier keys (`name+hash+key`, as signed-note writes them).
///
/// # Errors
/// [`ProofError`] says which link does not hold.
pub fn verify_proof(text: &str, verifiers: &[String]) -> Result<Proven, ProofError> {
    let proof = ProofText::parse(text)?;
    let head = open_note(proof.checkpoint.as_bytes(), verifiers).map_err(ProofError::Checkpoint)?;
    let extra: Extra = serde_json::from_slice(&proof.extra)
        .map_err(|_| ProofError::Form("its extra data is not ours"))?;
    if extra.v != 1 {
        return Err(ProofError::Form(
            "its extra data has a version unknown here",
        ));
    }
    let decode = |text: &str| {
        BASE64
            .decode(text)
            .map_err(|_| ProofError::Form("bad base64"))
    };
    let bytes = decode(&extra.leaf)?;
    check_record(
        &proof.hashes,
        head.size(),
        *head.hash(),
        proof.index,
        record_hash(&bytes),
    )
    .map_err(|_| ProofError::Path)?;
    let leaf = Leaf::decode(&bytes).ok_or(ProofError::Entry)?;
    if leaf.index != proof.index {
        return Err(ProofError::Entry);
    }
    let entry = match extra.entry {
        Some(revealed) => Some(revealed_entry(
            &leaf,
            &decode(&revealed.salt)?,
            &revealed.text,
        )?),
        None => None,
    };
    Ok(Proven {
        origin: head.origin().to_owned(),
        size: head.size(),
        index: LeafIndex(leaf.index),
        at: leaf.at,
        tenant: leaf.tenant,
        entry,
    })
}

fn revealed_entry(leaf: &Leaf, salt: &[u8], text: &str) -> Result<Entry, ProofError> {
    if commit(salt, text.as_bytes()) != leaf.commitment {
        return Err(ProofError::Entry);
    }
    Entry::decode(text.as_bytes()).ok_or(ProofError::Entry)
}

impl Ledger {
    /// A proof of one leaf of a tenant (or of the installation) under the checkpoint that most
    /// witnesses vouch for, the newest where none do, with its entry unless that was forgotten.
    pub(crate) async fn prove<C: ConnectionTrait>(
        &self,
        db: &C,
        blobs: &Blobs,
        keys: Option<&TenantKeys>,
        index: LeafIndex,
    ) -> Result<String, LedgerError> {
        let tiles = Tiles::new(blobs);
        let signed_head = Head::best(db, index).await?;
        self.prove_under(db, &tiles, &signed_head, keys, index)
            .await
    }

    /// A tenant's covered entries, oldest first, each with its proof: JSON lines of
    /// `{"index", "proof"}`, after a first line that names format, log and verifier keys.
    pub(crate) async fn export<C: ConnectionTrait>(
        &self,
        db: &C,
        blobs: &Blobs,
        keys: Option<&TenantKeys>,
        from: LeafIndex,
        limit: u64,
    ) -> Result<String, LedgerError> {
        let tiles = Tiles::new(blobs);
        let head = Head::newest(db, from).await?;
        let window = Window {
            from,
            to: LeafIndex(head.size),
            limit,
            order: Order::OldestFirst,
        };
        let first = ExportHead {
            format: "privity-ledger-export",
            v: 1,
            origin: &self.origin,
            verifiers: self.verifiers(db).await?,
        };
        let mut text = line(&first)?;
        for listed in self.entries(db, keys, window).await? {
            let proof = self
                .prove_under(db, &tiles, &head, keys, listed.index)
                .await?;
            text += &line(&ExportLine {
                index: listed.index.0,
                proof,
            })?;
        }
        Ok(text)
    }

    async fn prove_under<C: ConnectionTrait>(
        &self,
        db: &C,
        tiles: &Tiles<'_>,
        head: &Head,
        keys: Option<&TenantKeys>,
        index: LeafIndex,
    ) -> Result<String, LedgerError> {
        let tenant = keys.map(|keys| keys.tenant().as_uuid());
        let found = row::Entity::find_by_id(signed(index.0)?)
            .one(db)
            .await?
            .filter(|found| found.tenant == tenant)
            .ok_or(LedgerError::NotThere(index.0))?;
        let (_, evidence) =
            examine(&found, Some(self.key(keys))).map_err(|_| LedgerError::Record("an entry"))?;
        let hashes = tiles
            .with_hashes(head.size, |reader| prove_record(head.size, index.0, reader))
            .await?;
        // The path is checked before it is handed out: a damaged tile shows here, not there.
        check_record(
            &hashes,
            head.size,
            head.root,
            index.0,
            record_hash(&found.leaf),
        )
        .map_err(|_| LedgerError::Diverged {
            size: head.size,
            problem: "its tiles do not lead to its root",
        })?;
        let extra = Extra {
            v: 1,
            leaf: BASE64.encode(&found.leaf),
            entry: revealed(evidence)?,
        };
        let proof = ProofText {
            extra: serde_json::to_vec(&extra).map_err(|_| LedgerError::Record("a proof"))?,
            index: index.0,
            hashes,
            checkpoint: head.note.clone(),
        };
        Ok(proof.render())
    }
}

fn revealed(evidence: Evidence) -> Result<Option<Revealed>, LedgerError> {
    let Evidence::Whole { bytes, salt, .. } = evidence else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| LedgerError::Record("an entry"))?;
    Ok(Some(Revealed {
        salt: BASE64.encode(salt),
        text: text.to_owned(),
    }))
}

fn line(value: &impl Serialize) -> Result<String, LedgerError> {
    let mut text = serde_json::to_string(value).map_err(|_| LedgerError::Record("an export"))?;
    text.push('\n');
    Ok(text)
}

/// A checkpoint that proofs lead to.
struct Head {
    size: u64,
    root: Hash,
    note: String,
}

impl Head {
    async fn newest<C: ConnectionTrait>(db: &C, index: LeafIndex) -> Result<Self, LedgerError> {
        let newest = checkpoint::latest(db)
            .await?
            .filter(|found| unsigned(found.size) > index.0)
            .ok_or(LedgerError::NotCovered(index.0))?;
        Self::of(db, newest).await
    }

    async fn best<C: ConnectionTrait>(db: &C, index: LeafIndex) -> Result<Self, LedgerError> {
        let best = cosigning::best(db, index.0)
            .await?
            .filter(|found| unsigned(found.size) > index.0)
            .ok_or(LedgerError::NotCovered(index.0))?;
        Self::of(db, best).await
    }

    async fn of<C: ConnectionTrait>(db: &C, newest: checkpoint::Row) -> Result<Self, LedgerError> {
        let root = newest.root.as_slice().try_into();
        Ok(Self {
            size: unsigned(newest.size),
            root: Hash(root.map_err(|_| LedgerError::Record("a checkpoint"))?),
            note: cosigning::cosigned_note(db, &newest).await?,
        })
    }
}

/// Our extra data: not trusted, but checked against the leaf, and the leaf against the tree.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    v: u16,
    leaf: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Revealed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revealed {
    salt: String,
    text: String,
}

#[derive(Serialize)]
struct ExportHead<'a> {
    format: &'static str,
    v: u16,
    origin: &'a str,
    verifiers: Vec<String>,
}

#[derive(Serialize)]
struct ExportLine {
    index: u64,
    proof: String,
}

struct ProofText {
    extra: Vec<u8>,
    index: u64,
    hashes: Vec<Hash>,
    checkpoint: String,
}

impl ProofText {
    fn render(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nextra {}\n", BASE64.encode(&self.extra));
        text += &format!("index {}\n", self.index);
        for hash in &self.hashes {
            text += &format!("{hash}\n");
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    fn parse(text: &str) -> Result<Self, ProofError> {
        if text.len() > LONGEST {
            return Err(ProofError::Form("it is too long"));
        }
        let (proof, checkpoint) = text
            .split_once("\n\n")
            .ok_or(ProofError::Form("no empty line before its checkpoint"))?;
        let mut lines = proof.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(ProofError::Form("its first line names no known version"));
        }
        let extra = lines
            .next()
            .and_then(|line| line.strip_prefix("extra "))
            .and_then(|text| BASE64.decode(text).ok())
            .ok_or(ProofError::Form("it lacks the leaf as extra data"))?;
        let digits = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .ok_or(ProofError::Form("it lacks an index"))?;
        let index: u64 = digits
            .parse()
            .ok()
            .filter(|index: &u64| index.to_string() == digits)
            .ok_or(ProofError::Form("its index is no plain number"))?;
        let hashes: Option<Vec<Hash>> = lines.map(|line| Hash::parse_hash(line).ok()).collect();
        Ok(Self {
            extra,
            index,
            hashes: hashes.ok_or(ProofError::Form("its path is not SHA-256 hashes"))?,
            checkpoint: checkpoint.to_owned(),
        })
    }
}

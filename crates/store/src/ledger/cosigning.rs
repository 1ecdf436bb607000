//! What witnesses are asked, and what they answer (C2SP tlog-witness and tlog-cosignature): a
//! witness is shown the newest checkpoint with a proof that the log only grew since the last one
//! it saw; its cosignature is checked before it is kept with the checkpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use domain::Timestamp;
use ed25519_dalek::{Signature, VerifyingKey};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use signed_note::{is_key_name_valid, key_id};
use tlog_tiles::{Hash, check_tree, prove_tree};

use super::checkpoint::{PAGE, latest};
use super::rows::{checkpoint as head_row, cosignature as row, witness as state};
use super::tiles::Tiles;
use super::{Ledger, LedgerError, signed, unsigned};
use crate::blobs::Blobs;

/// Ed25519 with a time, in signed-note's list of algorithms.
const COSIGNATURE: u8 = 4;

/// A witness's public key: `name+hash+key`, of the kind `cosignature/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl WitnessKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`LedgerError::Witness`] saying why it is none.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let bad = LedgerError::Witness;
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad("its key is written as name+hash+key"));
        };
        let bytes = BASE64
            .decode(key)
            .map_err(|_| bad("its key is no base64"))?;
        let Some((&COSIGNATURE, public)) = bytes.split_first() else {
            return Err(bad("its key is not of the kind cosignature/v1"));
        };
        let right = key_id(name, &bytes);
        if !is_key_name_valid(name) || u32::from_str_radix(id, 16) != Ok(right) {
            return Err(bad("its key's hash is another key's"));
        }
        let public = public
            .try_into()
            .map_err(|_| bad("its key has not 32 bytes"))?;
        Ok(Self {
            name: name.to_owned(),
            id: right,
            key: VerifyingKey::from_bytes(public)
                .map_err(|_| bad("its key is no point of the curve"))?,
        })
    }

    /// The name in it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// This witness's line among those that it answered, and the time it signed, in seconds.
    fn line<'a>(&self, answer: &'a str, note: &str) -> Result<(&'a str, u64), LedgerError> {
        let (text, _) = note
            .rsplit_once("\n\n")
            .ok_or(LedgerError::Record("a checkpoint"))?;
        let prefix = format!("\u{2014} {} ", self.name);
        for line in answer.lines() {
            let Some(bytes) = line
                .strip_prefix(&prefix)
                .and_then(|rest| BASE64.decode(rest).ok())
            else {
                continue;
            };
            let Some((id, rest)) = bytes.split_first_chunk::<4>() else {
                continue;
            };
            let Some((time, signature)) = rest.split_first_chunk::<8>() else {
                continue;
            };
            if u32::from_be_bytes(*id) != self.id {
                continue;
            }
            let at = u64::from_be_bytes(*time);
            let said = format!("cosignature/v1\ntime {at}\n{text}\n");
            let held = Signature::from_slice(signature)
                .is_ok_and(|signature| self.key.verify_strict(said.as_bytes(), &signature).is_ok());
            return if held {
                Ok((line, at))
            } else {
                Err(LedgerError::Witness("its cosignature does not hold"))
            };
        }
        Err(LedgerError::Witness(
            "its answer holds no cosignature of its key",
        ))
    }
}

/// A checkpoint as a witness is asked to cosign it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Leaves under it.
    pub size: u64,
    /// Body of `add-checkpoint`.
    pub body: String,
}

/// How it stands with a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessState {
    /// Leaves of the newest checkpoint that it cosigned; nought for none.
    pub size: u64,
    /// When it was last asked.
    pub tried: Timestamp,
    /// Why it did not cosign then.
    pub problem: Option<String>,
}

impl Ledger {
    /// The newest checkpoint for a witness that last saw `old` leaves; none where there is none.
    pub(crate) async fn submission<C: ConnectionTrait>(
        &self,
        db: &C,
        blobs: &Blobs,
        old: u64,
    ) -> Result<Option<Submission>, LedgerError> {
        let Some(head) = latest(db).await? else {
            return Ok(None);
        };
        let size = unsigned(head.size);
        if old > size {
            return Err(LedgerError::SetBack { seen: old, size });
        }
        let proof = if old == 0 || old == size {
            Vec::new()
        } else {
            growth(db, blobs, &head, old).await?
        };
        let mut body = format!("old {old}\n");
        for hash in proof {
            body += &format!("{hash}\n");
        }
        body.push('\n');
        body += &head.note;
        Ok(Some(Submission { size, body }))
    }

    /// Checks what a witness answered for a checkpoint, and keeps it. Whether it is this witness's
    /// first.
    pub(crate) async fn keep_cosignature<C: ConnectionTrait>(
        &self,
        db: &C,
        size: u64,
        witness: &WitnessKey,
        answer: &str,
    ) -> Result<bool, LedgerError> {
        let head = head_row::Entity::find_by_id(signed(size)?)
            .one(db)
            .await?
            .ok_or(LedgerError::Record("a checkpoint"))?;
        let (line, at) = witness.line(answer, &head.note)?;
        let known = row::Entity::find().filter(row::Column::Witness.eq(witness.name()));
        let first = known.one(db).await?.is_none();
        let new = row::ActiveModel {
            size: Set(head.size),
            witness: Set(witness.name().to_owned()),
            line: Set(line.to_owned()),
            at: Set(i64::try_from(at).map_err(|_| LedgerError::Witness("its time is none"))?),
        };
        let taken = OnConflict::columns([row::Column::Size, row::Column::Witness])
            .update_columns([row::Column::Line, row::Column::At])
            .to_owned();
        row::Entity::insert(new)
            .on_conflict(taken)
            .exec_without_returning(db)
            .await?;
        Ok(first)
    }

    /// Notes how asking a witness ended; `size` is what it is known to have cosigned.
    pub(crate) async fn note_witness<C: ConnectionTrait>(
        &self,
        db: &C,
        witness: &str,
        now: &WitnessState,
    ) -> Result<(), LedgerError> {
        let new = state::ActiveModel {
            witness: Set(witness.to_owned()),
            size: Set(signed(now.size)?),
            tried: Set(now.tried.0),
            problem: Set(now.problem.clone()),
        };
        let known = OnConflict::column(state::Column::Witness)
            .update_columns([
                state::Column::Size,
                state::Column::Tried,
                state::Column::Problem,
            ])
            .to_owned();
        state::Entity::insert(new)
            .on_conflict(known)
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// How it stands with a witness; none where it was never asked.
    pub(crate) async fn witness_state<C: ConnectionTrait>(
        &self,
        db: &C,
        witness: &str,
    ) -> Result<Option<WitnessState>, LedgerError> {
        let found = state::Entity::find_by_id(witness.to_owned())
            .one(db)
            .await?;
        Ok(found.map(|found| WitnessState {
            size: unsigned(found.size),
            tried: Timestamp(found.tried),
            problem: found.problem,
        }))
    }

    /// A served checkpoint with the lines of those who cosigned it; as it is where it is none that
    /// was signed here.
    pub(crate) async fn cosigned<C: ConnectionTrait>(
        &self,
        db: &C,
        served: Bytes,
    ) -> Result<Bytes, LedgerError> {
        let size = std::str::from_utf8(&served)
            .ok()
            .and_then(|note| note.lines().nth(1)?.parse::<i64>().ok());
        let Some(size) = size else {
            return Ok(served);
        };
        match head_row::Entity::find_by_id(size).one(db).await? {
            Some(head) if served == head.note.as_bytes() => {
                Ok(cosigned_note(db, &head).await?.into())
            }
            _ => Ok(served),
        }
    }

    /// Leaves under the newest checkpoint; nought where there is none.
    pub(crate) async fn covered<C: ConnectionTrait>(&self, db: &C) -> Result<u64, LedgerError> {
        Ok(latest(db).await?.map_or(0, |found| unsigned(found.size)))
    }
}

/// A checkpoint's note with the lines of those who cosigned it.
pub(crate) async fn cosigned_note<C: ConnectionTrait>(
    db: &C,
    head: &head_row::Model,
) -> Result<String, LedgerError> {
    let lines = row::Entity::find()
        .filter(row::Column::Size.eq(head.size))
        .order_by_asc(row::Column::Witness)
        .all(db)
        .await?;
    let mut note = head.note.clone();
    for found in lines {
        note += &found.line;
        note.push('\n');
    }
    Ok(note)
}

/// The checkpoint over a leaf that most witnesses cosigned, of equals the newest: a proof is worth
/// more under one that others vouch for. Only the newest lines are looked at, however old the leaf.
pub(crate) async fn best<C: ConnectionTrait>(
    db: &C,
    index: u64,
) -> Result<Option<head_row::Model>, LedgerError> {
    let lines = row::Entity::find()
        .filter(row::Column::Size.gt(signed(index)?))
        .order_by_desc(row::Column::Size)
        .limit(PAGE)
        .all(db)
        .await?;
    let mut counted: Vec<(usize, i64)> = Vec::new();
    for group in lines.chunk_by(|one, next| one.size == next.size) {
        counted.extend(group.first().map(|first| (group.len(), first.size)));
    }
    match counted.into_iter().max() {
        Some((_, size)) => Ok(head_row::Entity::find_by_id(size).one(db).await?),
        None => latest(db).await,
    }
}

/// The proof that a checkpoint's tree begins with the tree of `old` leaves, checked against the
/// signed roots where the older one is ours: a damaged tile shows here, not at the witness.
async fn growth<C: ConnectionTrait>(
    db: &C,
    blobs: &Blobs,
    head: &head_row::Model,
    old: u64,
) -> Result<Vec<Hash>, LedgerError> {
    let size = unsigned(head.size);
    let proof = Tiles::new(blobs)
        .with_hashes(size, |reader| prove_tree(size, old, reader))
        .await?;
    let before = head_row::Entity::find_by_id(signed(old)?).one(db).await?;
    if let Some(before) = before {
        let root = |bytes: &[u8]| {
            let root = bytes.try_into();
            root.map(Hash)
                .map_err(|_| LedgerError::Record("a checkpoint"))
        };
        let (now, then) = (root(&head.root)?, root(&before.root)?);
        check_tree(&proof, size, now, old, then).map_err(|_| LedgerError::Diverged {
            size,
            problem: "its tiles do not lead from an older root to its own",
        })?;
    }
    Ok(proof)
}

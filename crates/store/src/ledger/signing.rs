//! Who signs checkpoints, and how a signature is checked (C2SP signed-note, Ed25519).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use sha2::{Digest, Sha256};
use signed_note::{
    Note, Signer, StandardSigner, StandardVerifier, Verifier, VerifierList, is_key_name_valid,
    key_id,
};
use tlog_tiles::Checkpoint;
use uuid::Uuid;

use super::rows::key as row;
use super::{LedgerError, kinds};
use crate::keys::{Key, KeyContext, KeyKind, KeyProvider, WrappedKey};

/// Ed25519 in signed-note's list of algorithms.
const ED25519: u8 = 1;
/// First line of what is signed and is no checkpoint.
const STATEMENT: &str = "privity.statement/1";

/// The keys of the log as they are now.
pub(crate) struct Signers {
    active: Vec<StandardSigner>,
    /// Every key that ever signed, in signed-note's text form.
    pub(crate) verifiers: Vec<String>,
    /// Rows that are not what they were: their id and what is wrong.
    pub(crate) faults: Vec<(Uuid, &'static str)>,
}

impl Signers {
    pub(crate) async fn load<C: ConnectionTrait>(
        db: &C,
        provider: &dyn KeyProvider,
        origin: &str,
    ) -> Result<Self, LedgerError> {
        let mut signers = Self {
            active: Vec::new(),
            verifiers: Vec::new(),
            faults: Vec::new(),
        };
        for found in row::Entity::find()
            .order_by_asc(row::Column::Id)
            .all(db)
            .await?
        {
            if found.kind == kinds::OPERATOR {
                continue;
            }
            if let Err(fault) = signers.take(&found, provider, origin).await {
                signers.faults.push((found.id, fault));
            }
        }
        Ok(signers)
    }

    async fn take(
        &mut self,
        found: &row::Model,
        provider: &dyn KeyProvider,
        origin: &str,
    ) -> Result<(), &'static str> {
        if found.kind != kinds::CHECKPOINTS {
            return Err("it is of no known kind");
        }
        let context = KeyContext::installation(KeyKind::Checkpoints, found.id);
        let seed = provider
            .unwrap(&WrappedKey(found.wrapped.clone()), &context)
            .await
            .map_err(|_| "it does not open")?;
        if verifier_text(origin, &seed) != found.verifier {
            return Err("its public half is another key's");
        }
        if found.active {
            self.active
                .push(signer(origin, &seed).ok_or("it cannot sign")?);
        }
        self.verifiers.push(found.verifier.clone());
        Ok(())
    }

    /// A checkpoint as a signed note.
    pub(crate) fn sign(&self, checkpoint: &Checkpoint) -> Result<String, LedgerError> {
        self.note(&checkpoint.to_bytes())
    }

    /// What the installation says of itself, as a signed note over its SHA-256. Its first line is
    /// no log's name and its second no number, so that it never passes for a checkpoint.
    pub(crate) fn sign_statement(
        &self,
        origin: &str,
        form: &str,
        statement: &[u8],
    ) -> Result<String, LedgerError> {
        let sum = hex::encode(Sha256::digest(statement));
        self.note(format!("{STATEMENT}\n{origin}\n{form}\n{sum}\n").as_bytes())
    }

    fn note(&self, text: &[u8]) -> Result<String, LedgerError> {
        let broken = |_| LedgerError::Record("a signed note");
        if self.active.is_empty() {
            return Err(LedgerError::NoSigner);
        }
        let mut note = Note::new(text, &[]).map_err(broken)?;
        let signers: Vec<&dyn Signer> = self.active.iter().map(|one| one as &dyn Signer).collect();
        note.add_sigs(&signers).map_err(broken)?;
        String::from_utf8(note.to_bytes()).map_err(|_| LedgerError::Record("a signed note"))
    }
}

/// Checks a signed checkpoint: at least one of the keys signed it, none of them wrongly, and the
/// key bears the log's name.
pub(crate) fn open_note(text: &[u8], verifiers: &[String]) -> Result<Checkpoint, &'static str> {
    let mut known: Vec<Box<dyn Verifier>> = Vec::new();
    for verifier in verifiers {
        let parsed = StandardVerifier::new(verifier.trim());
        known.push(Box::new(parsed.map_err(|_| "a verifier key is malformed")?));
    }
    let note = Note::from_bytes(text).map_err(|_| "the checkpoint is no signed note")?;
    let (signed, _) = note
        .verify(&VerifierList::new(known))
        .map_err(|_| "the checkpoint's signature does not hold under a known key")?;
    let checkpoint =
        Checkpoint::from_bytes(note.text()).map_err(|_| "the checkpoint is malformed")?;
    if !signed
        .iter()
        .any(|signature| signature.name() == checkpoint.origin())
    {
        return Err("the checkpoint is signed, but not by its own log");
    }
    Ok(checkpoint)
}

/// Makes a signing key; older ones stop signing and go on verifying.
pub(crate) fn new_row(origin: &str, id: Uuid, seed: &Key, wrapped: WrappedKey) -> row::Model {
    row::Model {
        id,
        kind: kinds::CHECKPOINTS.to_owned(),
        wrapped: wrapped.0,
        verifier: verifier_text(origin, seed),
        active: true,
    }
}

/// Whether a text can name a log.
pub(crate) fn is_origin(text: &str) -> bool {
    is_key_name_valid(text) && !text.chars().any(char::is_control) && text != STATEMENT
}

fn public_half(seed: &Key) -> Vec<u8> {
    let public = SigningKey::from_bytes(seed.expose()).verifying_key();
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(public.as_bytes());
    bytes
}

fn verifier_text(origin: &str, seed: &Key) -> String {
    let public = public_half(seed);
    let id = key_id(origin, &public);
    format!("{origin}+{id:08x}+{}", BASE64.encode(public))
}

fn signer(origin: &str, seed: &Key) -> Option<StandardSigner> {
    let id = key_id(origin, &public_half(seed));
    let mut private = zeroize::Zeroizing::new(vec![ED25519]);
    private.extend_from_slice(seed.expose());
    let text = zeroize::Zeroizing::new(format!(
        "PRIVATE+KEY+{origin}+{id:08x}+{}",
        BASE64.encode(&*private)
    ));
    StandardSigner::new(&text).ok()
}

//! Cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1`): a witness saw this checkpoint
//! at a time, and everything that it saw before is a beginning of it.

use crate::Doubt;
use crate::note::{Key, lines};

/// Ed25519 with a time, in signed-note's list of algorithms.
pub(crate) const COSIGNATURE: u8 = 4;

/// The key of a witness that somebody trusts: `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey(Key);

impl WitnessKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`Doubt::Form`] where it is none, or no witness's.
    pub fn parse(text: &str) -> Result<Self, Doubt> {
        Key::of_kind(text, COSIGNATURE).map(Self)
    }

    /// Whose key it is.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

/// Who vouches that all see the same log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Name of the witness.
    pub witness: String,
    /// When it saw the checkpoint, in seconds since 1970.
    pub at: u64,
}

/// The cosignatures of a signed checkpoint by keys that are trusted; lines of others are passed
/// over, as signed-note wants it. Each key counts once.
///
/// # Errors
/// [`Doubt::Form`]; [`Doubt::Signature`] where a line bears a trusted key's name and hash and is
/// not its signature.
pub fn cosignatures(note: &str, keys: &[WitnessKey]) -> Result<Vec<Cosigned>, Doubt> {
    let (text, lines) = lines(note)?;
    let mut found: Vec<(&Key, Cosigned)> = Vec::new();
    for line in &lines {
        let Some(WitnessKey(key)) = keys.iter().find(|key| key.0.signed(line)) else {
            continue;
        };
        let doubt = || Doubt::Signature(line.name.to_owned());
        let (time, signature) = line.signature.split_first_chunk::<8>().ok_or_else(doubt)?;
        let at = u64::from_be_bytes(*time);
        if !key.made(signature, said(at, &text).as_bytes()) {
            return Err(doubt());
        }
        if !found.iter().any(|(known, _)| *known == key) {
            let witness = line.name.to_owned();
            found.push((key, Cosigned { witness, at }));
        }
    }
    Ok(found.into_iter().map(|(_, one)| one).collect())
}

/// What a witness signs.
pub(crate) fn said(at: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

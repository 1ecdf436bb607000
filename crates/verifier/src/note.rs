//! Signed notes and the checkpoints in them (C2SP signed-note and tlog-checkpoint), Ed25519 only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::tree::Hash;
use crate::{Doubt, form};

/// Ed25519 in signed-note's list of algorithms.
pub(crate) const ED25519: u8 = 1;
/// Longer is no note of ours.
const LONGEST: usize = 1 << 20;

/// A key that somebody trusts: `name+hash+key`, as signed-note writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// [`Doubt::Form`] where it is none, or its hash is another key's.
    pub fn parse(text: &str) -> Result<Self, Doubt> {
        Self::of_kind(text, ED25519)
    }

    /// Reads a key whose first byte says that it signs in one of signed-note's ways.
    pub(crate) fn of_kind(text: &str, kind: u8) -> Result<Self, Doubt> {
        let bad = |detail: &str| form("a key", detail);
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad("it is written as name+hash+key"));
        };
        let key = BASE64
            .decode(key)
            .map_err(|_| bad("its key is no base64"))?;
        let bytes = match key.split_first() {
            Some((found, bytes)) if *found == kind => bytes,
            _ if kind == ED25519 => return Err(bad("a log's key is Ed25519 here")),
            _ => return Err(bad("a witness's key is of the kind cosignature/v1 here")),
        };
        let bytes: [u8; 32] = bytes
            .try_into()
            .map_err(|_| bad("an Ed25519 key has 32 bytes"))?;
        let right = key_id(name, &key);
        if u32::from_str_radix(id, 16).map(u32::to_be_bytes) != Ok(right) || id.len() != 8 {
            return Err(bad("its hash is another key's"));
        }
        let key =
            VerifyingKey::from_bytes(&bytes).map_err(|_| bad("it is no point of the curve"))?;
        Ok(Self {
            name: name.to_owned(),
            id: right,
            key,
        })
    }

    /// Whether a line of a note is by this key.
    pub(crate) fn signed(&self, line: &Line<'_>) -> bool {
        self.name == line.name && self.id == line.id
    }

    /// Whether it is the same key, whatever it is called.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Whether this key made a signature.
    pub(crate) fn made(&self, signature: &[u8], of: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(of, &signature).is_ok())
    }

    /// Whose key it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The first four bytes of the hash of a name and a key.
pub(crate) fn key_id(name: &str, key: &[u8]) -> [u8; 4] {
    let mut sum = Sha256::new();
    sum.update(name.as_bytes());
    sum.update(b"\n");
    sum.update(key);
    let sum: [u8; 32] = sum.finalize().into();
    let [a, b, c, d, ..] = sum;
    [a, b, c, d]
}

/// One signature line of a note.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) id: [u8; 4],
    pub(crate) signature: Vec<u8>,
}

/// A signed note's text, with its last newline, and its lines.
pub(crate) fn lines(note: &str) -> Result<(String, Vec<Line<'_>>), Doubt> {
    let bad = |detail: &str| form("a signed note", detail);
    if note.len() > LONGEST {
        return Err(bad("it is too long"));
    }
    let (text, signatures) = note
        .rsplit_once("\n\n")
        .ok_or_else(|| bad("no empty line before its signatures"))?;
    let signatures = signatures
        .strip_suffix('\n')
        .ok_or_else(|| bad("it ends without a newline"))?;
    let mut lines = Vec::new();
    for line in signatures.split('\n') {
        let (name, signature) = line
            .strip_prefix("\u{2014} ")
            .and_then(|line| line.split_once(' '))
            .ok_or_else(|| bad("a line is no signature"))?;
        let bytes = BASE64
            .decode(signature)
            .map_err(|_| bad("a signature is no base64"))?;
        let (id, signature) = bytes
            .split_first_chunk::<4>()
            .ok_or_else(|| bad("a signature is too short"))?;
        lines.push(Line {
            name,
            id: *id,
            signature: signature.to_vec(),
        });
    }
    Ok((format!("{text}\n"), lines))
}

/// A text and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was signed, with its last newline.
    pub text: String,
    /// Names of the keys that signed it.
    pub signers: Vec<String>,
}

impl Note {
    /// Opens a signed note.
    ///
    /// # Errors
    /// [`Doubt::Form`]; [`Doubt::Unsigned`] where none of the keys signed it;
    /// [`Doubt::Signature`] where one of them signed something else.
    pub fn open(note: &str, keys: &[Key]) -> Result<Self, Doubt> {
        let (text, lines) = lines(note)?;
        let mut signers = Vec::new();
        for line in &lines {
            let Some(key) = keys.iter().find(|key| key.signed(line)) else {
                continue;
            };
            if line.signature.len() != 64 {
                return Err(form("a signed note", "an Ed25519 signature has 64 bytes"));
            }
            if !key.made(&line.signature, text.as_bytes()) {
                return Err(Doubt::Signature(line.name.to_owned()));
            }
            signers.push(line.name.to_owned());
        }
        if signers.is_empty() {
            return Err(Doubt::Unsigned);
        }
        Ok(Self { text, signers })
    }
}

/// A signed tree head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

impl Checkpoint {
    /// Opens a checkpoint that the log's own key signed.
    pub(crate) fn open(note: &str, keys: &[Key]) -> Result<Self, Doubt> {
        let bad = |detail: &str| form("a checkpoint", detail);
        let note = Note::open(note, keys)?;
        let mut lines = note.text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(bad("it has three lines: origin, size, root"));
        };
        let number: u64 = size.parse().map_err(|_| bad("its size is no number"))?;
        if number.to_string() != size {
            return Err(bad("its size is no plain number"));
        }
        let root = BASE64
            .decode(root)
            .ok()
            .and_then(|root| root.try_into().ok());
        let head = Self {
            origin: origin.to_owned(),
            size: number,
            root: root.ok_or_else(|| bad("its root is no SHA-256 hash"))?,
        };
        if note.signers.contains(&head.origin) {
            Ok(head)
        } else {
            Err(Doubt::Stranger(head.origin))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Go project's package `note`.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n\
                        \n\
                        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_published_example_opens_and_no_bent_one_does() {
        let key = Key::parse(KEY).unwrap();
        let note = Note::open(NOTE, std::slice::from_ref(&key)).unwrap();
        assert_eq!(note.signers, ["PeterNeumann"]);
        let bent = NOTE.replace("answer", "cipher");
        let refused = Note::open(&bent, std::slice::from_ref(&key));
        assert_eq!(refused, Err(Doubt::Signature("PeterNeumann".to_owned())));
        assert_eq!(Note::open(NOTE, &[]), Err(Doubt::Unsigned));
        let opened = Checkpoint::open(NOTE, &[key]);
        assert!(matches!(opened, Err(Doubt::Form { .. })), "{opened:?}");
    }

    #[test]
    fn a_key_with_another_hash_is_refused() {
        let bent = KEY.replace("c74f20a3", "c74f20a4");
        assert!(Key::parse(&bent).is_err());
        assert!(Key::parse("name").is_err());
        assert!(Key::parse("name+00000000+AAAA").is_err());
    }
}

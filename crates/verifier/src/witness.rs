//! A witness (C2SP tlog-witness): remembers the newest checkpoint of each log that it knows, and
//! cosigns a newer one only where a proof shows that nothing before it was changed.
//!
//! Of a log that tells two people two histories it cosigns one at most: whoever is shown the other
//! sees no cosignature. Its state is a file of sizes and roots; it is written before a cosignature
//! is given out. It reads no clock: the time comes with the request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};

use crate::cosign::{COSIGNATURE, said};
use crate::note::{Checkpoint, Key, key_id, lines};
use crate::tree::{self, Hash};
use crate::{Doubt, form};

/// A proof has at most so many hashes (tlog-witness).
const LONGEST_PROOF: usize = 63;
/// First part of a private key's text.
const PRIVATE: &str = "PRIVATE+KEY+";

/// Why a checkpoint is not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is not in its form.
    #[error("the request is not in its form: {0}")]
    Form(String),
    /// The log is not one that is witnessed here.
    #[error("this log is not witnessed here")]
    UnknownLog,
    /// None of the log's keys signed it.
    #[error("no key of the log signed the checkpoint")]
    Unsigned,
    /// The witness saw another size last.
    #[error("the newest checkpoint seen here has {0} leaves")]
    Conflict(u64),
    /// What was seen before is no beginning of it.
    #[error("the proof does not show that the log only grew")]
    Fork,
    /// The state could not be kept.
    #[error("the state cannot be written")]
    State(#[source] std::io::Error),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    size: u64,
    root: String,
}

/// A witness with its key and what it has seen.
#[derive(Debug)]
pub struct Witness {
    name: String,
    key: SigningKey,
    logs: Vec<Key>,
    state: PathBuf,
    seen: BTreeMap<String, Seen>,
}

impl Witness {
    /// Opens a witness of the logs that these keys sign. A state file that is not there is begun.
    ///
    /// # Errors
    /// [`Doubt::Form`] where the key or the state cannot be read.
    pub fn open(private: &str, logs: Vec<Key>, state: &Path) -> Result<Self, Doubt> {
        let (name, key) = private_key(private)?;
        let bad = |detail: String| form("the witness's state", detail);
        let seen = match std::fs::read_to_string(state) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(bad(error.to_string())),
        };
        Ok(Self {
            name,
            key,
            logs,
            state: state.to_owned(),
            seen,
        })
    }

    /// Its public key, to be given to the log and to verifiers.
    #[must_use]
    pub fn public(&self) -> String {
        public(&self.name, &self.key)
    }

    /// Answers a request `add-checkpoint` at a time in seconds since 1970: the line of its
    /// cosignature.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn add_checkpoint(&mut self, request: &str, now: u64) -> Result<String, Refusal> {
        let asked = Asked::parse(request)?;
        let origin = asked.checkpoint.lines().next().unwrap_or_default();
        if !self.logs.iter().any(|log| log.name() == origin) {
            return Err(Refusal::UnknownLog);
        }
        let head = Checkpoint::open(asked.checkpoint, &self.logs).map_err(|doubt| match doubt {
            Doubt::Unsigned | Doubt::Signature(_) | Doubt::Stranger(_) => Refusal::Unsigned,
            other => Refusal::Form(other.to_string()),
        })?;
        if asked.old > head.size {
            return Err(Refusal::Form(
                "it is older than what it grew from".to_owned(),
            ));
        }
        if head.size == 0 && head.root != tree::empty_root() {
            return Err(Refusal::Form(
                "a tree without leaves has another root".to_owned(),
            ));
        }
        // Every tree grew from the empty one: having seen that proves no more than having seen none.
        let known = self.seen.get(&head.origin).filter(|seen| seen.size > 0);
        let size = known.map_or(0, |seen| seen.size);
        if asked.old != size {
            return Err(Refusal::Conflict(size));
        }
        let grew = match known.map(root) {
            None => asked.proof.is_empty(),
            Some(None) => return Err(Refusal::Form("the state is damaged".to_owned())),
            Some(Some(before)) if size == head.size && before != head.root => {
                return Err(Refusal::Conflict(size));
            }
            Some(Some(before)) => {
                tree::grew((size, &before), (head.size, &head.root), &asked.proof)
            }
        };
        if !grew {
            return Err(Refusal::Fork);
        }
        self.keep(head)?;
        let (text, _) = lines(asked.checkpoint).map_err(|doubt| form_of(&doubt))?;
        Ok(self.line(&text, now))
    }

    fn line(&self, text: &str, now: u64) -> String {
        let signature = self.key.sign(said(now, text).as_bytes());
        let mut bytes = key_id(&self.name, &kind_and_key(&self.key)).to_vec();
        bytes.extend_from_slice(&now.to_be_bytes());
        bytes.extend_from_slice(&signature.to_bytes());
        format!("\u{2014} {} {}\n", self.name, BASE64.encode(bytes))
    }

    /// On disk before anything is given out: a witness that forgets cosigns a fork.
    fn keep(&mut self, head: Checkpoint) -> Result<(), Refusal> {
        let mut next = self.seen.clone();
        let seen = Seen {
            size: head.size,
            root: BASE64.encode(head.root),
        };
        next.insert(head.origin, seen);
        let text = serde_json::to_vec(&next)
            .map_err(|error| Refusal::State(std::io::Error::other(error)))?;
        write(&self.state, &text).map_err(Refusal::State)?;
        self.seen = next;
        Ok(())
    }
}

/// Makes a witness's private key from 32 random bytes: `PRIVATE+KEY+name+hash+key`.
///
/// # Errors
/// [`Doubt::Form`] for a name that no key can have.
pub fn new_witness(name: &str, seed: &[u8; 32]) -> Result<String, Doubt> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(form("the name", "it has no spaces and no `+`"));
    }
    let key = SigningKey::from_bytes(seed);
    let id = hex(key_id(name, &kind_and_key(&key)));
    let mut bytes = vec![COSIGNATURE];
    bytes.extend_from_slice(seed);
    Ok(format!("{PRIVATE}{name}+{id}+{}", BASE64.encode(bytes)))
}

fn private_key(text: &str) -> Result<(String, SigningKey), Doubt> {
    let bad = || {
        form(
            "the private key",
            "it is written as `witness key` prints it",
        )
    };
    let rest = text.trim().strip_prefix(PRIVATE).ok_or_else(bad)?;
    let mut parts = rest.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(bad());
    };
    let bytes = BASE64.decode(key).map_err(|_| bad())?;
    let Some((&COSIGNATURE, seed)) = bytes.split_first() else {
        return Err(bad());
    };
    let key = SigningKey::from_bytes(seed.try_into().map_err(|_| bad())?);
    if hex(key_id(name, &kind_and_key(&key))) != id {
        return Err(form("the private key", "its hash is another key's"));
    }
    Ok((name.to_owned(), key))
}

fn public(name: &str, key: &SigningKey) -> String {
    let bytes = kind_and_key(key);
    let id = hex(key_id(name, &bytes));
    format!("{name}+{id}+{}", BASE64.encode(bytes))
}

fn kind_and_key(key: &SigningKey) -> Vec<u8> {
    let mut bytes = vec![COSIGNATURE];
    bytes.extend_from_slice(key.verifying_key().as_bytes());
    bytes
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

fn root(seen: &Seen) -> Option<Hash> {
    BASE64.decode(&seen.root).ok()?.try_into().ok()
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let half = path.with_extension("part");
    let mut file = std::fs::File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half, path)
}

fn form_of(doubt: &Doubt) -> Refusal {
    Refusal::Form(doubt.to_string())
}

/// The parts of a request: `old SIZE`, the proof's hashes, an empty line, the checkpoint.
struct Asked<'a> {
    old: u64,
    proof: Vec<Hash>,
    checkpoint: &'a str,
}

impl<'a> Asked<'a> {
    fn parse(request: &'a str) -> Result<Self, Refusal> {
        let bad = |detail: &str| Refusal::Form(detail.to_owned());
        let (head, checkpoint) = request
            .split_once("\n\n")
            .ok_or_else(|| bad("no empty line before its checkpoint"))?;
        let mut rows = head.split('\n');
        let digits = rows
            .next()
            .and_then(|row| row.strip_prefix("old "))
            .ok_or_else(|| bad("its first line is `old` and a size"))?;
        let old = digits
            .parse()
            .ok()
            .filter(|old: &u64| old.to_string() == digits)
            .ok_or_else(|| bad("its old size is no plain number"))?;
        let proof: Option<Vec<Hash>> = rows
            .map(|row| BASE64.decode(row).ok()?.try_into().ok())
            .collect();
        let proof = proof
            .filter(|proof| proof.len() <= LONGEST_PROOF)
            .ok_or_else(|| bad("its proof is no list of SHA-256 hashes"))?;
        Ok(Self {
            old,
            proof,
            checkpoint,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log's key as signed-note writes it, and a checkpoint under its signature.
    fn log(size: u64, root: Hash) -> (Key, String) {
        let (key, name) = (SigningKey::from_bytes(&[1; 32]), "log.example");
        let mut public = vec![crate::note::ED25519];
        public.extend_from_slice(key.verifying_key().as_bytes());
        let id = key_id(name, &public);
        let text = format!("{name}\n{size}\n{}\n", BASE64.encode(root));
        let mut line = id.to_vec();
        line.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
        let note = format!("{text}\n\u{2014} {name} {}\n", BASE64.encode(line));
        let public = format!("{name}+{}+{}", hex(id), BASE64.encode(public));
        (Key::parse(&public).unwrap(), note)
    }

    #[test]
    fn a_log_grows_from_the_empty_tree_and_the_empty_tree_has_one_root() {
        let state = format!("privity-witness-{}.json", std::process::id());
        let state = std::env::temp_dir().join(state);
        let leaf = tree::leaf_hash(b"first");
        let (key, empty) = log(0, tree::empty_root());
        let private = new_witness("witness.example", &[2; 32]).unwrap();
        let mut witness = Witness::open(&private, vec![key], &state).unwrap();
        let mut ask = |note: &str| witness.add_checkpoint(&format!("old 0\n\n{note}"), 1);
        let (_, wrong) = log(0, leaf);
        assert!(matches!(ask(&wrong), Err(Refusal::Form(_))));
        ask(&empty).unwrap();
        ask(&empty).unwrap();
        let (_, first) = log(1, leaf);
        ask(&first).unwrap();
        assert!(matches!(ask(&first), Err(Refusal::Conflict(1))));
        std::fs::remove_file(&state).unwrap();
    }
}

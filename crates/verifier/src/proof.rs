//! One leaf's proof (C2SP tlog-proof), with the leaf and, where it is revealed, the entry as extra
//! data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;

use crate::leaf::Leaf;
use crate::note::{Checkpoint, Key};
use crate::tree::{self, Hash};
use crate::{Doubt, form};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// Longer is no proof: a tree has at most 64 levels.
const LONGEST: usize = 1 << 20;

/// What a proof proves.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// Name of the log.
    pub origin: String,
    /// Leaves under the signed checkpoint.
    pub size: u64,
    /// The leaf's place.
    pub index: u64,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// The entry, where it is revealed: who did what, for what, under which clauses.
    pub entry: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    v: u16,
    leaf: String,
    entry: Option<Revealed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revealed {
    salt: String,
    text: String,
}

/// Checks a proof by keys that are trusted.
///
/// # Errors
/// [`Doubt`] says which link does not hold.
pub fn check_proof(text: &str, keys: &[Key]) -> Result<Proven, Doubt> {
    let bad = |detail: &str| form("a proof", detail);
    if text.len() > LONGEST {
        return Err(bad("it is too long"));
    }
    let (proof, checkpoint) = text
        .split_once("\n\n")
        .ok_or_else(|| bad("no empty line before its checkpoint"))?;
    let mut lines = proof.split('\n');
    if lines.next() != Some(FIRST_LINE) {
        return Err(bad("its first line names no version known here"));
    }
    let field = |line: Option<&str>, name: &str| {
        let value = line.and_then(|line| line.strip_prefix(name));
        value.map(str::to_owned)
    };
    let extra = field(lines.next(), "extra ").ok_or_else(|| bad("it lacks its extra data"))?;
    let digits = field(lines.next(), "index ").ok_or_else(|| bad("it lacks its index"))?;
    let index: u64 = digits
        .parse()
        .ok()
        .filter(|index: &u64| index.to_string() == digits)
        .ok_or_else(|| bad("its index is no plain number"))?;
    let path = lines
        .map(|line| BASE64.decode(line).ok()?.try_into().ok())
        .collect::<Option<Vec<Hash>>>()
        .ok_or_else(|| bad("its path is not of SHA-256 hashes"))?;
    let head = Checkpoint::open(checkpoint, keys)?;
    let decode = |text: &str| BASE64.decode(text).map_err(|_| bad("bad base64"));
    let extra: Extra = serde_json::from_slice(&decode(&extra)?)
        .map_err(|_| bad("its extra data has another form"))?;
    if extra.v != 1 {
        return Err(bad("its extra data has a version unknown here"));
    }
    let bytes = decode(&extra.leaf)?;
    if !tree::leads_to(&head.root, head.size, index, tree::leaf_hash(&bytes), &path) {
        return Err(Doubt::Path(index));
    }
    let leaf = Leaf::decode(&bytes)
        .filter(|leaf| leaf.index == index)
        .ok_or(Doubt::Entry(index))?;
    let entry = match extra.entry {
        None => None,
        Some(revealed) => {
            if !leaf.commits_to(&decode(&revealed.salt)?, revealed.text.as_bytes()) {
                return Err(Doubt::Entry(index));
            }
            let read = serde_json::from_str(&revealed.text);
            Some(read.map_err(|_| Doubt::Entry(index))?)
        }
    };
    Ok(Proven {
        origin: head.origin,
        size: head.size,
        index,
        at: leaf.at,
        entry,
    })
}

//! A leaf's 65 bytes: version, index and instant (64 bits each, big-endian), tenant (16 bytes),
//! commitment. The commitment is SHA-256 over a salt of 32 bytes and the entry's text.

use sha2::{Digest, Sha256};

const VERSION: u8 = 1;
const SALT: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) index: u64,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    commitment: [u8; 32],
}

impl Leaf {
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        let (index, rest) = rest.split_first_chunk::<8>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (_tenant, commitment) = rest.split_first_chunk::<16>()?;
        (version == VERSION).then_some(())?;
        Some(Self {
            index: u64::from_be_bytes(*index),
            at: i64::from_be_bytes(*at),
            commitment: commitment.try_into().ok()?,
        })
    }

    pub(crate) fn commits_to(&self, salt: &[u8], entry: &[u8]) -> bool {
        if salt.len() != SALT {
            return false;
        }
        let mut sum = Sha256::new();
        sum.update(salt);
        sum.update(entry);
        let sum: [u8; 32] = sum.finalize().into();
        sum == self.commitment
    }
}

//! A leaf of the log: what stays when the evidence is forgotten.
//!
//! Version 1, 65 bytes: version, index, instant (both 64 bits, big-endian), tenant (16 bytes, nil
//! for none), commitment. The commitment is SHA-256 of a 32-byte salt and the entry's bytes;
//! without the salt it says nothing, and the tree above it still verifies.

use domain::{TenantId, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const VERSION: u8 = 1;
/// Bytes of a salt.
pub(crate) const SALT: usize = 32;
const LEN: usize = 65;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) index: u64,
    pub(crate) at: Timestamp,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) commitment: [u8; 32],
}

impl Leaf {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let tenant = self.tenant.map_or(Uuid::nil(), |tenant| tenant.as_uuid());
        let mut bytes = Vec::with_capacity(LEN);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.index.to_be_bytes());
        bytes.extend_from_slice(&self.at.0.to_be_bytes());
        bytes.extend_from_slice(tenant.as_bytes());
        bytes.extend_from_slice(&self.commitment);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        let (index, rest) = rest.split_first_chunk::<8>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (tenant, commitment) = rest.split_first_chunk::<16>()?;
        let tenant = Uuid::from_bytes(*tenant);
        (version == VERSION).then_some(())?;
        Some(Self {
            index: u64::from_be_bytes(*index),
            at: Timestamp(i64::from_be_bytes(*at)),
            tenant: (!tenant.is_nil()).then(|| TenantId::from_uuid(tenant)),
            commitment: commitment.try_into().ok()?,
        })
    }
}

/// What a leaf says of an entry. A salt has one length, so the two never run together.
pub(crate) fn commit(salt: &[u8], entry: &[u8]) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(salt);
    sum.update(entry);
    sum.finalize().into()
}

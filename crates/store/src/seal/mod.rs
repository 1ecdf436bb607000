//! Sealed bytes that know their address: they open under their key, in their place, or not at all.
//!
//! Version 1: one version byte, a random 96-bit nonce, AES-256-GCM ciphertext with its tag. The
//! associated data is the address, each field prefixed by its length. Keys seal few records each
//! (an object key one object, a tenant key small columns), far below GCM's limit of 2^32.

#[cfg(test)]
mod tests;

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use domain::{Chance, NoChance, TenantId};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::keys::Key;

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 12;
/// Bytes of an authentication tag.
pub(crate) const TAG: usize = 16;
const VERSION: u8 = 1;

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// Whose it is.
    pub(crate) tenant: TenantId,
    /// The table or kind of blob.
    pub(crate) table: &'a str,
    /// The row's key in text form.
    pub(crate) row: &'a str,
    /// The column.
    pub(crate) column: &'a str,
}

impl Address<'_> {
    /// Stands for the tenant in rows of the installation itself.
    pub(crate) const INSTALLATION: TenantId = TenantId::from_uuid(Uuid::nil());

    /// The address as associated data; `format` keeps formats apart that share a key.
    pub(crate) fn associated(&self, format: &str, version: u8) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(96);
        push_field(&mut bytes, format.as_bytes());
        push_field(&mut bytes, &[version]);
        push_field(&mut bytes, self.tenant.as_uuid().as_bytes());
        push_field(&mut bytes, self.table.as_bytes());
        push_field(&mut bytes, self.row.as_bytes());
        push_field(&mut bytes, self.column.as_bytes());
        bytes
    }

    pub(crate) fn refused(&self) -> SealError {
        SealError::Open {
            table: self.table.to_owned(),
            column: self.column.to_owned(),
        }
    }
}

/// Seals a value for its place.
pub(crate) fn seal(
    key: &Key,
    at: &Address<'_>,
    plain: &[u8],
    chance: &dyn Chance,
) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0u8; NONCE];
    chance.fill(&mut nonce)?;
    let body = lock(key, &nonce, &at.associated("privity seal", VERSION), plain)
        .ok_or(SealError::TooLong)?;
    let mut sealed = Vec::with_capacity(1 + NONCE + body.len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

/// Opens a value of any version at its place.
pub(crate) fn open(
    key: &Key,
    at: &Address<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (&version, rest) = sealed.split_first().ok_or_else(|| at.refused())?;
    if version != VERSION {
        return Err(SealError::Version(version));
    }
    let (nonce, body) = rest
        .split_first_chunk::<NONCE>()
        .ok_or_else(|| at.refused())?;
    unlock(key, nonce, &at.associated("privity seal", VERSION), body).ok_or_else(|| at.refused())
}

/// AES-256-GCM; nothing only where the input is past GCM's 64 GiB.
pub(crate) fn lock(
    key: &Key,
    nonce: &[u8; NONCE],
    associated: &[u8],
    plain: &[u8],
) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(plain.len() + TAG);
    body.extend_from_slice(plain);
    let tag = cipher(key)
        .encrypt_inout_detached(&Nonce::from(*nonce), associated, body.as_mut_slice().into())
        .ok()?;
    body.extend_from_slice(&tag);
    Some(body)
}

/// Nothing where key, nonce, associated data or a byte differ.
pub(crate) fn unlock(
    key: &Key,
    nonce: &[u8; NONCE],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (body, tag) = sealed.split_last_chunk::<TAG>()?;
    let mut plain = Zeroizing::new(body.to_vec());
    cipher(key)
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            associated,
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .ok()?;
    Some(plain)
}

/// One field with its length before it, so that no two lists of fields give the same bytes.
pub(crate) fn push_field(bytes: &mut Vec<u8>, field: &[u8]) {
    let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(field);
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(key.expose().into())
}

/// Why sealed bytes cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Altered, cut, moved to another place, or of another key.
    #[error(
        "sealed data of `{table}.{column}` does not open: it was altered, moved, or its key is gone"
    )]
    Open {
        /// Table of the address.
        table: String,
        /// Column of the address.
        column: String,
    },
    /// A format this program does not know.
    #[error("sealed data has format {0}, which this program does not know; use a newer program")]
    Version(u8),
    /// Past what one seal may hold.
    #[error("the data is too long to seal at once")]
    TooLong,
    /// A stretch outside the sealed stream was asked for.
    #[error("bytes {offset} to {end} lie outside a stream of {length} bytes")]
    Range {
        /// First byte asked for.
        offset: u64,
        /// One past the last.
        end: u64,
        /// What there is.
        length: u64,
    },
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
}

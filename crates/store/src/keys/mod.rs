//! Envelope of keys: installation root, tenant keys under it, object keys under a tenant's.
//!
//! The root never leaves its [`KeyProvider`]; a tenant key is stored wrapped by it and yields its
//! subkeys by HKDF. Destroying a wrapped key destroys everything below it. Keys print as nothing.

mod file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use domain::{Chance, NoChance, TenantId};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::seal;

pub use file::KeyFile;

/// Version byte of a wrapped key.
const WRAPPED_V1: u8 = 1;

/// A 256-bit key; wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; Self::LEN]);

impl Key {
    /// Bytes of a key.
    pub const LEN: usize = 32;

    /// A fresh one.
    ///
    /// # Errors
    /// [`NoChance`] where the system's randomness fails.
    pub fn generate(chance: &dyn Chance) -> Result<Self, NoChance> {
        let mut key = Self([0; Self::LEN]);
        chance.fill(&mut key.0)?;
        Ok(key)
    }

    pub(crate) const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) const fn expose(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The subkey that a label names: HKDF-SHA256 without salt, the label as its info.
    pub(crate) fn derive(&self, label: &str) -> Result<Self, KeyError> {
        let mut subkey = Self([0; Self::LEN]);
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(label.as_bytes(), &mut subkey.0)
            .map_err(|_| KeyError::Derive)?;
        Ok(subkey)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// A key as it is stored: sealed under the one above it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey(pub Vec<u8>);

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({} bytes)", self.0.len())
    }
}

/// What a key under the installation root is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Everything of one tenant of the hosting plane.
    Tenant,
    /// Ledger entries that belong to no tenant.
    Operator,
    /// Signs the ledger's checkpoints.
    Checkpoints,
    /// Registers of the operator's own.
    Desk,
}

impl KeyKind {
    const fn key(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Operator => "operator",
            Self::Checkpoints => "checkpoints",
            Self::Desk => "desk",
        }
    }
}

/// What a wrapped key is bound to: it unwraps in no other place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyContext {
    /// What it is for.
    pub kind: KeyKind,
    /// Whose it is; nil for the installation's own.
    pub owner: Uuid,
}

impl KeyContext {
    /// Of a tenant's key.
    #[must_use]
    pub const fn tenant(tenant: TenantId) -> Self {
        Self {
            kind: KeyKind::Tenant,
            owner: tenant.as_uuid(),
        }
    }

    /// Of a key of the installation; `owner` tells several of a kind apart.
    #[must_use]
    pub const fn installation(kind: KeyKind, owner: Uuid) -> Self {
        Self { kind, owner }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        seal::push_field(&mut bytes, b"privity wrapped key");
        seal::push_field(&mut bytes, &[WRAPPED_V1]);
        seal::push_field(&mut bytes, self.kind.key().as_bytes());
        seal::push_field(&mut bytes, self.owner.as_bytes());
        bytes
    }
}

/// Holds the installation root: a key file, later a KMS or Vault's transit engine.
#[async_trait]
pub trait KeyProvider: Send + Sync {
    /// Seals a key under the root.
    ///
    /// # Errors
    /// [`KeyError`] where randomness or the provider fails.
    async fn wrap(&self, key: &Key, context: &KeyContext) -> Result<WrappedKey, KeyError>;

    /// Opens a key that was sealed under the root in the same context.
    ///
    /// # Errors
    /// [`KeyError::Unwrap`] where it was altered, moved or is another root's.
    async fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext) -> Result<Key, KeyError>;

    /// Names the root without telling anything of it.
    fn id(&self) -> String;
}

/// A tenant's subkeys, each for one use.
#[derive(Debug)]
pub(crate) struct TenantKeys {
    tenant: TenantId,
    objects: Key,
    records: Key,
    index: Key,
    dedupe: Key,
    ledger: Key,
    surrogates: Key,
    locator: Key,
}

impl TenantKeys {
    /// Makes a tenant's key and wraps it under the root.
    pub(crate) async fn create(
        provider: &dyn KeyProvider,
        tenant: TenantId,
        chance: &dyn Chance,
    ) -> Result<(Self, WrappedKey), KeyError> {
        let key = Key::generate(chance)?;
        let wrapped = provider.wrap(&key, &KeyContext::tenant(tenant)).await?;
        Ok((Self::derive(tenant, &key)?, wrapped))
    }

    /// Opens a stored tenant key.
    pub(crate) async fn open(
        provider: &dyn KeyProvider,
        tenant: TenantId,
        wrapped: &WrappedKey,
    ) -> Result<Self, KeyError> {
        let key = provider
            .unwrap(wrapped, &KeyContext::tenant(tenant))
            .await?;
        Self::derive(tenant, &key)
    }

    /// The labels are stored formats: they never change.
    pub(crate) fn derive(tenant: TenantId, key: &Key) -> Result<Self, KeyError> {
        Ok(Self {
            tenant,
            objects: key.derive("privity v1 objects")?,
            records: key.derive("privity v1 records")?,
            index: key.derive("privity v1 index")?,
            dedupe: key.derive("privity v1 dedupe")?,
            ledger: key.derive("privity v1 ledger")?,
            surrogates: key.derive("privity v1 surrogates")?,
            locator: key.derive("privity v1 locator")?,
        })
    }

    pub(crate) const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Seals small columns that live as long as the tenant.
    pub(crate) const fn records(&self) -> &Key {
        &self.records
    }

    /// Hashes words for the search index and seals its vocabulary.
    pub(crate) const fn index(&self) -> &Key {
        &self.index
    }

    /// Hashes source ids and contents.
    pub(crate) const fn dedupe(&self) -> &Key {
        &self.dedupe
    }

    /// Hashes numbers and addresses of persons.
    pub(crate) const fn locator(&self) -> &Key {
        &self.locator
    }

    /// Seals the tenant's ledger entries.
    pub(crate) const fn ledger(&self) -> &Key {
        &self.ledger
    }

    /// Hashes what surrogates in redacted words stand for.
    pub(crate) const fn surrogates(&self) -> &Key {
        &self.surrogates
    }

    /// A fresh key for one object, with its wrapped form; `object` names the place it is kept.
    pub(crate) fn new_object_key(
        &self,
        object: &str,
        chance: &dyn Chance,
    ) -> Result<(Key, WrappedKey), KeyError> {
        let key = Key::generate(chance)?;
        let wrapped = wrap_under(&self.objects, &key, &self.object_context(object), chance)?;
        Ok((key, wrapped))
    }

    /// Opens an object's key.
    pub(crate) fn unwrap_object_key(
        &self,
        object: &str,
        wrapped: &WrappedKey,
    ) -> Result<Key, KeyError> {
        unwrap_under(&self.objects, wrapped, &self.object_context(object))
            .ok_or(KeyError::Unwrap { what: "object" })
    }

    fn object_context(&self, object: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        seal::push_field(&mut bytes, b"privity object key");
        seal::push_field(&mut bytes, &[WRAPPED_V1]);
        seal::push_field(&mut bytes, self.tenant.as_uuid().as_bytes());
        seal::push_field(&mut bytes, object.as_bytes());
        bytes
    }
}

/// HMAC-SHA256 with its key already worked in: cheap for many short inputs.
#[derive(Clone)]
pub(crate) struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    pub(crate) fn new(key: &Key) -> Self {
        // HMAC fills a short key up to its block with zeros; done here, nothing can fail.
        let mut block = Zeroizing::new([0u8; 64]);
        block.split_at_mut(Key::LEN).0.copy_from_slice(key.expose());
        Self(<Hmac<Sha256> as KeyInit>::new((&*block).into()))
    }

    pub(crate) fn hash(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// The first eight bytes of the hash: a word's token in the search index.
    pub(crate) fn token(&self, bytes: &[u8]) -> u64 {
        let hash = self.hash(bytes);
        hash.first_chunk::<8>()
            .copied()
            .map_or(0, u64::from_be_bytes)
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash")
    }
}

fn wrap_under(
    above: &Key,
    key: &Key,
    context: &[u8],
    chance: &dyn Chance,
) -> Result<WrappedKey, KeyError> {
    let mut nonce = [0u8; seal::NONCE];
    chance.fill(&mut nonce)?;
    let mut wrapped = vec![WRAPPED_V1];
    wrapped.extend_from_slice(&nonce);
    let sealed = seal::lock(above, &nonce, context, key.expose()).ok_or(KeyError::Derive)?;
    wrapped.extend_from_slice(&sealed);
    Ok(WrappedKey(wrapped))
}

fn unwrap_under(above: &Key, wrapped: &WrappedKey, context: &[u8]) -> Option<Key> {
    let (&version, rest) = wrapped.0.split_first()?;
    let (nonce, sealed) = rest.split_first_chunk::<{ seal::NONCE }>()?;
    if version != WRAPPED_V1 {
        return None;
    }
    let plain = seal::unlock(above, nonce, context, sealed)?;
    Key::from_slice(&plain)
}

/// Why a key cannot be made, opened or kept. Nothing of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
    /// A subkey or wrapped key could not be computed.
    #[error("a key could not be derived")]
    Derive,
    /// A wrapped key does not open.
    #[error("the {what} key does not open: it was altered, moved, or belongs to another root")]
    Unwrap {
        /// Kind of key.
        what: &'static str,
    },
    /// A file operation failed.
    #[error("cannot {during} the key file `{}`", path.display())]
    Io {
        /// What was tried.
        during: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Others may read the file.
    #[error(
        "the key file `{}` may be read by others (mode {mode:03o}); hint: chmod 600 it",
        path.display()
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The text is no key file of a known version, or was altered.
    #[error("`{}` is not a usable key file: {problem}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The file is locked and no passphrase was given.
    #[error("the key file `{}` is locked; give its passphrase", path.display())]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// The passphrase is wrong, or the file was altered.
    #[error("the passphrase does not open the key file `{}`, or the file was altered", path.display())]
    Passphrase {
        /// Which file.
        path: PathBuf,
    },
}

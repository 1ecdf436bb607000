//! The key file: the installation root as a small text, readable by its owner only.
//!
//! Format, version 1, one `name value` a line: `privity-key-file v1`, `id`, `kdf` (`none`, or
//! `argon2id m t p salt`), `root` (base64 of the root, or of nonce and sealed root).

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{Chance, Secret};
use zeroize::Zeroizing;

use super::{Key, KeyContext, KeyError, KeyProvider, WrappedKey, unwrap_under, wrap_under};
use crate::seal;

const FIRST_LINE: &str = "privity-key-file v1";
/// Argon2id: 64 MiB, three passes, one lane (RFC 9106, second recommended choice, one core).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A file that asks for more is not ours and must not exhaust the machine.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 16;
const SALT: usize = 16;

/// The installation root from a file.
pub struct KeyFile {
    id: String,
    wrapping: Key,
    chance: Arc<dyn Chance>,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFile({})", self.id)
    }
}

impl KeyFile {
    /// Makes a new root and writes it; refuses to overwrite a file.
    ///
    /// # Errors
    /// [`KeyError::Io`], also where the file exists; [`KeyError::Chance`].
    pub fn create(
        path: &Path,
        passphrase: Option<&Secret>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, KeyError> {
        let root = Key::generate(&*chance)?;
        let text = render(&root, passphrase, &*chance)?;
        write_private(path, text.as_bytes())?;
        Self::from_root(&root, chance)
    }

    /// Reads the root.
    ///
    /// # Errors
    /// [`KeyError::Exposed`] where others may read the file, [`KeyError::Locked`] and
    /// [`KeyError::Passphrase`] for a locked one, [`KeyError::Format`], [`KeyError::Io`].
    pub fn open(
        path: &Path,
        passphrase: Option<&Secret>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, KeyError> {
        refuse_exposed(path)?;
        let text = fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(io(path, "read"))?;
        let root = parse(path, &text, passphrase)?;
        Self::from_root(&root, chance)
    }

    fn from_root(root: &Key, chance: Arc<dyn Chance>) -> Result<Self, KeyError> {
        Ok(Self {
            id: root_id(root)?,
            wrapping: root.derive("privity v1 root wrapping")?,
            chance,
        })
    }
}

#[async_trait]
impl KeyProvider for KeyFile {
    async fn wrap(&self, key: &Key, context: &KeyContext) -> Result<WrappedKey, KeyError> {
        wrap_under(&self.wrapping, key, &context.bytes(), &*self.chance)
    }

    async fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext) -> Result<Key, KeyError> {
        unwrap_under(&self.wrapping, wrapped, &context.bytes()).ok_or(KeyError::Unwrap {
            what: context.kind.key(),
        })
    }

    fn id(&self) -> String {
        format!("file:{}", self.id)
    }
}

/// Sixteen hexadecimal digits that name a root; also finds a mistyped or damaged one.
fn root_id(root: &Key) -> Result<String, KeyError> {
    let named = root.derive("privity v1 root id")?;
    Ok(hex::encode(named.expose().split_at(8).0))
}

fn render(
    root: &Key,
    passphrase: Option<&Secret>,
    chance: &dyn Chance,
) -> Result<Zeroizing<String>, KeyError> {
    let id = root_id(root)?;
    let Some(passphrase) = passphrase else {
        let head = format!("{FIRST_LINE}\nid {id}\nkdf none\n");
        let body = Zeroizing::new(BASE64.encode(root.expose()));
        return Ok(Zeroizing::new(format!("{head}root {}\n", *body)));
    };
    let mut salt = [0u8; SALT];
    chance.fill(&mut salt)?;
    let kdf = format!(
        "argon2id m={MEMORY_KIB} t={PASSES} p=1 salt={}",
        BASE64.encode(salt)
    );
    let head = format!("{FIRST_LINE}\nid {id}\nkdf {kdf}\n");
    let lock = stretch(passphrase, MEMORY_KIB, PASSES, &salt)?;
    let mut nonce = [0u8; seal::NONCE];
    chance.fill(&mut nonce)?;
    let sealed =
        seal::lock(&lock, &nonce, head.as_bytes(), root.expose()).ok_or(KeyError::Derive)?;
    let body = BASE64.encode([nonce.as_slice(), &sealed].concat());
    Ok(Zeroizing::new(format!("{head}root {body}\n")))
}

fn parse(path: &Path, text: &str, passphrase: Option<&Secret>) -> Result<Key, KeyError> {
    let bad = |problem| KeyError::Format {
        path: path.to_owned(),
        problem,
    };
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        return Err(bad("its first line is not `privity-key-file v1`"));
    }
    let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let (Some(id), Some(kdf), Some(body)) = (field("id"), field("kdf"), field("root")) else {
        return Err(bad("its lines are not `id`, `kdf` and `root`"));
    };
    let body = BASE64
        .decode(body)
        .map(Zeroizing::new)
        .map_err(|_| bad("its root is not base64"))?;
    let root = if kdf == "none" {
        Key::from_slice(&body).ok_or_else(|| bad("its root is not 32 bytes long"))?
    } else {
        let passphrase = passphrase.ok_or_else(|| KeyError::Locked {
            path: path.to_owned(),
        })?;
        let head = format!("{FIRST_LINE}\nid {id}\nkdf {kdf}\n");
        let (memory, passes, salt) =
            argon2id(kdf).ok_or_else(|| bad("its `kdf` is not one this program knows"))?;
        let lock = stretch(passphrase, memory, passes, &salt)?;
        unlock_root(&lock, &head, &body).ok_or_else(|| KeyError::Passphrase {
            path: path.to_owned(),
        })?
    };
    if root_id(&root)? != id {
        return Err(bad("its root does not match its id"));
    }
    Ok(root)
}

fn unlock_root(lock: &Key, head: &str, body: &[u8]) -> Option<Key> {
    let (nonce, sealed) = body.split_first_chunk::<{ seal::NONCE }>()?;
    let plain = seal::unlock(lock, nonce, head.as_bytes(), sealed)?;
    Key::from_slice(&plain)
}

fn argon2id(kdf: &str) -> Option<(u32, u32, Vec<u8>)> {
    let mut parts = kdf.strip_prefix("argon2id ")?.split(' ');
    let memory = parts.next()?.strip_prefix("m=")?.parse().ok()?;
    let passes = parts.next()?.strip_prefix("t=")?.parse().ok()?;
    let lanes = parts.next()?.strip_prefix("p=")?;
    let salt = BASE64.decode(parts.next()?.strip_prefix("salt=")?).ok()?;
    let bearable = memory <= MOST_MEMORY_KIB && passes <= MOST_PASSES;
    (bearable && lanes == "1" && parts.next().is_none()).then_some((memory, passes, salt))
}

fn stretch(passphrase: &Secret, memory: u32, passes: u32, salt: &[u8]) -> Result<Key, KeyError> {
    let params = Params::new(memory, passes, 1, Some(Key::LEN)).map_err(|_| KeyError::Derive)?;
    let mut out = Zeroizing::new([0u8; Key::LEN]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut *out)
        .map_err(|_| KeyError::Derive)?;
    Ok(Key::from_bytes(*out))
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)
        .map_err(io(path, "read"))?
        .permissions()
        .mode()
        & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(KeyError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
fn refuse_exposed(_path: &Path) -> Result<(), KeyError> {
    Ok(())
}

/// Durable before it returns: a lost root loses everything under it.
fn write_private(path: &Path, text: &[u8]) -> Result<(), KeyError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(io(path, "create"))?;
    file.write_all(text).map_err(io(path, "write"))?;
    file.sync_all().map_err(io(path, "write"))?;
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let folder = fs::File::open(folder).map_err(io(path, "write"))?;
        folder.sync_all().map_err(io(path, "write"))?;
    }
    Ok(())
}

fn io(path: &Path, during: &'static str) -> impl FnOnce(std::io::Error) -> KeyError {
    let path = PathBuf::from(path);
    move |source| KeyError::Io {
        during,
        path,
        source,
    }
}

//! What leaves, where it goes, what stays behind as proof.

use std::fmt;
use std::path::PathBuf;

use domain::{
    DataCategory, DisclosureId, InteractionId, Purpose, RecipientKind, Secret, Timestamp,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where parcels of a recipient go. What is secret about it is not printed.
#[derive(Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A folder that the recipient reads: a bundle sealed under the shared secret.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What both sides know.
        secret: Secret,
    },
    /// HTTP with a Standard Webhooks signature.
    Webhook {
        /// `https://…`; `http://` only on this machine.
        url: Secret,
        /// `whsec_` and base64, as both sides know it.
        secret: Secret,
    },
    /// A letter through the configured relay, the bundle attached.
    Mail {
        /// The address.
        to: Secret,
        /// Opens the attached bundle; handed over another way.
        secret: Secret,
    },
}

impl Endpoint {
    /// The transport's name in registers.
    #[must_use]
    pub const fn transport(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "folder",
            Self::Webhook { .. } => "webhook",
            Self::Mail { .. } => "mail",
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.transport())
    }
}

/// What the data stands under, bound to the payload and sent with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticky {
    /// Hash of the policy version that allowed it.
    pub policy_version: String,
    /// What it may be used for; a purpose's key.
    pub purpose: String,
    /// Which kinds of data it is; categories' keys.
    pub categories: Vec<String>,
    /// The clauses that allowed it.
    pub clauses: Vec<String>,
    /// Terms that the recipient is bound by.
    pub terms: Vec<String>,
    /// When it must be gone at the recipient's, in milliseconds since 1970.
    pub erase_by: Option<i64>,
}

/// Something that leaves.
pub struct Parcel {
    /// Its number in the register.
    pub id: DisclosureId,
    /// Of which interaction it is.
    pub interaction: InteractionId,
    /// What kind of recipient it goes to.
    pub kind: RecipientKind,
    /// What for.
    pub purpose: Purpose,
    /// Kinds of data inside; each is asked of the permit.
    pub categories: Vec<DataCategory>,
    /// Media type of the payload.
    pub media_type: &'static str,
    /// The payload.
    pub bytes: Zeroizing<Vec<u8>>,
    /// What it stands under.
    pub sticky: Sticky,
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parcel({}, {} bytes)", self.id, self.bytes.len())
    }
}

/// What closes the register's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// When it was handed over.
    pub at: i64,
    /// How.
    pub transport: String,
    /// What the other side said, or the file's name; no payload.
    pub answer: String,
    /// SHA-256 of what was sent, in hex.
    pub sent_sha256: String,
    /// Bytes sent.
    pub sent: u64,
}

impl Slip {
    pub(crate) fn new(at: Timestamp, transport: &str, answer: String, sent: &[u8]) -> Self {
        use sha2::{Digest, Sha256};
        Self {
            at: at.0,
            transport: transport.to_owned(),
            answer,
            sent_sha256: hex::encode(Sha256::digest(sent)),
            sent: u64::try_from(sent.len()).unwrap_or(u64::MAX),
        }
    }
}

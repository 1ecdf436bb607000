//! What a leaf stands for: who did what to what, for which purpose, under which clauses.
//!
//! No personal data: actors by handle, things by id. Stored as JSON with a version; every version
//! ever written stays readable.

use std::fmt;
use std::str::FromStr;

use domain::{ClauseId, DataCategory, Purpose, TenantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::LedgerError;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EntryKind { $($(#[$doc])* $name,)* }

        impl EntryKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the stored entry.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

kinds! {
    /// An interaction was taken in.
    TakenIn = "taken_in";
    /// Personal data was sealed.
    Sealed = "sealed";
    /// Sealed data was opened.
    Opened = "opened";
    /// Interactions were listed or searched.
    Found = "found";
    /// The policy refused an act.
    Refused = "refused";
    /// Data was handed to a recipient.
    Disclosed = "disclosed";
    /// An erasure began: its keys are destroyed.
    Erasing = "erasing";
    /// An erasure ended: every place is confirmed.
    Erased = "erased";
    /// Some kinds of data of an interaction were destroyed, the rest stays.
    Purged = "purged";
    /// Something was entered in a register, or an entry there changed.
    Filed = "filed";
    /// A legal hold was laid on an interaction.
    Held = "held";
    /// A legal hold was lifted from an interaction.
    Released = "released";
    /// Somebody in an interaction refused uses of it.
    Objected = "objected";
    /// What was refused for an interaction was lifted.
    Agreed = "agreed";
    /// A policy or a page was published.
    Published = "published";
    /// An account or a machine's key was made or changed, or somebody signed in or out everywhere;
    /// the resource names the account or key, the action what was done.
    Account = "account";
    /// A key was made.
    KeyMade = "key_made";
    /// A key was destroyed.
    KeyDestroyed = "key_destroyed";
    /// The evidence of another leaf was destroyed; the resource names that leaf.
    Forgotten = "forgotten";
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for EntryKind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.iter().copied().find(|kind| kind.key() == text);
        found.ok_or(UnknownKind)
    }
}

/// The text is no kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no kind of ledger entry")]
pub struct UnknownKind;

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose data it was about; none for the installation itself.
    pub tenant: Option<TenantId>,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EntryKind,
    /// Handle of who acted, such as `cli` or `worker-1`; never a personal name.
    pub actor: String,
    /// The right the actor acted in, such as `owner`, `api_key` or `pipeline`.
    pub role: Option<String>,
    /// The act as the policy names it.
    pub action: String,
    /// What for.
    pub purpose: Option<Purpose>,
    /// Id of what it was done to.
    pub resource: Option<String>,
    /// Which kinds of data.
    pub categories: Vec<DataCategory>,
    /// The clauses that permitted or refused it.
    pub clauses: Vec<ClauseId>,
    /// Version of the policy that decided.
    pub policy_version: Option<String>,
    /// How many things it touched, where one act touches many.
    pub count: Option<u64>,
}

impl Entry {
    /// An entry of which only the necessary is known.
    #[must_use]
    pub fn new(kind: EntryKind, at: Timestamp, actor: &str, action: &str) -> Self {
        Self {
            tenant: None,
            at,
            kind,
            actor: actor.to_owned(),
            role: None,
            action: action.to_owned(),
            purpose: None,
            resource: None,
            categories: Vec::new(),
            clauses: Vec::new(),
            policy_version: None,
            count: None,
        }
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, LedgerError> {
        let stored = Stored {
            v: 1,
            tenant: self.tenant.map(|tenant| tenant.to_string()),
            at: self.at.0,
            kind: self.kind.key().to_owned(),
            actor: self.actor.clone(),
            role: self.role.clone(),
            action: self.action.clone(),
            purpose: self.purpose.map(|purpose| purpose.key().to_owned()),
            resource: self.resource.clone(),
            categories: self.categories.iter().map(ToString::to_string).collect(),
            clauses: self.clauses.iter().map(ToString::to_string).collect(),
            policy_version: self.policy_version.clone(),
            count: self.count,
        };
        serde_json::to_vec(&stored).map_err(|_| LedgerError::Record("an entry"))
    }

    /// Reads every version ever written.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(bytes).ok()?;
        if stored.v != 1 {
            return None;
        }
        let list = |items: &[String]| items.iter().map(|item| item.parse().ok()).collect();
        let tenant = match stored.tenant {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        let purpose = match stored.purpose {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        let clauses: Option<Vec<ClauseId>> =
            stored.clauses.iter().map(|id| id.parse().ok()).collect();
        let categories: Option<Vec<DataCategory>> = list(&stored.categories);
        Some(Self {
            tenant,
            at: Timestamp(stored.at),
            kind: stored.kind.parse().ok()?,
            actor: stored.actor,
            role: stored.role,
            action: stored.action,
            purpose,
            resource: stored.resource,
            categories: categories?,
            clauses: clauses?,
            policy_version: stored.policy_version,
            count: stored.count,
        })
    }
}

/// Version 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    at: i64,
    kind: String,
    actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

//! Requests of persons: taken in at the operator, proven by control of a number or address,
//! passed on to the tenants that hold a match, answered under a clock, always to a named end.
//!
//! The operator learns neither who was looked for nor where anything was found: the person's
//! number or address is sealed, the look-up runs over each tenant's own keyed hashes, and what it
//! finds goes to the tenant and, by letter, to the person.

mod agents;
mod authorities;
mod calendar;
mod cases;
mod intake;
mod pack;
mod rectifying;
mod refusing;
mod taking_out;

use std::fmt;
use std::str::FromStr;

use domain::{IdError, RequestId, RightsAgentId, Secret, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use store::Registered;

use crate::keyed;

pub use agents::{RightsAgent, RightsAgentOrder, RightsAgentView, RightsFault, RightsStanding};
pub use authorities::{Authority, authority};
pub use calendar::Law;
pub use cases::{Case, CaseView, Justification, Outcome};
pub use intake::{RequestOrder, RequestStatus, RequestView, Ticket};
pub(crate) use intake::{letter, zone};
pub use pack::{AccessPack, ErasureReceipt};
pub use rectifying::{Correction, CorrectionOrder, CorrectionView};

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// To see what is held.
    Access,
    /// To have it erased.
    Erasure,
    /// To have it corrected.
    Rectification,
    /// To have its use restricted.
    Restriction,
    /// To object to a use.
    Objection,
    /// To take it elsewhere.
    Portability,
    /// To know who holds it.
    Locate,
    /// To complain.
    Complaint,
}

impl RequestKind {
    /// Every kind, with its key.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("access", Self::Access),
        ("erasure", Self::Erasure),
        ("rectification", Self::Rectification),
        ("restriction", Self::Restriction),
        ("objection", Self::Objection),
        ("portability", Self::Portability),
        ("locate", Self::Locate),
        ("complaint", Self::Complaint),
    ];

    /// Its key in records.
    #[must_use]
    pub fn key(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("complaint", |(key, _)| key)
    }

    /// Whether it concerns what tenants hold, and so goes to them.
    const fn is_for_tenants(self) -> bool {
        !matches!(self, Self::Locate | Self::Complaint)
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for RequestKind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let found = Self::ALL.iter().find(|(key, _)| *key == text);
        found.map(|(_, kind)| *kind).ok_or(IdError::Name(
            "a request is access, erasure, rectification, restriction, objection, portability, \
             locate or complaint",
        ))
    }
}

/// A request as the operator keeps it. Which tenants hold a match is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is asked for.
    #[serde(with = "keyed::one")]
    pub kind: RequestKind,
    /// Under which law.
    #[serde(with = "keyed::one")]
    pub law: Law,
    /// The number or address, as the person gave it.
    #[serde(with = "keyed::secret")]
    pub identifier: Secret,
    /// The same as a keyed hash, for counting.
    pub blinded: String,
    /// What the person wrote.
    #[serde(with = "keyed::secret")]
    pub message: Secret,
    /// Hash of the ticket that the status page asks for.
    pub ticket_sha256: String,
    /// Hash of the code that was sent; none where none was.
    pub code_sha256: Option<String>,
    /// Until when the code is good.
    #[serde(with = "keyed::at")]
    pub code_until: Timestamp,
    /// Codes that were tried.
    pub attempts: u8,
    /// When the code came back right.
    #[serde(with = "keyed::maybe_at")]
    pub proven: Option<Timestamp>,
    /// When it had reached every tenant that holds a match, and the person.
    #[serde(default, with = "keyed::maybe_at")]
    pub reached: Option<Timestamp>,
    /// By when the person must be answered; runs from the receipt.
    #[serde(with = "keyed::at")]
    pub due: Timestamp,
    /// Cases that came back: a tenant was silent or refused without a reason.
    pub escalated: Vec<Escalation>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Who asked for the person, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Acting>,
}

/// That a request was made by an agent (Data Rights Protocol).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// Which.
    #[serde(with = "keyed::one")]
    pub agent: RightsAgentId,
    /// Its name, as persons know it.
    pub name: String,
    /// The one tenant that it is for; none: everybody who is hosted here.
    #[serde(with = "keyed::maybe")]
    pub tenant: Option<TenantId>,
    /// The agent's own number for it.
    pub number: Option<String>,
    /// Where the agent wants to be told.
    #[serde(with = "keyed::maybe_secret")]
    pub callback: Option<Secret>,
    /// SHA-256 of the signed message, in hex: the same message is the same request.
    pub message_sha256: String,
    /// Codes that were sent to the person.
    pub codes: u8,
    /// What the agent was last told.
    pub told: Option<String>,
    /// Why the person took it back, where they did.
    #[serde(with = "keyed::maybe_secret")]
    pub withdrawn: Option<Secret>,
}

/// A tenant's case that came back to the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Whose.
    #[serde(with = "keyed::one")]
    pub tenant: TenantId,
    /// Why, in a sentence.
    pub why: String,
    /// When.
    #[serde(with = "keyed::at")]
    pub at: Timestamp,
}

impl Registered for Request {
    type Id = RequestId;
    const REGISTER: &'static str = "requests";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        match (&self.outcome, self.escalated.is_empty(), self.proven) {
            (Some(_), _, _) => "ended",
            (None, false, _) => "escalated",
            (None, true, Some(_)) => "passed_on",
            (None, true, None) => "unproven",
        }
    }

    fn due(&self) -> Option<Timestamp> {
        self.outcome.is_none().then_some(self.due)
    }
}

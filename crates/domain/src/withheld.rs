//! Absence has a reason.

use crate::{ClauseId, EntityKind};

/// Why something a reader asked for is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withheld {
    /// The subject gave no consent, or withdrew it.
    NoConsent,
    /// Removed because of what it is.
    Redacted(EntityKind),
    /// Its retention ended.
    Expired,
    /// Under a legal hold that bars this use.
    OnHold,
    /// The policy forbids it to this reader for this purpose.
    NotPermitted(ClauseId),
    /// Not there yet: the stage that makes it has not run.
    NotReady,
}

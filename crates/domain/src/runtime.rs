//! What a pure caller must be handed: the time of day and chance. Read in one place of `app`.

use crate::Timestamp;

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Where unpredictable bytes come from (keys, salts, nonces, ids).
pub trait Chance: Send + Sync {
    /// Fills the buffer; an implementation that cannot must abort the operation, never
    /// return predictable bytes.
    ///
    /// # Errors
    /// [`NoChance`] where the system's source fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance>;
}

/// The system's source of randomness failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's source of randomness failed")]
pub struct NoChance;

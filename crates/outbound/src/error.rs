//! What can go wrong on the way out.

use std::path::PathBuf;

use domain::{InteractionId, NoChance};
use policy::PermitError;

/// Every failure of the gate. None carries a person's words or an address.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The permit does not cover what is to leave.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// The permit is for another interaction.
    #[error("the permit is for `{permitted}`, the parcel holds `{held}`")]
    WrongParcel {
        /// What the permit is for.
        permitted: InteractionId,
        /// What the parcel holds.
        held: InteractionId,
    },
    /// Something was to be told of that no permit covers.
    #[error("no permit covers what is to be told")]
    Unpermitted,
    /// A test is about somebody.
    #[error("a test message is about nobody and nothing")]
    NotATest,
    /// An endpoint cannot be used.
    #[error("the endpoint cannot be used: {0}")]
    Endpoint(&'static str),
    /// There is no way to reach that kind of address.
    #[error("no way to reach a {0} is configured; set `{1}` in privity.toml")]
    Unreachable(&'static str, &'static str),
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The other side could not be reached or broke off.
    #[error("the recipient could not be reached")]
    Http(#[source] Box<reqwest::Error>),
    /// The other side did not take it.
    #[error("the recipient answered {0}")]
    Refused(u16),
    /// An identity provider did not take a code: it was used, is too old or of another client.
    #[error("the identity provider does not take the code")]
    Unexchanged,
    /// An identity provider cannot be understood.
    #[error("the identity provider cannot be used: {0}")]
    Provider(&'static str),
    /// The other side answered in no known form.
    #[error("the answer cannot be read: {0}")]
    Answer(&'static str),
    /// The relay did not take a letter.
    #[error("the mail relay did not take the letter")]
    Mail(#[source] Box<lettre::transport::smtp::Error>),
    /// A letter cannot be written.
    #[error("the letter cannot be written: {0}")]
    Letter(&'static str),
    /// Something cannot be sealed or opened.
    #[error("the bundle cannot be {0}")]
    Bundle(&'static str),
    /// A signature does not hold.
    #[error("the webhook's signature does not hold: {0}")]
    Signature(&'static str),
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
}

impl OutboundError {
    /// The kind of address that nothing is configured for, where that is what failed.
    #[must_use]
    pub const fn unreachable(&self) -> Option<&'static str> {
        match self {
            Self::Unreachable(what, _) => Some(what),
            Self::Permit(_)
            | Self::WrongParcel { .. }
            | Self::Unpermitted
            | Self::NotATest
            | Self::Endpoint(_)
            | Self::Io { .. }
            | Self::Http(_)
            | Self::Refused(_)
            | Self::Unexchanged
            | Self::Provider(_)
            | Self::Answer(_)
            | Self::Mail(_)
            | Self::Letter(_)
            | Self::Bundle(_)
            | Self::Signature(_)
            | Self::Chance(_) => None,
        }
    }
}

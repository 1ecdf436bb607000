//! What can go wrong in a use case, by who can mend it.

use domain::{IdError, NoChance, Withheld};
use policy::Denial;
use store::StoreError;

use crate::config::ConfigError;

/// Every failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The policy forbids it. An outcome, not a fault: it names its clauses.
    #[error("{0}")]
    Denied(Box<Denial>),
    /// There is no such thing for this tenant.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
        /// As asked for; an id or public name, never personal.
        name: String,
    },
    /// It is not there yet or not to be shown.
    #[error("{}", crate::reading::reason(.0))]
    Withheld(Withheld),
    /// The caller's input cannot be used.
    #[error("{0}")]
    Input(String),
    /// A query that cannot be parsed.
    #[error("{message}")]
    Query {
        /// What is wrong and the nearest valid form.
        message: String,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// Not an id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(Box<StoreError>),
    /// The shipped policy is faulty.
    #[error("the policy cannot be used")]
    Policy(#[from] policy::PolicyError),
    /// A model could not be loaded or run.
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
    /// An export could not be written.
    #[error(transparent)]
    Format(#[from] formats::FormatError),
    /// Sound could not be read or written.
    #[error(transparent)]
    Audio(#[from] engine::audio::AudioFault),
    /// The redaction settings cannot be used.
    #[error(transparent)]
    Rules(#[from] crate::redaction::RulesError),
    /// Models could not be fetched.
    #[error(transparent)]
    Models(#[from] crate::models::ModelsError),
    /// Something could not leave the installation.
    #[error(transparent)]
    Outbound(#[from] outbound::OutboundError),
    /// An agent's message that is not acted on.
    #[error(transparent)]
    Rights(#[from] crate::requests::RightsFault),
    /// A policy may not be published as it is.
    #[error("the policy cannot be published: {}", .0.join("; "))]
    Unpublishable(Vec<String>),
    /// A file could not be read or written.
    #[error("cannot {what}")]
    Io {
        /// What was tried, with the path where it is not personal.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The system's randomness failed.
    #[error(transparent)]
    Chance(#[from] NoChance),
    /// A worker's computation was torn down.
    #[error("a computation was stopped before it ended")]
    Stopped,
}

impl From<Denial> for AppError {
    fn from(denial: Denial) -> Self {
        Self::Denied(Box::new(denial))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Withheld(why) => Self::Withheld(why),
            StoreError::NotFound { what, name } => Self::NotFound { what, name },
            other => Self::Store(Box::new(other)),
        }
    }
}

impl AppError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

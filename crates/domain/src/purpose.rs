//! Planes, purposes, data categories and actors: the vocabulary that permits are written in.

use std::fmt;
use std::str::FromStr;

use crate::{ApiKeyId, BreakGlassId, IdError, InteractionId};

macro_rules! keyed_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key used in the policy document, the ledger and the API.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.key())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                match text {
                    $($key => Ok(Self::$variant),)*
                    _ => Err(IdError::Name(concat!("unknown ", stringify!($name)))),
                }
            }
        }
    };
}

keyed_enum! {
    /// Which half of the installation something belongs to; nothing spans both.
    Plane {
        /// The operator's own site: visitors, contacts, mail, cookies.
        Site = "site",
        /// Tenants' interactions.
        Hosting = "hosting",
    }
}

keyed_enum! {
    /// What personal data of the hosting plane may be opened for. The list is closed:
    /// a use that is not here cannot be asked for.
    Purpose {
        /// Taking an interaction in and keeping it for its tenant.
        Storage = "hosting.storage",
        /// Turning recorded speech into words and telling speakers apart.
        Transcription = "hosting.transcription",
        /// Finding and removing personal and card data in text and audio.
        Redaction = "hosting.redaction",
        /// Measuring, categorising, scoring and indexing redacted words.
        Analysis = "hosting.analysis",
        /// A tenant's people listing, searching and reading redacted interactions.
        Review = "hosting.review",
        /// A tenant's people listening to redacted audio.
        Playback = "hosting.playback",
        /// Handing a tenant its own redacted interactions in an open format.
        Export = "hosting.export",
        /// Opening what redaction removed; a right of its own.
        UnredactedAccess = "hosting.unredacted_access",
        /// Sending interactions to a named recipient on the tenant's instruction.
        Sharing = "hosting.sharing",
        /// Destroying keys and bytes.
        Erasure = "hosting.erasure",
        /// Answering for the data: registers of recipients, disclosures, holds, requests.
        Governance = "hosting.governance",
        /// Handing the least to an authority whose order was reviewed and approved.
        Compelled = "hosting.compelled_disclosure",
        /// Training or tuning a model. Never permitted: it exists so that it can be refused
        /// by name (P103).
        ModelTraining = "train_ai_system",
        /// The operator improving its own product. Never permitted on the hosting plane (P103).
        ProductImprovement = "improve.system",
        /// Selling or redistributing. Never permitted (P104).
        Resale = "third_party_sharing.sale",
    }
}

keyed_enum! {
    /// What kind of personal data something is; keys follow fideslang.
    DataCategory {
        /// Recorded voice.
        Voice = "user.biometric.voice",
        /// Words as spoken or written, before redaction.
        RawContent = "user.content.private",
        /// Words after redaction.
        RedactedContent = "user.content.redacted",
        /// Audio after redaction.
        RedactedAudio = "user.content.redacted_audio",
        /// Who took part: names, numbers, addresses.
        Contact = "user.contact",
        /// When, how long, which channel; metrics.
        InteractionMetadata = "user.behavior.interaction",
    }
}

keyed_enum! {
    /// What a person of a tenant is there to do.
    TenantRole {
        /// Everything of the tenant except unredacted content.
        Owner = "owner",
        /// Searches, reads, listens, exports redacted interactions.
        Analyst = "analyst",
        /// As analyst; assigns and comments.
        Coach = "coach",
        /// Only interactions they took part in.
        Agent = "agent",
        /// Redaction, requests, holds, unredacted access.
        PrivacyOfficer = "privacy_officer",
        /// A machine that brings interactions in and takes exports out.
        Integrator = "integrator",
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person of the tenant, in a role.
    TenantUser {
        /// The role.
        role: TenantRole,
        /// For agents: the interactions they took part in are theirs, no others.
        own: Vec<InteractionId>,
    },
    /// A machine credential of the tenant.
    ApiKey(ApiKeyId),
    /// The pipeline, working on the tenant's standing instruction.
    Pipeline,
    /// The operator's administrator: runs the machines, holds no right to content.
    OperatorAdmin,
    /// The operator's privacy desk: keeps requests and orders, opens no tenant's content.
    PrivacyDesk,
    /// Somebody of the operator whom the tenant let in for a time and a reason.
    BreakGlass(BreakGlassId),
}

impl ActorKind {
    /// The right that somebody acts in, as the policy and the ledger name it.
    #[must_use]
    pub const fn right(&self) -> &'static str {
        match self {
            Self::TenantUser { role, .. } => role.key(),
            Self::ApiKey(_) => "api_key",
            Self::Pipeline => "pipeline",
            Self::OperatorAdmin => "operator_admin",
            Self::PrivacyDesk => "privacy_desk",
            Self::BreakGlass(_) => "break_glass",
        }
    }
}

keyed_enum! {
    /// Whom data may leave to. The list is closed: there is no word for a buyer (P104).
    RecipientKind {
        /// The tenant's own systems.
        Customer = "customer",
        /// The person whom the data is about.
        Person = "person",
        /// Somebody who performs a task for the tenant or the operator.
        Processor = "processor",
        /// A court or an authority.
        Authority = "authority",
        /// Another operator of this installation.
        Successor = "successor",
    }
}

/// Who asks, with the name that the ledger shows the tenant (never a personal name).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// Kind and rights.
    pub kind: ActorKind,
    /// A stable handle such as `cli`, `worker-1`, `key_…`.
    pub handle: String,
}

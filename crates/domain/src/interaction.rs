//! An interaction as it comes in: parties, dialogs, what was declared about it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{IdError, Millis, Purpose, SourceKey, Span, Timestamp};

/// Text that belongs to a person: printed as a length, wiped when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text; each use is a place to look at in review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

/// Position of a party in its interaction, from 0 (as in vCon).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyIndex(pub u16);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Key used in records, searches and exports.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text {
                    $($key => Ok(Self::$variant),)*
                    _ => Err(IdError::Name(concat!("expected one of", $(" `", $key, "`",)*))),
                }
            }
        }
    };
}

words! {
    /// How people met.
    Channel {
        /// Spoken.
        Voice = "voice",
        /// Short written messages.
        Chat = "chat",
        /// Mail.
        Email = "email",
    }
}

words! {
    /// Who began.
    Direction {
        /// The consumer called or wrote first.
        Inbound = "inbound",
        /// The tenant did.
        Outbound = "outbound",
        /// Not told.
        Unknown = "unknown",
    }
}

words! {
    /// What somebody is in an interaction.
    Role {
        /// The tenant's employee.
        Agent = "agent",
        /// The person who called or wrote.
        Consumer = "consumer",
        /// An automated party that writes or speaks.
        Bot = "bot",
        /// A recorded menu.
        Ivr = "ivr",
        /// Supervisor, expert or anyone else on the tenant's side.
        ThirdParty = "third_party",
        /// Not told.
        Unknown = "unknown",
    }
}

/// Somebody who took part. Field names follow vCon's party object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What they are here.
    pub role: Role,
    /// Name as given.
    pub name: Option<Secret>,
    /// Telephone number or tel URI.
    pub tel: Option<Secret>,
    /// Mail address.
    pub mailto: Option<Secret>,
    /// The tenant's own id for them (agent number, client id).
    pub id: Option<Secret>,
}

impl Party {
    /// A party of whom nothing but the role is known.
    #[must_use]
    pub const fn of_role(role: Role) -> Self {
        Self {
            role,
            name: None,
            tel: None,
            mailto: None,
            id: None,
        }
    }
}

/// What a dialog is, after vCon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogKind {
    /// Sound.
    Recording,
    /// A written message.
    Text,
    /// A transcript made elsewhere, with times.
    Transcript,
    /// A transfer or an attempt that did not connect: kept, not processed.
    Signalling,
}

/// One cue of a transcript made elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// Who speaks, where told.
    pub party: Option<PartyIndex>,
    /// From the start of its dialog.
    pub span: Span,
    /// The words.
    pub text: Secret,
    /// The recogniser's certainty, where told.
    pub confidence: Option<f32>,
}

/// What a dialog carries.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Nothing: an incomplete call, a transfer.
    None,
    /// A message. What it quotes of earlier messages is kept apart.
    Text {
        /// The new words.
        body: Secret,
        /// The quoted reply below or between them.
        quoted: Option<Secret>,
    },
    /// Encoded media as received.
    Media(Vec<u8>),
    /// Timed text.
    Captions(Vec<Caption>),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Text { body, .. } => write!(f, "Text({} bytes)", body.expose().len()),
            Self::Media(bytes) => write!(f, "Media({} bytes)", bytes.len()),
            Self::Captions(cues) => write!(f, "Captions({})", cues.len()),
        }
    }
}

/// One recording or message.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialog {
    /// What it is.
    pub kind: DialogKind,
    /// When it began.
    pub start: Timestamp,
    /// How long it lasted, where told.
    pub duration: Option<Millis>,
    /// Recording: one entry per channel, `None` for an unused one; one or no entry for one
    /// channel with several speakers. Mail: From, To, Cc, Bcc in that order.
    pub parties: Vec<Option<PartyIndex>>,
    /// Who wrote or called.
    pub originator: Option<PartyIndex>,
    /// The source's id of the message (Message-ID, chat message id).
    pub message_id: Option<String>,
    /// What it carries.
    pub content: Content,
}

/// Fields that the tenant declared about an interaction (`queue`, `team`, `order`, …).
/// Values may be personal and are sealed with the rest.
pub type Metadata = BTreeMap<String, Secret>;

/// Lawful basis for one interaction, as the vCon lawful-basis attachment states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawfulBasis {
    /// `consent`, `contract`, `legal_obligation`, `vital_interests`, `public_task` or
    /// `legitimate_interests`.
    pub basis: String,
    /// From when on it no longer holds.
    pub expires: Option<Timestamp>,
    /// What was granted and what was refused.
    pub grants: Vec<(Purpose, bool)>,
}

/// One call, chat, e-mail thread or message exchange, before anything was done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Interaction {
    /// How people met.
    pub channel: Channel,
    /// Who began.
    pub direction: Direction,
    /// When it began.
    pub started: Timestamp,
    /// Subject line or title.
    pub subject: Option<Secret>,
    /// Who took part.
    pub parties: Vec<Party>,
    /// Recordings and messages in order of their start.
    pub dialogs: Vec<Dialog>,
    /// The tenant's own fields.
    pub metadata: Metadata,
    /// The source's id, for telling a second arrival.
    pub source: Option<SourceKey>,
    /// Stated lawful bases; with several, the most restrictive wins.
    pub lawful_bases: Vec<LawfulBasis>,
}

//! Every id of the business, in one registry: the text form carries its kind.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Why a text is not the id it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text does not start with the kind's prefix.
    #[error("expected an id that starts with `{expected}_`")]
    Prefix {
        /// The prefix of the id's kind, without its underscore.
        expected: &'static str,
    },
    /// What follows the prefix is not 32 hexadecimal digits.
    #[error("expected 32 hexadecimal digits after `{expected}_`")]
    Digits {
        /// The prefix of the id's kind, without its underscore.
        expected: &'static str,
    },
    /// A name with rules of its own breaks one of them.
    #[error("{0}")]
    Name(&'static str),
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What the text form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a UUID (version 7 where order of creation matters).
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The nil id.
            #[must_use]
            pub const fn is_nil(&self) -> bool {
                self.0.is_nil()
            }

            /// The raw form; for storage rows only.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text
                    .strip_prefix(concat!($prefix, "_"))
                    .ok_or(IdError::Prefix { expected: $prefix })?;
                if digits.len() != 32 {
                    return Err(IdError::Digits { expected: $prefix });
                }
                Uuid::try_parse(digits)
                    .map(Self)
                    .map_err(|_| IdError::Digits { expected: $prefix })
            }
        }
    )*};
}

uuid_ids! {
    /// An organisation whose interactions are hosted.
    TenantId = "ten";
    /// One call, chat, e-mail thread or message exchange.
    InteractionId = "int";
    /// One recording or message inside an interaction.
    DialogId = "dlg";
    /// One sealed blob (original media, redacted media, a tile).
    BlobId = "blb";
    /// One unit of queued work.
    JobId = "job";
    /// One machine credential of a tenant.
    ApiKeyId = "key";
    /// One category, scorecard or alert of a tenant.
    DefinitionId = "def";
    /// A person of a tenant who signs in.
    UserId = "usr";
    /// A file on its way in, part by part.
    UploadId = "upl";
    /// One alert that was raised.
    AlertId = "alr";
    /// One legal hold: a case and what lies under it.
    HoldId = "hld";
    /// One recipient that a tenant granted, with its terms and attested controls.
    RecipientId = "rcp";
    /// One time that data left the installation.
    DisclosureId = "dis";
    /// A person's request as it came in at the operator.
    RequestId = "req";
    /// A person's request as it lies with one tenant.
    CaseId = "cas";
    /// One order of a court or an authority.
    OrderId = "ord";
    /// One rule of a tenant on how long its interactions are kept.
    RetentionRuleId = "ret";
    /// One run of the job that erases what is overdue.
    RetentionRunId = "run";
    /// One opening by the operator that a tenant was asked to approve.
    BreakGlassId = "brk";
    /// One exposure of data and what was done about it.
    BreachId = "bre";
    /// One inquiry or dispute at the operator's desk.
    InquiryId = "inq";
    /// One release of figures about many.
    ReleaseId = "rel";
    /// One duty laid down by law.
    ObligationId = "obl";
    /// One passing of the installation to another operator.
    SuccessionId = "suc";
    /// One folder that is watched.
    WatchedSourceId = "wsr";
    /// One way that a tenant's alerts take to a recipient.
    AlertRouteId = "art";
    /// One message that tells a recipient of alerts; the same however often it is sent.
    DeliveryId = "dlv";
    /// One comment, bookmark or tag on a moment.
    MomentId = "mom";
    /// One form that somebody filled in beside an interaction.
    FillingId = "fil";
    /// One session in which several people score the same interactions blind.
    CalibrationId = "cal";
    /// One plan by which interactions are drawn to be scored.
    SamplingId = "smp";
    /// One part of an interaction that somebody was asked to listen to.
    AssignmentId = "asg";
    /// One list's filters and columns, kept under a name.
    SavedViewId = "viw";
    /// An agent that acts for persons (Data Rights Protocol).
    RightsAgentId = "agt";
    /// What a person says instead, beside an interaction.
    CorrectionId = "cor";
    /// One search for what conversations are about.
    TopicRunId = "top";
}

impl TenantId {
    /// Stands for the operator's own registers, which belong to no tenant.
    pub const INSTALLATION: Self = Self(Uuid::nil());
}

/// The number of a promise in the policy, as in `P98` or `P97b`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClauseId(String);

impl ClauseId {
    /// The id as written in the policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClauseId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let rest = text
            .strip_prefix('P')
            .ok_or(IdError::Name("a clause id starts with `P`"))?;
        let digits = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let suffix = rest.len() - digits.len();
        let well_formed = (2..=3).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && suffix <= 1;
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Name(
                "a clause id is `P`, two or three digits and at most one letter",
            ))
        }
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The short public name of a tenant: 1 to 40 lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantSlug(String);

impl TenantSlug {
    /// The name as typed on the command line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantSlug {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let ends_well = !text.starts_with('-') && !text.ends_with('-');
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) && ends_well {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Name(
                "a tenant's name has 1 to 40 lower-case letters, digits and inner hyphens",
            ))
        }
    }
}

impl fmt::Display for TenantSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Position of a leaf in the transparency log, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(pub u64);

/// What makes an interaction the same one when it arrives again: the source's own id
/// (Message-ID, vCon uuid, call id) or the content's SHA-256. Stored only as a keyed hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SourceKey(String);

impl SourceKey {
    /// An id that the source system gave; `system` keeps two systems' ids apart.
    #[must_use]
    pub fn from_source(system: &str, id: &str) -> Self {
        Self(format!("source\u{1f}{system}\u{1f}{id}"))
    }

    /// The mail thread that a message belongs to, by its root's Message-ID or any other of its
    /// messages' (RFC 5322, `References`). Not the message itself: an answer may come before what
    /// it answers.
    #[must_use]
    pub fn of_mail_thread(id: &str) -> Self {
        Self::from_source("mail-thread", id)
    }

    /// The SHA-256 of the bytes as received.
    #[must_use]
    pub fn from_content(sha256: [u8; 32]) -> Self {
        use fmt::Write as _;
        let mut text = String::from("content\u{1f}");
        for byte in sha256 {
            // Writing to a String cannot fail.
            if write!(text, "{byte:02x}").is_err() {
                break;
            }
        }
        Self(text)
    }

    /// The bytes that the vault's keyed hash is taken over.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form_and_refuses_another_kinds() {
        let id = TenantId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            id.to_string().parse::<InteractionId>(),
            Err(IdError::Prefix { expected: "int" })
        );
        assert!("ten_12".parse::<TenantId>().is_err());
    }

    #[test]
    fn clause_ids_and_slugs_keep_their_rules() {
        for good in ["P01", "P97b", "P110"] {
            assert!(good.parse::<ClauseId>().is_ok(), "{good}");
        }
        for bad in ["", "P", "P1", "97", "P97bb", "P9x9", "p98"] {
            assert!(bad.parse::<ClauseId>().is_err(), "{bad}");
        }
        assert!("acme-support".parse::<TenantSlug>().is_ok());
        for bad in ["", "-a", "a-", "A", "a b"] {
            assert!(bad.parse::<TenantSlug>().is_err(), "{bad}");
        }
    }
}

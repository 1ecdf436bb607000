//! What was removed, from where, and by whom; never the secret itself.

use crate::{IdError, Millis, PartyIndex, Span, SpeakerLabel, WordIndex};
use std::fmt;
use std::str::FromStr;

macro_rules! entities {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal,)*) => {
        /// The kind of a removed span. The tag is what stands in the text, as in `[CARD]`,
        /// and what a search can name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum EntityKind { $($(#[$doc])* $variant,)* }

        impl EntityKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Upper-case tag without brackets.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$variant => $tag,)* }
            }
        }

        impl FromStr for EntityKind {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text {
                    $($tag => Ok(Self::$variant),)*
                    _ => Err(IdError::Name("unknown kind of redaction")),
                }
            }
        }
    };
}

entities! {
    /// Payment card number (PAN): any run of 13 to 19 digits.
    Card = "CARD",
    /// Card verification code.
    Cvv = "CVV",
    /// Card expiry date.
    CardExpiry = "CARD_EXPIRY",
    /// Magnetic-stripe or chip track data.
    TrackData = "TRACK_DATA",
    /// Bank account, IBAN, sort code or routing number.
    BankAccount = "BANK_ACCOUNT",
    /// Government-issued number: SSN, ITIN, NINO, passport, licence, national id.
    GovernmentId = "GOVERNMENT_ID",
    /// A person's name.
    Person = "PERSON",
    /// Postal address or a part that locates a home.
    Address = "ADDRESS",
    /// Telephone number.
    Phone = "PHONE",
    /// E-mail address.
    Email = "EMAIL",
    /// Date of birth.
    DateOfBirth = "DATE_OF_BIRTH",
    /// Date, finer than its year, of what happened to a person.
    Date = "DATE",
    /// Age of a person.
    Age = "AGE",
    /// Web address.
    Url = "URL",
    /// IP or MAC address.
    NetworkAddress = "NETWORK_ADDRESS",
    /// Vehicle plate or identification number.
    Vehicle = "VEHICLE",
    /// Password, PIN or security answer.
    Credential = "CREDENTIAL",
    /// User or account name.
    Username = "USERNAME",
    /// Medical record or health-plan number.
    MedicalId = "MEDICAL_ID",
    /// A digit run that is no known kind and too long to be harmless.
    Number = "NUMBER",
    /// A pattern or word that the tenant declared.
    Custom = "CUSTOM",
}

/// As it stands in a redacted text: `[CARD]`.
impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.tag())
    }
}

/// The rule set that demands a redaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regulation {
    /// Payment Card Industry Data Security Standard.
    PciDss,
    /// HIPAA Safe Harbor identifiers.
    Hipaa,
    /// General Data Protection Regulation.
    Gdpr,
    /// The tenant's own rule.
    Tenant,
}

impl Regulation {
    /// Key used in exports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::PciDss => "pci_dss",
            Self::Hipaa => "hipaa",
            Self::Gdpr => "gdpr",
            Self::Tenant => "tenant",
        }
    }
}

impl FromStr for Regulation {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "pci_dss" => Ok(Self::PciDss),
            "hipaa" => Ok(Self::Hipaa),
            "gdpr" => Ok(Self::Gdpr),
            "tenant" => Ok(Self::Tenant),
            _ => Err(IdError::Name("unknown regulation")),
        }
    }
}

/// Which detector found a span, as in `card.pan` or `name.rampart`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DetectorId(pub String);

/// Share of certainty from 0 to 1; constructed clamped.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f32);

impl Confidence {
    /// Full certainty.
    pub const CERTAIN: Self = Self(1.0);

    /// Clamps into 0..=1; NaN becomes 0.
    #[must_use]
    pub fn new(value: f32) -> Self {
        Self(if value.is_nan() {
            0.0
        } else {
            value.clamp(0.0, 1.0)
        })
    }

    /// The share.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

/// One removed stretch of words of one party.
#[derive(Debug, Clone, PartialEq)]
pub struct RedactionSpan {
    /// What it was.
    pub kind: EntityKind,
    /// Who demands its removal.
    pub regulation: Regulation,
    /// Whose words.
    pub party: PartyIndex,
    /// The speaker's label in the transcript.
    pub speaker: SpeakerLabel,
    /// First removed word in the raw transcript's word order.
    pub first: WordIndex,
    /// Last removed word, inclusive.
    pub last: WordIndex,
    /// Word times before padding.
    pub span: Span,
    /// What found it.
    pub detector: DetectorId,
    /// How sure it was.
    pub confidence: Confidence,
}

impl RedactionSpan {
    /// The stretch of audio to silence: the word times with `padding` on both sides.
    #[must_use]
    pub fn padded(&self, padding: Millis) -> Span {
        Span::between(
            self.span.start().saturating_sub(padding),
            self.span.end().saturating_add(padding),
        )
    }
}

//! What a tenant wants removed, and how.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use domain::{EntityKind, Regulation, Secret};
use regex::{Regex, RegexBuilder};

/// Compiled size that a tenant's pattern may have, in bytes.
const PATTERN_BYTES: usize = 256 * 1024;

/// Whose official numbers are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// SSN, ITIN, ABA routing numbers, ZIP codes, NANP telephones.
    UnitedStates,
    /// NINO, NHS numbers, sort codes, postcodes, driving licences.
    UnitedKingdom,
    /// National ids of the member states.
    EuropeanUnion,
}

impl Locale {
    /// Every locale with its key in settings.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("us", Self::UnitedStates),
        ("uk", Self::UnitedKingdom),
        ("eu", Self::EuropeanUnion),
    ];
}

/// What happens to a found span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operator {
    /// A typed placeholder takes its place.
    #[default]
    Redact,
    /// Stars, and the last four digits of a long number.
    Mask,
    /// The same token for the same secret, keyed per tenant.
    Surrogate,
    /// A date, moved by a number of days that is one for the interaction.
    Shift,
    /// A year for a date of birth, a decade for an age.
    Generalise,
    /// It stays.
    Keep,
}

impl Operator {
    /// Every operator with its key in settings.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("redact", Self::Redact),
        ("mask", Self::Mask),
        ("surrogate", Self::Surrogate),
        ("shift", Self::Shift),
        ("generalise", Self::Generalise),
        ("keep", Self::Keep),
    ];

    /// Its key in settings.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Redact => "redact",
            Self::Mask => "mask",
            Self::Surrogate => "surrogate",
            Self::Shift => "shift",
            Self::Generalise => "generalise",
            Self::Keep => "keep",
        }
    }

    /// Whether it makes sense for a kind. Card data is never kept, and of sensitive
    /// authentication data nothing is left at all (PCI DSS 3.3).
    #[must_use]
    pub fn fits(self, kind: EntityKind) -> bool {
        match self {
            Self::Redact => true,
            Self::Keep => !is_card_data(kind),
            Self::Mask | Self::Surrogate => !is_authentication(kind),
            Self::Shift => matches!(kind, EntityKind::DateOfBirth | EntityKind::Date),
            Self::Generalise => matches!(
                kind,
                EntityKind::DateOfBirth | EntityKind::Date | EntityKind::Age
            ),
        }
    }
}

/// A keyed hash (HMAC) of 256 bits.
pub type KeyedHash = Arc<dyn Fn(&[u8]) -> [u8; 32] + Send + Sync>;

/// A hash under a tenant's key, so that surrogates cannot be guessed from outside.
#[derive(Clone)]
pub struct Surrogates(KeyedHash);

impl Surrogates {
    /// Takes a keyed hash (HMAC), never a plain one: names and numbers are few enough to be
    /// tried.
    #[must_use]
    pub fn new(hash: KeyedHash) -> Self {
        Self(hash)
    }

    pub(crate) fn hash(&self, bytes: &[u8]) -> [u8; 32] {
        (self.0)(bytes)
    }
}

impl fmt::Debug for Surrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Surrogates")
    }
}

/// Whether a rule set demands that a kind be removed.
#[must_use]
pub const fn demands(regulation: Regulation, kind: EntityKind) -> bool {
    match regulation {
        // Account data, and the PIN among credentials.
        Regulation::PciDss => is_card_data(kind) || matches!(kind, EntityKind::Credential),
        // The identifiers of 45 CFR 164.514(b)(2) that words can hold.
        Regulation::Hipaa => !matches!(kind, EntityKind::Credential | EntityKind::Custom),
        // Anything relating to an identified or identifiable person (Article 4(1)).
        Regulation::Gdpr => !matches!(kind, EntityKind::Custom | EntityKind::Date),
        Regulation::Tenant => matches!(kind, EntityKind::Custom),
    }
}

/// Why a tenant's pattern is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It does not compile, or compiles to too much.
    #[error("pattern `{name}` is not usable: check its syntax and shorten its repetitions")]
    Syntax {
        /// The pattern's name.
        name: String,
        /// What the compiler says.
        #[source]
        source: Box<regex::Error>,
    },
    /// It would remove everything.
    #[error("pattern `{name}` matches the empty text: demand at least one character")]
    Empty {
        /// The pattern's name.
        name: String,
    },
}

/// A tenant's own pattern or word list.
#[derive(Clone)]
pub struct CustomPattern {
    name: String,
    matcher: Matcher,
}

#[derive(Clone)]
pub(crate) enum Matcher {
    Pattern(Regex),
    /// Lower-case phrases, cut into words.
    Words(Vec<Vec<String>>),
}

impl CustomPattern {
    /// A regular expression over a turn's text. Matching takes time linear in the text.
    ///
    /// # Errors
    /// [`PatternError`] where it does not compile within bounds or matches the empty text.
    pub fn regex(name: &str, pattern: &str) -> Result<Self, PatternError> {
        let compiled = RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES)
            .build()
            .map_err(|source| PatternError::Syntax {
                name: name.to_owned(),
                source: Box::new(source),
            })?;
        if compiled.is_match("") {
            return Err(PatternError::Empty {
                name: name.to_owned(),
            });
        }
        Ok(Self {
            name: name.to_owned(),
            matcher: Matcher::Pattern(compiled),
        })
    }

    /// Words and phrases, whatever their case and the marks around them.
    #[must_use]
    pub fn words<T: AsRef<str>>(name: &str, phrases: &[T]) -> Self {
        let cut = |phrase: &T| -> Vec<String> {
            let lower = phrase.as_ref().to_lowercase();
            let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
            words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let phrases = phrases
            .iter()
            .map(cut)
            .filter(|words| !words.is_empty())
            .collect();
        Self {
            name: name.to_owned(),
            matcher: Matcher::Words(phrases),
        }
    }

    /// What the tenant calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) const fn matcher(&self) -> &Matcher {
        &self.matcher
    }
}

impl fmt::Debug for CustomPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomPattern({})", self.name)
    }
}

/// What is removed. The default removes every kind, for every locale.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Whose official numbers are looked for.
    pub locales: BTreeSet<Locale>,
    /// Rule sets in force; a span names the first that demands its removal.
    pub regulations: BTreeSet<Regulation>,
    /// Whether dates of events go too, as HIPAA's safe harbour wants (all elements of dates
    /// except the year); where HIPAA is in force only.
    pub event_dates: bool,
    /// What happens to a kind where it is not a placeholder. Card data is never kept.
    pub operators: BTreeMap<EntityKind, Operator>,
    /// The tenant's own patterns and word lists.
    pub custom: Vec<CustomPattern>,
    /// Words that are never taken for a name, such as the tenant's own product names; lower case.
    pub keep: BTreeSet<String>,
    /// Names of the interaction's parties, known beforehand.
    pub known_names: Vec<Secret>,
    /// The tenant's keyed hash; without it surrogates are plain placeholders.
    pub surrogates: Option<Surrogates>,
    /// Days by which this interaction's dates are moved; without it they are plain placeholders.
    pub shift_days: Option<i32>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            locales: BTreeSet::from([
                Locale::UnitedStates,
                Locale::UnitedKingdom,
                Locale::EuropeanUnion,
            ]),
            regulations: BTreeSet::from([
                Regulation::PciDss,
                Regulation::Hipaa,
                Regulation::Gdpr,
                Regulation::Tenant,
            ]),
            event_dates: false,
            operators: BTreeMap::new(),
            custom: Vec::new(),
            keep: BTreeSet::new(),
            known_names: Vec::new(),
            surrogates: None,
            shift_days: None,
        }
    }
}

impl Profile {
    /// Whether a kind is removed: where a rule set in force demands it and it is not kept by
    /// choice. Card data always is, and what the tenant declared itself.
    #[must_use]
    pub fn removes(&self, kind: EntityKind) -> bool {
        let demanded = self.regulations.iter().any(|one| demands(*one, kind));
        if kind == EntityKind::Date && !self.event_dates {
            return false;
        }
        let always = is_card_data(kind) || kind == EntityKind::Custom;
        always || demanded && self.operators.get(&kind) != Some(&Operator::Keep)
    }

    /// What happens to a kind.
    #[must_use]
    pub fn operator(&self, kind: EntityKind) -> Operator {
        if !self.removes(kind) {
            return Operator::Keep;
        }
        let chosen = self.operators.get(&kind).copied().unwrap_or_default();
        if chosen.fits(kind) && chosen != Operator::Keep {
            chosen
        } else {
            Operator::Redact
        }
    }

    /// The rule set that a span of this kind names: the first in force that demands it.
    #[must_use]
    pub fn regulation(&self, kind: EntityKind) -> Regulation {
        let order: &[Regulation] = match kind {
            _ if is_card_data(kind) => return Regulation::PciDss,
            EntityKind::Custom => return Regulation::Tenant,
            EntityKind::MedicalId => &[Regulation::Hipaa, Regulation::Gdpr],
            _ => &[Regulation::Gdpr, Regulation::Hipaa, Regulation::PciDss],
        };
        let in_force = |one: &&Regulation| self.regulations.contains(one) && demands(**one, kind);
        order
            .iter()
            .find(in_force)
            .copied()
            .unwrap_or(Regulation::Tenant)
    }

    pub(crate) fn speaks_for(&self, locale: Locale) -> bool {
        self.locales.contains(&locale)
    }
}

const fn is_card_data(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Card | EntityKind::Cvv | EntityKind::CardExpiry | EntityKind::TrackData
    )
}

/// Kinds of which nothing is ever left.
const fn is_authentication(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Cvv | EntityKind::TrackData | EntityKind::Credential
    )
}

//! What a tenant wants removed, and how.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

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

/// What happens to a found span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operator {
    /// A typed placeholder takes its place.
    #[default]
    Redact,
    /// It stays.
    Keep,
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
    /// What happens to a kind where it is not a placeholder. Card data is never kept.
    pub operators: BTreeMap<EntityKind, Operator>,
    /// The tenant's own patterns and word lists.
    pub custom: Vec<CustomPattern>,
    /// Words that are never taken for a name, such as the tenant's own product names; lower case.
    pub keep: BTreeSet<String>,
    /// Names of the interaction's parties, known beforehand.
    pub known_names: Vec<Secret>,
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
            operators: BTreeMap::new(),
            custom: Vec::new(),
            keep: BTreeSet::new(),
            known_names: Vec::new(),
        }
    }
}

impl Profile {
    /// Whether a kind is removed. Card data always is, whatever the operators say.
    #[must_use]
    pub fn removes(&self, kind: EntityKind) -> bool {
        is_card_data(kind) || self.operators.get(&kind) != Some(&Operator::Keep)
    }

    /// The rule set that a span of this kind names: the first in force that demands it.
    #[must_use]
    pub fn regulation(&self, kind: EntityKind) -> Regulation {
        let order: &[Regulation] = match kind {
            _ if is_card_data(kind) => &[Regulation::PciDss],
            EntityKind::Custom => &[Regulation::Tenant],
            EntityKind::MedicalId => &[Regulation::Hipaa, Regulation::Gdpr],
            _ => &[Regulation::Gdpr, Regulation::Hipaa],
        };
        let in_force = order.iter().find(|one| self.regulations.contains(one));
        in_force
            .or(order.first())
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

//! What a category or a scorecard found in one interaction, with the words that made it so.

use std::fmt;
use std::str::FromStr;

use crate::query::Evidence;
use crate::{IdError, Secret};

/// What a tenant's definition defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinitionKind {
    /// A named query of weighted components, in a folder.
    Category,
    /// A weighted sum of indicators.
    Scorecard,
    /// What to be told of.
    Alert,
    /// Questions that people answer beside an interaction.
    Form,
}

impl DefinitionKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Category, Self::Scorecard, Self::Alert, Self::Form];

    /// Key in records and messages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Scorecard => "scorecard",
            Self::Alert => "alert",
            Self::Form => "form",
        }
    }
}

impl fmt::Display for DefinitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for DefinitionKind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.key() == text)
            .ok_or(IdError::Name("expected category, scorecard, alert or form"))
    }
}

/// Folders and name of a category or scorecard, parted by dots, as in `Retention.Cancel intent`.
/// It is written between square brackets in queries, so it holds none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionName(String);

impl DefinitionName {
    /// Longest name in characters.
    const LONGEST: usize = 200;

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders, outermost first; none for a name without a dot.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let folders = self.0.rsplit_once('.').map(|(folders, _)| folders);
        folders.into_iter().flat_map(|folders| folders.split('.'))
    }

    /// The last part.
    #[must_use]
    pub fn leaf(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(_, leaf)| leaf)
    }
}

impl fmt::Display for DefinitionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DefinitionName {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let part = |part: &str| {
            !part.is_empty()
                && part.trim() == part
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || " _-'&+()".contains(c))
        };
        if text.chars().count() <= Self::LONGEST && text.split('.').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Name(
                "a name is folders and a name parted by dots, such as `Retention.Cancel intent`, \
                 of letters, digits, spaces and _-'&+()",
            ))
        }
    }
}

/// Number of a definition's version, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(pub u32);

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Counts a tenant's publications, from 1: what was found is of the publication that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Epoch(pub u64);

/// How much a component or an indicator counts: above 0, at most a million.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Weight(f64);

impl Weight {
    /// One.
    pub const ONE: Self = Self(1.0);

    /// Nothing unless it is above 0 and at most a million.
    #[must_use]
    pub fn new(weight: f64) -> Option<Self> {
        (weight > 0.0 && weight <= 1e6).then_some(Self(weight))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// How far an indicator is met: 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Credit(f64);

impl Credit {
    /// Met in full.
    pub const FULL: Self = Self(1.0);
    /// Not met.
    pub const NONE: Self = Self(0.0);

    /// Cut to 0 to 1; what is no number counts as 0.
    #[must_use]
    pub fn new(share: f64) -> Self {
        Self(if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        })
    }

    /// The share.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A score: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Score {
    /// Cut to 0 to 100; what is no number counts as 0.
    #[must_use]
    pub fn new(points: f64) -> Self {
        Self(if points.is_nan() {
            0.0
        } else {
            points.clamp(0.0, 100.0)
        })
    }

    /// The points.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

/// A component of a category that matched.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentFinding {
    /// Its name in the category.
    pub name: String,
    /// What it counted.
    pub weight: Weight,
    /// Its words; empty where absence or fields decided.
    pub evidence: Vec<Evidence>,
}

/// How one indicator of a scorecard came out.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorFinding {
    /// Its name in the scorecard.
    pub name: String,
    /// How much it counts.
    pub weight: Weight,
    /// Not met, it makes the whole score zero.
    pub critical: bool,
    /// How far it is met; none where it does not apply.
    pub credit: Option<Credit>,
    /// Its words.
    pub evidence: Vec<Evidence>,
}

/// What a definition found in one interaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The category holds: these components matched.
    Category(Vec<ComponentFinding>),
    /// How each indicator came out, as computed.
    Scorecard(Vec<IndicatorFinding>),
    /// There is something to be told of; empty where absence or fields decided.
    Alert(Vec<Evidence>),
}

/// A person's value in the place of a computed one; the computed one is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// Which indicator, by name.
    pub indicator: String,
    /// Their value; none for "does not apply".
    pub credit: Option<Credit>,
    /// Why.
    pub reason: Secret,
}

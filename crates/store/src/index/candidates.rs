//! Which interactions may match, as the search language says it, and as an engine looks it up.

use domain::Timestamp;
use domain::query::{Nearby, TokenId, Unbroken};

use super::marks;
use super::places::Turns;
use super::source::{Placed, Plan, Question};
use crate::keys::KeyedHash;

/// Which interactions may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidates {
    /// Every searchable interaction.
    All,
    /// None.
    None,
    /// Those with the word.
    Token(TokenId),
    /// Those in which one speaker says the second word right after the first; a few others may
    /// be found with them.
    Next(TokenId, TokenId),
    /// Those in which two words stand near each other; others may be found with them.
    Near(Box<Nearby>),
    /// Those in which words stand one right after the other; some others with the same words may be
    /// missing among them, and all are where the engine knows no places.
    Unbroken(Box<Unbroken>),
    /// Those with a folded text among a field's values.
    Value {
        /// The field.
        field: String,
        /// The text, folded.
        value: String,
    },
    /// Those that started in a stretch of time.
    Started {
        /// At or after.
        from: Option<Timestamp>,
        /// Before.
        until: Option<Timestamp>,
    },
    /// Those that do not satisfy the part.
    Not(Box<Self>),
    /// Those that satisfy every part.
    And(Vec<Self>),
    /// Those that satisfy some part.
    Or(Vec<Self>),
}

impl Candidates {
    /// Whether an engine compares the places of words for some part of it.
    #[must_use]
    pub fn by_places(&self) -> bool {
        match self {
            Self::Near(_) | Self::Unbroken(_) => true,
            Self::Not(inner) => inner.by_places(),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::by_places),
            Self::All
            | Self::None
            | Self::Token(_)
            | Self::Next(..)
            | Self::Value { .. }
            | Self::Started { .. } => false,
        }
    }

    /// The same in an engine's words, without `All` and `None` inside.
    pub(super) fn plan(&self, hasher: &KeyedHash) -> Plan {
        match self {
            Self::All => Plan::All,
            Self::None => Plan::None,
            Self::Token(token) => Plan::Token(*token),
            Self::Next(first, second) => Plan::Mark(marks::next(hasher, *first, *second)),
            Self::Near(nearby) => placed(hasher, Question::Near((**nearby).clone())),
            Self::Unbroken(unbroken) => placed(hasher, Question::Unbroken((**unbroken).clone())),
            Self::Value { field, value } => Plan::Mark(marks::value(hasher, field, value)),
            Self::Started {
                from: None,
                until: None,
            } => Plan::All,
            Self::Started { from, until } => Plan::Started(*from, *until),
            Self::Not(inner) => inner.plan(hasher).opposite(),
            Self::And(parts) => Plan::all_of(parts.iter().map(|part| part.plan(hasher))),
            Self::Or(parts) => Plan::any_of(parts.iter().map(|part| part.plan(hasher))),
        }
    }
}

fn placed(hasher: &KeyedHash, question: Question) -> Plan {
    Plan::Placed(Box::new(Placed {
        question,
        turns: Turns::of(hasher),
    }))
}

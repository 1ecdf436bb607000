//! Which interactions may match, as the search language says it, and as an engine looks it up.

use domain::Timestamp;
use domain::query::{Nearby, TokenId};

use super::marks;
use super::places::Turns;
use super::source::{Near, Plan};
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
    /// The same in an engine's words, without `All` and `None` inside.
    pub(super) fn plan(&self, hasher: &KeyedHash) -> Plan {
        match self {
            Self::All => Plan::All,
            Self::None => Plan::None,
            Self::Token(token) => Plan::Token(*token),
            Self::Next(first, second) => Plan::Mark(marks::next(hasher, *first, *second)),
            Self::Near(nearby) => Plan::Near(Box::new(Near {
                nearby: (**nearby).clone(),
                turns: Turns::of(hasher),
            })),
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

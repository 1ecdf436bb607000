//! The border between the store and an engine that finds candidates by keyed hashes.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use domain::query::{Nearby, TokenId, Unbroken};
use domain::{InteractionId, TenantId, Timestamp};

use super::Spot;
use super::places::{Places, Turns};
use crate::StoreError;

/// One interaction as the index sees it: when it started, keyed hashes, and where words stand.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) spot: Spot,
    pub(crate) places: Places,
    /// What is known beside words, each once, in order.
    pub(crate) marks: Vec<TokenId>,
}

/// What an engine is asked for: nothing but hashes and time. `All` and `None` stand alone, never
/// inside another part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plan {
    All,
    None,
    /// A word.
    Token(TokenId),
    /// Something beside words.
    Mark(TokenId),
    /// Words by where they stand.
    Placed(Box<Placed>),
    /// At or after, and before.
    Started(Option<Timestamp>, Option<Timestamp>),
    Not(Box<Plan>),
    And(Vec<Plan>),
    Or(Vec<Plan>),
}

/// A question about places, with what it takes to turn them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) question: Question,
    pub(crate) turns: Turns,
}

/// What is asked about places. An engine that knows none gives one and the same answer to every
/// question of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// Words near each other; without places, both anywhere.
    Near(Nearby),
    /// Words one right after the other; without places, never.
    Unbroken(Unbroken),
}

impl Question {
    /// The words of each place; all must be there.
    pub(crate) fn words(&self) -> Vec<&[TokenId]> {
        match self {
            Self::Near(nearby) => vec![&nearby.left.tokens, &nearby.right.tokens],
            Self::Unbroken(unbroken) => unbroken.words.iter().map(Vec::as_slice).collect(),
        }
    }
}

/// How many entries meet a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// No fewer.
    pub at_least: u64,
    /// No more; none where the time did not suffice to say.
    pub at_most: Option<u64>,
    /// A guess by the share that was counted; none where all were, or too few for a guess.
    pub about: Option<u64>,
}

/// An engine that finds candidates. All engines give the same answer to the same plan, but for
/// [`Plan::Placed`].
#[async_trait]
pub(crate) trait CandidateSource: Send + Sync {
    /// Adds entries, replacing those of the same interactions; durable when it returns.
    async fn put(&self, tenant: TenantId, entries: Vec<Entry>) -> Result<(), StoreError>;

    /// The newest `limit` entries that meet a plan and stand after a spot.
    async fn page(
        &self,
        tenant: TenantId,
        plan: &Plan,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, StoreError>;

    /// How many entries meet a plan, as well as can be said in a time.
    async fn count(
        &self,
        tenant: TenantId,
        plan: &Plan,
        patience: Duration,
    ) -> Result<Count, StoreError>;

    /// Removes an entry, its bytes too.
    async fn remove(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError>;

    /// Removes everything of a tenant.
    async fn clear(&self, tenant: TenantId) -> Result<(), StoreError>;

    /// Name of the place in a receipt.
    fn place(&self) -> &'static str;
}

impl Count {
    /// Nothing is known.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            at_least: 0,
            at_most: None,
            about: None,
        }
    }

    pub(crate) const fn exactly(count: u64) -> Self {
        Self {
            at_least: count,
            at_most: Some(count),
            about: None,
        }
    }
}

impl Plan {
    pub(crate) fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::All => {}
                Self::None => return Self::None,
                Self::And(more) => kept.extend(more),
                part => kept.push(part),
            }
        }
        if kept.len() > 1 {
            Self::And(kept)
        } else {
            kept.pop().unwrap_or(Self::All)
        }
    }

    pub(crate) fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::All => return Self::All,
                Self::None => {}
                Self::Or(more) => kept.extend(more),
                part => kept.push(part),
            }
        }
        if kept.len() > 1 {
            Self::Or(kept)
        } else {
            kept.pop().unwrap_or(Self::None)
        }
    }

    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Not(inner) => *inner,
            part => Self::Not(Box::new(part)),
        }
    }

    /// Whether places decide some part of it.
    pub(crate) fn by_places(&self) -> bool {
        match self {
            Self::Placed(_) => true,
            Self::Not(inner) => inner.by_places(),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::by_places),
            Self::All | Self::None | Self::Token(_) | Self::Mark(_) | Self::Started(..) => false,
        }
    }

    /// The tokens of words, where there is nothing else.
    pub(crate) fn only_tokens(parts: &[Self]) -> Option<Vec<TokenId>> {
        let token = |part: &Self| match part {
            Self::Token(token) => Some(*token),
            _ => None,
        };
        parts.iter().map(token).collect()
    }
}

impl Entry {
    /// Every hash of it, each once, in order: for an engine that knows no places.
    pub(crate) fn tokens(&self) -> Vec<TokenId> {
        let words = self.places.words().map(|(token, _)| token);
        let all: BTreeSet<TokenId> = words.chain(self.marks.iter().copied()).collect();
        all.into_iter().collect()
    }
}

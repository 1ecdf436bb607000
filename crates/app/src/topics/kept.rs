//! A search for topics as it is kept: sealed, as a note of the tenant.

use std::collections::BTreeMap;

use analysis::topics::TopicsFound;
use domain::{DataCategory, InteractionId, Secret, Timestamp, TopicRunId};
use serde::{Deserialize, Serialize};
use store::{ChoreStates, Noted};

use crate::keyed;
use crate::review::REMARK;

pub(super) const STATES: ChoreStates = ChoreStates {
    waiting: "waiting",
    begun: "begun",
};

/// Interactions by the number of their week ([`crate::review::week_of`]).
pub type TopicWeeks = BTreeMap<i64, usize>;

/// How far a search for topics is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// Nobody has begun.
    Waiting,
    /// Somebody is at it.
    Begun {
        /// Interactions that were read.
        done: usize,
        /// When another may take it over.
        #[serde(with = "keyed::at")]
        until: Timestamp,
    },
    /// Found.
    Ready,
    /// It could not be done; why, without personal data.
    Failed(String),
}

impl TopicState {
    /// One word.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Waiting => STATES.waiting,
            Self::Begun { .. } => STATES.begun,
            Self::Ready => "ready",
            Self::Failed(_) => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Run {
    #[serde(with = "keyed::secret")]
    pub(super) query: Secret,
    #[serde(with = "keyed::maybe_at")]
    pub(super) split: Option<Timestamp>,
    pub(super) seed: u64,
    pub(super) most: Option<usize>,
    /// How many interactions are looked at.
    pub(super) count: usize,
    pub(super) cut: bool,
    /// Which, newest first; forgotten once topics are found.
    #[serde(with = "keyed::many")]
    pub(super) interactions: Vec<InteractionId>,
    pub(super) state: TopicState,
    pub(super) found: Option<Kept>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) topics: Vec<KeptTopic>,
    pub(super) turns: usize,
    pub(super) unclassified: usize,
    pub(super) short: usize,
    pub(super) beyond: usize,
    pub(super) interactions: usize,
    pub(super) unread: usize,
    pub(super) weeks: TopicWeeks,
    pub(super) halves: (usize, usize),
    pub(super) drift: Option<f64>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptTopic {
    pub(super) phrases: Vec<String>,
    pub(super) turns: usize,
    pub(super) interactions: usize,
    pub(super) closeness: f32,
    /// Where, and how many milliseconds into it.
    #[serde(with = "examples")]
    pub(super) examples: Vec<(InteractionId, u64)>,
    pub(super) weeks: TopicWeeks,
    pub(super) halves: (usize, usize),
}

impl std::fmt::Debug for KeptTopic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptTopic({} interactions)", self.interactions)
    }
}

/// What was left out of a search for topics.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LeftOut {
    pub(super) short: usize,
    pub(super) beyond: usize,
    pub(super) unread: usize,
}

impl Kept {
    /// As it was found in interactions of this order.
    pub(super) fn of(found: TopicsFound, order: &[InteractionId], left: LeftOut) -> Self {
        let topics = found.topics.into_iter().map(|topic| KeptTopic {
            phrases: topic.phrases,
            turns: topic.turns,
            interactions: topic.interactions,
            closeness: topic.closeness,
            examples: topic
                .examples
                .iter()
                .filter_map(|place| Some((*order.get(place.interaction)?, place.at.0)))
                .collect(),
            weeks: topic.weeks,
            halves: topic.halves,
        });
        Self {
            topics: topics.collect(),
            turns: found.turns,
            unclassified: found.unclassified,
            short: left.short,
            beyond: left.beyond,
            interactions: found.interactions,
            unread: left.unread,
            weeks: found.weeks,
            halves: found.halves,
            drift: found.drift,
        }
    }
}

impl Noted for Run {
    type Id = TopicRunId;
    const KIND: &'static str = "topics";
    const HOLDS: &'static [DataCategory] = REMARK;

    fn state(&self) -> &'static str {
        self.state.key()
    }

    fn due(&self) -> Option<Timestamp> {
        match self.state {
            TopicState::Begun { until, .. } => Some(until),
            TopicState::Waiting | TopicState::Ready | TopicState::Failed(_) => None,
        }
    }
}

mod examples {
    use domain::InteractionId;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        all: &[(InteractionId, u64)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|(id, at)| (id.to_string(), at)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(InteractionId, u64)>, D::Error> {
        Vec::<(String, u64)>::deserialize(from)?
            .into_iter()
            .map(|(id, at)| Ok((id.parse().map_err(D::Error::custom)?, at)))
            .collect()
    }
}

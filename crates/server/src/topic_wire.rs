//! What goes over the wire of topics, converted by hand.

use app::review::week_start;
use app::rfc3339;
use app::topics::{FoundTopics, TopicState, TopicView, TopicWeeks, TopicsRow, TopicsView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to look for topics in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTopicsWire {
    /// A query with its period, as in `channel:voice started:2026-10-01..2026-10-31`; empty:
    /// every interaction.
    #[serde(default)]
    pub(crate) query: String,
    /// Where the later of two periods begins (RFC 3339), to see what changed.
    pub(crate) split: Option<String>,
    /// The same seed finds the same topics.
    #[serde(default = "one")]
    pub(crate) seed: u64,
    /// Topics at most, 1 to 100; none: as many as show.
    pub(crate) most: Option<usize>,
}

const fn one() -> u64 {
    1
}

/// A search for topics.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicsRowWire {
    id: String,
    asked: String,
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<String>,
    seed: u64,
    /// `waiting`, `begun`, `ready` or `failed`.
    state: &'static str,
    /// Interactions that were read so far, while it is at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// Interactions that are looked at.
    interactions: usize,
    /// The query matches more; the newest are looked at.
    cut: bool,
}

/// A search for topics with what it found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicsWire {
    #[serde(flatten)]
    row: TopicsRowWire,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<FoundTopicsWire>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundTopicsWire {
    topics: Vec<TopicWire>,
    /// Consumers' turns that were looked at.
    turns: usize,
    /// Turns that are like no topic.
    unclassified: usize,
    /// Turns too short to be about something.
    short: usize,
    /// Turns beyond the number that is looked at.
    beyond: usize,
    interactions: usize,
    /// Interactions that could not be read.
    unread: usize,
    weeks: Vec<TopicWeekWire>,
    /// Interactions of the earlier period.
    before: usize,
    /// Interactions of the later period.
    after: usize,
    /// Jensen-Shannon divergence of the turns' topics of the two periods in bits, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<f64>,
}

/// One topic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicWire {
    /// Distinguishing phrases, each in at least three interactions.
    phrases: Vec<String>,
    turns: usize,
    interactions: usize,
    /// Mean cosine of its turns to its middle.
    likeness: f32,
    before: usize,
    after: usize,
    weeks: Vec<TopicWeekWire>,
    examples: Vec<TopicExampleWire>,
}

/// A week, Monday to Sunday in UTC.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicWeekWire {
    from: String,
    interactions: usize,
}

/// A turn that a topic is about, redacted.
#[derive(Serialize, ToSchema)]
pub(crate) struct TopicExampleWire {
    interaction: String,
    at_ms: u64,
    text: String,
}

impl std::fmt::Debug for TopicExampleWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TopicExampleWire({})", self.interaction)
    }
}

impl From<&TopicsRow> for TopicsRowWire {
    fn from(row: &TopicsRow) -> Self {
        let (read, failure) = match &row.state {
            TopicState::Begun { done, .. } => (Some(*done), None),
            TopicState::Failed(why) => (None, Some(why.clone())),
            TopicState::Waiting | TopicState::Ready => (None, None),
        };
        Self {
            id: row.id.to_string(),
            asked: rfc3339(row.at),
            query: row.query.expose().to_owned(),
            split: row.split.map(rfc3339),
            seed: row.seed,
            state: row.state.key(),
            read,
            failure,
            interactions: row.interactions,
            cut: row.cut,
        }
    }
}

impl From<&TopicsView> for TopicsWire {
    fn from(view: &TopicsView) -> Self {
        Self {
            row: TopicsRowWire::from(&view.row),
            found: view.found.as_ref().map(FoundTopicsWire::from),
        }
    }
}

impl From<&FoundTopics> for FoundTopicsWire {
    fn from(found: &FoundTopics) -> Self {
        Self {
            topics: found.topics.iter().map(TopicWire::from).collect(),
            turns: found.turns,
            unclassified: found.unclassified,
            short: found.short,
            beyond: found.beyond,
            interactions: found.interactions,
            unread: found.unread,
            weeks: weeks(&found.weeks),
            before: found.halves.0,
            after: found.halves.1,
            drift: found.drift,
        }
    }
}

impl From<&TopicView> for TopicWire {
    fn from(topic: &TopicView) -> Self {
        let examples = topic.examples.iter().map(|one| TopicExampleWire {
            interaction: one.interaction.to_string(),
            at_ms: one.at.0,
            text: one.text.expose().to_owned(),
        });
        let phrases = topic.phrases.iter().map(|one| one.expose().to_owned());
        Self {
            phrases: phrases.collect(),
            turns: topic.turns,
            interactions: topic.interactions,
            likeness: topic.closeness,
            before: topic.halves.0,
            after: topic.halves.1,
            weeks: weeks(&topic.weeks),
            examples: examples.collect(),
        }
    }
}

fn weeks(weeks: &TopicWeeks) -> Vec<TopicWeekWire> {
    let week = |(week, count): (&i64, &usize)| TopicWeekWire {
        from: rfc3339(week_start(*week)),
        interactions: *count,
    };
    weeks.iter().map(week).collect()
}

//! What the interactions of a query are about: asked for by a person, found in the background by
//! the pipeline over the consumers' redacted turns, kept sealed, shown with what may be read now.

mod discovering;
mod kept;

use std::collections::HashMap;

use analysis::search;
use domain::{
    InteractionId, Millis, Purpose, RedactedTranscript, Secret, Timestamp, Token, TopicRunId,
};
use engine::EngineError;
use engine::sentences::{self, SentenceModel};
use policy::{Read, Scope};
use store::{Note, NoteFilter};

use crate::app::App;
use crate::error::AppError;
use crate::finding::refused;
use crate::results::SearchRequest;
use crate::review::{ASSESS, REMARK};

use kept::{Kept, KeptTopic, Run};
pub use kept::{TopicState, TopicWeeks};

/// Interactions that are looked at, the newest.
const INTERACTIONS: usize = 20_000;
/// What finding them may take.
const FINDING: Millis = Millis(120_000);
/// Topics that may be asked for.
const MOST: usize = 100;
/// Every interaction, as a query.
const EVERYTHING: &str = "started >= 1970-01-01";

/// What to look for topics in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopics {
    /// The query, with its period; empty: every interaction.
    pub query: String,
    /// Where the later of two periods begins, to see what changed.
    pub split: Option<Timestamp>,
    /// Decides where the search for topics begins; the same seed finds the same topics.
    pub seed: u64,
    /// Topics at most; none: as many as show.
    pub most: Option<usize>,
}

/// A search for topics in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicsRow {
    /// Which.
    pub id: TopicRunId,
    /// When it was asked for.
    pub at: Timestamp,
    /// The query, formatted; empty: every interaction.
    pub query: Secret,
    /// Where the later period begins.
    pub split: Option<Timestamp>,
    /// Its seed.
    pub seed: u64,
    /// How far it is.
    pub state: TopicState,
    /// Interactions to look at.
    pub interactions: usize,
    /// The query matches more than are looked at, or the time to find them was up.
    pub cut: bool,
}

/// A search for topics with what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicsView {
    /// As in the list.
    pub row: TopicsRow,
    /// What was found, once it was.
    pub found: Option<FoundTopics>,
}

/// What a search for topics found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundTopics {
    /// Topics, those in most interactions first.
    pub topics: Vec<TopicView>,
    /// Turns that were looked at.
    pub turns: usize,
    /// Turns that are like no topic.
    pub unclassified: usize,
    /// Turns too short to be about something.
    pub short: usize,
    /// Turns beyond the number that is looked at.
    pub beyond: usize,
    /// Interactions with a turn that was looked at.
    pub interactions: usize,
    /// Interactions that could not be read.
    pub unread: usize,
    /// Interactions by week.
    pub weeks: TopicWeeks,
    /// Interactions of the earlier and the later period.
    pub halves: (usize, usize),
    /// Jensen-Shannon divergence of the two periods in bits, 0 to 1.
    pub drift: Option<f64>,
}

/// One topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicView {
    /// Distinguishing phrases, the most telling first; none where no phrase is in enough
    /// interactions.
    pub phrases: Vec<Secret>,
    /// Turns.
    pub turns: usize,
    /// Interactions.
    pub interactions: usize,
    /// Mean cosine of its turns to its middle.
    pub closeness: f32,
    /// Interactions by week.
    pub weeks: TopicWeeks,
    /// Interactions of the earlier and the later period.
    pub halves: (usize, usize),
    /// The turns nearest its middle that may be read now.
    pub examples: Vec<TopicExample>,
}

/// A turn that a topic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicExample {
    /// Where.
    pub interaction: InteractionId,
    /// Its start.
    pub at: Millis,
    /// Its redacted words.
    pub text: Secret,
}

/// Examples shown of a topic.
const SHOWN: usize = 3;

impl App {
    /// Asks for the topics of a query's interactions. The workers find them;
    /// [`Self::find_topics`] does so at once.
    ///
    /// # Errors
    /// [`AppError::Engine`] where the sentence model was not fetched; [`AppError::Query`] with the
    /// column; [`AppError::Input`] where nothing matches; [`AppError::Denied`].
    pub async fn ask_for_topics(
        &self,
        scope: &Scope,
        new: &NewTopics,
    ) -> Result<TopicRunId, AppError> {
        if !SentenceModel::is_there(&self.config.models) {
            let model = sentences::MODEL;
            return Err(EngineError::NotPulled { model }.into());
        }
        if new.most.is_some_and(|most| !(1..=MOST).contains(&most)) {
            let said = format!("ask for 1 to {MOST} topics, or leave the number out");
            return Err(AppError::Input(said));
        }
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let text = new.query.trim();
        let query = match text {
            "" => String::new(),
            text => {
                let fields = self.field_set(scope.tenant()).await?;
                search::format(&search::parse_with(text, &fields).map_err(refused)?)
            }
        };
        let request = SearchRequest {
            limit: INTERACTIONS,
            budget: FINDING,
            ..SearchRequest::new(if text.is_empty() { EVERYTHING } else { text })
        };
        let matches = self.matches(scope, &request).await?;
        if matches.found.is_empty() {
            return Err(AppError::Input(
                "no interaction matches, so there is nothing to find topics in".to_owned(),
            ));
        }
        let run = Run {
            query: Secret::new(query),
            split: new.split,
            seed: new.seed,
            most: new.most,
            count: matches.found.len(),
            cut: matches.next.is_some() || matches.partial,
            interactions: matches.found.iter().map(|one| one.place.id()).collect(),
            state: TopicState::Waiting,
            found: None,
        };
        Ok(self.store.note(&permit, &run).await?)
    }

    /// Every search for topics, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn topic_runs(&self, scope: &Scope) -> Result<Vec<TopicsRow>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let all = NoteFilter::default();
        let notes = self.store.notes::<Run>(&find, &all).await?;
        Ok(notes.iter().map(row).collect())
    }

    /// One search for topics with what it found; its examples are opened as they are shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn topics(&self, scope: &Scope, id: TopicRunId) -> Result<TopicsView, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let note = self.store.note_by_id::<Run>(&find, id).await?;
        let found = match &note.body.found {
            Some(kept) => Some(self.shown(scope, kept).await?),
            None => None,
        };
        Ok(TopicsView {
            row: row(&note),
            found,
        })
    }

    /// Takes a search for topics away, with what it found.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn drop_topics(&self, scope: &Scope, id: TopicRunId) -> Result<(), AppError> {
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<Run>(&find, id).await?;
        Ok(self.store.drop_note(&permit, &seen).await?)
    }

    async fn shown(&self, scope: &Scope, kept: &Kept) -> Result<FoundTopics, AppError> {
        let wanted = kept.topics.iter().flat_map(|topic| {
            let examples = topic.examples.iter().take(SHOWN);
            examples.map(|(id, _)| *id)
        });
        let mut wanted: Vec<InteractionId> = wanted.collect();
        wanted.sort_unstable();
        wanted.dedup();
        let opened = self.opened(scope, &wanted).await?;
        let view = |topic: &KeptTopic| TopicView {
            phrases: topic.phrases.iter().map(Secret::new).collect(),
            turns: topic.turns,
            interactions: topic.interactions,
            closeness: topic.closeness,
            weeks: topic.weeks.clone(),
            halves: topic.halves,
            examples: topic
                .examples
                .iter()
                .take(SHOWN)
                .filter_map(|(id, at)| example(opened.get(id)?, *id, Millis(*at)))
                .collect(),
        };
        Ok(FoundTopics {
            topics: kept.topics.iter().map(view).collect(),
            turns: kept.turns,
            unclassified: kept.unclassified,
            short: kept.short,
            beyond: kept.beyond,
            interactions: kept.interactions,
            unread: kept.unread,
            weeks: kept.weeks.clone(),
            halves: kept.halves,
            drift: kept.drift,
        })
    }

    /// The redacted words of those interactions that may be read.
    async fn opened(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
    ) -> Result<HashMap<InteractionId, RedactedTranscript>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let facts = self.store.facts_of(scope.tenant(), ids).await?;
        let mut permits = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(facts) = facts.get(id) else {
                continue;
            };
            match self.decide::<Read, _>(&scope, *id, ASSESS, facts).await {
                Ok(permit) => permits.push(permit),
                Err(AppError::Denied(_)) => {}
                Err(other) => return Err(other),
            }
        }
        let opened = self.store.redacted_transcripts(&permits).await?;
        Ok(opened
            .into_iter()
            .filter_map(|(summary, words)| Some((summary.id, words.ok()?)))
            .collect())
    }
}

fn row(note: &Note<Run>) -> TopicsRow {
    let run = &note.body;
    TopicsRow {
        id: note.id,
        at: note.at,
        query: run.query.clone(),
        split: run.split,
        seed: run.seed,
        state: run.state.clone(),
        interactions: run.count,
        cut: run.cut,
    }
}

fn example(
    transcript: &RedactedTranscript,
    interaction: InteractionId,
    at: Millis,
) -> Option<TopicExample> {
    let consumers = discovering::consumers(transcript);
    let mut turns = transcript.turns().iter();
    let turn = turns.find(|turn| turn.span.start() == at && consumers.contains(&turn.speaker))?;
    let words: Vec<String> = transcript
        .turn_words(turn)
        .map(|word| match &word.token {
            Token::Word(text) => text.expose().to_owned(),
            Token::Redacted(kind) => kind.to_string(),
        })
        .collect();
    Some(TopicExample {
        interaction,
        at,
        text: Secret::new(words.join(" ")),
    })
}

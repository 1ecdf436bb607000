//! Finds the topics that were asked for: one search at a time, kept by a lease that a dead worker
//! lets go of, with its progress in the note.

use std::collections::BTreeSet;
use std::time::Duration;

use analysis::topics::{Half, TopicSettings, TopicTurns, TurnPlace, discover};
use domain::{
    InteractionId, Millis, Purpose, RedactedTranscript, SpeakerLabel, TenantId, Timestamp, Turn,
};
use engine::sentences::WIDTH;
use policy::{Interactions, Permit, Read, Scope, Seal};
use store::{Note, StoreError};
use tokio::sync::watch;

use super::kept::{Kept, LeftOut, Run, STATES, TopicState};
use crate::app::{App, standing_facts};
use crate::error::AppError;
use crate::pipeline::{Done, chain};
use crate::review::{ASSESS, week_of};
use crate::sentences::{Reader, Said};

/// Turns that are looked at: about 80 MB of vectors.
const TURNS: usize = 50_000;
/// Words that a turn has at least to be about something.
const FEWEST: usize = 4;
/// Interactions that are opened at once.
const CHUNK: usize = 32;
/// How long a search is kept after its last sign of life, while reading and while computing.
const LEASE: (Millis, Millis) = (Millis(120_000), Millis(1_800_000));
/// How often its progress is written.
const EVERY: Millis = Millis(10_000);
/// Pause between looks for something to do.
const IDLE: Duration = Duration::from_millis(500);

impl App {
    /// Finds a tenant's oldest topics that were asked for and not found yet; false where there are
    /// none, or others are at them. `seen` is told how many interactions of how many were read.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Denied`]. What goes wrong with the search itself is
    /// written into it.
    pub async fn find_topics(
        &self,
        tenant: TenantId,
        seen: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<bool, AppError> {
        if !self.store.chore_waits::<Run>(tenant, STATES).await? {
            return Ok(false);
        }
        let scope = self.pipeline_scope(tenant, Purpose::Analysis);
        let permit = self.ask_to_keep(&scope).await?;
        let Some(note) = self.store.chore::<Run>(&permit, STATES).await? else {
            return Ok(false);
        };
        let mut work = Work {
            app: self,
            scope,
            note,
            told: Timestamp(0),
            reader: Reader::new(self.config.models.clone()),
        };
        let ended = match work.begun(0, LEASE.0).await {
            Ok(()) => work.run(seen).await,
            Err(other) => Err(other),
        };
        let state = match ended {
            Ok(kept) => {
                work.note.body.interactions = Vec::new();
                work.note.body.found = Some(kept);
                TopicState::Ready
            }
            // Somebody else is at it, or took it away.
            Err(AppError::Store(error)) if matches!(*error, StoreError::Changed { .. }) => {
                return Ok(true);
            }
            Err(error) => TopicState::Failed(chain(&error)),
        };
        match work.amend(state).await {
            Err(AppError::Store(error)) if matches!(*error, StoreError::Changed { .. }) => Ok(true),
            other => other.map(|()| true),
        }
    }

    /// Finds what every tenant asked for.
    pub(crate) async fn discover_everyone(&self) -> Result<(), AppError> {
        for tenant in self.store.tenants().await? {
            while self.find_topics(tenant.id, &|_, _| {}).await? {}
        }
        Ok(())
    }

    /// Finds topics until stopped.
    pub(crate) async fn discovering(self, stop: watch::Receiver<bool>) -> Result<Done, AppError> {
        while !*stop.borrow() {
            if let Err(error) = self.discover_everyone().await {
                tracing::error!(error = chain(&error), "topics could not be found");
            }
            tokio::time::sleep(IDLE).await;
        }
        Ok(Done::default())
    }

    async fn ask_to_keep(&self, scope: &Scope) -> Result<Permit<Seal, Interactions>, AppError> {
        let facts = policy::Facts {
            collected_under: Some(self.policy().version().to_owned()),
            ..standing_facts(&self.tenant_of(scope).await?)
        };
        self.decide(scope, Interactions, ASSESS, &facts).await
    }
}

/// One search that was taken on.
struct Work<'a> {
    app: &'a App,
    scope: Scope,
    note: Note<Run>,
    told: Timestamp,
    reader: Reader,
}

impl Work<'_> {
    async fn run(&mut self, seen: &(dyn Fn(usize, usize) + Send + Sync)) -> Result<Kept, AppError> {
        let order = self.note.body.interactions.clone();
        let (mut turns, mut left) = (TopicTurns::new(WIDTH), LeftOut::default());
        for (chunk, ids) in order.chunks(CHUNK).enumerate() {
            let done = chunk * CHUNK;
            seen(done, order.len());
            if self.app.now().since(self.told) >= EVERY {
                self.begun(done, LEASE.0).await?;
            }
            self.read(ids, done, &mut turns, &mut left).await?;
        }
        seen(order.len(), order.len());
        self.begun(order.len(), LEASE.1).await?;
        let settings = TopicSettings {
            seed: self.note.body.seed,
            most: self.note.body.most,
            ..TopicSettings::default()
        };
        let computed = tokio::task::spawn_blocking(move || discover(&turns, &settings));
        let found = computed.await.map_err(|_| AppError::Stopped)?;
        Ok(Kept::of(found, &order, left))
    }

    /// Opens some interactions and adds their turns; `first` is the number of the first.
    async fn read(
        &mut self,
        ids: &[InteractionId],
        first: usize,
        turns: &mut TopicTurns,
        left: &mut LeftOut,
    ) -> Result<(), AppError> {
        let facts = self.app.store.facts_of(self.scope.tenant(), ids).await?;
        let mut permits = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(facts) = facts.get(id) else {
                left.unread += 1;
                continue;
            };
            let decided = self.app.decide::<Read, _>(&self.scope, *id, ASSESS, facts);
            match decided.await {
                Ok(permit) => permits.push(permit),
                Err(AppError::Denied(_)) => left.unread += 1,
                Err(other) => return Err(other),
            }
        }
        let split = self.note.body.split;
        let (mut places, mut texts) = (Vec::new(), Vec::new());
        for (summary, words) in self.app.store.redacted_transcripts(&permits).await? {
            let (Ok(words), Some(number)) = (words, ids.iter().position(|id| *id == summary.id))
            else {
                left.unread += 1;
                continue;
            };
            let half = split.map(|split| match summary.started < split {
                true => Half::Before,
                false => Half::After,
            });
            for (at, said) in said(&words, left) {
                if turns.len() + places.len() >= TURNS {
                    left.beyond += 1;
                    continue;
                }
                places.push(TurnPlace {
                    interaction: first + number,
                    at,
                    week: week_of(summary.started),
                    half,
                });
                texts.push(said);
            }
        }
        let said = texts.iter_mut().map(|said| std::mem::take(&mut said.text));
        let vectors = self.reader.vectors(said.collect()).await?;
        for ((place, said), vector) in places.into_iter().zip(&texts).zip(vectors) {
            let words: Vec<&str> = said.words.iter().map(String::as_str).collect();
            turns.push(place, &words, &vector);
        }
        Ok(())
    }

    /// Says how far it is and that somebody is at it.
    async fn begun(&mut self, done: usize, lease: Millis) -> Result<(), AppError> {
        self.told = self.app.now();
        let until = self.told.plus(lease);
        self.amend(TopicState::Begun { done, until }).await
    }

    async fn amend(&mut self, state: TopicState) -> Result<(), AppError> {
        let permit = self.app.ask_to_keep(&self.scope).await?;
        let mut body = self.note.body.clone();
        body.state = state;
        self.app
            .store
            .amend_note(&permit, &self.note, &body)
            .await?;
        self.note.body = body;
        self.note.revision += 1;
        Ok(())
    }
}

/// The speakers whose turns are looked at: the consumer, or where nobody is known to be it,
/// whoever has no role.
pub(super) fn consumers(transcript: &RedactedTranscript) -> BTreeSet<u8> {
    let those = |wanted: &dyn Fn(SpeakerLabel) -> bool| -> BTreeSet<u8> {
        let speakers = transcript.speakers().iter().zip(0u8..);
        let wanted = speakers.filter(|(speaker, _)| wanted(speaker.label));
        wanted.map(|(_, number)| number).collect()
    };
    let known = those(&|label| label == SpeakerLabel::Consumer);
    if known.is_empty() {
        those(&|label| matches!(label, SpeakerLabel::Other(_)))
    } else {
        known
    }
}

/// The consumer's turns that are long enough, with their starts.
fn said(transcript: &RedactedTranscript, left: &mut LeftOut) -> Vec<(Millis, Said)> {
    let consumers = consumers(transcript);
    let own = |turn: &&Turn| consumers.contains(&turn.speaker) && !turn.quoted;
    let mut all = Vec::new();
    for turn in transcript.turns().iter().filter(own) {
        let said = Said::of(transcript, turn);
        if said.words.iter().filter(|word| !word.is_empty()).count() < FEWEST {
            left.short += 1;
        } else {
            all.push((turn.span.start(), said));
        }
    }
    all
}

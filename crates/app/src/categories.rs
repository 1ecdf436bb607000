//! The workbench of a category: what people say it ought to match, and how well it does.

use std::collections::BTreeSet;

use analysis::categories::Counts;
use analysis::search::{self, Terms};
use domain::query::{Query, Similar, WordStream};
use domain::{
    DataCategory, DefinitionKind, InteractionId, Purpose, RedactedTranscript, VersionNumber,
};
use policy::{Find, Interactions, Permit, Read, Scope};
use store::{Published, StoreError};

use crate::app::App;
use crate::definitions::text::{self, Parsed};
use crate::definitions::{Book, decide};
use crate::error::AppError;
use crate::sentences::Comparer;

/// A category compared with what people say, before and after an edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbench {
    /// The version that is read, where one is.
    pub before: Option<Side>,
    /// The newest version.
    pub after: Side,
    /// Marked interactions on which the two differ.
    pub changed: Vec<ChangedExample>,
    /// Marked interactions that can no longer be read.
    pub gone: usize,
}

/// One version and how it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// Which version.
    pub version: VersionNumber,
    /// Right, wrong, missed and left out.
    pub counts: Counts,
}

/// A marked interaction that an edit changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedExample {
    /// Which.
    pub interaction: InteractionId,
    /// Whether it ought to match.
    pub belongs: bool,
    /// Whether the newest version matches it; the one before does the opposite.
    pub matches: bool,
}

impl App {
    /// Notes whether a category ought to match an interaction.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn mark_example(
        &self,
        scope: &Scope,
        category: &str,
        id: InteractionId,
        belongs: bool,
    ) -> Result<(), AppError> {
        let all = self.ask_to_define(scope).await?;
        let definition = self.named(&all, DefinitionKind::Category, category).await?;
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask::<Read>(&scope, id, &[DataCategory::RedactedContent])
            .await?;
        Ok(self.store.mark(&permit, definition.id, belongs).await?)
    }

    /// Runs the version that is read and the newest one over every marked interaction.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::Input`] where the newest version
    /// refers to what is not published.
    pub async fn workbench(&self, scope: &Scope, category: &str) -> Result<Workbench, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let view = self
            .definition(scope, DefinitionKind::Category, category)
            .await?;
        let definition = &view.summary.definition;
        let (_, published) = self.store.published_definitions(&permit).await?;
        let live = definition.live.map(|edition| edition.version);
        let before = match live {
            Some(version) => {
                let parsed = text::parse(view.text(version)?)?;
                Some(self.trial(&permit, &published, version, parsed).await?)
            }
            None => None,
        };
        let newest = view.newest()?;
        let after = self
            .trial(&permit, &published, definition.newest, newest)
            .await?;
        let mut made = Workbench {
            before: before.as_ref().map(Trial::side),
            after: after.side(),
            changed: Vec::new(),
            gone: 0,
        };
        let marks = self.store.marks(&permit, definition.id).await?;
        let mut similar = after.similar.clone();
        similar.extend(before.iter().flat_map(|trial| trial.similar.clone()));
        let mut comparer = Comparer::new(&self.config.models);
        for mark in &marks {
            let stream = self.store.word_stream(&permit, mark.interaction).await?;
            let words = if similar.is_empty() {
                None
            } else {
                self.words_to_compare(scope, mark.interaction).await?
            };
            let Some(mut stream) = stream.filter(|_| similar.is_empty() || words.is_some()) else {
                made.gone += 1;
                continue;
            };
            if let Some(words) = words {
                comparer.compare(&similar, &words, &mut stream).await?;
            }
            let matches = after.matches(&stream);
            made.after.counts.note(matches, mark.belongs);
            if let (Some(trial), Some(side)) = (&before, &mut made.before) {
                let matched = trial.matches(&stream);
                side.counts.note(matched, mark.belongs);
                if matched != matches {
                    made.changed.push(ChangedExample {
                        interaction: mark.interaction,
                        belongs: mark.belongs,
                        matches,
                    });
                }
            }
        }
        self.store.record_search(&permit, marks.len()).await?;
        Ok(made)
    }

    /// The redacted words of an interaction; none where they may not be read.
    async fn words_to_compare(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Option<RedactedTranscript>, AppError> {
        let permit = match self.ask_to_review(scope, id).await {
            Ok(permit) => permit,
            Err(AppError::Denied(_) | AppError::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        match self.store.redacted_transcript(&permit).await {
            Ok(words) => Ok(Some(words)),
            Err(StoreError::Withheld(_)) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    async fn trial(
        &self,
        permit: &Permit<Find, Interactions>,
        published: &[Published],
        version: VersionNumber,
        parsed: Parsed,
    ) -> Result<Trial, AppError> {
        let queries = Book::of(published, false).queries(&parsed)?;
        let mut terms = Terms::default();
        queries.iter().for_each(|query| terms.add(query));
        let mut resolved = crate::plan::resolve(&self.store, permit, &terms).await?;
        resolved.compared();
        Ok(Trial {
            similar: terms.similar().clone(),
            version,
            parsed,
            queries,
            resolved,
        })
    }
}

/// A version ready to be tried.
struct Trial {
    version: VersionNumber,
    parsed: Parsed,
    queries: Vec<Query>,
    resolved: search::Resolved,
    similar: BTreeSet<Similar>,
}

impl Trial {
    fn side(&self) -> Side {
        Side {
            version: self.version,
            counts: Counts::default(),
        }
    }

    fn matches(&self, stream: &WordStream) -> bool {
        let answers: Vec<_> = self
            .queries
            .iter()
            .map(|query| search::evaluate(query, &self.resolved, stream, &stream.fields))
            .collect();
        decide(&self.parsed, &answers, &stream.fields).is_some()
    }
}

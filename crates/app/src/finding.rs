//! Listing and searching a tenant's interactions.

use analysis::search;
use domain::query::{Evidence, Likeness};
use domain::{
    DataCategory, InteractionId, Millis, Purpose, RedactedTranscript, SpeakerLabel, WordIndex,
};
use policy::{Read, Scope};
use store::{ListFilter, Page, Summary};

use crate::app::App;
use crate::error::AppError;
use crate::results::{Match, SearchRequest, Total};

/// Words shown on each side of a match.
const AROUND: u32 = 6;
/// Snippets shown per interaction.
const SNIPPETS: usize = 3;

/// Part of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// A word, or the type of what was removed, as in `[CARD]`.
    pub text: String,
    /// Belongs to the match.
    pub hit: bool,
}

/// Redacted words around a match, with the moment to play from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Who speaks.
    pub speaker: SpeakerLabel,
    /// Start of the match.
    pub at: Millis,
    /// Start of the turn it is in.
    pub turn_start: Millis,
    /// The words.
    pub pieces: Vec<Piece>,
    /// How like an example the turn is, where a category goes by that.
    pub likeness: Option<Likeness>,
}

/// One interaction that matches, with its evidence.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Facts and counts.
    pub summary: Summary,
    /// Where it matches; empty for a query made of negatives or fields only.
    pub snippets: Vec<Snippet>,
    /// Number of matches in it.
    pub matches: usize,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The query as understood, formatted.
    pub query: String,
    /// The query in plain words.
    pub explained: String,
    /// Interactions on this page, newest first.
    pub hits: Vec<Hit>,
    /// Interactions that match in all.
    pub total: Total,
    /// Interactions whose words were looked at.
    pub examined: usize,
    /// More come after these.
    pub more: bool,
}

impl App {
    /// A page of the tenant's interactions, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn list(
        &self,
        scope: &Scope,
        filter: &ListFilter,
        page: &Page,
    ) -> Result<Vec<Summary>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        Ok(self.store.list(&permit, filter, page).await?)
    }

    /// How many of the tenant's interactions a filter lists.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn count(&self, scope: &Scope, filter: &ListFilter) -> Result<u64, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        Ok(self.store.count(&permit, filter).await?)
    }

    /// A page of the interactions that an agent took part in, newest first; each is asked for on
    /// its own.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn own_list(&self, scope: &Scope, page: &Page) -> Result<Vec<Summary>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let own: &[InteractionId] = match &scope.actor().kind {
            domain::ActorKind::TenantUser { own, .. } => own,
            _ => &[],
        };
        let mut summaries = Vec::with_capacity(own.len());
        for id in own {
            match self.summary(&scope, *id).await {
                Ok(summary) => summaries.push(summary),
                // Past its retention or being erased: it is no longer shown.
                Err(AppError::NotFound { .. } | AppError::Denied(_)) => {}
                Err(other) => return Err(other),
            }
        }
        summaries.sort_by_key(|one| std::cmp::Reverse((one.started, one.id)));
        let begin = page.after.map_or(0, |after| {
            let place = summaries.iter().position(|one| one.id == after);
            place.map_or(summaries.len(), |place| place + 1)
        });
        let size = usize::try_from(page.limit).unwrap_or(usize::MAX);
        Ok(summaries.into_iter().skip(begin).take(size).collect())
    }

    /// The first results of a query, newest first; [`Self::results`] with nothing but a page.
    ///
    /// # Errors
    /// As [`Self::results`].
    pub async fn search(
        &self,
        scope: &Scope,
        text: &str,
        skip: usize,
        limit: usize,
    ) -> Result<Found, AppError> {
        let request = SearchRequest {
            skip,
            limit,
            ..SearchRequest::new(text)
        };
        let results = self.results(scope, &request).await?;
        Ok(Found {
            query: results.query,
            explained: results.explained,
            hits: results.hits,
            total: results.total,
            examined: results.examined,
            more: results.next.is_some(),
        })
    }

    /// Opens what is shown of matches: each is asked for on its own and leaves its own leaf, all
    /// in one transaction. One that was erased meanwhile is left out.
    pub(crate) async fn hits(&self, scope: &Scope, found: &[Match]) -> Result<Vec<Hit>, AppError> {
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        let ids: Vec<InteractionId> = found.iter().map(|one| one.place.id()).collect();
        let facts = self.store.facts_of(scope.tenant(), &ids).await?;
        let mut permits = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(facts) = facts.get(&id) {
                permits.push(self.decide::<Read, _>(scope, id, &both, facts).await?);
            }
        }
        let opened = self.store.redacted_transcripts(&permits).await?;
        let mut hits = Vec::with_capacity(opened.len());
        for (summary, transcript) in opened {
            let Some(one) = found.iter().find(|one| one.place.id() == summary.id) else {
                continue;
            };
            let snippets = match transcript {
                Ok(transcript) => one
                    .evidence
                    .iter()
                    .take(SNIPPETS)
                    .filter_map(|found| snippet(&transcript, found))
                    .collect(),
                Err(_) => Vec::new(),
            };
            hits.push(Hit {
                summary,
                snippets,
                matches: one.evidence.len(),
            });
        }
        Ok(hits)
    }
}

/// A query that cannot be used, with its column.
pub(crate) fn refused(error: search::QueryError) -> AppError {
    AppError::Query {
        message: error.to_string(),
        column: error.column,
    }
}

/// The match with some words of the same speaker around it.
pub(crate) fn snippet(transcript: &RedactedTranscript, found: &Evidence) -> Option<Snippet> {
    let words = transcript.words();
    let place = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
    let first = words.get(place(found.first.0))?;
    let own: Vec<(WordIndex, &domain::RedactedWord)> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.speaker == first.speaker)
        .map(|(at, word)| (WordIndex(u32::try_from(at).unwrap_or(u32::MAX)), word))
        .collect();
    let begin = own.iter().position(|(at, _)| *at >= found.first)?;
    let end = own
        .iter()
        .rposition(|(at, _)| *at <= found.last)
        .unwrap_or(begin);
    let around = place(AROUND);
    let shown = own.get(begin.saturating_sub(around)..(end + around + 1).min(own.len()))?;
    let pieces = shown
        .iter()
        .map(|(at, word)| Piece {
            text: word.shown(),
            hit: (found.first..=found.last).contains(at),
        })
        .collect();
    let turn = transcript.turns().iter().find(|turn| {
        turn.speaker == first.speaker && (turn.first..=turn.last).contains(&found.first)
    });
    Some(Snippet {
        speaker: transcript.speaker(first.speaker)?.label,
        at: found.span.start(),
        turn_start: turn.map_or(found.span.start(), |turn| turn.span.start()),
        pieces,
        likeness: found.parts.iter().find_map(|part| part.likeness),
    })
}

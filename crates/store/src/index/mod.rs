//! Finding candidates by keyed hashes; the truth of a match is decided over the sealed word
//! stream, elsewhere.
//!
//! The database is the truth about what is indexed: each word stream has a generation, and an
//! interaction whose index entry is of an older one is added again before the next search. An
//! engine that crashed, lagged or was deleted therefore changes no answer.

mod candidates;
mod choice;
mod expand;
mod fields;
mod folder;
mod inverted;
mod marks;
mod near;
mod places;
mod segments;
mod sight;
mod source;
mod streams;
mod upkeep;
mod vocabulary;
mod written;

use std::collections::BTreeSet;

use domain::query::{TokenId, WordStream};
use domain::{DataCategory, InteractionId, Timestamp};
use policy::{Action, Find, Interactions, Permit, Resource};
use sea_orm::Condition;

use crate::ledger::EntryKind;
use crate::rows::interaction as row;
use crate::{Store, StoreError};

pub use candidates::Candidates;
pub use choice::SearchEngine;
pub(crate) use choice::source;
pub(crate) use expand::OpenWords;
pub use sight::Sight;
pub(crate) use source::CandidateSource;
pub use source::Count;
pub use streams::Beside;
pub(crate) use vocabulary::{Prepared, count_out, tokens_of};

const AT_ONCE: usize = 500;

/// Where an interaction stands among all: by its start, then by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// When it started.
    pub started: Timestamp,
    /// Which it is.
    pub id: InteractionId,
}

impl Store {
    /// Every interaction of the permit's tenant that may match, newest first. What is past its
    /// retention or being erased is not among them.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Index`],
    /// [`StoreError::Database`].
    pub async fn candidates(
        &self,
        permit: &Permit<Find, Interactions>,
        plan: &Candidates,
    ) -> Result<Vec<InteractionId>, StoreError> {
        let sight = self.sight(permit).await?;
        let all = self
            .candidate_page(permit, &sight, plan, None, usize::MAX)
            .await?;
        Ok(all.into_iter().map(|spot| spot.id).collect())
    }

    /// The sealed word stream of one of the permit's tenant's interactions; `None` where it has
    /// none or may not be read. The search as a whole is on the ledger: [`Self::record_search`].
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn word_stream(
        &self,
        permit: &Permit<Find, Interactions>,
        id: InteractionId,
    ) -> Result<Option<WordStream>, StoreError> {
        self.stream_of(permit, id).await
    }

    /// The word stream with its fields, under whichever permit the caller's act has.
    pub(crate) async fn stream_of<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        id: InteractionId,
    ) -> Result<Option<WordStream>, StoreError> {
        let mut streams = self.word_streams(permit, &[id], Beside::Facts).await?;
        Ok(streams.pop().map(|(_, stream)| stream))
    }

    /// Writes the one leaf of a search: who searched, for what purpose, how many were found.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn record_search(
        &self,
        permit: &Permit<Find, Interactions>,
        found: usize,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let mut entry = self.deed(permit, EntryKind::Found);
        entry.count = u64::try_from(found).ok();
        let entry = &entry;
        self.db
            .write("record_search", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// What `indexed` becomes where something changed that the index knows of an interaction: always
/// another number than before, so that whoever is indexing it just now notices.
pub(crate) const fn changed(row: &row::Model) -> i64 {
    if row.generation > 0 {
        row.indexed.saturating_sub(1)
    } else {
        row.indexed
    }
}

/// What the index does not know yet.
fn behind() -> Condition {
    use sea_orm::sea_query::{Expr, ExprTrait};
    Condition::all().add(Expr::col(row::Column::Indexed).lt(Expr::col(row::Column::Generation)))
}

/// The distinct tokens of a stream.
fn distinct(stream: &WordStream) -> Vec<TokenId> {
    let tokens: BTreeSet<TokenId> = stream.words.iter().map(|word| word.token).collect();
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests;

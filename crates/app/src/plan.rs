//! From the search language's terms to the index's keyed hashes.

use analysis::search::{CandidatePlan, Resolved, Terms};
use policy::{Action, Permit, Resource};
use store::{Candidates, Store};

use crate::error::AppError;

/// The plan in the store's words.
pub(crate) fn candidates(plan: &CandidatePlan) -> Candidates {
    match plan {
        CandidatePlan::All => Candidates::All,
        CandidatePlan::None => Candidates::None,
        CandidatePlan::Token(token) => Candidates::Token(*token),
        CandidatePlan::Next(first, second) => Candidates::Next(*first, *second),
        CandidatePlan::Near(nearby) => Candidates::Near(nearby.clone()),
        CandidatePlan::Unbroken(words) => Candidates::Unbroken(words.clone()),
        CandidatePlan::Value { field, value } => Candidates::Value {
            field: field.clone(),
            value: value.clone(),
        },
        CandidatePlan::Started { from, until } => Candidates::Started {
            from: *from,
            until: *until,
        },
        CandidatePlan::Not(inner) => Candidates::Not(Box::new(candidates(inner))),
        CandidatePlan::And(parts) => Candidates::And(parts.iter().map(candidates).collect()),
        CandidatePlan::Or(parts) => Candidates::Or(parts.iter().map(candidates).collect()),
    }
}

/// Hashes the exact words; looks patterns up in the tenant's sealed vocabulary.
pub(crate) async fn resolve<A: Action, R: Resource>(
    store: &Store,
    permit: &Permit<A, R>,
    terms: &Terms,
) -> Result<Resolved, AppError> {
    let mut resolved = Resolved::default();
    let words: Vec<&str> = terms.words().collect();
    let tokens = store.token_ids(permit, &words).await?;
    for (word, token) in words.iter().zip(tokens) {
        resolved.word(word, token);
    }
    for pattern in terms.patterns() {
        let found = store
            .expand(permit, pattern.begin(), &|word: &str| pattern.matches(word))
            .await?;
        resolved.pattern(pattern, found);
    }
    Ok(resolved)
}

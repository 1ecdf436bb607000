//! What an index must look up: hashes without which a query cannot match.
//!
//! INVARIANT: an interaction that matches a query always meets its plan. The reverse does not
//! hold; the matcher decides.

use domain::query::{Node, Query, TokenId};

use super::terms::Resolved;

/// Which interactions to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CandidatePlan {
    /// Every one: the query asks for absence or for fields only.
    All,
    /// None: a word of the query is nowhere in the vocabulary, or was not resolved.
    None,
    /// Those with this word.
    Token(TokenId),
    /// Those that meet all parts.
    And(Vec<CandidatePlan>),
    /// Those that meet at least one part.
    Or(Vec<CandidatePlan>),
}

impl CandidatePlan {
    fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
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

    fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
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

    /// Whether an interaction whose words `holds` knows meets the plan.
    pub fn meets(&self, holds: &impl Fn(TokenId) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Token(token) => holds(*token),
            Self::And(parts) => parts.iter().all(|part| part.meets(holds)),
            Self::Or(parts) => parts.iter().any(|part| part.meets(holds)),
        }
    }
}

/// The plan of a query. A query with an unresolved word or category matches nothing, so its plan
/// is to look at nothing.
#[must_use]
pub fn candidates(query: &Query, resolved: &Resolved) -> CandidatePlan {
    needs(query, resolved).unwrap_or(CandidatePlan::None)
}

fn needs(query: &Query, resolved: &Resolved) -> Option<CandidatePlan> {
    let all = |parts: &[Query]| -> Option<Vec<CandidatePlan>> {
        parts.iter().map(|part| needs(part, resolved)).collect()
    };
    Some(match &query.node {
        Node::Or(parts) | Node::AnyOf(parts) => CandidatePlan::any_of(all(parts)?),
        Node::And(parts) => CandidatePlan::all_of(all(parts)?),
        Node::Not(inner) => {
            needs(inner, resolved)?;
            CandidatePlan::All
        }
        Node::Phrase { words, .. } => {
            let mut parts = Vec::with_capacity(words.len());
            for word in words {
                let tokens = resolved.tokens(word)?.into_iter();
                parts.push(CandidatePlan::any_of(tokens.map(CandidatePlan::Token)));
            }
            CandidatePlan::all_of(parts)
        }
        Node::Relation(relation) => {
            let left = needs(&relation.left, resolved)?;
            let right = needs(&relation.right, resolved)?;
            if relation.negated {
                left
            } else {
                CandidatePlan::all_of([left, right])
            }
        }
        Node::NotIn(left, right) => {
            needs(right, resolved)?;
            needs(left, resolved)?
        }
        Node::Speaker(_, inner) | Node::Edge(_, _, inner) => needs(inner, resolved)?,
        Node::Category { body, .. } => needs(body.as_deref()?, resolved)?,
        Node::Field { .. } => CandidatePlan::All,
    })
}

//! The second witness: whether a deed on record could have been permitted by the version that it
//! names. It reads the rules by itself and does not ask Cedar.

use domain::{ClauseId, DataCategory, Purpose};

use crate::Policy;
use crate::document::{Effect, Rule, Who};

/// A deed as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The right that was acted in, by its key.
    pub right: String,
    /// What was done, by the action's key.
    pub action: String,
    /// What for.
    pub purpose: Option<Purpose>,
    /// Which kinds of data were touched.
    pub categories: Vec<DataCategory>,
    /// The clauses that are said to have permitted it.
    pub clauses: Vec<ClauseId>,
}

/// Why a deed has no matching decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Nobody is known to hold that right.
    #[error("`{0}` is no right that the policy knows")]
    Right(String),
    /// No purpose or no clause stands beside it.
    #[error("it names no {0}")]
    Nameless(&'static str),
    /// No rule of the named clauses permits it.
    #[error("no rule of {0} permits it")]
    Unpermitted(String),
    /// A prohibition without conditions stands against it.
    #[error("{0} forbids it in every case")]
    Forbidden(ClauseId),
}

/// Whether some rule of the clauses that a deed names permits it, and no prohibition without
/// conditions stands against it. Conditions depend on facts of that time and are not asked again.
///
/// # Errors
/// [`Doubt`] with what does not fit.
pub fn witness(policy: &Policy, deed: &Deed) -> Result<(), Doubt> {
    let who: Who = deed
        .right
        .parse()
        .map_err(|_| Doubt::Right(deed.right.clone()))?;
    let purpose = deed.purpose.ok_or(Doubt::Nameless("purpose"))?;
    if deed.clauses.is_empty() {
        return Err(Doubt::Nameless("clause"));
    }
    let speaks = |rule: &Rule| {
        (rule.who.is_empty() || rule.who.contains(&who))
            && (rule.action.is_empty() || rule.action.contains(&deed.action))
            && (rule.purposes.is_empty() || rule.purposes.contains(&purpose))
    };
    let covers = |rule: &Rule| {
        rule.categories.is_empty() || deed.categories.iter().all(|c| rule.categories.contains(c))
    };
    let touches = |rule: &Rule| {
        rule.categories.is_empty() || deed.categories.iter().any(|c| rule.categories.contains(c))
    };
    for clause in policy.clauses() {
        let always = clause.rules.iter().any(|rule| {
            rule.effect == Effect::Forbid
                && rule.unless.is_empty()
                && rule.when.is_empty()
                && speaks(rule)
                && touches(rule)
        });
        if always {
            return Err(Doubt::Forbidden(clause.id.clone()));
        }
    }
    let permitted = policy
        .clauses()
        .iter()
        .filter(|clause| deed.clauses.contains(&clause.id))
        .flat_map(|clause| &clause.rules)
        .any(|rule| rule.effect == Effect::Permit && speaks(rule) && covers(rule));
    if permitted {
        return Ok(());
    }
    let named: Vec<&str> = deed.clauses.iter().map(ClauseId::as_str).collect();
    Err(Doubt::Unpermitted(named.join(", ")))
}

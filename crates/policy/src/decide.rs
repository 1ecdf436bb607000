//! The one decision procedure.

use domain::{ClauseId, DataCategory};

use crate::cedar::{Answer, RuleIndex};
use crate::question::Question;
use crate::{Action, Denial, Facts, Permit, Policy, Resource, Scope, explain};

/// Decides by the rules of a policy; deny by default.
///
/// # Errors
/// [`Denial`] with the clauses that stand against it.
pub fn decide<A: Action, R: Resource>(
    policy: &Policy,
    scope: &Scope,
    resource: R,
    categories: &[DataCategory],
    facts: &Facts,
) -> Result<Permit<A, R>, Denial> {
    let question = Question::new::<A, R>(policy, scope, &resource, categories, facts);
    let answer = if categories.is_empty() {
        return Err(explain::nothing_named(policy, &question));
    } else {
        policy.cedar().ask(&question)
    };
    match answer {
        Answer::Permitted(rules) => Ok(Permit::grant(
            scope.clone(),
            resource,
            categories.to_vec(),
            clauses_of(policy, &rules),
            policy.version().to_owned(),
        )),
        Answer::Refused(rules) if rules.is_empty() => Err(explain::unpermitted(policy, &question)),
        Answer::Refused(rules) => Err(explain::forbidden(policy, &question, &rules)),
        Answer::Broken(reason) => Err(explain::broken(policy, &question, &reason)),
    }
}

/// The clauses of rules, each once, in the order of the rules.
pub(crate) fn clauses_of(policy: &Policy, rules: &[RuleIndex]) -> Vec<ClauseId> {
    let mut clauses = Vec::with_capacity(rules.len());
    for index in rules {
        if let Some(clause) = policy.clauses().get(index.clause)
            && !clauses.contains(&clause.id)
        {
            clauses.push(clause.id.clone());
        }
    }
    clauses
}

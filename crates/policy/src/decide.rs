//! The one decision procedure.

use domain::DataCategory;

use crate::{Action, Denial, Facts, Permit, Policy, Resource, Scope};

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
    if facts.lawful_bases.is_empty() {
        return Err(Denial {
            clauses: Vec::new(),
            sentence: "no lawful basis is stated".to_owned(),
            action: A::KEY,
            purpose: scope.purpose(),
        });
    }
    Ok(Permit::grant(
        scope.clone(),
        resource,
        categories.to_vec(),
        Vec::new(),
        policy.version().to_owned(),
    ))
}

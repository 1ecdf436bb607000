//! Questions for the tests.

use domain::{
    Actor, ActorKind, ApiKeyId, DataCategory, InteractionId, LawfulBasis, Purpose, TenantId,
    TenantRole, Timestamp,
};
use policy::{
    Denial, Disclose, Erase, Facts, Find, Interactions, Policy, Read, Scope, Seal, decide,
};

pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) fn shipped() -> Policy {
    Policy::shipped().unwrap()
}

pub(crate) fn the_interaction() -> InteractionId {
    "int_00000000000000000000000000000001".parse().unwrap()
}

pub(crate) fn person(role: TenantRole) -> ActorKind {
    ActorKind::TenantUser {
        role,
        own: Vec::new(),
    }
}

pub(crate) fn api_key() -> ActorKind {
    let id: ApiKeyId = "key_00000000000000000000000000000001".parse().unwrap();
    ActorKind::ApiKey(id)
}

pub(crate) fn agent_who_took_part() -> ActorKind {
    ActorKind::TenantUser {
        role: TenantRole::Agent,
        own: vec![the_interaction()],
    }
}

pub(crate) fn basis(basis: &str, grants: &[(Purpose, bool)]) -> LawfulBasis {
    LawfulBasis {
        basis: basis.to_owned(),
        expires: None,
        grants: grants.to_vec(),
    }
}

/// Everything in order: instruction, subjects, a contract that grants what is instructed.
pub(crate) fn in_order() -> Facts {
    Facts {
        instruction: Some("order 7".to_owned()),
        subjects: 2,
        lawful_bases: vec![basis("contract", &[])],
        ..Facts::default()
    }
}

/// The clauses that permit, or the refusal.
pub(crate) fn ask(
    policy: &Policy,
    action: &str,
    kind: &ActorKind,
    purpose: Purpose,
    categories: &[DataCategory],
    facts: &Facts,
) -> Result<Vec<String>, Denial> {
    let tenant: TenantId = "ten_00000000000000000000000000000001".parse().unwrap();
    let actor = Actor {
        kind: kind.clone(),
        handle: "test".to_owned(),
    };
    let scope = Scope::for_test(tenant, actor, purpose, NOW);
    let id = the_interaction();
    macro_rules! clauses {
        ($action:ty, $resource:expr) => {
            decide::<$action, _>(policy, &scope, $resource, categories, facts).map(|permit| {
                assert_eq!(permit.version(), policy.version());
                permit.clauses().iter().map(ToString::to_string).collect()
            })
        };
    }
    match action {
        "read" => clauses!(Read, id),
        "seal" => clauses!(Seal, id),
        "find" => clauses!(Find, Interactions),
        "erase" => clauses!(Erase, id),
        "disclose" => clauses!(Disclose, id),
        other => panic!("no action `{other}`"),
    }
}

/// The clauses of a refusal, and its sentence.
pub(crate) fn refused(outcome: Result<Vec<String>, Denial>) -> (Vec<String>, String) {
    let denial = outcome.unwrap_err();
    let clauses = denial.clauses.iter().map(ToString::to_string).collect();
    (clauses, denial.sentence)
}

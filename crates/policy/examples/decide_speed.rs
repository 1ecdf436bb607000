//! Prints the median time of a decision with the shipped policy.

use std::hint::black_box;
use std::time::Instant;

use domain::{
    Actor, ActorKind, DataCategory, InteractionId, LawfulBasis, Purpose, TenantId, TenantRole,
    Timestamp,
};
use policy::{Facts, Policy, Read, Scope, decide};

const ROUNDS: usize = 20_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let policy = Policy::shipped()?;
    println!("load and compile: {:?}", started.elapsed());

    let id: InteractionId = "int_0000000000000000000000000000000a".parse()?;
    let tenant: TenantId = "ten_0000000000000000000000000000000b".parse()?;
    let facts = Facts {
        instruction: Some("order 7".to_owned()),
        subjects: 2,
        lawful_bases: vec![LawfulBasis {
            basis: "contract".to_owned(),
            expires: None,
            grants: Vec::new(),
        }],
        ..Facts::default()
    };
    let analyst = ActorKind::TenantUser {
        role: TenantRole::Analyst,
        own: Vec::new(),
    };
    for (name, kind, purpose, categories) in [
        (
            "permit, review",
            analyst.clone(),
            Purpose::Review,
            vec![
                DataCategory::RedactedContent,
                DataCategory::InteractionMetadata,
            ],
        ),
        (
            "permit, redaction",
            ActorKind::Pipeline,
            Purpose::Redaction,
            vec![DataCategory::RawContent, DataCategory::Contact],
        ),
        (
            "denial, not permitted",
            analyst.clone(),
            Purpose::UnredactedAccess,
            vec![DataCategory::RawContent],
        ),
        (
            "denial, forbidden",
            analyst,
            Purpose::ModelTraining,
            vec![DataCategory::RedactedContent],
        ),
    ] {
        let actor = Actor {
            kind,
            handle: "bench".to_owned(),
        };
        let scope = Scope::for_test(tenant, actor, purpose, Timestamp(0));
        let mut times: Vec<u128> = (0..ROUNDS)
            .map(|_| {
                let begin = Instant::now();
                let outcome = decide::<Read, _>(&policy, &scope, id, &categories, &facts);
                let taken = begin.elapsed().as_nanos();
                drop(black_box(outcome));
                taken
            })
            .collect();
        times.sort_unstable();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or(0) / 100;
        let micros = |tenths: u128| format!("{}.{} µs", tenths / 10, tenths % 10);
        println!("{name}: median {}, p99 {}", micros(at(50)), micros(at(99)));
    }
    Ok(())
}

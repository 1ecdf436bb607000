//! What a recipient attests, held against what this policy asks of whoever receives data.

use std::collections::{BTreeMap, BTreeSet};

use domain::{RecipientKind, Timestamp};

use crate::{Lacks, Policy};

/// What a recipient's contract and its own attestation say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// What kind of recipient it is.
    pub kind: RecipientKind,
    /// Terms of its contract, by key.
    pub terms: BTreeSet<String>,
    /// Level of each attested control, by key.
    pub controls: BTreeMap<String, u8>,
    /// Where it processes, such as `DE` or `US`.
    pub region: String,
    /// The transfer mechanism that the contract relies on, where it is abroad.
    pub mechanism: Option<String>,
    /// Until when the attestation is good.
    pub valid_until: Timestamp,
}

/// Everything in which a recipient falls short of this policy, term by term and control by
/// control. A person who receives their own data, and an authority that acts by law, are bound
/// by neither; their region is asked for all the same.
#[must_use]
pub fn compare(policy: &Policy, home: &str, who: &Attestation, at: Timestamp) -> Lacks {
    let document = policy.document();
    let terms = document
        .terms
        .iter()
        .filter(|term| term.binds.contains(&who.kind) && !who.terms.contains(&term.key))
        .map(|term| format!("its contract does not say that {}", term.means))
        .collect();
    let compared = !matches!(who.kind, RecipientKind::Person | RecipientKind::Authority);
    let mut controls: Vec<String> = document
        .controls
        .iter()
        .filter(|_| compared)
        .filter_map(|ours| {
            let theirs = who.controls.get(&ours.key).copied();
            let level = |place: u8| {
                let named = ours.levels.get(usize::from(place));
                named.map_or("nothing known", String::as_str)
            };
            match theirs {
                Some(theirs) if theirs >= ours.ours => None,
                Some(theirs) => Some(format!(
                    "{}: theirs is `{}`, ours is `{}`",
                    ours.noun,
                    level(theirs),
                    level(ours.ours)
                )),
                None => Some(format!("{}: nothing is attested", ours.noun)),
            }
        })
        .collect();
    if compared && who.valid_until <= at {
        controls.push("the attestation has ended".to_owned());
    }
    Lacks {
        terms,
        controls,
        transfer: crossing(policy, home, who, at).into_iter().collect(),
    }
}

fn crossing(policy: &Policy, home: &str, who: &Attestation, at: Timestamp) -> Option<String> {
    if who.region == home || who.kind == RecipientKind::Person {
        return None;
    }
    let Some(mechanism) = &who.mechanism else {
        return Some(format!(
            "it processes in `{}`, we keep data in `{home}`, and no transfer mechanism is named",
            who.region
        ));
    };
    let known = policy.document().transfers.iter().any(|way| {
        way.from == home
            && way.to == who.region
            && way.mechanism == *mechanism
            && !way.note.trim().is_empty()
            && way.valid_until.is_none_or(|end| end.start() > at)
    });
    (!known).then(|| {
        format!(
            "no current transfer note covers `{mechanism}` from `{home}` to `{}`",
            who.region
        )
    })
}

use domain::{Actor, ActorKind, DataCategory, InteractionId, Plane, TenantRole};
use proptest::prelude::*;

use super::*;
use crate::question::Standing;
use crate::{Lacks, Policy};

fn actor() -> Actor {
    Actor {
        kind: ActorKind::Pipeline,
        handle: "test".to_owned(),
    }
}

fn some(lacks: bool) -> Vec<String> {
    lacks.then(|| "something".to_owned()).into_iter().collect()
}

fn flags() -> impl Strategy<Value = Standing> {
    let purposes = || proptest::sample::subsequence(Purpose::ALL.to_vec(), 0..=Purpose::ALL.len());
    (
        any::<[bool; 14]>(),
        0..3u16,
        0..3u16,
        purposes(),
        purposes(),
    )
        .prop_map(|(flags, subjects, bases, granted, refused)| Standing {
            instructed: flags[0],
            subjects,
            bases,
            lapsed: flags[1],
            granted,
            refused,
            past_retention: flags[2],
            on_hold: flags[3],
            own: flags[4],
            widened: flags[5],
            granted_recipient: flags[6],
            noticed_recipient: flags[7],
            lacks: Lacks {
                terms: some(flags[8]),
                controls: some(flags[9]),
                transfer: some(flags[10]),
            },
            order_approved: flags[11],
            opening_approved: flags[12],
            installation: flags[13],
        })
}

fn touches(rule: &Rule, asked: &[DataCategory]) -> bool {
    match rule.effect {
        Effect::Permit => asked
            .iter()
            .all(|category| rule.categories.contains(category)),
        Effect::Forbid => asked
            .iter()
            .any(|category| rule.categories.contains(category)),
    }
}

/// The same document read without Cedar: any prohibition refuses, else any permit allows.
fn as_read(policy: &Policy, question: &Question<'_>) -> (bool, Vec<RuleIndex>) {
    let applies = |clause: &Clause, rule: &Rule| {
        let plane = match clause.plane {
            ClausePlane::Site => question.plane == Plane::Site,
            ClausePlane::Hosting => question.plane == Plane::Hosting,
            ClausePlane::Both | ClausePlane::Unsaid => true,
        };
        plane
            && question.is_by(rule)
            && (rule.categories.is_empty() || touches(rule, question.categories))
            && (rule.action.is_empty() || rule.action.iter().any(|key| key == question.action))
            && (rule.purposes.is_empty() || rule.purposes.contains(&question.purpose))
            && rule.when.iter().all(|condition| question.meets(*condition))
            && (rule.unless.is_empty()
                || !rule
                    .unless
                    .iter()
                    .all(|condition| question.meets(*condition)))
    };
    let by_effect = |effect: Effect| -> Vec<RuleIndex> {
        rules_of(policy.document())
            .filter(|(_, clause, rule)| rule.effect == effect && applies(clause, rule))
            .map(|(index, _, _)| index)
            .collect()
    };
    let forbidden = by_effect(Effect::Forbid);
    if forbidden.is_empty() {
        let permitted = by_effect(Effect::Permit);
        (!permitted.is_empty(), permitted)
    } else {
        (false, forbidden)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Two readings of one document agree, decision and reasons.
    #[test]
    fn cedar_decides_as_the_rules_read(
        standing in flags(),
        who in proptest::sample::select(Who::ALL),
        action in proptest::sample::select(ACTIONS),
        purpose in proptest::sample::select(Purpose::ALL),
        plane in proptest::sample::select(Plane::ALL),
        categories in proptest::sample::subsequence(DataCategory::ALL.to_vec(), 1..=6),
        one in any::<bool>(),
    ) {
        thread_local! {
            static POLICY: Policy = Policy::shipped().unwrap();
        }
        let actor = actor();
        let id: InteractionId = "int_00000000000000000000000000000001".parse().unwrap();
        let question = Question {
            plane,
            tenant: "ten_00000000000000000000000000000001".parse().unwrap(),
            actor: &actor,
            who,
            action,
            about: one.then_some(id),
            purpose,
            categories: &categories,
            standing,
        };
        POLICY.with(|policy| {
            let (allowed, because) = as_read(policy, &question);
            match policy.cedar().ask(&question) {
                Answer::Permitted(rules) => {
                    prop_assert!(allowed);
                    prop_assert_eq!(rules, because);
                }
                Answer::Refused(rules) => {
                    prop_assert!(!allowed);
                    prop_assert_eq!(rules, because);
                }
                Answer::Broken(reason) => prop_assert!(false, "{}", reason),
            }
            Ok(())
        })?;
    }
}

/// P98: what is permitted on the hosting plane is refused on the site's, to everybody.
#[test]
fn p98_a_rule_of_one_plane_says_nothing_on_the_other() {
    let policy = Policy::shipped().unwrap();
    let actor = actor();
    for who in Who::ALL {
        for action in ACTIONS {
            for purpose in Purpose::ALL {
                for category in DataCategory::ALL {
                    let question = Question {
                        plane: Plane::Site,
                        tenant: "ten_00000000000000000000000000000001".parse().unwrap(),
                        actor: &actor,
                        who: *who,
                        action,
                        about: None,
                        purpose: *purpose,
                        categories: &[*category],
                        standing: everything_met(),
                    };
                    let answer = policy.cedar().ask(&question);
                    assert!(
                        matches!(answer, Answer::Refused(_)),
                        "{who} {action} {purpose}"
                    );
                }
            }
        }
    }
}

fn everything_met() -> Standing {
    Standing {
        instructed: true,
        subjects: 2,
        bases: 1,
        lapsed: false,
        granted: Purpose::ALL.to_vec(),
        refused: Vec::new(),
        past_retention: false,
        on_hold: false,
        own: true,
        widened: false,
        granted_recipient: true,
        noticed_recipient: true,
        lacks: Lacks::default(),
        order_approved: true,
        opening_approved: true,
        installation: true,
    }
}

#[test]
fn every_actor_is_somebody_to_the_policy() {
    for role in TenantRole::ALL {
        let kind = ActorKind::TenantUser {
            role: *role,
            own: Vec::new(),
        };
        assert_eq!(Who::of(&kind).key(), role.key());
    }
}

/// A rule that Cedar cannot type is found when the document is read, not when it is asked.
#[test]
fn faulty_documents_are_refused_with_their_place() {
    let shipped = include_str!("../../../../policies/privity.policy.toml");
    for (from, to, expected) in [
        ("id = \"P104\"", "id = \"P103\"", "is there twice"),
        (
            "closed_by = \"P18\"",
            "closed_by = \"P17\"",
            "does not define",
        ),
        ("action = [\"erase\"]", "action = [\"burn\"]", "`burn`"),
        (
            "unless = [\"not_on_hold\"]",
            "",
            "needs the sentence of its refusal",
        ),
        ("who = [\"pipeline\"]\n", "", "names whom and what for"),
        (
            "unless = [\"not_on_hold\"]",
            "unless = [\"not_on_holiday\"]",
            "follow the format",
        ),
        ("kind = \"never\"", "kind = \"seldom\"", "follow the format"),
        ("number = \"1.0\"", "nombre = \"1.0\"", "follow the format"),
    ] {
        let bent = shipped.replacen(from, to, 1);
        assert_ne!(bent, shipped, "{from}");
        let error = Policy::parse(&bent).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

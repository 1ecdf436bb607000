//! Who may receive what: recipients, orders, openings by the operator. Each by its clause.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ActorKind, BreakGlassId, DataCategory as Data, Purpose, RecipientKind, TenantRole, Timestamp,
};
use policy::{Attestation, Facts, Lacks, Policy, RecipientFacts, compare};

use crate::asking::{NOW, api_key, ask, basis, in_order, person, refused, shipped};

const REDACTED: &[Data] = &[Data::RedactedContent, Data::InteractionMetadata];

/// A processor that has every term and our own controls, at home.
fn processor(policy: &Policy) -> Attestation {
    Attestation {
        kind: RecipientKind::Processor,
        terms: policy.terms().iter().map(|term| term.key.clone()).collect(),
        controls: policy
            .controls()
            .iter()
            .map(|control| (control.key.clone(), control.ours))
            .collect(),
        region: "EU".to_owned(),
        mechanism: None,
        valid_until: Timestamp(NOW.0 + 1),
    }
}

fn granted(lacks: Lacks) -> Facts {
    Facts {
        lawful_bases: vec![basis("consent", &[(Purpose::Sharing, true)])],
        recipient: Some(RecipientFacts {
            granted: true,
            noticed: true,
            lacks,
        }),
        ..in_order()
    }
}

fn disclose(policy: &Policy, facts: &Facts) -> Result<Vec<String>, policy::Denial> {
    let officer = person(TenantRole::PrivacyOfficer);
    ask(
        policy,
        "disclose",
        &officer,
        Purpose::Sharing,
        REDACTED,
        facts,
    )
}

#[test]
fn p105_nothing_is_shared_without_a_granted_recipient() {
    let policy = shipped();
    assert_eq!(
        disclose(&policy, &granted(Lacks::default())).unwrap(),
        ["P105"]
    );
    let mut unnoticed = granted(Lacks::default());
    if let Some(recipient) = &mut unnoticed.recipient {
        recipient.noticed = false;
    }
    let mut ungranted = granted(Lacks::default());
    if let Some(recipient) = &mut ungranted.recipient {
        recipient.granted = false;
    }
    let nobody = Facts {
        recipient: None,
        ..granted(Lacks::default())
    };
    for facts in [unnoticed, ungranted, nobody] {
        let (clauses, _) = refused(disclose(&policy, &facts));
        assert!(clauses.contains(&"P105".to_owned()), "{clauses:?}");
    }
}

/// P42, P104: nothing is disclosed for any purpose but sharing with a named recipient and the
/// answer to an order, whoever asks and whatever was granted.
#[test]
fn p42_nothing_but_single_conversations_can_leave() {
    let policy = shipped();
    let mut facts = granted(Lacks::default());
    facts.order_approved = true;
    let open = [Purpose::Sharing, Purpose::Compelled];
    for purpose in Purpose::ALL
        .iter()
        .filter(|purpose| !open.contains(purpose))
    {
        for who in [
            person(TenantRole::Owner),
            person(TenantRole::PrivacyOfficer),
            api_key(),
            ActorKind::Pipeline,
            ActorKind::PrivacyDesk,
        ] {
            let outcome = ask(&policy, "disclose", &who, *purpose, REDACTED, &facts);
            assert!(outcome.is_err(), "{purpose}");
        }
    }
}

#[test]
fn p84_a_missing_term_refuses_the_disclosure() {
    let policy = shipped();
    let whole = processor(&policy);
    assert_eq!(compare(&policy, "EU", &whole, NOW), Lacks::default());
    for term in &whole.terms {
        let mut less = whole.clone();
        less.terms.remove(term);
        let lacks = compare(&policy, "EU", &less, NOW);
        let (clauses, sentence) = refused(disclose(&policy, &granted(lacks)));
        assert!(clauses.contains(&"P84".to_owned()), "{term} {clauses:?}");
        assert!(sentence.contains("its contract does not say"), "{sentence}");
    }
}

#[test]
fn p106_one_weaker_control_refuses_the_disclosure() {
    let policy = shipped();
    let whole = processor(&policy);
    for (control, level) in &whole.controls {
        let weaker: Vec<Attestation> = [level.checked_sub(1), None]
            .into_iter()
            .map(|theirs| {
                let mut less = whole.clone();
                match theirs {
                    Some(theirs) => less.controls.insert(control.clone(), theirs),
                    None => less.controls.remove(control),
                };
                less
            })
            .collect();
        for less in weaker {
            let lacks = compare(&policy, "EU", &less, NOW);
            let (clauses, sentence) = refused(disclose(&policy, &granted(lacks)));
            assert!(
                clauses.contains(&"P106".to_owned()),
                "{control} {clauses:?}"
            );
            assert!(sentence.contains("weaker than ours"), "{sentence}");
        }
        let mut stronger = whole.clone();
        stronger.controls.insert(control.clone(), level + 1);
        assert_eq!(compare(&policy, "EU", &stronger, NOW), Lacks::default());
    }
    let mut ended = whole;
    ended.valid_until = NOW;
    assert_eq!(compare(&policy, "EU", &ended, NOW).controls.len(), 1);
}

#[test]
fn p78_nothing_crosses_a_border_without_a_current_note() {
    let policy = shipped();
    let abroad = |region: &str, mechanism: Option<&str>| Attestation {
        region: region.to_owned(),
        mechanism: mechanism.map(str::to_owned),
        valid_until: Timestamp(i64::MAX),
        ..processor(&policy)
    };
    let covered = abroad("CH", Some("adequacy"));
    assert_eq!(compare(&policy, "EU", &covered, NOW), Lacks::default());
    let after_the_note = Timestamp(NOW.0 + 400 * 86_400_000);
    for (who, at) in [
        (abroad("CH", None), NOW),
        (abroad("CH", Some("standard_clauses")), NOW),
        (abroad("US", Some("adequacy")), NOW),
        (covered, after_the_note),
    ] {
        let lacks = compare(&policy, "EU", &who, at);
        let (clauses, _) = refused(disclose(&policy, &granted(lacks)));
        assert!(clauses.contains(&"P78".to_owned()), "{clauses:?}");
    }
}

/// A person who gets their own data is bound by nothing and attests nothing.
#[test]
fn a_person_needs_neither_terms_nor_controls() {
    let policy = shipped();
    let person = Attestation {
        kind: RecipientKind::Person,
        terms: BTreeSet::new(),
        controls: BTreeMap::new(),
        region: "US".to_owned(),
        mechanism: None,
        valid_until: NOW,
    };
    assert_eq!(compare(&policy, "EU", &person, NOW), Lacks::default());
}

#[test]
fn p107_an_order_is_answered_only_when_approved_and_told() {
    let policy = shipped();
    let answer = |who: &ActorKind, approved: bool, data: &[Data]| {
        let facts = Facts {
            order_approved: approved,
            ..in_order()
        };
        ask(&policy, "disclose", who, Purpose::Compelled, data, &facts)
    };
    let desk = ActorKind::PrivacyDesk;
    assert_eq!(answer(&desk, true, REDACTED).unwrap(), ["P107"]);
    let (clauses, sentence) = refused(answer(&desk, false, REDACTED));
    assert_eq!(clauses, ["P107", "P18"]);
    assert!(sentence.contains("approved by two"), "{sentence}");
    assert!(answer(&desk, true, &[Data::RawContent]).is_err());
    for other in [ActorKind::OperatorAdmin, person(TenantRole::Owner)] {
        assert!(answer(&other, true, REDACTED).is_err());
    }
}

#[test]
fn p101_the_operator_comes_in_only_when_let_in() {
    let policy = shipped();
    let guest = ActorKind::BreakGlass(BreakGlassId::from_uuid(Default::default()));
    let open = |approved: bool, purpose: Purpose, data: &[Data]| {
        let facts = Facts {
            opening_approved: approved,
            ..in_order()
        };
        ask(&policy, "read", &guest, purpose, data, &facts)
    };
    assert_eq!(open(true, Purpose::Review, REDACTED).unwrap(), ["P101"]);
    assert!(open(false, Purpose::Review, REDACTED).is_err());
    assert!(open(true, Purpose::Review, &[Data::RawContent]).is_err());
    assert!(open(true, Purpose::UnredactedAccess, &[Data::RawContent]).is_err());
    assert!(open(true, Purpose::Export, REDACTED).is_err());
}

#[test]
fn the_registers_are_the_privacy_officers() {
    let policy = shipped();
    let data = &[Data::Contact, Data::InteractionMetadata];
    let may = |who: &ActorKind, action: &str| {
        ask(&policy, action, who, Purpose::Governance, data, &in_order()).is_ok()
    };
    let officer = person(TenantRole::PrivacyOfficer);
    let owner = person(TenantRole::Owner);
    assert!(may(&officer, "seal") && may(&officer, "read") && may(&officer, "find"));
    assert!(!may(&owner, "seal") && may(&owner, "read"));
    for other in [
        person(TenantRole::Analyst),
        person(TenantRole::Agent),
        api_key(),
        ActorKind::OperatorAdmin,
        // The operator's desk keeps its own registers, never a tenant's.
        ActorKind::PrivacyDesk,
    ] {
        assert!(!may(&other, "read") && !may(&other, "seal"), "{other:?}");
    }
}

/// P02: what the code can ask for is what the document lists, item by item.
#[test]
fn p02_nothing_can_be_done_that_this_document_does_not_name() {
    let policy = shipped();
    for purpose in Purpose::ALL {
        let listed = policy
            .purposes()
            .iter()
            .any(|entry| entry.key == purpose.key());
        assert!(listed, "{purpose}");
    }
    for category in Data::ALL {
        let kept = policy
            .retention()
            .iter()
            .any(|rule| rule.hosted() == Some(*category));
        assert!(kept, "{category} has no time of keeping");
    }
    for kind in RecipientKind::ALL {
        let listed = policy
            .recipients()
            .iter()
            .any(|entry| entry.kind == kind.key());
        assert!(listed, "{kind}");
    }
    assert_eq!(policy.recipients().len(), RecipientKind::ALL.len());
}

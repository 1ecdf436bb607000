//! How clauses stand, and the page that says so.

use domain::{ClauseId, Timestamp};
use policy::{ClauseStatus, Evidence, EvidenceKind, FRESH, Standing, render, statuses};

use crate::asking::{NOW, shipped};

fn clause(id: &str) -> ClauseId {
    id.parse().unwrap()
}

fn seen(id: &str, before_now: u64, kind: EvidenceKind) -> Evidence {
    Evidence {
        clause: clause(id),
        at: Timestamp(NOW.0 - i64::try_from(before_now).unwrap()),
        kind,
    }
}

fn test(name: &str, passed: bool) -> EvidenceKind {
    EvidenceKind::Test {
        name: name.to_owned(),
        passed,
    }
}

fn standing(evidence: &[Evidence], id: &str) -> Standing {
    let id = clause(id);
    statuses(&shipped(), evidence, NOW)
        .into_iter()
        .find(|standing| standing.clause == id)
        .unwrap()
}

const P104: &str = "p103_p104_training_improvement_and_resale_are_refused_by_name";

#[test]
fn a_clause_is_kept_only_on_fresh_evidence_of_every_kind() {
    let live = |agrees| EvidenceKind::Live { agrees };
    let passed = seen("P104", 10, test(P104, true));
    let agrees = seen("P104", 20, live(true));
    for (evidence, expected) in [
        (vec![], ClauseStatus::Untested),
        (vec![passed.clone()], ClauseStatus::Untested),
        (vec![agrees.clone()], ClauseStatus::Untested),
        (vec![passed.clone(), agrees.clone()], ClauseStatus::Kept),
        (
            vec![passed.clone(), seen("P104", FRESH.0 + 1, live(true))],
            ClauseStatus::Untested,
        ),
        (
            vec![passed.clone(), agrees.clone(), seen("P104", 5, live(false))],
            ClauseStatus::Broken,
        ),
        (
            vec![
                passed.clone(),
                agrees.clone(),
                seen("P104", 30, live(false)),
            ],
            ClauseStatus::Kept,
        ),
        (
            vec![
                passed.clone(),
                agrees.clone(),
                seen("P104", 5, test(P104, false)),
            ],
            ClauseStatus::Broken,
        ),
        (
            vec![seen("P103", 10, test(P104, true)), agrees.clone()],
            ClauseStatus::Untested,
        ),
    ] {
        let got = standing(&evidence, "P104");
        assert_eq!(got.status, expected, "{evidence:?}: {}", got.sentence);
    }
}

#[test]
fn a_test_of_this_build_does_not_grow_old_and_a_later_failure_counts() {
    let built = |passed| EvidenceKind::Built {
        name: P104.to_owned(),
        passed,
    };
    let agrees = seen("P104", 20, EvidenceKind::Live { agrees: true });
    let old = FRESH.0 * 9;
    for (evidence, expected) in [
        (vec![seen("P104", old, built(true))], ClauseStatus::Untested),
        (
            vec![seen("P104", old, built(true)), agrees.clone()],
            ClauseStatus::Kept,
        ),
        (
            vec![seen("P104", old, test(P104, true)), agrees.clone()],
            ClauseStatus::Untested,
        ),
        (
            vec![seen("P104", old, built(false)), agrees.clone()],
            ClauseStatus::Broken,
        ),
        (
            vec![
                seen("P104", old, built(true)),
                agrees.clone(),
                seen("P104", 5, test(P104, false)),
            ],
            ClauseStatus::Broken,
        ),
    ] {
        let got = standing(&evidence, "P104");
        assert_eq!(got.status, expected, "{evidence:?}: {}", got.sentence);
    }
}

#[test]
fn a_waiver_ends_and_hides_no_failure() {
    let waiver = |until| {
        seen(
            "P104",
            10,
            EvidenceKind::Waiver {
                until: Timestamp(until),
                reason: "while the desk moves".to_owned(),
            },
        )
    };
    assert_eq!(
        standing(&[waiver(NOW.0 + 1)], "P104").status,
        ClauseStatus::Waived
    );
    assert_eq!(
        standing(&[waiver(NOW.0)], "P104").status,
        ClauseStatus::Untested
    );
    let failing = seen("P104", 5, test(P104, false));
    assert_eq!(
        standing(&[waiver(NOW.0 + 1), failing], "P104").status,
        ClauseStatus::Broken
    );
}

#[test]
fn what_is_not_in_force_is_untested_and_says_why() {
    let got = standing(&[], "P29");
    assert_eq!(got.status, ClauseStatus::Untested);
    assert!(got.sentence.contains("site"), "{}", got.sentence);
}

#[test]
fn the_page_has_an_anchor_for_every_clause_and_says_what_is_not_in_force() {
    let policy = shipped();
    let (page, text) = (render::html(&policy, &[]), render::markdown(&policy, &[]));
    for clause in policy.clauses() {
        assert!(
            page.contains(&format!("<p id=\"{}\"", clause.id)),
            "{}",
            clause.id
        );
        assert!(
            text.contains(&format!("<a id=\"{}\">", clause.id)),
            "{}",
            clause.id
        );
        if let Some(reason) = &clause.unbacked {
            assert!(text.contains(reason.as_str()), "{}", clause.id);
        }
    }
    assert!(page.contains(policy.version()));
    let standings = statuses(&policy, &[], NOW);
    assert!(render::markdown(&policy, &standings).contains("(untested: "));
}

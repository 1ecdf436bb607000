//! Versions over time: what is in force, what differs, what may not grow.

use std::collections::BTreeSet;

use domain::{ActorKind, DataCategory, Purpose, TenantRole, Timestamp};
use policy::{
    Facts, History, HistoryError, Notice, Policy, PostedVersion, diff, permitted_purposes,
};
use proptest::prelude::*;

use crate::asking::{NOW, ask, in_order, person, refused, shipped};

fn version(name: &str, posted: i64, from: i64, permits: &[Purpose]) -> PostedVersion {
    PostedVersion {
        version: name.to_owned(),
        posted: Timestamp(posted),
        effective_from: Timestamp(from),
        permits: permits.iter().copied().collect(),
    }
}

#[test]
fn p01_the_version_in_force_is_found_for_every_instant() {
    let mut history = History::default();
    history.post(version("a", 5, 10, &[])).unwrap();
    history.post(version("b", 15, 20, &[])).unwrap();
    let at = |instant| {
        history
            .in_force(Timestamp(instant))
            .map(|v| v.version.as_str())
    };
    assert_eq!(at(9), None);
    assert_eq!(at(10), Some("a"));
    assert_eq!(at(19), Some("a"));
    assert_eq!(at(20), Some("b"));
}

#[test]
fn p95_nothing_holds_before_it_is_posted() {
    let mut history = History::default();
    let early = history.post(version("a", 10, 9, &[]));
    assert_eq!(early, Err(HistoryError::BeforePosting("a".to_owned())));
    history.post(version("a", 10, 10, &[])).unwrap();
    let past = history.post(version("b", 9, 30, &[]));
    assert_eq!(past, Err(HistoryError::OutOfOrder("b".to_owned())));
    let again = history.post(version("a", 11, 12, &[]));
    assert_eq!(again, Err(HistoryError::Twice("a".to_owned())));
    assert_eq!(history.versions().len(), 1);
}

fn some_purposes() -> impl Strategy<Value = BTreeSet<Purpose>> {
    proptest::sample::subsequence(Purpose::ALL.to_vec(), 0..=Purpose::ALL.len())
        .prop_map(|list| list.into_iter().collect())
}

proptest! {
    /// Over random histories: at no instant is a row open for a purpose that neither the version
    /// it was collected under permitted nor a notice since has named; and what it was open for
    /// at first stays open.
    #[test]
    fn p96_no_rows_permitted_purposes_grow_without_a_notice(
        versions in proptest::collection::vec((1..50i64, 0..50i64, some_purposes()), 1..6),
        notices in proptest::collection::vec((0..400i64, some_purposes()), 0..4),
        collected in 0..300i64,
        asked in 0..400i64,
        purpose in proptest::sample::select(Purpose::ALL),
    ) {
        let mut history = History::default();
        let mut posted = 0;
        for (number, (step, delay, permits)) in versions.into_iter().enumerate() {
            posted += step;
            let last = history.versions().last().map_or(0, |v| v.effective_from.0);
            let version = PostedVersion {
                version: format!("v{number}"),
                posted: Timestamp(posted),
                effective_from: Timestamp((posted + delay).max(last)),
                permits,
            };
            prop_assert_eq!(history.post(version), Ok(()));
        }
        for (given, purposes) in &notices {
            history.notify(Notice {
                version: "v".to_owned(),
                given: Timestamp(*given),
                purposes: purposes.clone(),
            });
        }
        let asked = asked.max(collected);
        let (Some(origin), Some(current)) = (
            history.in_force(Timestamp(collected)).cloned(),
            history.in_force(Timestamp(asked)).cloned(),
        ) else {
            return Ok(());
        };
        let facts = Facts {
            collected_under: Some(origin.version.clone()),
            collected_at: Some(Timestamp(collected)),
            ..Facts::default()
        };
        let open = current.permits.contains(&purpose)
            && !history.widens(&current.version, purpose, &facts, Timestamp(asked));
        let noticed = notices.iter().any(|(given, purposes)| {
            (collected..=asked).contains(given) && purposes.contains(&purpose)
        });
        if open {
            prop_assert!(origin.permits.contains(&purpose) || noticed);
        }
        if current.permits.contains(&purpose) && origin.permits.contains(&purpose) {
            prop_assert!(open);
        }
    }
}

/// The decision procedure heeds the history: a purpose that came later stays shut for old rows.
#[test]
fn p96_a_decision_heeds_the_version_of_collection() {
    let current = shipped();
    let narrow: Vec<Purpose> = permitted_purposes(&current)
        .into_iter()
        .filter(|purpose| *purpose != Purpose::Export)
        .collect();
    let mut history = History::default();
    history.post(version("first", 0, 0, &narrow)).unwrap();
    let all: Vec<Purpose> = permitted_purposes(&current).into_iter().collect();
    history
        .post(version(current.version(), 100, 100, &all))
        .unwrap();
    let old = Facts {
        collected_under: Some("first".to_owned()),
        collected_at: Some(Timestamp(50)),
        ..in_order()
    };
    let new = Facts {
        collected_under: Some(current.version().to_owned()),
        ..old.clone()
    };
    let stranger = Facts {
        collected_under: Some("elsewhere".to_owned()),
        ..old.clone()
    };
    let analyst = person(TenantRole::Analyst);
    let export = |policy: &Policy, facts: &Facts| {
        ask(
            policy,
            "read",
            &analyst,
            Purpose::Export,
            &[DataCategory::RedactedContent],
            facts,
        )
    };
    let policy = current.after(history.clone());
    assert!(export(&policy, &new).is_ok());
    for facts in [&old, &stranger] {
        let (clauses, sentence) = refused(export(&policy, facts));
        assert_eq!(clauses, ["P96"]);
        assert!(sentence.contains("did not allow export"), "{sentence}");
    }
    history.notify(Notice {
        version: policy.version().to_owned(),
        given: Timestamp(NOW.0 - 1),
        purposes: BTreeSet::from([Purpose::Export]),
    });
    assert!(export(&policy.after(history), &old).is_ok());
}

#[test]
fn p94_a_difference_that_matters_is_called_material() {
    let before = shipped();
    let against = |from: &str, to: &str| {
        let text = before.text().replacen(from, to, 1);
        assert_ne!(text, before.text(), "{from}");
        diff(&before, &Policy::parse(&text).unwrap())
    };
    let reworded = against(
        "never sold and never passed on",
        "not sold and not passed on, ever,",
    );
    assert_eq!(reworded.changes.len(), 1, "{reworded:?}");
    assert!(!reworded.is_material());
    assert!(reworded.opened.is_empty());

    let opened = against(
        "who = [\"privacy_officer\"]\naction = [\"erase\"]",
        "who = [\"privacy_officer\", \"owner\"]\naction = [\"erase\"]",
    );
    assert!(opened.is_material());
    assert_eq!(opened.opened, BTreeSet::from([Purpose::Erasure]));

    let loosened = against(
        "unless = [\"instruction_named\", \"subject_named\"]",
        "unless = [\"subject_named\"]",
    );
    assert!(loosened.is_material());

    let unbound = against(
        "bound_by = \"the customer's contract and instruction\"",
        "bound_by = \"a handshake\"",
    );
    assert!(unbound.is_material());

    let narrower = against(
        "who = [\"owner\", \"analyst\", \"coach\", \"privacy_officer\", \"integrator\", \"api_key\"]\naction = [\"read\"]\nfor = [\"hosting.playback\"]",
        "who = [\"owner\", \"analyst\", \"coach\", \"privacy_officer\"]\naction = [\"read\"]\nfor = [\"hosting.playback\"]",
    );
    assert!(!narrower.is_material() && !narrower.changes.is_empty());
    assert!(diff(&before, &shipped()).changes.is_empty());
}

/// Nobody is permitted anything for a purpose that is never permitted.
#[test]
fn what_is_never_done_is_among_no_permitted_purposes() {
    let permitted = permitted_purposes(&shipped());
    for never in [
        Purpose::ModelTraining,
        Purpose::ProductImprovement,
        Purpose::Resale,
    ] {
        assert!(!permitted.contains(&never), "{never}");
    }
    assert!(permitted.contains(&Purpose::Review));
    let pipeline = ActorKind::Pipeline;
    assert!(
        ask(
            &shipped(),
            "read",
            &pipeline,
            Purpose::Sharing,
            &[DataCategory::Voice],
            &in_order()
        )
        .is_err()
    );
}

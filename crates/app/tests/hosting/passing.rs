//! Duties by law, and the passing of an installation to another operator.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::disclosures::Recipient;
use app::obligations::Obligation;
use app::releases::{Column, MicroEpsilon, ReleaseOrder, Shape, TERM, YEARLY};
use app::requests::{Justification, Outcome, RequestKind};
use app::succession::{Succession, document_hash};
use domain::{DataCategory, RecipientKind, Secret, Timestamp};

use crate::desk::{chat, next, officer, recipient, standing, take};
use crate::installation::{Engine, Installation};
use crate::requests::{Later, letters, order, proven};

const SECRET: &str = "a secret of both operators";

#[tokio::test]
async fn p30_who_rests_on_the_law_names_it() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        proven(&place, post.path(), RequestKind::Erasure, "tom@example.org").await;
        let case = app.cases(&officer).await.unwrap().remove(0);
        let refused = |sentence: String| Outcome::Refused {
            why: Justification::LegalObligation,
            sentence,
        };
        let bare = refused("the law says so".to_owned());
        let denied = app.end_case(&officer, case.id, &bare).await.unwrap_err();
        assert!(denied.to_string().contains("P30"), "{denied}");
        let duty = Obligation {
            law: "HGB".to_owned(),
            article: "257(1)".to_owned(),
            demands: "commercial letters are kept for six years".to_owned(),
            categories: BTreeSet::from([DataCategory::RawContent]),
            keep_days: Some(2_190),
            entered_by: String::new(),
            ended: None,
        };
        let lawless = Obligation {
            article: " ".to_owned(),
            ..duty.clone()
        };
        assert!(app.enter_obligation(&officer, &lawless).await.is_err());
        let id = app.enter_obligation(&officer, &duty).await.unwrap();
        let by_law = refused(format!("this letter is kept by {id}"));
        app.end_case(&officer, case.id, &by_law).await.unwrap();
        let sent = letters(post.path(), ".eml").join("\n");
        assert!(
            sent.contains("HGB 257(1)"),
            "the person reads which law: {sent}"
        );
        assert_ne!(standing(app, "P30").await, "broken");
        app.end_obligation(&officer, id).await.unwrap();
        assert!(app.end_obligation(&officer, id).await.is_err(), "once");
    }
}

fn plan(signed: Timestamp) -> Succession {
    Succession {
        successor: "Harbour Ltd".into(),
        trigger: "merger".to_owned(),
        signed,
        document_sha256: document_hash(b"the contract"),
        approvals: BTreeSet::new(),
        told: None,
        handed: None,
    }
}

#[tokio::test]
async fn p37_a_pack_needs_a_trigger_two_approvals_and_notice() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        let (anna, bert) = (app.privacy_desk("anna"), app.privacy_desk("bert"));
        let secret = Secret::from(SECRET);
        let whim = Succession {
            trigger: "we felt like it".to_owned(),
            ..plan(app.now())
        };
        assert!(app.plan_succession(&anna, &whim).await.is_err());
        let tomorrow = plan(Timestamp(app.now().0 + 86_400_000));
        assert!(app.plan_succession(&anna, &tomorrow).await.is_err());
        let id = app.plan_succession(&anna, &plan(app.now())).await.unwrap();
        app.approve_succession(&anna, id).await.unwrap();
        assert!(
            app.approve_succession(&anna, id).await.is_err(),
            "a second person"
        );
        assert!(app.tell_of_succession(&anna, id).await.is_err());
        app.approve_succession(&bert, id).await.unwrap();
        assert!(
            app.hand_over(&anna, id, &secret).await.is_err(),
            "nobody was told"
        );
        assert_eq!(app.tell_of_succession(&anna, id).await.unwrap(), 1);
        assert_eq!(app.succession_notices(&officer).await.unwrap().len(), 1);
        app.hand_over(&anna, id, &secret).await.unwrap();
        assert_ne!(standing(app, "P37").await, "broken");
    }
}

#[tokio::test]
async fn p37_what_was_promised_passes_whole_or_not_at_all() {
    let (place, post) = Installation::with_post(Engine::Embedded).await;
    let (app, officer) = (&place.app, officer(&place));
    let words = "My parcel number 7 is late";
    let erased = take(&place, chat(7, "tom@example.org")).await;
    let ticket = proven(&place, post.path(), RequestKind::Access, "tom@example.org").await;
    let other = app
        .open_request(&order(RequestKind::Complaint, "eve@example.org"))
        .await
        .unwrap();
    app.erase(&officer, erased).await.unwrap();
    let (anna, bert) = (app.privacy_desk("anna"), app.privacy_desk("bert"));
    let id = app.plan_succession(&anna, &plan(app.now())).await.unwrap();
    app.approve_succession(&anna, id).await.unwrap();
    app.approve_succession(&bert, id).await.unwrap();
    app.tell_of_succession(&anna, id).await.unwrap();
    let secret = Secret::from(SECRET);
    let pack = app.hand_over(&anna, id, &secret).await.unwrap();
    let readable = String::from_utf8_lossy(&pack).into_owned();
    for hidden in [words, "tom@example.org", "Harbour"] {
        assert!(!readable.contains(hidden), "{hidden}");
    }

    let there = Installation::new(Engine::PostgreSql).await;
    let desk = there.app.privacy_desk("cleo");
    let mut bent = pack.clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    let altered = there.app.receive_succession(&desk, &secret, &bent).await;
    assert!(altered.is_err());
    let wrong = Secret::from("another secret of theirs");
    assert!(
        there
            .app
            .receive_succession(&desk, &wrong, &pack)
            .await
            .is_err()
    );
    assert!(
        there.app.requests(&desk).await.unwrap().is_empty(),
        "not in part"
    );

    let got = there
        .app
        .receive_succession(&desk, &secret, &pack)
        .await
        .unwrap();
    assert_eq!((got.requests, got.erased), (2, 1));
    assert_eq!(got.customers, ["Acme"]);
    // The person's ticket opens the same request there, with the day that it had.
    let here = app.request_status(ticket.id, &ticket.token).await.unwrap();
    let status = there
        .app
        .request_status(ticket.id, &ticket.token)
        .await
        .unwrap();
    assert_eq!((status.kind, status.due), (here.kind, here.due));
    assert!(
        there
            .app
            .request_status(other.id, &other.token)
            .await
            .is_ok()
    );
    assert_eq!(there.app.replay_ledger().await.unwrap().unmatched, []);
    // A second time the numbers are taken: nothing comes in twice.
    let again = there.app.receive_succession(&desk, &secret, &pack).await;
    assert!(again.is_err());
    assert_eq!(there.app.requests(&desk).await.unwrap().len(), 2);
}

#[tokio::test]
async fn p37_a_version_of_theirs_never_comes_into_force_here_by_a_pack() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        let (anna, bert) = (app.privacy_desk("anna"), app.privacy_desk("bert"));
        let later = next(&place, "2099-01-01", ("", ""));
        app.publish_policy("anna", &later, false).await.unwrap();
        let id = app.plan_succession(&anna, &plan(app.now())).await.unwrap();
        app.approve_succession(&anna, id).await.unwrap();
        app.approve_succession(&bert, id).await.unwrap();
        app.tell_of_succession(&anna, id).await.unwrap();
        let secret = Secret::from(SECRET);
        let pack = app.hand_over(&anna, id, &secret).await.unwrap();
        let there = Installation::new(engine).await;
        let desk = there.app.privacy_desk("cleo");
        let refused = there.app.receive_succession(&desk, &secret, &pack).await;
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("would hold here"), "{why}");
        assert_eq!(there.app.policy_versions().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn p42_figures_leave_within_the_budget_to_a_bound_recipient() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        for number in 0..40 {
            take(&place, chat(number, "tom@example.org")).await;
        }
        let folder = tempfile::tempdir().unwrap();
        let recipient = Recipient {
            kind: RecipientKind::Processor,
            terms: BTreeSet::new(),
            noticed_from: Timestamp(app.now().0 + 15 * 86_400_000),
            ..recipient(&place, folder.path())
        };
        let unbound = app.grant_recipient(&officer, &recipient).await.unwrap();
        let bound = Recipient {
            terms: BTreeSet::from([TERM.to_owned()]),
            ..recipient
        };
        let bound = app.grant_recipient(&officer, &bound).await.unwrap();
        let order = |to, k, micros| ReleaseOrder {
            recipient: to,
            reason: "the yearly report".into(),
            shape: Shape {
                groups: vec![Column::Channel],
                sensitive: None,
                k,
                l: 1,
                epsilon: MicroEpsilon(micros),
            },
        };
        // Notice first: nothing goes to anybody before it is over.
        let early = app.release(&officer, &order(bound, 10, 900_000)).await;
        assert!(early.is_err());
        let later = app.by_clock(Arc::new(Later(app.now().0 + 16 * 86_400_000)));
        let refused = later.release(&officer, &order(unbound, 10, 900_000)).await;
        let why = refused.unwrap_err().to_string();
        assert!(why.contains("no_reidentification"), "{why}");
        assert!(
            later
                .release(&officer, &order(bound, 2, 900_000))
                .await
                .is_err(),
            "k"
        );
        let (_, file) = later
            .release(&officer, &order(bound, 10, 900_000))
            .await
            .unwrap();
        let value: serde_json::Value = serde_json::from_str(&file).unwrap();
        let rows = value["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "e-mail and voice are empty: {file}");
        let count = rows[0]["counts"]["all"].as_i64().unwrap();
        assert!((10..=90).contains(&count), "{count}");
        for hidden in ["int_", "parcel", "tom@"] {
            assert!(!file.contains(hidden), "{hidden}");
        }
        later
            .release(&officer, &order(bound, 10, 1_100_000))
            .await
            .unwrap();
        assert_eq!(
            later.spent(&officer).await.unwrap(),
            YEARLY,
            "to the last millionth"
        );
        let over = later.release(&officer, &order(bound, 10, 1)).await;
        assert!(over.unwrap_err().to_string().contains("P42"));
        assert_eq!(
            later.spent(&officer).await.unwrap(),
            YEARLY,
            "a refusal costs nothing"
        );
        assert_ne!(standing(&later, "P42").await, "broken");
    }
}

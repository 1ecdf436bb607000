//! What the policy promises about the main job, each under its clause.

use crate::installation::{Engine, Installation};
use app::{AppError, IntakeOrder, ListFilter, Outcome, Page, Until};
use domain::{Purpose, TenantRole};

const CHAT: &str = r#"{
  "format": "privity.chat/1", "id": "c-1", "channel": "chat", "started": "2026-10-08T16:20:05Z",
  "direction": "inbound",
  "parties": [{ "role": "agent", "name": "Priya Nair" }, { "role": "consumer", "name": "Tom Hill" }],
  "messages": [
    { "from": 1, "at": "2026-10-08T16:20:05Z", "text": "Hi, my card 4111 1111 1111 1111 was charged twice." },
    { "from": 0, "at": "2026-10-08T16:20:41Z", "text": "Sorry about that, I will refund it today." }
  ]
}"#;

async fn one_chat(place: &Installation) -> domain::InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let outcomes = place
        .app
        .take_in(&scope, CHAT.as_bytes().to_vec(), &IntakeOrder::default())
        .await
        .unwrap();
    match outcomes.as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

/// P98 and P99: without the tenant's instruction for a purpose its stage does not run, and the
/// interaction says which clause stopped it.
#[tokio::test]
async fn p99_a_purpose_that_is_not_instructed_stops_the_pipeline_with_its_clause() {
    for engine in Engine::BOTH {
        let place = Installation::with(engine, |order| {
            order.without = vec![Purpose::Analysis];
        })
        .await;
        let id = one_chat(&place).await;
        let done = place.app.work(Until::Drained, |_| {}).await.unwrap();
        assert_eq!(done.denied, 1);
        let review = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        let troubles = place.app.troubles(&review).await.unwrap();
        assert_eq!(troubles.len(), 1);
        assert_eq!(troubles[0].what, id.to_string());
        assert!(troubles[0].reason.starts_with('P'), "{troubles:?}");
        assert_eq!(
            place
                .app
                .search(&review, "refund", 0, 10)
                .await
                .unwrap()
                .total,
            0
        );
    }
}

/// P101: the operator's administrator opens nothing.
#[tokio::test]
async fn p101_another_tenants_interaction_does_not_exist() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let id = one_chat(&place).await;
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        let other = place
            .app
            .add_tenant(&app::TenantOrder {
                slug: "rival".parse().unwrap(),
                name: "Rival".to_owned(),
                instruction: "order 2".to_owned(),
                basis: "contract".to_owned(),
                without: Vec::new(),
            })
            .await
            .unwrap();
        let scope = place
            .app
            .local_scope(other.id, TenantRole::Analyst, Purpose::Review);
        for outcome in [
            place.app.view(&scope, id).await.map(|_| ()),
            place.app.audio_length(&scope, id).await.map(|_| ()),
            place.app.access_log(&scope, id).await.map(|_| ()),
            place
                .app
                .export(&scope, id, app::ExportFormat::Txt)
                .await
                .map(|_| ()),
            place.app.summary(&scope, id).await.map(|_| ()),
            place.app.erase(&scope, id).await.map(|_| ()),
        ] {
            assert!(
                matches!(outcome, Err(AppError::NotFound { .. })),
                "{outcome:?}"
            );
        }
        assert!(
            place
                .app
                .list(&scope, &ListFilter::default(), &Page::default())
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            place
                .app
                .search(&scope, "refund", 0, 10)
                .await
                .unwrap()
                .total,
            0
        );
    }
}

/// P102: erasing is complete or says that it is not, and what is erased is found by nobody.
#[tokio::test]
async fn p102_an_erased_interaction_is_gone_everywhere_and_the_receipt_says_so() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let id = one_chat(&place).await;
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        let review = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        assert_eq!(
            place
                .app
                .search(&review, "refund", 0, 10)
                .await
                .unwrap()
                .total,
            1
        );

        let analyst = place.app.erase(&review, id).await;
        assert!(matches!(analyst, Err(AppError::Denied(_))), "{analyst:?}");

        let officer =
            place
                .app
                .local_scope(place.tenant, TenantRole::PrivacyOfficer, Purpose::Erasure);
        let receipt = place.app.erase(&officer, id).await.unwrap();
        assert!(receipt.complete() && !receipt.places.is_empty());
        assert_eq!(
            place
                .app
                .search(&review, "refund", 0, 10)
                .await
                .unwrap()
                .total,
            0
        );
        assert!(place.app.view(&review, id).await.is_err());
        assert!(place.app.verify_ledger().await.unwrap().faults.is_empty());
    }
}

/// P18: what was refused is on the ledger with its clause.
#[tokio::test]
async fn p18_a_refusal_is_recorded() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let id = one_chat(&place).await;
        let before = place.app.verify_ledger().await.unwrap().leaves;
        let training =
            place
                .app
                .local_scope(place.tenant, TenantRole::Owner, Purpose::ModelTraining);
        let refused = place.app.summary(&training, id).await;
        let Err(AppError::Denied(denial)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            denial
                .clauses
                .iter()
                .any(|clause| clause.as_str() == "P103"),
            "{denial:?}"
        );
        assert_eq!(place.app.verify_ledger().await.unwrap().leaves, before + 1);
    }
}

/// Refused input is an outcome with a reason, visible afterwards.
#[tokio::test]
async fn what_cannot_be_used_is_refused_with_its_reason() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let scope = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
        let wav_head = {
            let mut head = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00".to_vec();
            head.extend_from_slice(&[0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0]);
            head.extend_from_slice(b"data\x00\x00\x00\x00");
            head
        };
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("nothing", Vec::new()),
            (
                "a zip",
                b"PK\x03\x04\x14\x00\x00\x00\x08\x00rest of an archive".to_vec(),
            ),
            ("a WAV without sound", wav_head),
            (
                "a broken chat",
                br#"{"format":"privity.chat/1","messages":[{"from":7}]}"#.to_vec(),
            ),
            (
                "noise",
                (0..400u32)
                    .map(|n| u8::try_from((n * 7 + 13) % 251).unwrap())
                    .collect(),
            ),
        ];
        let mut reasons = Vec::new();
        for (what, bytes) in &cases {
            let outcomes = place
                .app
                .take_in(&scope, bytes.clone(), &IntakeOrder::default())
                .await
                .unwrap();
            match outcomes.as_slice() {
                [Outcome::Refused { reason, sentence }] => {
                    assert!(sentence.len() > 15, "{what}: {sentence}");
                    reasons.push(reason.clone());
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        let review = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        assert_eq!(
            place.app.troubles(&review).await.unwrap().len(),
            cases.len()
        );
        reasons.sort();
        reasons.dedup();
        assert!(
            reasons.len() >= 4,
            "each has an outcome of its own: {reasons:?}"
        );
    }
}

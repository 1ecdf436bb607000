//! The main job, end to end, on both engines: the project's samples go in, sealed and redacted
//! knowledge comes out, and nothing of what was said is readable at rest.

use crate::installation::{Engine, Installation};
use app::{ExportFormat, IntakeOrder, ListFilter, Outcome, Page, Until};
use domain::{Channel, EntityKind, Purpose, TenantRole, Token};

/// Said, written or declared in the samples; none of it may be readable anywhere at rest. Long
/// enough that ciphertext does not spell one by chance.
const SECRETS: &[&str] = &[
    "Brooks",
    "Bennett",
    "Wright",
    "Olivia",
    "Hannah",
    "Springfield",
    "Riverton",
    "Mission Street",
    "5555 5555",
    "4012 8888",
    "thomas.wright",
    "415 555 2671",
    "refund",
    "supervisor",
    "appointment",
    "technician",
];

async fn takes_the_samples_in(engine: Engine) {
    let place = Installation::new(engine).await;
    let app = &place.app;
    let storage = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let mut taken = Vec::new();
    for name in [
        "billing-call.wav",
        "delivery-call.opus",
        "clinic-call.mp3",
        "chat.json",
        "mail-thread.mbox",
    ] {
        let path = crate::installation::samples().join(name);
        for outcome in app
            .take_in_file(&storage, &path, &IntakeOrder::default())
            .await
            .unwrap()
        {
            let Outcome::Taken { id, .. } = outcome else {
                panic!("{name}: {outcome:?}");
            };
            taken.push((name, id));
        }
        let again = app
            .take_in_file(&storage, &path, &IntakeOrder::default())
            .await
            .unwrap();
        assert!(
            again
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Known { .. })),
            "{name} again: {again:?}"
        );
    }
    assert_eq!(taken.len(), 5);

    let done = app.work(Until::Drained, |_| {}).await.unwrap();
    assert_eq!((done.denied, done.poisoned), (0, 0));

    let review = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let listed = app
        .list(&review, &ListFilter::default(), &Page::default())
        .await
        .unwrap();
    assert_eq!(listed.len(), 5);
    for (name, id) in &taken {
        let view = app.view(&review, *id).await.unwrap();
        let transcript = view
            .transcript
            .unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let text: String = transcript
            .words()
            .iter()
            .map(|word| match &word.token {
                Token::Word(text) => format!("{} ", text.expose()),
                Token::Redacted(kind) => format!("{kind} "),
            })
            .collect();
        for secret in [
            "Brooks", "Bennett", "Wright", "4111", "5555", "4012", "example.", "Mission", "Oak",
        ] {
            assert!(
                !text.contains(secret),
                "{name} still says `{secret}`: {text}"
            );
        }
        assert!(view.metrics.is_ok(), "{name}");
        assert_eq!(
            view.audio.is_ok(),
            view.summary.channel == Channel::Voice,
            "{name}"
        );
        let kinds: Vec<EntityKind> = view.summary.redactions.keys().copied().collect();
        assert!(kinds.contains(&EntityKind::Person), "{name}: {kinds:?}");
        if ["billing-call.wav", "chat.json", "mail-thread.mbox"].contains(name) {
            assert!(kinds.contains(&EntityKind::Card), "{name}: {kinds:?}");
        }
        for (format, _) in ExportFormat::ALL
            .iter()
            .map(|(name, format)| (*format, name))
        {
            if format == ExportFormat::Wav && view.summary.channel != Channel::Voice {
                continue;
            }
            let bytes = app.export(&review, *id, format).await.unwrap();
            assert!(!bytes.is_empty(), "{name} as {format:?}");
        }
    }

    let found = app.search(&review, "refund", 0, 10).await.unwrap();
    assert!(found.total.at_least >= 1, "{found:?}");
    assert!(found.hits.iter().any(|hit| !hit.snippets.is_empty()));
    assert_eq!(app.search(&review, "4111", 0, 10).await.unwrap().total, 0);
    let spoken = app
        .search(
            &review,
            "consumer:(supervisor) AND NOT agent:(xylophone)",
            0,
            10,
        )
        .await
        .unwrap();
    assert_eq!(spoken.total, 1);

    let report = app.verify_ledger().await.unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    assert!(report.leaves > 5 * 7);

    place.assert_unreadable(SECRETS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_samples_become_sealed_redacted_knowledge_on_sqlite() {
    takes_the_samples_in(Engine::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_samples_become_sealed_redacted_knowledge_on_postgresql() {
    takes_the_samples_in(Engine::PostgreSql).await;
}

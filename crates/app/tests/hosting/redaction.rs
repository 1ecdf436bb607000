//! What redaction promises a tenant: no way in passes it by, what may not be kept leaves the
//! original too, settings are followed, and it can be done again and audited.

use std::path::{Path, PathBuf};

use app::{AppError, AuditOrder, ExportFormat, IntakeOrder, Outcome, Until};
use domain::{EntityKind, InteractionId, Purpose, TenantRole, Token};
use formats::Kind;

use crate::installation::{Engine, Installation, samples, workspace};

const CARD: &str = "4111 1111 1111 1111";

fn chat(id: &str, text: &str) -> Vec<u8> {
    serde_json::json!({
        "format": "privity.chat/1", "id": id,
        "parties": [{ "role": "agent" }, { "role": "consumer" }],
        "messages": [{ "from": 1, "at": "2026-10-08T16:20:05Z", "text": text }],
    })
    .to_string()
    .into_bytes()
}

async fn take(place: &Installation, bytes: Vec<u8>) -> InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let taken = place
        .app
        .take_in(&scope, bytes, &IntakeOrder::default())
        .await
        .unwrap();
    match taken.as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

async fn words(place: &Installation, id: InteractionId) -> String {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let view = place.app.view(&scope, id).await.unwrap();
    let transcript = view.transcript.unwrap();
    let words = transcript.words().iter().map(|word| match &word.token {
        Token::Word(text) => text.expose().to_owned(),
        Token::Redacted(kind) => kind.to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A file of each kind that comes in, with the card number in it; `None` for what is refused at
/// the door. A new kind of file does not compile here until it is named.
fn planted(kind: Kind) -> Option<Vec<u8>> {
    let sample = |name: &str| Some(std::fs::read(samples().join(name)).unwrap());
    match kind {
        Kind::Wav => sample("billing-call.wav"),
        Kind::Mp3 => sample("clinic-call.mp3"),
        Kind::Ogg => sample("delivery-call.opus"),
        Kind::ChatJson => Some(chat("c-1", &format!("my card is {CARD}"))),
        Kind::VCon => Some(
            serde_json::json!({
                "vcon": "0.0.2", "uuid": "018f6d2e-0000-8000-8000-000000000009",
                "created_at": "2026-02-03T10:00:00Z",
                "parties": [{ "tel": "tel:+15550100" }],
                "dialog": [{
                    "type": "text", "start": "2026-02-03T10:00:00Z", "parties": 0,
                    "mediatype": "text/plain", "encoding": "none",
                    "body": format!("my card is {CARD}"),
                }],
            })
            .to_string()
            .into_bytes(),
        ),
        Kind::InteractionJson => Some(
            serde_json::json!({
                "format": "privity.interaction/1", "id": "int_1", "channel": "chat",
                "direction": "inbound", "started": "2026-02-03T10:00:00Z",
                "parties": [{ "role": "consumer" }], "speakers": [{ "party": 0 }],
                "turns": [{
                    "speaker": 0, "start_ms": 0, "end_ms": 4000, "quoted": false,
                    "text": format!("my card is {CARD}"),
                }],
            })
            .to_string()
            .into_bytes(),
        ),
        Kind::ChatCsv => Some(
            format!(
                "conversation_id,at,role,text\nc9,2026-03-01T09:00:00Z,consumer,my card is {CARD}\n"
            )
            .into_bytes(),
        ),
        Kind::Eml => Some(
            format!(
                "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\
                 Date: Thu, 8 Oct 2026 16:20:05 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n\
                 my card is {CARD}\r\n"
            )
            .into_bytes(),
        ),
        Kind::Mbox => sample("mail-thread.mbox"),
        Kind::WebVtt => {
            Some(format!("WEBVTT\n\n00:00.000 --> 00:04.000\nmy card is {CARD}\n").into_bytes())
        }
        Kind::Srt => Some(
            format!("1\n00:00:00,000 --> 00:00:04,000\nmy card number is {CARD}\n").into_bytes(),
        ),
        // The same decoder and the same stages as WAV; encoders for them are not at hand.
        Kind::Flac | Kind::Mp4 | Kind::WebM => None,
        Kind::Zip | Kind::Empty | Kind::Unknown(_) => None,
        other => panic!("{other:?} is a new kind of file: plant a card number in one here"),
    }
}

const KINDS: &[Kind] = &[
    Kind::Wav,
    Kind::Flac,
    Kind::Mp3,
    Kind::Ogg,
    Kind::Mp4,
    Kind::WebM,
    Kind::VCon,
    Kind::ChatJson,
    Kind::InteractionJson,
    Kind::ChatCsv,
    Kind::Eml,
    Kind::Mbox,
    Kind::WebVtt,
    Kind::Srt,
    Kind::Zip,
    Kind::Empty,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p10_no_kind_of_file_passes_redaction_by() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let mut taken = Vec::new();
        for kind in KINDS.iter().filter(|kind| !kind.is_audio()) {
            let Some(bytes) = planted(*kind) else {
                continue;
            };
            let head = &bytes[..formats::HEAD.min(bytes.len())];
            assert_eq!(
                formats::identify(head),
                *kind,
                "the planted file is of its kind"
            );
            taken.push((*kind, take(&place, bytes).await));
        }
        assert!(taken.len() >= 8);
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        let scope = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        for (kind, id) in taken {
            let text = words(&place, id).await;
            assert!(text.contains("[CARD]"), "{kind:?}: {text}");
            for (name, format) in ExportFormat::ALL.iter().filter(|one| one.0 != "wav") {
                let bytes = place.app.export(&scope, id, *format).await.unwrap();
                let text = String::from_utf8_lossy(&bytes).replace(' ', "");
                for digits in ["411111", "555555555", "40128888"] {
                    assert!(!text.contains(digits), "{kind:?} exported as {name}");
                }
            }
        }
    }
}

/// Where the program's own code takes something in. A new place fails here until it is listed
/// with the test that sends a secret through it.
#[test]
fn every_place_that_takes_something_in_goes_through_the_one_gate() {
    const KNOWN: &[(&str, &str)] = &[
        (
            "server/src/pages/take_in.rs",
            "calls App::take_in or App::take_in_file as here",
        ),
        (
            "app/src/intake.rs",
            "here: p10_no_kind_of_file_passes_redaction_by",
        ),
        (
            "app/src/audit/run.rs",
            "here: an_audit_finds_what_the_settings_leave",
        ),
        (
            "cli/src/commands/demo.rs",
            "calls App::take_in_file as main_job does",
        ),
        (
            "app/src/watching/running.rs",
            "calls App::take_in_file; its test is in watching.rs",
        ),
        (
            "cli/src/commands/ingest.rs",
            "calls App::take_in as here; watch and stdin come through it",
        ),
        ("server/src/routes/upload.rs", "calls App::take_in as here"),
        (
            "app/src/uploads.rs",
            "gives what came part by part to App::take_in_file, as here",
        ),
    ];
    let mut found = Vec::new();
    let crates = workspace().join("crates");
    sources(&crates, &mut found);
    assert!(found.len() > 100);
    let taking = found.into_iter().filter(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.contains(".take_in(") || text.contains(".take_in_file(")
    });
    for path in taking {
        let name = path
            .strip_prefix(&crates)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        assert!(
            KNOWN.iter().any(|(known, _)| *known == name),
            "`{name}` takes interactions in: prove that they are redacted and list it here"
        );
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["tests", "target", "examples"].contains(&name.as_str()) {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

async fn codes_leave_the_original(engine: Engine) {
    let place = Installation::new(engine).await;
    let id = take(&place, chat("c-1", "the cvv is 739 and my name is Dan Roe")).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let detector = async || {
        let found = place.app.redaction_events(&scope, id).await.unwrap();
        let mut of_code = found
            .events
            .iter()
            .filter(|one| one.kind == EntityKind::Cvv);
        of_code.next().map(|one| one.detector.0.clone()).unwrap()
    };
    assert_eq!(detector().await, "card.cvv");
    // The second time the original itself has a placeholder where the code was.
    assert_eq!(place.app.redact_again(&scope, None, true).await.unwrap(), 1);
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    assert_eq!(detector().await, "placeholder");
    assert!(
        words(&place, id)
            .await
            .starts_with("the cvv is [CVV] and my name is [PERSON]")
    );
    let opened = place.app.access_log(&scope, id).await.unwrap();
    assert!(opened.iter().any(|entry| entry.action == "key_destroyed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cards_code_leaves_the_original_too_on_sqlite() {
    codes_leave_the_original(Engine::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cards_code_leaves_the_original_too_on_postgresql() {
    codes_leave_the_original(Engine::PostgreSql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_followed_and_what_was_redacted_before_can_be_redacted_again() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let scope =
            place
                .app
                .local_scope(place.tenant, TenantRole::PrivacyOfficer, Purpose::Storage);
        let text = "my loyalty code is LY-558812 and I was born on March 12, 1983";
        let id = take(&place, chat("c-1", text)).await;
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        assert!(words(&place, id).await.contains("[DATE_OF_BIRTH]"));
        assert_eq!(place.app.redacted_otherwise(place.tenant).await.unwrap(), 0);

        let settings = "[operators]\nDATE_OF_BIRTH = \"generalise\"\n\
                    [[pattern]]\nname = \"loyalty\"\nregex = 'LY-\\d{6}'\n";
        assert_eq!(
            place
                .app
                .set_redaction_rules(&scope, settings)
                .await
                .unwrap(),
            1
        );
        assert_eq!(place.app.redacted_otherwise(place.tenant).await.unwrap(), 1);
        assert_eq!(
            place.app.redact_again(&scope, None, false).await.unwrap(),
            1
        );
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        let now = words(&place, id).await;
        assert!(
            now.contains("[CUSTOM]") && now.contains("[DATE_OF_BIRTH:1983]"),
            "{now}"
        );
        assert_eq!(place.app.redacted_otherwise(place.tenant).await.unwrap(), 0);
        let found = place.app.search(&scope, "LY-558812", 0, 5).await.unwrap();
        assert_eq!(found.total, 0, "the index follows");

        let refused = place.app.set_redaction_rules(&scope, "locale = 1").await;
        assert!(matches!(refused, Err(AppError::Rules(_))));
        let refusing = "authentication_data = \"refuse\"";
        place
            .app
            .set_redaction_rules(&scope, refusing)
            .await
            .unwrap();
        take(&place, chat("c-2", "the cvv is 739")).await;
        let done = place.app.work(Until::Drained, |_| {}).await.unwrap();
        assert_eq!(done.poisoned, 1, "what may not be kept is not processed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audit_finds_what_the_settings_leave() {
    {
        let place = Installation::new(Engine::Embedded).await;
        assert_eq!(place.app.redaction_report().await.unwrap(), None);
        let order = AuditOrder {
            written: 2,
            spoken: 0,
            seed: 3,
            tenant: None,
            live: false,
            log: None,
        };
        let report = place.app.audit_redaction(&order, &|_| {}).await.unwrap();
        let cards = report.types.iter().find(|one| one.kind == "card").unwrap();
        assert_eq!((cards.planted, cards.detected, cards.left()), (2, 2, 0));
        let planted: u64 = report.types.iter().map(|one| one.planted).sum();
        let left: u64 = report.types.iter().map(|one| one.left()).sum();
        assert!(planted >= 50 && left * 4 < planted, "{left} of {planted}");
        let files = report
            .places
            .iter()
            .find(|one| one.place.contains("privity.db"))
            .unwrap();
        assert_eq!(files.seen, 0);
        assert_eq!(place.app.redaction_report().await.unwrap(), Some(report));
    }
}

/// Canaries go the way of everything else, on the database and blobs at work, and none stays:
/// neither this audit's nor those of one that was stopped.
async fn canaries(engine: Engine) {
    let place = Installation::new(engine).await;
    let kept = take(&place, chat("c-1", "the parcel is late")).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let order = AuditOrder {
        written: 1,
        spoken: 0,
        seed: 5,
        tenant: Some(place.tenant),
        live: true,
        log: None,
    };
    let report = place.app.audit_redaction(&order, &|_| {}).await.unwrap();
    let planted: u64 = report.types.iter().map(|one| one.planted).sum();
    assert!(report.live && planted >= 25, "{planted}");
    assert_eq!(report.erased, planted + report.false_alarms.conversations);
    let database = |place: &app::PlaceFound| match engine {
        Engine::Embedded => place.place == "data folder: privity.db",
        Engine::PostgreSql => place.place == "database",
    };
    let at_rest: Vec<_> = report.places.iter().filter(|one| database(one)).collect();
    assert!(
        at_rest[0].looked_at > 0 && at_rest[0].seen == 0,
        "{at_rest:?}"
    );

    let mut tenants = place.app.tenants().await.unwrap();
    tenants.retain(|tenant| tenant.id != place.tenant);
    let scope = place
        .app
        .local_scope(tenants[0].id, TenantRole::Analyst, Purpose::Storage);
    let left = async |scope: &app::Scope| {
        let (filter, page) = (app::ListFilter::default(), app::Page::default());
        place.app.list(scope, &filter, &page).await.unwrap()
    };
    assert!(left(&scope).await.is_empty());
    let own = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    assert_eq!(left(&own).await[0].id, kept);

    let stopped = chat("audit-0", "my card is 4929 4205 7359 5709");
    let order_in = IntakeOrder::default();
    let taken = place.app.take_in(&scope, stopped, &order_in).await.unwrap();
    assert!(matches!(taken[..], [Outcome::Taken { .. }]), "{taken:?}");
    let report = place.app.audit_redaction(&order, &|_| {}).await.unwrap();
    assert!(report.erased > 0 && left(&scope).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canaries_in_the_installation_at_work_are_erased_afterwards() {
    canaries(Engine::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canaries_in_the_installation_at_work_are_erased_afterwards_on_postgresql() {
    canaries(Engine::PostgreSql).await;
}

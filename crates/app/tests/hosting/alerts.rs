//! Alerts told to recipients: through the gate, in the register, under one id until taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::disclosures::{Recipient, open_bundle};
use app::{App, AppError, DeliveryState, NewRoute, Told};
use domain::{Clock, InteractionId, Millis, Purpose, Secret, TenantRole, Timestamp};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::desk::{chat, officer, recipient, take};
use crate::installation::{Engine, Installation};

const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const CARD: &str = r#"
scorecard = "Service.Quality"
[[indicator]]
name = "Says sorry"
query = 'agent:sorry'
[[indicator]]
name = "Says goodbye"
query = 'agent:goodbye'
"#;

const LATE: &str = "alert = \"Delivery.Late\"\nquery = 'consumer:late'\n";
const POOR: &str = "alert = \"Service.Poor\"\nscore = \"Service.Quality < 60\"\n";

/// The installation's clock, moved by the test.
struct Later(AtomicI64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

async fn alerting(place: &Installation, texts: &[&str]) {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let mut names = Vec::new();
    for text in texts {
        names.push(
            place
                .app
                .import_definition(&scope, text, "first")
                .await
                .unwrap()
                .name,
        );
    }
    place.app.publish_definitions(&scope, &names).await.unwrap();
    drained(place).await;
}

async fn drained(place: &Installation) {
    place.app.work(app::Until::Drained, |_| {}).await.unwrap();
}

async fn raise(place: &Installation, number: usize) -> InteractionId {
    let id = take(place, chat(number, "tom@example.org")).await;
    drained(place).await;
    id
}

async fn routed(place: &Installation, who: &Recipient, digest: Millis) -> domain::AlertRouteId {
    let officer = officer(place);
    let to = place.app.grant_recipient(&officer, who).await.unwrap();
    let new = NewRoute {
        recipient: to,
        alerts: Vec::new(),
        digest,
    };
    place.app.add_alert_route(&officer, &new).await.unwrap()
}

async fn raised(app: &App, place: &Installation) -> Vec<app::AlertView> {
    let scope = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    app.alerts(&scope, 50).await.unwrap()
}

/// A receiver that answers with each of these in turn and keeps what it got.
async fn receiver(answers: &'static [u16]) -> (String, tokio::task::JoinHandle<Vec<Got>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut all = Vec::new();
        for status in answers {
            let (stream, _) = listener.accept().await.unwrap();
            all.push(one(stream, *status).await);
        }
        all
    });
    (url, task)
}

#[derive(Debug)]
struct Got {
    id: String,
    signed: (String, String),
    body: Vec<u8>,
}

async fn one(stream: tokio::net::TcpStream, status: u16) -> Got {
    let mut stream = BufReader::new(stream);
    let (mut length, mut id, mut at, mut signature) =
        (0, String::new(), String::new(), String::new());
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim().split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        let value = value.trim().to_owned();
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "webhook-id" => id = value,
            "webhook-timestamp" => at = value,
            "webhook-signature" => signature = value,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
    Got {
        id,
        signed: (at, signature),
        body,
    }
}

async fn told(engine: Engine) {
    let place = Installation::new(engine).await;
    alerting(&place, &[LATE, CARD, POOR]).await;
    let (url, got) = receiver(&[200, 503, 500, 204]).await;
    let who = Recipient {
        transport: "webhook".to_owned(),
        address: Secret::new(url),
        secret: Secret::new(WEBHOOK_SECRET),
        ..recipient(&place, std::path::Path::new("/nowhere"))
    };
    raise(&place, 1).await;
    let route = routed(&place, &who, Millis::ZERO).await;
    let officer = officer(&place);
    let tried = place.app.try_alert_route(&officer, route).await.unwrap();
    assert!(tried.slip.is_some(), "{tried:?}");
    assert_eq!(
        place.app.tell_of_alerts(place.tenant).await.unwrap(),
        Told::default(),
        "only what is new"
    );

    let id = raise(&place, 2).await;
    let alerts = raised(&place.app, &place).await;
    let names: std::collections::BTreeSet<String> = alerts
        .iter()
        .filter_map(|one| one.name.as_ref())
        .map(ToString::to_string)
        .collect();
    assert_eq!(names.len(), 2, "a query's and a score's: {names:?}");

    // One alert goes wrong twice, by the clock, and is told under the same id; the other waits.
    let clock = Arc::new(Later(AtomicI64::new(place.app.now().0)));
    let app = place.app.by_clock(clock.clone());
    let first = app.tell_of_alerts(place.tenant).await.unwrap();
    assert_eq!((first.delivered, first.again), (0, 2));
    assert_eq!(
        app.tell_of_alerts(place.tenant).await.unwrap(),
        Told::default(),
        "it waits"
    );
    let waiting = raised(&app, &place).await;
    assert!(
        waiting
            .iter()
            .take(2)
            .all(|one| one.deliveries[0].state == DeliveryState::Waiting)
    );
    assert!(
        waiting[0].deliveries[0]
            .failure
            .as_ref()
            .unwrap()
            .contains("50")
    );
    clock.0.fetch_add(31_000, Ordering::SeqCst);
    let second = app.tell_of_alerts(place.tenant).await.unwrap();
    assert_eq!(
        (second.delivered, second.again),
        (1, 1),
        "the other found nobody listening"
    );

    let got = got.await.unwrap();
    let ids: Vec<&str> = got.iter().map(|one| one.id.as_str()).collect();
    assert!(
        ids[0].ends_with(&format!("{}", tried.at.0)) && ids[0].contains("test"),
        "{ids:?}"
    );
    assert!(
        ids[1] != ids[2] && [ids[1], ids[2]].contains(&ids[3]),
        "the same id again: {ids:?}"
    );
    let twin = got[1..3].iter().find(|one| one.id == got[3].id).unwrap();
    assert_eq!(twin.body, got[3].body, "and the same content");
    for one in &got {
        let headers = (
            one.id.as_str(),
            one.signed.0.as_str(),
            one.signed.1.as_str(),
        );
        app::verify_webhook(&WEBHOOK_SECRET.into(), headers, &one.body, place.app.now()).unwrap();
    }
    let said = String::from_utf8(got[3].body.clone()).unwrap();
    assert!(
        said.contains(&id.to_string()) && !said.contains("Tom") && !said.contains("parcel"),
        "{said}"
    );

    // Every alert has one row in the register, closed by what the other side said.
    let register = place.app.disclosures(&officer).await.unwrap();
    assert_eq!(register.len(), 2);
    let delivered = register.iter().filter(|one| one.disclosure.slip.is_some());
    assert_eq!(delivered.count(), 1);
    assert!(
        register
            .iter()
            .all(|one| one.disclosure.interaction == id && one.disclosure.format == "alert")
    );
    assert_eq!(place.app.replay_ledger().await.unwrap().unmatched, []);
    assert!(place.app.verify_ledger().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn an_alert_is_told_once_in_effect_and_is_in_the_register_embedded() {
    told(Engine::Embedded).await;
}

#[tokio::test]
async fn an_alert_is_told_once_in_effect_and_is_in_the_register_on_postgresql() {
    told(Engine::PostgreSql).await;
}

#[tokio::test]
async fn a_digest_tells_of_all_together_by_folder_and_by_letter() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        alerting(&place, &[LATE]).await;
        let out = tempfile::tempdir().unwrap();
        let secret = "a secret of both sides";
        let folder = recipient(&place, out.path());
        routed(&place, &folder, Millis(3_600_000)).await;
        let letters = Recipient {
            transport: "mail".to_owned(),
            address: Secret::new("night@acme.example"),
            ..folder
        };
        routed(&place, &letters, Millis::ZERO).await;
        let ids = [raise(&place, 1).await, raise(&place, 2).await];
        let clock = Arc::new(Later(AtomicI64::new(place.app.now().0)));
        let app = place.app.by_clock(clock.clone());
        assert_eq!(
            app.tell_of_alerts(place.tenant).await.unwrap().delivered,
            2,
            "letters at once"
        );
        assert!(
            std::fs::read_dir(out.path()).unwrap().next().is_none(),
            "the digest waits"
        );
        clock.0.fetch_add(3_700_000, Ordering::SeqCst);
        assert_eq!(app.tell_of_alerts(place.tenant).await.unwrap().delivered, 1);

        let file = std::fs::read_dir(out.path())
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let (payload, sticky) =
            open_bundle(&secret.into(), &std::fs::read(&file).unwrap()).unwrap();
        let payload = String::from_utf8_lossy(&payload).into_owned();
        assert!(
            ids.iter().all(|id| payload.contains(&id.to_string())),
            "{payload}"
        );
        assert_eq!(sticky.purpose, "hosting.sharing");
        let letters: Vec<String> = std::fs::read_dir(post.path())
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        assert_eq!(letters.len(), 2);
        assert!(
            letters
                .iter()
                .all(|text| text.contains("Subject: An alert was raised")
                    && text.contains("Message-ID: <dlv_")),
            "{letters:?}"
        );
        assert_eq!(
            place.app.disclosures(&officer(&place)).await.unwrap().len(),
            4,
            "each interaction to each"
        );
    }
}

#[tokio::test]
async fn what_the_policy_refuses_is_left_out_and_only_the_officer_sets_routes() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        alerting(&place, &[LATE]).await;
        let out = tempfile::tempdir().unwrap();
        let mut weak = recipient(&place, out.path());
        weak.kind = domain::RecipientKind::Processor;
        weak.noticed_from = place.app.now().plus(Millis(15 * 86_400_000));
        let route = routed(&place, &weak, Millis::ZERO).await;
        raise(&place, 1).await;
        let done = place.app.tell_of_alerts(place.tenant).await.unwrap();
        assert_eq!(
            (done.delivered, done.ended),
            (0, 1),
            "the notice is not over"
        );
        let seen = raised(&place.app, &place).await;
        let delivery = &seen[0].deliveries[0];
        assert_eq!(delivery.state, DeliveryState::Refused);
        assert!(
            delivery.alerts[0].1.as_ref().unwrap().contains("P105"),
            "{delivery:?}"
        );
        assert!(std::fs::read_dir(out.path()).unwrap().next().is_none());

        let analyst = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        let stopped = place.app.stop_alert_route(&analyst, route, "no").await;
        assert!(matches!(stopped, Err(AppError::Denied(_))), "{stopped:?}");
        let officer = officer(&place);
        place
            .app
            .stop_alert_route(&officer, route, "over")
            .await
            .unwrap();
        raise(&place, 2).await;
        assert_eq!(
            place.app.tell_of_alerts(place.tenant).await.unwrap(),
            Told::default()
        );
    }
}

/// What an audit saw goes by the routes that take all alerts, names no secret and nobody, and
/// nothing goes where it saw nothing.
async fn sighted(engine: Engine) {
    let place = Installation::new(engine).await;
    let (url, got) = receiver(&[204]).await;
    let who = Recipient {
        transport: "webhook".to_owned(),
        address: Secret::new(url),
        secret: Secret::new(WEBHOOK_SECRET),
        ..recipient(&place, std::path::Path::new("/nowhere"))
    };
    let route = routed(&place, &who, Millis::ZERO).await;
    let mut report = app::AuditReport {
        live: false,
        erased: 0,
        version: 1,
        began: "2026-10-08T16:20:05Z".to_owned(),
        seconds: 1,
        seed: 9,
        ruleset: "rules".to_owned(),
        engine: "whisper-tiny.en".to_owned(),
        types: Vec::new(),
        places: Vec::new(),
        false_alarms: app::FalseAlarms::default(),
        skipped: Vec::new(),
    };
    let tell = |report: app::AuditReport| {
        let app = place.app.clone();
        let tenant = place.tenant;
        async move { app.tell_of_sightings(tenant, &report).await.unwrap() }
    };
    assert_eq!(tell(report.clone()).await, Vec::new());
    report.places.push(app::PlaceFound {
        place: "export vcon".to_owned(),
        looked_at: 4,
        seen: 2,
        of: vec!["card written 3".to_owned()],
    });
    let told = tell(report.clone()).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].route, &told[0].failure), (route, &None));
    let got = got.await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&got[0].body).unwrap();
    assert_eq!(body["type"], "redaction.sighted");
    assert_eq!(body["data"]["sightings"], 2);
    assert_eq!(body["data"]["places"][0]["place"], "export vcon");

    // Nobody listens any more: that is told, not hidden.
    let told = tell(report.clone()).await;
    assert!(told[0].failure.is_some());
    let officer = officer(&place);
    place
        .app
        .stop_alert_route(&officer, route, "moved")
        .await
        .unwrap();
    assert_eq!(tell(report).await, Vec::new());
}

#[tokio::test]
async fn what_an_audit_saw_goes_by_the_alert_routes_embedded() {
    sighted(Engine::Embedded).await;
}

#[tokio::test]
async fn what_an_audit_saw_goes_by_the_alert_routes_on_postgresql() {
    sighted(Engine::PostgreSql).await;
}

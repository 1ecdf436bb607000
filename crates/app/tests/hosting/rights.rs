//! The Data Rights Protocol 1.0, as an agent with a key of its own would speak it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use app::requests::{Outcome, RightsAgentOrder, RightsFault, RightsStanding};
use app::{App, AppError, Until};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::{RequestId, Secret, Timestamp};
use ed25519_dalek::{Signer, SigningKey};
use formats::rights::Envelope;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::desk::{chat, officer, take};
use crate::installation::{Engine, Installation};
use crate::requests::{Later, code, letters};

const DAY: i64 = 86_400_000;
const AGENT: &str = "CONSUMER_AGENT";

struct Agent {
    key: SigningKey,
    token: Secret,
}

impl Agent {
    fn sign(&self, message: &Value) -> String {
        signed(&self.key, message)
    }
}

fn signed(key: &SigningKey, message: &Value) -> String {
    let message = message.to_string().into_bytes();
    Envelope {
        signature: key.sign(&message).to_bytes(),
        message,
    }
    .write()
}

fn at(millis: i64) -> String {
    app::rfc3339(Timestamp(millis))
}

fn bounds(app: &App, business: &str) -> Value {
    let now = app.now().0;
    json!({ "agent-id": AGENT, "business-id": business, "drp.version": "1.0",
            "issued-at": at(now - 1_000), "expires-at": at(now + 600_000) })
}

fn asks(app: &App, business: &str, right: &str, mail: &str) -> Value {
    let mut asked = bounds(app, business);
    for (key, value) in [
        ("exercise", json!(right)),
        ("regime", json!("ccpa")),
        ("agent-request-id", json!("a-1")),
        ("name", json!("Tom Hale")),
        ("email", json!(mail)),
        ("email_verified", json!(true)),
    ] {
        asked[key] = value;
    }
    asked
}

async fn paired(app: &App, business: &str, site: &str, trusted: bool) -> Agent {
    let key = SigningKey::from_bytes(&[7; 32]);
    let order = RightsAgentOrder {
        key: AGENT.to_owned(),
        name: "Consumer Agent".to_owned(),
        verify_key: BASE64_STANDARD.encode(key.verifying_key().as_bytes()),
        site: site.to_owned(),
        trusted,
    };
    let desk = app.privacy_desk("desk");
    app.add_rights_agent(&desk, &order).await.unwrap();
    let body = signed(&key, &bounds(app, business));
    let token = app.pair_rights_agent(AGENT, &body).await.unwrap();
    app.knows_rights_agent(AGENT, &token).await.unwrap();
    Agent { key, token }
}

async fn place(engine: Engine) -> (Installation, tempfile::TempDir) {
    let lines = "public = \"https://privity.example\"\nrights_business = \"PRIVITY\"\n";
    Installation::with_post_and(engine, lines).await
}

fn fault(outcome: Result<RightsStanding, AppError>) -> RightsFault {
    match outcome {
        Err(AppError::Rights(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

fn number(standing: &RightsStanding) -> RequestId {
    standing.request_id.parse().unwrap()
}

fn proof(post: &Path, id: RequestId) -> Secret {
    code(&letters(post, &format!("{id}-code1.eml"))[0])
}

/// P108, P110: an agent's word is no proof; the person's code is, and then it goes the usual way.
async fn by_code(engine: Engine) {
    let (place, post) = place(engine).await;
    let (app, officer) = (&place.app, officer(&place));
    take(&place, chat(1, "tom@example.org")).await;
    app.work(Until::Drained, |_| {}).await.unwrap();
    let agent = paired(app, "PRIVITY_ACME", "https://agent.example", false).await;
    let body = agent.sign(&asks(app, "PRIVITY_ACME", "deletion", "tom@example.org"));
    let open = app.exercise_right(&agent.token, &body).await.unwrap();
    assert_eq!(open.reason, Some("need_user_verification"));
    let id = number(&open);
    let url = open.user_verification_url.clone().unwrap();
    assert_eq!(url, format!("https://privity.example/requests/verify/{id}"));
    assert_eq!(open.agent_request_id.as_deref(), Some("a-1"));
    assert!(app.cases(&officer).await.unwrap().is_empty(), "not proven");
    let again = app.exercise_right(&agent.token, &body).await.unwrap();
    assert_eq!(again, open, "the same message is the same request");
    assert_eq!(letters(post.path(), "-code1.eml").len(), 1);

    assert!(app.prove_for_agent(id, &"00000001".into()).await.is_err());
    app.prove_for_agent(id, &proof(post.path(), id))
        .await
        .unwrap();
    let under_way = app.right_exercised(&agent.token, id).await.unwrap();
    assert_eq!((under_way.status, under_way.reason), ("in_progress", None));
    let found = letters(post.path(), "-found.eml").join("");
    assert!(found.contains("Consumer Agent asked for you"), "{found}");

    let case = app.cases(&officer).await.unwrap().remove(0);
    assert_eq!(under_way.expected_by, Some(app::rfc3339(case.case.due)));
    let outcome = Outcome::Fulfilled {
        what: "everything of yours was erased".to_owned(),
    };
    app.end_case(&officer, case.id, &outcome).await.unwrap();
    let done = app.right_exercised(&agent.token, id).await.unwrap();
    assert_eq!((done.status, done.reason), ("fulfilled", None));
    let told = serde_json::to_string(&done).unwrap();
    assert!(!told.contains("erased") && !told.contains("tom@"), "{told}");
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
    place
        .assert_unreadable(&["tom@example.org", "Tom Hale"])
        .await;
}

#[tokio::test]
async fn p110_an_agents_request_is_proven_by_its_person_and_goes_the_usual_way() {
    by_code(Engine::Embedded).await;
}

#[tokio::test]
async fn p110_an_agents_request_is_proven_by_its_person_and_goes_the_usual_way_on_postgresql() {
    by_code(Engine::PostgreSql).await;
}

#[tokio::test]
async fn p110_what_an_agent_signed_holds_for_that_business_that_time_and_that_agent_only() {
    for engine in Engine::BOTH {
        let (place, _post) = place(engine).await;
        let app = &place.app;
        let agent = paired(app, "PRIVITY_ACME", "https://agent.example", true).await;
        let try_it = async |change: &dyn Fn(&mut Value)| {
            let mut asked = asks(app, "PRIVITY_ACME", "access", "tom@example.org");
            change(&mut asked);
            fault(app.exercise_right(&agent.token, &agent.sign(&asked)).await)
        };
        let now = app.now().0;
        let forbidden = |fault: &RightsFault| matches!(fault, RightsFault::Forbidden(_));
        assert!(forbidden(
            &try_it(&|asked| asked["agent-id"] = json!("OTHER")).await
        ));
        assert!(forbidden(
            &try_it(&|asked| asked["business-id"] = json!("PRIVITY")).await
        ));
        assert!(forbidden(
            &try_it(&|asked| asked["issued-at"] = json!(at(now + DAY))).await
        ));
        let late = try_it(&|asked| asked["expires-at"] = json!(at(now - 500))).await;
        assert_eq!(late, RightsFault::Expired);
        assert!(forbidden(
            &try_it(&|asked| asked["expires-at"] = json!(at(now + 9 * DAY))).await
        ));
        for (key, value) in [
            ("exercise", json!("sale:opt_in")),
            ("regime", json!("narnia")),
            ("drp.version", json!("0.5")),
            ("email", Value::Null),
            (
                "status_callback",
                json!("https://agent.example.evil.example/x"),
            ),
        ] {
            let refused = try_it(&|asked| asked[key] = value.clone()).await;
            assert!(
                matches!(refused, RightsFault::Unusable(_)),
                "{key}: {refused:?}"
            );
        }
        // Another key's signature, a changed message, a key that was never given.
        let asked = asks(app, "PRIVITY_ACME", "access", "tom@example.org");
        let foreign = signed(&SigningKey::from_bytes(&[9; 32]), &asked);
        assert!(forbidden(&fault(
            app.exercise_right(&agent.token, &foreign).await
        )));
        let mut envelope = Envelope::read(&agent.sign(&asked)).unwrap();
        let last = envelope.message.len() - 2;
        envelope.message[last] ^= 1;
        assert!(forbidden(&fault(
            app.exercise_right(&agent.token, &envelope.write()).await
        )));
        assert!(forbidden(&fault(
            app.exercise_right(&"guess".into(), &agent.sign(&asked))
                .await
        )));
        assert!(
            app.requests(&app.privacy_desk("desk"))
                .await
                .unwrap()
                .is_empty()
        );
        // An agent that is heard no longer has no key.
        let all = app.rights_agents(&app.privacy_desk("desk")).await.unwrap();
        app.end_rights_agent(&app.privacy_desk("desk"), all[0].id)
            .await
            .unwrap();
        assert!(app.knows_rights_agent(AGENT, &agent.token).await.is_err());
    }
}

/// P110, P111: a trusted agent's request is passed on; taken back, it ends at the tenant too.
async fn taken_back(engine: Engine) {
    let (place, post) = place(engine).await;
    let (app, officer) = (&place.app, officer(&place));
    take(&place, chat(1, "tom@example.org")).await;
    app.work(Until::Drained, |_| {}).await.unwrap();
    let agent = paired(app, "PRIVITY", "https://agent.example", true).await;
    let body = agent.sign(&asks(app, "PRIVITY", "sale:opt-out", "tom@example.org"));
    let open = app.exercise_right(&agent.token, &body).await.unwrap();
    assert_eq!((open.status, open.reason), ("in_progress", None));
    assert!(
        letters(post.path(), "-code1.eml").is_empty(),
        "it was vouched for"
    );
    let unknown = agent.sign(&asks(app, "PRIVITY", "access", "eve@example.org"));
    let unknown = app.exercise_right(&agent.token, &unknown).await.unwrap();
    assert_eq!(
        (unknown.status, unknown.reason),
        ("denied", Some("no_match"))
    );

    let id = number(&open);
    let revoke = agent.sign(&json!({ "reason": "I changed my mind" }));
    let revoked = app.revoke_right(&agent.token, id, &revoke).await.unwrap();
    assert_eq!(revoked.status, "revoked");
    let case = app.cases(&officer).await.unwrap().remove(0);
    assert!(matches!(case.case.outcome, Some(Outcome::Withdrawn { .. })));
    let late = fault(
        app.revoke_right(&agent.token, number(&unknown), &revoke)
            .await,
    );
    assert_eq!(late, RightsFault::Ended);
}

#[tokio::test]
async fn p111_what_an_agent_takes_back_for_its_person_ends_at_the_tenant_too() {
    taken_back(Engine::Embedded).await;
}

#[tokio::test]
async fn p111_what_an_agent_takes_back_for_its_person_ends_at_the_tenant_too_on_postgresql() {
    taken_back(Engine::PostgreSql).await;
}

#[tokio::test]
async fn p108_nobody_proves_it_and_it_is_denied() {
    for engine in Engine::BOTH {
        let (place, post) = place(engine).await;
        let app = &place.app;
        let agent = paired(app, "PRIVITY", "https://agent.example", false).await;
        let body = agent.sign(&asks(app, "PRIVITY", "access", "tom@example.org"));
        let open = app.exercise_right(&agent.token, &body).await.unwrap();
        let id = number(&open);
        app.renew_code(id).await.unwrap();
        app.renew_code(id).await.unwrap();
        assert!(
            app.renew_code(id).await.is_err(),
            "three codes for a request"
        );
        let first = proof(post.path(), id);
        assert!(
            app.prove_for_agent(id, &first).await.is_err(),
            "the newest counts"
        );
        let later = app.by_clock(Arc::new(Later(app.now().0 + 8 * DAY)));
        let denied = later.right_exercised(&agent.token, id).await.unwrap();
        assert_eq!(
            (denied.status, denied.reason),
            ("denied", Some("insuf_verification"))
        );
    }
}

/// A small site of the agent's; keeps what it is told, and refuses the first time.
async fn site() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    tokio::spawn(async move {
        let mut calls = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            calls += 1;
            let mut heard = Vec::new();
            let body = loop {
                let mut chunk = [0; 4096];
                let read = stream.read(&mut chunk).await.unwrap();
                heard.extend_from_slice(&chunk[..read]);
                let text = String::from_utf8_lossy(&heard).into_owned();
                let whole = text
                    .split_once("\r\n\r\n")
                    .and_then(|(_, body)| serde_json::from_str::<Value>(body).ok());
                if let Some(body) = whole {
                    break body;
                }
                assert!(read > 0, "half a message");
            };
            let status = if calls == 1 { "503 Busy" } else { "200 OK" };
            if calls > 1 {
                keep.lock().unwrap().push(body);
            }
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (origin, told)
}

#[tokio::test]
async fn p110_an_agent_is_told_of_each_change_on_its_own_site() {
    for engine in Engine::BOTH {
        let (place, post) = place(engine).await;
        let app = &place.app;
        let (origin, told) = site().await;
        let agent = paired(app, "PRIVITY", &origin, false).await;
        let mut asked = asks(app, "PRIVITY", "access", "tom@example.org");
        asked["status_callback"] = json!(format!("{origin}/told"));
        let open = app
            .exercise_right(&agent.token, &agent.sign(&asked))
            .await
            .unwrap();
        assert_eq!(
            app.tell_rights_agents().await.unwrap(),
            0,
            "the site was busy"
        );
        assert_eq!(app.tell_rights_agents().await.unwrap(), 1);
        assert_eq!(
            app.tell_rights_agents().await.unwrap(),
            0,
            "nothing changed"
        );
        let id = number(&open);
        app.prove_for_agent(id, &proof(post.path(), id))
            .await
            .unwrap();
        assert_eq!(app.tell_rights_agents().await.unwrap(), 1);
        let told = told.lock().unwrap();
        let states: Vec<_> = told
            .iter()
            .map(|one| (one["status"].as_str().unwrap(), one["reason"].as_str()))
            .collect();
        assert_eq!(
            states,
            [
                ("in_progress", Some("need_user_verification")),
                ("denied", Some("no_match"))
            ]
        );
        assert!(told.iter().all(|one| one["request_id"] == open.request_id));
    }
}

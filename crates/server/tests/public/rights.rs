//! The Data Rights Protocol over HTTP, and the page on which a person proves a request.

use app::requests::RightsAgentOrder;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Browser, Place, place};

const BASE: &str = "/drp/v1/data-rights-request";

async fn offered() -> (Place, tempfile::TempDir) {
    let post = tempfile::tempdir().unwrap();
    let lines = format!(
        "post = \"file://{}\"\npublic = \"http://privity.example\"\nrights_business = \"PRIVITY\"\n",
        post.path().display()
    );
    (place(&lines).await, post)
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn signed(message: &Value) -> String {
    let message = message.to_string();
    let mut bytes = key().sign(message.as_bytes()).to_bytes().to_vec();
    bytes.extend_from_slice(message.as_bytes());
    BASE64_STANDARD.encode(bytes)
}

fn bounds(place: &Place) -> Value {
    let now = place.app.now().0;
    let at = |millis: i64| app::rfc3339(domain::Timestamp(now + millis));
    json!({ "agent-id": "AGENT", "business-id": "PRIVITY_ACME", "drp.version": "1.0",
            "issued-at": at(-1_000), "expires-at": at(600_000) })
}

async fn call(
    place: &Place,
    token: Option<&str>,
    (method, path): (&str, &str),
    body: String,
) -> (StatusCode, Value) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "text/plain");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body)).unwrap();
    let response = place.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

async fn agent(place: &Place) -> String {
    let order = RightsAgentOrder {
        key: "AGENT".to_owned(),
        name: "Consumer Agent".to_owned(),
        verify_key: BASE64_STANDARD.encode(key().verifying_key().as_bytes()),
        site: "https://agent.example".to_owned(),
        trusted: false,
    };
    let desk = place.app.privacy_desk("desk");
    place.app.add_rights_agent(&desk, &order).await.unwrap();
    let pairing = signed(&bounds(place));
    let (status, body) = call(place, None, ("POST", "/drp/v1/agent/AGENT"), pairing).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["agent-id"], "AGENT");
    body["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn p110_an_agent_sets_up_a_key_asks_and_its_person_proves_it_on_the_page() {
    let (place, post) = offered().await;
    let token = agent(&place).await;
    let known = call(
        &place,
        Some(&token),
        ("GET", "/drp/v1/agent/AGENT"),
        String::new(),
    )
    .await;
    assert_eq!(known, (StatusCode::OK, json!({})));
    let mut asked = bounds(&place);
    asked["exercise"] = json!("access");
    asked["email"] = json!("tom@example.org");
    let (status, open) = call(&place, Some(&token), ("POST", BASE), signed(&asked)).await;
    assert_eq!(
        (status, &open["status"]),
        (StatusCode::OK, &json!("in_progress"))
    );
    let url = open["user_verification_url"].as_str().unwrap();
    let path = url.strip_prefix("http://privity.example").unwrap();

    let mut tom = Browser::default();
    let id = open["request_id"].as_str().unwrap();
    let back = "redirect_to=https%3A%2F%2Fagent.example%2Fdone";
    let page = tom
        .get(&place, &format!("{path}?{back}&request_id={id}"))
        .await;
    assert!(page.text.contains("Consumer Agent"), "{}", page.text);
    assert!(
        page.text.contains("https://agent.example/done"),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("tom@"),
        "the page does not say whose it is"
    );
    let other = tom
        .get(&place, &format!("{path}?request_id=req_other"))
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let evil = tom
        .get(
            &place,
            &format!("{path}?redirect_to=https%3A%2F%2Fevil.example"),
        )
        .await;
    assert!(!evil.text.contains("evil.example"), "{}", evil.text);

    let wrong = tom.post(&place, path, path, &[("code", "00000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let renewed = tom.post(&place, path, path, &[("act", "renew")]).await;
    assert!(renewed.text.contains("A new code"), "{}", renewed.text);
    let letter = std::fs::read_to_string(post.path().join(format!("{id}-code2.eml"))).unwrap();
    let (_, code) = letter.split_once("Your code is ").unwrap();
    let code: String = code.chars().take(8).collect();
    let proven = tom.post(&place, path, path, &[("code", &code)]).await;
    assert!(proven.text.contains("<h1>Proven</h1>"), "{}", proven.text);
    let (_, now) = call(
        &place,
        Some(&token),
        ("GET", &format!("{BASE}/{id}")),
        String::new(),
    )
    .await;
    assert_eq!(
        (&now["status"], &now["reason"]),
        (&json!("denied"), &json!("no_match"))
    );
}

#[tokio::test]
async fn faults_have_the_protocols_own_form_and_nothing_is_told_to_strangers() {
    let (place, _post) = offered().await;
    let token = agent(&place).await;
    for method in [("POST", BASE), ("GET", "/drp/v1/agent/AGENT")] {
        let (status, body) = call(&place, None, method, String::new()).await;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::FORBIDDEN, &json!("403"))
        );
    }
    let (status, body) = call(
        &place,
        Some(&token),
        ("POST", BASE),
        "no base64!".to_owned(),
    )
    .await;
    assert_eq!(
        (status, &body["fatal"]),
        (StatusCode::BAD_REQUEST, &json!(true))
    );
    let (status, body) = call(
        &place,
        Some(&token),
        (
            "GET",
            &format!("{BASE}/req_00000000000000000000000000000001"),
        ),
        String::new(),
    )
    .await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::FORBIDDEN, &json!("403"))
    );
    // Pairing refuses without a word: a stranger learns nothing about who is heard here.
    for (path, body) in [
        ("/drp/v1/agent/AGENT", "AAAA".to_owned()),
        ("/drp/v1/agent/NOBODY", signed(&bounds(&place))),
    ] {
        let refused = call(&place, None, ("POST", path), body).await;
        assert_eq!(refused, (StatusCode::FORBIDDEN, Value::Null), "{path}");
    }
    let (status, _) = call(&place, Some(&token), ("POST", BASE), "A".repeat(70_000)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn without_a_business_id_agents_are_not_taken_in() {
    let place = place("public = \"http://privity.example\"\n").await;
    let pairing = signed(&bounds(&place));
    let (status, body) = call(&place, None, ("POST", "/drp/v1/agent/AGENT"), pairing).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::NOT_FOUND, &json!("404"))
    );
}

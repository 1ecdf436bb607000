//! The API as its callers use it.

#![cfg(test)]

use app::{App, Config, Overrides, TenantOrder, Until};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use domain::{Purpose, Secret};
use serde_json::{Value, json};
use server::Door;
use tower::ServiceExt;

const CHAT: &str = r#"{
  "format": "privity.chat/1", "id": "c-1", "channel": "chat", "started": "2026-10-08T16:20:05Z",
  "direction": "inbound",
  "parties": [{ "role": "agent", "name": "Priya Nair" }, { "role": "consumer", "name": "Tom Hill" }],
  "messages": [
    { "from": 1, "at": "2026-10-08T16:20:05Z", "text": "Hi, my card 4111 1111 1111 1111 was charged twice." },
    { "from": 0, "at": "2026-10-08T16:20:41Z", "text": "Sorry about that, I will refund it today." }
  ]
}"#;

/// What the description says is for anybody; a further one is a reviewed change.
const PUBLIC: &[&str] = &[
    "/api/v1/log",
    "/api/v1/policy",
    "/api/v1/policy/compare",
    "/api/v1/policy/versions",
    "/api/v1/policy/versions/{version}",
    "/api/v1/requests",
    "/api/v1/requests/prove",
    "/api/v1/requests/status",
];

struct Place {
    app: App,
    router: Router,
    key: Secret,
    rival: Secret,
    _folder: tempfile::TempDir,
}

async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let overrides = Overrides {
        models: Some(models()),
        workers: Some(1),
        ..Overrides::default()
    };
    let config = Config::load(folder.path(), &overrides).unwrap();
    let app = App::create(&config).await.unwrap();
    let key = tenant(&app, "acme").await;
    let rival = tenant(&app, "rival").await;
    Place {
        router: server::router(app.clone(), Door::keys_only()).unwrap(),
        app,
        key,
        rival,
        _folder: folder,
    }
}

fn models() -> std::path::PathBuf {
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::var_os("PRIVITY_MODELS").map_or_else(|| workspace.join("models"), Into::into)
}

async fn tenant(app: &App, slug: &str) -> Secret {
    let order = TenantOrder {
        slug: slug.parse().unwrap(),
        name: slug.to_owned(),
        instruction: "order".to_owned(),
        basis: "contract".to_owned(),
        without: Vec::new(),
    };
    let tenant = app.add_tenant(&order).await.unwrap();
    let key = app::NewApiKey {
        tenant: tenant.id,
        label: "test".to_owned(),
        purposes: vec![
            Purpose::Storage,
            Purpose::Review,
            Purpose::Playback,
            Purpose::Export,
        ],
    };
    app.add_api_key(&key, "test").await.unwrap().1
}

async fn call(
    place: &Place,
    key: Option<&Secret>,
    method: &str,
    path: &str,
    body: &str,
) -> (StatusCode, Value, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", key.expose()));
    }
    if body.starts_with('{') && !body.contains("privity.chat") {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = place.router.clone().oneshot(request).await.unwrap();
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        kind,
    )
}

/// Every route of the description that asks for a key, with an id put in.
fn routes(id: &str) -> Vec<(String, String)> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // Agents have keys and faults of their protocol's own: `public/rights.rs`.
        if path.starts_with("/drp/") {
            continue;
        }
        for (method, about) in methods.as_object().unwrap() {
            if about["security"] == json!([{}]) {
                assert!(PUBLIC.contains(&path.as_str()), "{path} is for anybody");
                continue;
            }
            let path = path
                .replace("{id}", id)
                .replace("{format}", "txt")
                .replace("{moment}", "mom_00000000000000000000000000000001");
            found.push((method.to_uppercase(), path));
        }
    }
    assert!(found.len() >= 9, "{found:?}");
    found
}

/// What a route that takes something is told.
fn said_to(method: &str, path: &str) -> &'static str {
    match (method, path.rsplit('/').next()) {
        ("POST", Some("moments")) => r#"{ "kind": "comment", "from_ms": 0, "text": "x" }"#,
        ("POST", Some("forms")) => r#"{ "form": "A", "answers": {} }"#,
        ("POST", Some("assignments")) => {
            r#"{ "person": "usr_00000000000000000000000000000001", "from_ms": 0, "until_ms": 5 }"#
        }
        _ => "",
    }
}

async fn upload(place: &Place) -> String {
    let (status, body, _) = call(
        place,
        Some(&place.key),
        "POST",
        "/api/v1/interactions",
        CHAT,
    )
    .await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    body["outcomes"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn p03_p67_nothing_is_served_without_a_key() {
    let place = place().await;
    let id = upload(&place).await;
    for (method, path) in routes(&id) {
        for key in [None, Some(Secret::new("prv_wrong"))] {
            let (status, body, kind) = call(&place, key.as_ref(), &method, &path, "").await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(kind, "application/problem+json");
            if method != "HEAD" {
                assert_eq!(body["status"], 401);
            }
        }
    }
    for page in [
        "/",
        "/search",
        "/troubles",
        "/interactions/x",
        "/interactions/x/audio",
    ] {
        let (status, _, _) = call(&place, None, "GET", page, "").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page} leads to the sign-in");
    }
}

#[tokio::test]
async fn another_tenants_key_finds_nothing_at_any_route() {
    let place = place().await;
    let id = upload(&place).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    for (method, path) in routes(&id)
        .into_iter()
        .filter(|(_, path)| path.starts_with(&format!("/api/v1/interactions/{id}")))
    {
        let said = said_to(&method, &path);
        let (status, body, _) = call(&place, Some(&place.rival), &method, &path, said).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}: {body}");
    }
    let (_, listed, _) = call(
        &place,
        Some(&place.rival),
        "GET",
        "/api/v1/interactions",
        "",
    )
    .await;
    assert_eq!(listed["interactions"], json!([]));
    let (_, found, _) = call(
        &place,
        Some(&place.rival),
        "POST",
        "/api/v1/search",
        r#"{"query":"refund"}"#,
    )
    .await;
    assert_eq!(found["total"], 0);
}

#[tokio::test]
async fn p113_a_chat_goes_in_and_redacted_knowledge_comes_out() {
    let place = place().await;
    let id = upload(&place).await;
    let (status, body, _) = call(
        &place,
        Some(&place.key),
        "POST",
        "/api/v1/interactions",
        CHAT,
    )
    .await;
    assert_eq!(
        (status, &body["outcomes"][0]["outcome"]),
        (StatusCode::OK, &json!("known"))
    );

    let path = format!("/api/v1/interactions/{id}");
    let (_, early, _) = call(&place, Some(&place.key), "GET", &path, "").await;
    assert!(early["withheld"]["turns"].is_string(), "{early}");
    place.app.work(Until::Drained, |_| {}).await.unwrap();

    let (status, view, _) = call(&place, Some(&place.key), "GET", &path, "").await;
    assert_eq!((status, &view["status"]), (StatusCode::OK, &json!("ready")));
    let text = view.to_string();
    assert!(
        text.contains("[CARD]") && !text.contains("4111") && !text.contains("Hill"),
        "{text}"
    );

    let (_, found, _) = call(
        &place,
        Some(&place.key),
        "POST",
        "/api/v1/search",
        r#"{"query":"agent:(refund)"}"#,
    )
    .await;
    assert_eq!(found["total"], 1, "{found}");
    assert_eq!(found["hits"][0]["snippets"][0]["speaker"], "agent");
    let (status, fault, _) = call(
        &place,
        Some(&place.key),
        "POST",
        "/api/v1/search",
        r#"{"query":"(a OR"}"#,
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(fault["column"].is_number(), "{fault}");

    let export = format!("{path}/export/vcon");
    let (status, vcon, kind) = call(&place, Some(&place.key), "GET", &export, "").await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::OK, "application/vcon+json")
    );
    assert!(vcon["uuid"].is_string());
    let (status, _, _) = call(
        &place,
        Some(&place.key),
        "GET",
        &format!("{path}/audio"),
        "",
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT, "a chat has no audio");
    let (_, log, _) = call(
        &place,
        Some(&place.key),
        "GET",
        &format!("{path}/access"),
        "",
    )
    .await;
    assert!(log.as_array().unwrap().len() > 8, "{log}");
}

#[tokio::test]
async fn a_key_is_good_for_its_purposes_only() {
    let place = place().await;
    let id = upload(&place).await;
    let tenant = place.app.tenant(&"acme".parse().unwrap()).await.unwrap();
    let narrow = app::NewApiKey {
        tenant: tenant.id,
        label: "intake only".to_owned(),
        purposes: vec![Purpose::Storage],
    };
    let (narrow_id, narrow) = place.app.add_api_key(&narrow, "test").await.unwrap();
    let path = format!("/api/v1/interactions/{id}");
    let (status, body, _) = call(&place, Some(&narrow), "GET", &path, "").await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    let (status, _, _) = call(&place, Some(&narrow), "POST", "/api/v1/interactions", CHAT).await;
    assert_eq!(status, StatusCode::OK);
    place
        .app
        .revoke_api_key(tenant.id, narrow_id, "test")
        .await
        .unwrap();
    let (status, _, _) = call(&place, Some(&narrow), "POST", "/api/v1/interactions", CHAT).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "a revoked key opens nothing"
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_with_a_reason() {
    let place = place().await;
    let (status, body, _) = call(
        &place,
        Some(&place.key),
        "POST",
        "/api/v1/interactions",
        "PK\u{3}\u{4} a zip",
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body["outcomes"][0]["outcome"], "refused");
    assert!(body["outcomes"][0]["sentence"].as_str().unwrap().len() > 15);
    let (_, troubles, _) = call(&place, Some(&place.key), "GET", "/api/v1/troubles", "").await;
    assert_eq!(troubles.as_array().unwrap().len(), 1);
    let (status, _, kind) = call(&place, Some(&place.key), "GET", "/api/v1/nothing", "").await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
}

async fn post(place: &Place, path: &str, body: &Value) -> (StatusCode, Value, String) {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = place.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.map_or(String::new(), |kind| kind.to_str().unwrap().to_owned());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        kind,
    )
}

#[tokio::test]
async fn the_policy_is_read_without_a_key() {
    let place = place().await;
    let (status, policy, _) = call(&place, None, "GET", "/api/v1/policy", "").await;
    assert_eq!(status, StatusCode::OK, "{policy}");
    assert_eq!(policy["in_force"], true);
    let clauses = policy["clauses"].as_array().unwrap().len();
    assert_eq!(clauses, place.app.policy().clauses().len());
    let version = policy["version"].as_str().unwrap();
    let (_, versions, _) = call(&place, None, "GET", "/api/v1/policy/versions", "").await;
    assert_eq!(versions[0]["version"], version);
    let short = format!("/api/v1/policy/versions/{}", &version[..12]);
    let (_, same, _) = call(&place, None, "GET", &short, "").await;
    assert_eq!(same["version"], version);
    let compare = format!("/api/v1/policy/compare?from={version}");
    let (_, none, _) = call(&place, None, "GET", &compare, "").await;
    assert_eq!(
        (&none["material"], &none["changes"]),
        (&json!(false), &json!([]))
    );
    let early = "/api/v1/policy?at=1999-01-01";
    let (status, problem, kind) = call(&place, None, "GET", early, "").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{problem}");
    assert_eq!(kind, "application/problem+json");
    let (status, _, _) = call(&place, None, "GET", "/api/v1/policy?at=soon", "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, log, _) = call(&place, None, "GET", "/api/v1/log", "").await;
    assert!(!log["keys"].as_array().unwrap().is_empty(), "{log}");
}

#[tokio::test]
async fn what_no_letter_reaches_and_what_is_no_request_is_told_as_a_problem() {
    let place = place().await;
    let asked = |address: &str| json!({ "kind": "access", "law": "gdpr", "address": address });
    for (body, wanted) in [
        (asked("tom@example.org"), "urn:privity:problem:unreachable"),
        (asked("no address"), "urn:privity:problem:input"),
        (json!({ "kind": "all" }), "urn:privity:problem:input"),
    ] {
        let (status, problem, kind) = post(&place, "/api/v1/requests", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["type"], wanted);
        assert_eq!(kind, "application/problem+json");
        assert!(!problem.to_string().contains("tom@"), "{problem}");
    }
    let unknown = json!({ "reference": "req_00000000000000000000000000000000.guess" });
    let (status, problem, _) = post(&place, "/api/v1/requests/status", &unknown).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!problem.to_string().contains("guess"), "{problem}");
}

#[tokio::test]
async fn a_machine_notes_moments_fills_forms_and_reads_them_back() {
    let place = place().await;
    let id = upload(&place).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let at = |rest: &str| format!("/api/v1/interactions/{id}/{rest}");
    let ask = async |method: &str, path: &str, body: &str| {
        call(&place, Some(&place.key), method, path, body).await
    };
    let moment = r#"{ "kind": "tag", "from_ms": 36000, "text": "refund promised" }"#;
    let (status, made, _) = ask("POST", &at("moments"), moment).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, listed, _) = ask("GET", &at("moments"), "").await;
    assert_eq!(listed[0]["text"], "refund promised");
    assert_eq!(listed[0]["id"], made["id"]);
    let (status, problem, _) = ask(
        "POST",
        &at("moments"),
        r#"{ "kind": "shout", "from_ms": 0 }"#,
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let path = at(&format!("moments/{}", made["id"].as_str().unwrap()));
    assert_eq!(ask("DELETE", &path, "").await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask("DELETE", &path, "").await.0, StatusCode::NOT_FOUND);

    let tenant = place.app.tenants().await.unwrap().remove(0);
    let scope = place
        .app
        .local_scope(tenant.id, domain::TenantRole::Owner, Purpose::Review);
    let text = "form = \"Quality.Chat\"\n[[question]]\nname = \"Says sorry\"\nask = \"yes_no\"\n";
    let form = place.app.import_definition(&scope, text, "").await.unwrap();
    place
        .app
        .publish_definitions(&scope, &[form.name])
        .await
        .unwrap();
    let (_, forms, _) = ask("GET", "/api/v1/forms", "").await;
    assert_eq!(forms[0]["questions"][0]["answers"], json!(["yes", "no"]));
    let filled = r#"{ "form": "Quality.Chat", "answers": { "Says sorry": "yes" } }"#;
    assert_eq!(
        ask("POST", &at("forms"), filled).await.0,
        StatusCode::CREATED
    );
    let (_, listed, _) = ask("GET", &at("forms"), "").await;
    assert_eq!(
        (&listed[0]["score"], &listed[0]["state"]),
        (&json!(100.0), &json!("filled"))
    );
    let nobody = said_to("POST", "/assignments");
    assert_eq!(
        ask("POST", &at("assignments"), nobody).await.0,
        StatusCode::NOT_FOUND
    );
    for (path, empty) in [
        ("/api/v1/alerts", json!([])),
        ("/api/v1/assignments", json!([])),
    ] {
        let (status, listed, _) = ask("GET", path, "").await;
        assert_eq!((status, listed), (StatusCode::OK, empty), "{path}");
    }
}

#[tokio::test]
async fn topics_are_asked_for_and_fetched_and_are_their_tenants_own() {
    let place = place().await;
    upload(&place).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let (status, made, _) = call(
        &place,
        Some(&place.key),
        "POST",
        "/api/v1/topics",
        r#"{ "query": "channel:chat", "seed": 3 }"#,
    )
    .await;
    assert_eq!(status, StatusCode::ACCEPTED, "{made}");
    let path = format!("/api/v1/topics/{}", made["id"].as_str().unwrap());
    let (_, waiting, _) = call(&place, Some(&place.key), "GET", &path, "").await;
    assert_eq!(waiting["state"], "waiting", "{waiting}");
    // Processing what waits finds what was asked for.
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let (status, found, _) = call(&place, Some(&place.key), "GET", &path, "").await;
    assert_eq!((status, &found["state"]), (StatusCode::OK, &json!("ready")));
    assert_eq!(found["found"]["turns"], 1, "{found}");
    assert_eq!(
        found["found"]["unclassified"], 1,
        "one is no topic: {found}"
    );

    for method in ["GET", "DELETE"] {
        let (status, _, _) = call(&place, Some(&place.rival), method, &path, "").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method}");
    }
    let bad = r#"{ "query": "refund AND" }"#;
    let (status, _, _) = call(&place, Some(&place.key), "POST", "/api/v1/topics", bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _, _) = call(&place, Some(&place.key), "DELETE", &path, "").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, left, _) = call(&place, Some(&place.key), "GET", "/api/v1/topics", "").await;
    assert_eq!(left, json!([]));
}

#[tokio::test]
async fn views_plans_and_routes_are_arranged_as_far_as_the_key_goes() {
    let place = place().await;
    let key = Some(&place.key);
    let view = r#"{ "name": "Chats", "filters": "channel=chat", "shared": false }"#;
    let (status, made, _) = call(&place, key, "POST", "/api/v1/views", view).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, views, _) = call(&place, key, "GET", "/api/v1/views", "").await;
    assert_eq!(views[0]["filters"], "channel=chat");
    let path = format!("/api/v1/views/{}", made["id"].as_str().unwrap());
    let (status, _, _) = call(&place, Some(&place.rival), "DELETE", &path, "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _, _) = call(&place, key, "DELETE", &path, "").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let link = r#"{ "name": "x", "filters": "a=\"><script>" }"#;
    let (status, _, _) = call(&place, key, "POST", "/api/v1/views", link).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let (status, plans, _) = call(&place, key, "GET", "/api/v1/samplings", "").await;
    assert_eq!((status, plans), (StatusCode::OK, json!([])));
    let plan = r#"{ "form": "No.Such", "per_week": 3 }"#;
    let (status, _, _) = call(&place, key, "POST", "/api/v1/samplings", plan).await;
    assert_ne!(status, StatusCode::CREATED, "there is no such form");
    let (status, _, _) = call(&place, key, "GET", "/api/v1/alert-routes", "").await;
    assert_eq!(
        status,
        StatusCode::FORBIDDEN,
        "the key is not for governance"
    );
}

#[tokio::test]
async fn a_category_is_taken_in_judged_and_measured_by_its_own_tenant() {
    let place = place().await;
    let id = upload(&place).await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let key = Some(&place.key);
    let new = json!({
        "text": "category = \"Money.Refund\"\n[[component]]\nname = \"says so\"\nquery = 'agent:refund'\n",
        "reason": "first", "publish": true
    });
    let (status, made, _) = call(&place, key, "POST", "/api/v1/categories", &new.to_string()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let path = format!("/api/v1/categories/{}", made["id"].as_str().unwrap());
    let (_, listed, _) = call(&place, key, "GET", "/api/v1/categories", "").await;
    assert_eq!(
        (&listed[0]["live"], &listed[0]["found"]),
        (&json!(1), &json!(1))
    );
    let (_, found, _) = call(&place, key, "GET", &format!("{path}/found"), "").await;
    assert_eq!(found[0]["interaction"]["id"], json!(id));
    assert_eq!(found[0]["components"][0]["matches"][0]["at_ms"], 36_000);

    let judged = json!({ "interaction": id, "belongs": false }).to_string();
    let judging = format!("{path}/judgements");
    let (status, _, _) = call(&place, key, "POST", &judging, &judged).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, bench, _) = call(&place, key, "GET", &format!("{path}/workbench"), "").await;
    assert_eq!(status, StatusCode::OK, "{bench}");
    assert_eq!(
        (&bench["after"]["wrong"], &bench["after"]["right"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(bench["after"]["precision"]["value"], 0.0);
    let (status, again, _) = call(&place, key, "POST", &format!("{path}/publish"), "").await;
    assert_eq!(status, StatusCode::ACCEPTED, "{again}");
    assert_eq!(again["published"], json!(["Money.Refund"]));

    let rival = Some(&place.rival);
    for (method, end, body) in [
        ("POST", "publish", ""),
        ("GET", "found", ""),
        ("POST", "judgements", judged.as_str()),
        ("GET", "workbench", ""),
    ] {
        let (status, _, _) = call(&place, rival, method, &format!("{path}/{end}"), body).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method} {end}");
    }
    let wrong = json!({ "text": "category = \"A\"" }).to_string();
    let (status, _, _) = call(&place, key, "POST", "/api/v1/categories", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

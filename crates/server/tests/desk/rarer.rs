//! Registers that are seldom used, as people use them: messages, exposures, figures, passings,
//! duties by law, and what the log says of each record.

use std::collections::{BTreeMap, BTreeSet};

use app::disclosures::Recipient;
use app::orders::Order;
use app::releases::TERM;
use axum::http::StatusCode;
use domain::{DataCategory, Purpose, RecipientKind, Secret, TenantRole, Timestamp};

use super::{between, chat, desk_person, officer, with_letters};
use crate::{Answer, Browser, PASSWORD, Place, owner, place};

const EML: &str = "From: Tom Hill <tom@example.org>\r\nTo: desk@operator.example\r\n\
Subject: How long?\r\nMessage-ID: <m1@example.org>\r\nDate: Fri, 2 Oct 2026 10:00:00 +0000\r\n\r\n\
How long do you keep my calls?\r\n";

/// Sends a form with a file, with the token of the page that it stands on.
async fn upload(
    place: &Place,
    browser: &mut Browser,
    (page, path): (&str, &str),
    fields: &[(&str, &str)],
    (name, file): (&str, &[u8]),
) -> Answer {
    let csrf = browser.token(place, page).await;
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain(&[("csrf", csrf.as_str())]) {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    body.extend(
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n")
            .bytes(),
    );
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    let request = browser
        .request("POST", path)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(axum::body::Body::from(body))
        .unwrap();
    browser.send(place, request).await
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

async fn second_desk_person(place: &Place, first: &mut Browser) -> Browser {
    let fields = [
        ("name", "Max Desk"),
        ("mail", "max@operator.example"),
        ("role", "privacy_officer"),
    ];
    let page = first.post(place, "/people", "/people", &fields).await;
    let code = between(&page, "class=\"secret\">", "<").to_owned();
    let mut max = Browser::default();
    let joining = [("code", code.as_str()), ("password", PASSWORD)];
    let joined = max.post(place, "/join", "/join", &joining).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text);
    max.sign_in(place, "max@operator.example", PASSWORD).await;
    max
}

/// The leaves that a record's page shows, each opened with its proof.
async fn proven(place: &Place, browser: &mut Browser, page: &Answer) -> usize {
    let numbers: Vec<String> = page
        .text
        .split("href=\"/desk/leaves/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    for number in &numbers {
        let path = format!("/desk/leaves/{number}");
        let leaf = browser.get(place, &path).await;
        assert!(
            leaf.text.contains("c2sp.org/tlog-proof@v1"),
            "{}",
            leaf.text
        );
        let proof = browser.get(place, &format!("{path}/proof")).await;
        assert!(proof.text.contains("c2sp.org/tlog-proof@v1"));
    }
    numbers.len()
}

#[tokio::test]
async fn rarer_registers_are_for_those_whom_the_policy_lets_in() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut ida = desk_person(&place).await;
    let (tenant, operator): (&[&str], &[&str]) = (
        &["/desk/releases", "/desk/obligations"],
        &["/desk/inquiries"],
    );
    let both = ["/desk/exposures", "/desk/successions"];
    for path in tenant.iter().chain(&both) {
        let seen = olga.get(&place, path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
        let looked = ada.get(&place, path).await;
        assert!(looked.text.contains("You may look, not act"), "{path}");
        assert!(!looked.text.contains("<button class=\"danger\""), "{path}");
    }
    for path in operator.iter().chain(&both) {
        let seen = ida.get(&place, path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
    }
    for (browser, paths) in [(&mut olga, operator), (&mut ida, tenant)] {
        for path in paths {
            let refused = browser.get(&place, path).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    let mut nobody = Browser::default();
    for path in tenant.iter().chain(operator).chain(&both) {
        let sent = nobody.get(&place, path).await;
        assert_ne!(sent.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn an_exposure_is_told_by_its_clock_and_the_letters_are_the_customers() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut ida = desk_person(&place).await;
    let known = |hours: i64| {
        let at = Timestamp(place.app.now().0 - hours * 3_600_000);
        app::rfc3339(at).chars().take(16).collect::<String>()
    };
    let (late, fresh) = (known(80), known(2));
    let fields = |known| {
        [
            ("known", known),
            ("what", "an export was left on a train"),
            ("data", DataCategory::RedactedContent.key()),
            ("customers", "acme"),
            ("ids", id.as_str()),
            ("consequences", "somebody may read one chat"),
            ("measures", "the disk was locked from afar"),
        ]
    };
    let (list, path) = ("/desk/exposures", "/desk/exposures");
    let made = ida.post(&place, list, path, &fields(&fresh)).await;
    let one = location(&made);
    let page = ida.get(&place, &one).await;
    assert!(page.text.contains("left</span>"), "{}", page.text);
    assert!(page.text.contains("Acme: one interaction"), "{}", page.text);
    assert_eq!(proven(&place, &mut ida, &page).await, 1, "its entry");
    assert!(
        !olga.get(&place, list).await.text.contains("train"),
        "not yet"
    );
    let tell = [("act", "tell")];
    location(&ida.post(&place, &one, &one, &tell).await);
    let again = ida.post(&place, &one, &one, &[("act", "authority")]).await;
    location(&again);
    let page = ida.get(&place, &one).await;
    assert_eq!(proven(&place, &mut ida, &page).await, 3, "each act");
    let form = ida.get(&place, &format!("{one}/text")).await;
    assert!(form.text.contains("GDPR Art. 33") && form.text.contains("1 interactions"));

    let told = olga.get(&place, list).await;
    assert!(told.text.contains("an export was left on a train"));
    let letter = olga.get(&place, &format!("{one}/text")).await;
    assert!(
        letter
            .text
            .starts_with("Data about you may have been exposed")
    );
    assert!(!letter.text.contains("int_"), "no data of anybody in it");
    let theirs = olga.get(&place, &one).await;
    assert_eq!(theirs.status, StatusCode::FORBIDDEN, "the operator's page");
    let record = one.replace("exposures", "records");
    let page = olga.get(&place, &record).await;
    assert_eq!(
        proven(&place, &mut olga, &page).await,
        1,
        "its notice, nothing else"
    );

    // After 72 hours nobody tells without saying why so late.
    let made = ida.post(&place, list, path, &fields(&late)).await;
    let one = location(&made);
    let page = ida.get(&place, &one).await;
    assert!(page.text.contains("over</span>"), "{}", page.text);
    let refused = ida.post(&place, &one, &one, &tell).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reasoned = [("act", "tell"), ("delay", "it was found in a yearly look")];
    location(&ida.post(&place, &one, &one, &reasoned).await);
}

#[tokio::test]
async fn a_call_is_answered_by_word_and_a_mail_by_letter() {
    let (place, post) = with_letters().await;
    owner(&place).await;
    let mut ida = desk_person(&place).await;
    let call = [
        ("act", "write"),
        ("way", "call"),
        ("kind", "question"),
        ("from", "Frau Brandt, +49 40 5550 1182"),
        ("subject", "How long calls are kept"),
        ("text", "asks about her call of last month"),
        ("owner", "Ida"),
    ];
    let list = "/desk/inquiries";
    let mut unowned = call;
    unowned[6].1 = " ";
    let refused = ida.post(&place, list, list, &unowned).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("P92"), "{}", refused.text);
    let call = location(&ida.post(&place, list, list, &call).await);
    let answer = [("text", "ninety days")];
    location(&ida.post(&place, &call, &call, &answer).await);
    let twice = ida.post(&place, &call, &call, &answer).await;
    assert_ne!(twice.status, StatusCode::SEE_OTHER, "given once");
    let letters = || std::fs::read_dir(post.path()).unwrap().count();
    assert_eq!(letters(), 0, "nobody is written to whose address is none");

    let mail = ("message", EML.as_bytes());
    let way = (list, "/desk/inquiries/mail");
    let mail = location(&upload(&place, &mut ida, way, &[], mail).await);
    assert_eq!(letters(), 1, "an acknowledgement");
    let again = upload(&place, &mut ida, way, &[], ("message", EML.as_bytes())).await;
    assert_eq!(location(&again), mail, "a message comes in once");
    location(&ida.post(&place, &mail, &mail, &answer).await);
    assert_eq!(letters(), 2, "and the answer");
    let page = ida.get(&place, &mail).await;
    assert!(page.text.contains("ninety days"), "{}", page.text);
    assert_eq!(
        proven(&place, &mut ida, &page).await,
        2,
        "entered, answered"
    );
    let waiting = ida.get(&place, "/desk/inquiries?state=open").await;
    assert!(
        waiting.text.contains("No message is here"),
        "{}",
        waiting.text
    );
    assert!(!waiting.text.contains("Brandt"));
}

#[tokio::test]
async fn figures_say_what_they_cost_before_and_are_handed_over_once() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let scope = place.app.local_scope(
        place.tenant.id,
        TenantRole::PrivacyOfficer,
        Purpose::Governance,
    );
    let folder = tempfile::tempdir().unwrap();
    let recipient = |term: &[&str]| Recipient {
        name: Secret::new("Figures office"),
        kind: RecipientKind::Customer,
        contract: "order 1".to_owned(),
        purposes: BTreeSet::from([Purpose::Sharing]),
        categories: BTreeSet::from([DataCategory::InteractionMetadata]),
        terms: term.iter().map(|term| (*term).to_owned()).collect(),
        controls: BTreeMap::new(),
        attested_until: Timestamp(place.app.now().0 + 86_400_000),
        region: place.app.config().region.clone(),
        mechanism: None,
        noticed_from: place.app.now(),
        erase_after_days: None,
        transport: "folder".to_owned(),
        address: Secret::new(folder.path().display().to_string()),
        secret: Secret::new("known to both of us"),
        granted_by: "test".to_owned(),
        stopped: None,
    };
    let grant = async |terms: &[&str]| {
        let granted = place.app.grant_recipient(&scope, &recipient(terms)).await;
        granted.unwrap().to_string()
    };
    let (unbound, bound) = (grant(&[]).await, grant(&[TERM]).await);
    let page = "/desk/releases";
    let mut ask = [
        ("act", "preview"),
        ("to", unbound.as_str()),
        ("reason", "staffing"),
        ("group", "channel"),
        ("count", ""),
        ("k", "10"),
        ("l", "2"),
        ("epsilon", "1.5"),
    ];
    let shown = olga.post(&place, page, page, &ask).await;
    assert!(shown.text.contains("would be refused"), "{}", shown.text);
    assert!(shown.text.contains(TERM), "{}", shown.text);
    ask[1].1 = &bound;
    let shown = olga.post(&place, page, page, &ask).await;
    assert!(shown.text.contains("may be made"), "{}", shown.text);
    assert!(shown.text.contains("0.5 of the budget"), "{}", shown.text);
    assert!(shown.text.contains("0 of 2 lost"), "a look costs nothing");
    ask[0].1 = "make";
    let made = olga.post(&place, page, page, &ask).await;
    assert_eq!(made.headers["content-type"], "application/json");
    let file: serde_json::Value = serde_json::from_str(&made.text).unwrap();
    assert_eq!(
        file["rows"].as_array().unwrap().len(),
        0,
        "one chat is too few"
    );
    let list = olga.get(&place, page).await;
    assert!(list.text.contains("1.5 of 2 lost"), "{}", list.text);
    let record = between(&list, "/desk/records/rel_", "\"").to_owned();
    let record = olga
        .get(&place, &format!("/desk/records/rel_{record}"))
        .await;
    assert_eq!(
        proven(&place, &mut olga, &record).await,
        2,
        "entered, then made"
    );
    ask[0].1 = "preview";
    let over = olga.post(&place, page, page, &ask).await;
    assert!(
        over.text.contains("would have lost 3.000000"),
        "{}",
        over.text
    );
    let tried = ada.post(&place, "/account", page, &ask).await;
    assert_eq!(tried.status, StatusCode::FORBIDDEN, "the owner looks only");
}

#[tokio::test]
async fn a_passing_needs_two_persons_and_the_notice_before_its_pack() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let mut ida = desk_person(&place).await;
    let mut max = second_desk_person(&place, &mut ida).await;
    let list = "/desk/successions";
    let fields = [
        ("successor", "Northwind SE"),
        ("trigger", "merger"),
        ("signed", "2026-01-02"),
    ];
    let way = (list, list);
    let one = upload(&place, &mut ida, way, &fields, ("document", b"contract")).await;
    let one = location(&one);
    let approve = [("act", "approve")];
    location(&ida.post(&place, &one, &one, &approve).await);
    let hand = [("act", "hand-over"), ("secret", "a secret of both sides")];
    let early = ida.post(&place, list, &one, &hand).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    location(&max.post(&place, &one, &one, &approve).await);
    location(&max.post(&place, &one, &one, &[("act", "tell")]).await);
    let told = ada.get(&place, list).await;
    assert!(told.text.contains("Northwind SE"), "{}", told.text);
    let pack = max.post(&place, &one, &one, &hand).await;
    assert_eq!(pack.status, StatusCode::OK);
    assert_eq!(pack.headers["content-type"], "application/octet-stream");
    let page = ida.get(&place, &one).await;
    assert!(page.text.contains("handed over"), "{}", page.text);
    assert_eq!(proven(&place, &mut ida, &page).await, 5, "each step");
    let secret = [("secret", "another secret than theirs")];
    let way = (list, "/desk/successions/received");
    let wrong = upload(&place, &mut ida, way, &secret, ("pack", b"no pack")).await;
    assert_ne!(wrong.status, StatusCode::OK, "{}", wrong.text);
}

#[tokio::test]
async fn a_duty_by_law_is_entered_and_taken_back() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let page = "/desk/obligations";
    let mut fields = [
        ("law", "HGB"),
        ("article", "257(1)"),
        ("demands", "letters are kept for six years"),
        ("data", DataCategory::RedactedContent.key()),
        ("days", "x"),
    ];
    let wrong = olga.post(&place, page, page, &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields[4].1 = "2192";
    location(&olga.post(&place, page, page, &fields).await);
    let list = olga.get(&place, page).await;
    assert!(list.text.contains("HGB 257(1)") && list.text.contains("2192 days"));
    let id = format!("obl_{}", between(&list, "id=\"obl_", "\""));
    let path = format!("{page}/{id}");
    location(&olga.post(&place, page, &path, &[]).await);
    let twice = olga.post(&place, page, &path, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let record = olga.get(&place, &format!("/desk/records/{id}")).await;
    assert_eq!(proven(&place, &mut olga, &record).await, 2);
    let mut ida = desk_person(&place).await;
    let record = ida.get(&place, &format!("/desk/records/{id}")).await;
    assert_eq!(
        proven(&place, &mut ida, &record).await,
        0,
        "a customer's own"
    );
}

#[tokio::test]
async fn anybody_reads_the_orders_in_numbers_and_no_small_number() {
    let place = place("").await;
    owner(&place).await;
    let desk = place.app.privacy_desk("desk");
    let order = |country: &str| Order {
        issuer: Secret::new("Landgericht Hamburg"),
        country: country.to_owned(),
        kind: "court_order".to_owned(),
        authority: "ZPO 142".to_owned(),
        demand_sha256: app::orders::hash(b"order"),
        scope: Secret::new("one chat of Tom Hill"),
        tenant: place.tenant.id,
        gag_until: None,
        review: None,
        approvals: BTreeSet::new(),
        reasons: Vec::new(),
        looked_back: None,
        produced_at: None,
        told: None,
        produced: Vec::new(),
        rejected: None,
    };
    for country in ["DE", "DE", "DE", "DE", "DE", "FR"] {
        place
            .app
            .receive_order(&desk, &order(country))
            .await
            .unwrap();
    }
    let mut anybody = Browser::default();
    let page = anybody.get(&place, "/transparency").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text
            .contains("<td>DE</td><td>court order</td><td>5</td>")
    );
    assert!(
        page.text
            .contains("<td>FR</td><td>court order</td><td>fewer than 5</td>")
    );
    for hidden in ["Hamburg", "Hill", "Acme", "acme"] {
        assert!(!page.text.contains(hidden), "{hidden}");
    }
    let json = anybody.get(&place, "/transparency.json").await;
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(json["rows"][0]["received"], 5);
    assert_eq!(json["rows"][1]["received"], serde_json::Value::Null);
    let leaves = || async {
        let lines = place.app.verify_ledger().await.unwrap();
        lines.leaves
    };
    let before = leaves().await;
    anybody.get(&place, "/transparency").await;
    assert_eq!(leaves().await, before, "reading it makes no leaf");
    let policy = anybody.get(&place, "/policy").await;
    assert!(policy.text.contains("href=\"/transparency\""));
}

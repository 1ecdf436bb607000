//! The privacy desk as people use it.

mod rarer;

use app::{Outcome, Until};
use axum::http::StatusCode;
use domain::{Purpose, TenantRole};

use crate::{Answer, Browser, CHAT, PASSWORD, Place, invited, owner, place};

pub(crate) const MAIL: &str = "tom@example.org";

/// A place whose letters lie in a folder.
pub(crate) async fn with_letters() -> (Place, tempfile::TempDir) {
    let post = tempfile::tempdir().unwrap();
    let configuration = format!("post = \"file://{}\"\n", post.path().display());
    (place(&configuration).await, post)
}

/// One chat of a person with a mail address, processed.
pub(crate) async fn chat(place: &Place) -> String {
    let scope = place
        .app
        .local_scope(place.tenant.id, TenantRole::Analyst, Purpose::Storage);
    let with_mail = CHAT.replace(
        "\"Tom Hill\"",
        "\"Tom Hill\", \"mailto\": \"tom@example.org\"",
    );
    let order = app::IntakeOrder::default();
    let taken = place
        .app
        .take_in(&scope, with_mail.into(), &order)
        .await
        .unwrap();
    let Outcome::Taken { id, .. } = &taken[0] else {
        panic!("{taken:?}");
    };
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    id.to_string()
}

pub(crate) async fn officer(place: &Place, owner: &mut Browser) -> Browser {
    invited(
        place,
        owner,
        "Olga Officer",
        "olga@acme.example",
        "privacy_officer",
    )
    .await
}

async fn desk_person(place: &Place) -> Browser {
    let mut browser = Browser::default();
    let fields = [
        ("code", "desk-code"),
        ("name", "Ida Desk"),
        ("mail", "ida@operator.example"),
        ("password", PASSWORD),
    ];
    let made = browser.post(place, "/set-up", "/set-up", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    browser
}

/// What stands between two marks on a page.
pub(crate) fn between<'a>(page: &'a Answer, from: &str, to: &str) -> &'a str {
    let (_, rest) = page
        .text
        .split_once(from)
        .unwrap_or_else(|| panic!("no `{from}` in {}", page.text));
    rest.split_once(to).unwrap().0
}

fn code_in(post: &std::path::Path, reference: &str) -> String {
    let (id, _) = reference.split_once('.').unwrap();
    let letter = std::fs::read_to_string(post.join(format!("{id}-code.eml"))).unwrap();
    let (_, rest) = letter.split_once("Your code is ").unwrap();
    rest.chars().take(8).collect()
}

/// Asks at the public form; gives the reference that the answer shows.
pub(crate) async fn ask(place: &Place, person: &mut Browser, kind: &str, address: &str) -> String {
    let fields = [
        ("kind", kind),
        ("law", "gdpr"),
        ("address", address),
        ("message", "please"),
    ];
    let sent = person.post(place, "/requests", "/requests", &fields).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    between(&sent, "class=\"secret\">", "<").to_owned()
}

pub(crate) async fn prove(
    place: &Place,
    person: &mut Browser,
    post: &std::path::Path,
    reference: &str,
) {
    let code = code_in(post, reference);
    let fields = [("reference", reference), ("code", &code)];
    let proven = person
        .post(place, "/requests", "/requests/prove", &fields)
        .await;
    assert_eq!(proven.status, StatusCode::OK, "{}", proven.text);
    assert!(proven.text.contains("<h1>Proven</h1>"), "{}", proven.text);
}

#[tokio::test]
async fn what_a_role_may_do_at_the_desk_is_the_policys_answer() {
    let (place, _post) = with_letters().await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut tim = invited(
        &place,
        &mut ada,
        "Tim Analyst",
        "tim@acme.example",
        "analyst",
    )
    .await;
    for path in [
        "/desk",
        "/desk/clauses",
        "/desk/ask",
        "/desk/requests",
        "/desk/holds",
        "/desk/retention",
        "/desk/disclosures",
        "/desk/recipients",
        "/desk/orders",
        "/desk/openings",
        "/desk/redaction",
    ] {
        let seen = olga.get(&place, path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
        let looked = ada.get(&place, path).await;
        assert!(looked.text.contains("You may look, not act"), "{path}");
        let refused = tim.get(&place, path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(
            refused.text.contains("/policy#P18"),
            "{path}: {}",
            refused.text
        );
    }
    let fields = [
        ("case", "Hill v. Acme"),
        ("reason", "a claim"),
        ("ids", id.as_str()),
    ];
    let tried = ada.post(&place, "/account", "/desk/holds", &fields).await;
    assert_eq!(tried.status, StatusCode::FORBIDDEN, "the owner looks only");
    let placed = olga
        .post(&place, "/desk/holds", "/desk/holds", &fields)
        .await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
    let page = olga.get(&place, "/desk/holds").await;
    assert!(page.text.contains("Hill v. Acme") && page.text.contains(&id));
    let hold = format!(
        "/desk/holds/hld_{}",
        between(&page, "/desk/holds/hld_", "\"")
    );
    let lifted = olga
        .post(&place, "/desk/holds", &hold, &[("act", "lift")])
        .await;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.text);
    assert!(
        olga.get(&place, "/desk/holds")
            .await
            .text
            .contains("<h2>Lifted</h2>")
    );
}

#[tokio::test]
async fn a_decision_is_explained_with_its_clauses() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let base = "/desk/ask?action=read&data=user.content.redacted&purpose=hosting.review";
    let allowed = ada
        .get(&place, &format!("{base}&right=analyst&about={id}"))
        .await;
    assert!(
        allowed.text.contains(">permitted</span>"),
        "{}",
        allowed.text
    );
    let refused = ada
        .get(&place, &format!("{base}&right=operator_admin"))
        .await;
    assert!(refused.text.contains(">refused</span>"), "{}", refused.text);
    assert!(refused.text.contains("/policy#P102") || refused.text.contains("/policy#P18"));
    let faulty = ada.get(&place, &format!("{base}&right=king")).await;
    assert!(faulty.text.contains("is no right"), "{}", faulty.text);
}

#[tokio::test]
async fn an_officer_answers_a_persons_request_to_its_end() {
    let (place, post) = with_letters().await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut tom = Browser::default();
    let access = ask(&place, &mut tom, "access", MAIL).await;
    prove(&place, &mut tom, post.path(), &access).await;
    let erasure = ask(&place, &mut tom, "erasure", MAIL).await;
    prove(&place, &mut tom, post.path(), &erasure).await;

    let list = olga.get(&place, "/desk/requests").await;
    assert!(list.text.contains(MAIL) && list.text.contains("access to what is held"));
    let scope = place.app.local_scope(
        place.tenant.id,
        TenantRole::PrivacyOfficer,
        Purpose::Governance,
    );
    let cases = place.app.cases(&scope).await.unwrap();
    let path = |kind: app::requests::RequestKind| {
        let case = cases.iter().find(|view| view.case.kind == kind).unwrap();
        format!("/desk/requests/{}", case.id)
    };
    let (access, erasure) = (
        path(app::requests::RequestKind::Access),
        path(app::requests::RequestKind::Erasure),
    );
    let extend = [("act", "extend"), ("reason", "many recordings")];
    let extended = olga.post(&place, &access, &access, &extend).await;
    assert_eq!(extended.status, StatusCode::SEE_OTHER, "{}", extended.text);
    let again = olga.post(&place, &access, &access, &extend).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    let pack = olga
        .post(&place, &access, &format!("{access}/pack"), &[])
        .await;
    assert_eq!(pack.headers["content-type"], "application/zip");
    assert!(pack.text.starts_with("PK"));
    let blank = [
        ("act", "refuse"),
        ("why", "legal_claims"),
        ("sentence", " "),
    ];
    let refused = olga.post(&place, &access, &access, &blank).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "an end has words"
    );
    let done = [("act", "fulfil"), ("what", "the pack was handed over")];
    olga.post(&place, &access, &access, &done).await;
    let page = olga.get(&place, &access).await;
    assert!(
        page.text.contains("It was done: the pack was handed over"),
        "{}",
        page.text
    );

    // A hold refuses the erasure and names its case.
    let hold = [
        ("case", "Hill v. Acme"),
        ("reason", "a claim"),
        ("ids", id.as_str()),
    ];
    olga.post(&place, "/desk/holds", "/desk/holds", &hold).await;
    let erase = format!("{erasure}/erase");
    let unsure = olga.post(&place, &erasure, &erase, &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sure = [("sure", "yes")];
    let held = olga.post(&place, &erasure, &erase, &sure).await;
    assert_eq!(held.status, StatusCode::FORBIDDEN);
    assert!(held.text.contains("Hill v. Acme"), "{}", held.text);
    let page = olga.get(&place, "/desk/holds").await;
    let hold = format!(
        "/desk/holds/hld_{}",
        between(&page, "/desk/holds/hld_", "\"")
    );
    olga.post(&place, "/desk/holds", &hold, &[("act", "lift")])
        .await;
    let erased = olga.post(&place, &erasure, &erase, &sure).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.text);
    assert!(erased.text.contains("Receipt of erasure") && erased.text.contains("proof of leaf"));
    let gone = olga.get(&place, &format!("/interactions/{id}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_run_erases_only_what_its_page_showed() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let rule = [("days", "30"), ("channel", "chat"), ("reach", "whole")];
    let set = olga
        .post(&place, "/desk/retention", "/desk/retention", &rule)
        .await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    let page = olga.get(&place, "/desk/retention").await;
    assert!(page.text.contains("Nothing is overdue"), "{}", page.text);
    let run = [("count", "7")];
    let refused = olga
        .post(&place, "/desk/retention", "/desk/retention/run", &run)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("nothing was erased"),
        "{}",
        refused.text
    );
    let end = format!(
        "/desk/retention/ret_{}",
        between(&page, "/desk/retention/ret_", "\"")
    );
    let ended = olga.post(&place, "/desk/retention", &end, &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(
        olga.get(&place, "/desk/retention")
            .await
            .text
            .contains("No rule of your own")
    );
}

#[tokio::test]
async fn two_persons_of_the_operators_desk_approve_an_order_and_see_no_conversation() {
    let (place, _post) = with_letters().await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut ida = desk_person(&place).await;
    let fields = [
        ("name", "Max Desk"),
        ("mail", "max@operator.example"),
        ("role", "privacy_officer"),
    ];
    let page = ida.post(&place, "/people", "/people", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let code = between(&page, "class=\"secret\">", "<").to_owned();
    let mut max = Browser::default();
    let joining = [("code", code.as_str()), ("password", PASSWORD)];
    assert_eq!(
        max.post(&place, "/join", "/join", &joining).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        max.sign_in(&place, "max@operator.example", PASSWORD).await,
        StatusCode::SEE_OTHER
    );

    let csrf = ida.token(&place, "/desk/orders").await;
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = [
        ("csrf", csrf.as_str()),
        ("kind", "court_order"),
        ("issuer", "Landgericht Hamburg"),
        ("country", "de"),
        ("authority", "ZPO 142"),
        ("scope", "one chat"),
        ("tenant", "acme"),
        ("gag_until", ""),
    ]
    .iter()
    .map(|(name, value)| part(name, value))
    .collect();
    body += "--b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"o.pdf\"\r\n\r\nan order\r\n--b--\r\n";
    let request = ida
        .request("POST", "/desk/orders")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(axum::body::Body::from(body))
        .unwrap();
    let received = ida.send(&place, request).await;
    assert_eq!(received.status, StatusCode::SEE_OTHER, "{}", received.text);
    let order = received.headers["location"].to_str().unwrap().to_owned();
    let early = ida
        .post(&place, &order, &order, &[("act", "approve")])
        .await;
    assert_eq!(
        early.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "review first"
    );
    let review = [
        ("act", "review"),
        ("narrowing", "one chat"),
        ("ids", id.as_str()),
    ];
    assert_eq!(
        ida.post(&place, &order, &order, &review).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        ida.post(&place, &order, &order, &[("act", "approve")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let produce = [("act", "produce"), ("secret", "handed over on paper")];
    let alone = ida.post(&place, &order, &order, &produce).await;
    assert_eq!(
        alone.status,
        StatusCode::FORBIDDEN,
        "one approval is not enough: {}",
        alone.text
    );
    let twice = ida
        .post(&place, &order, &order, &[("act", "approve")])
        .await;
    assert_eq!(
        twice.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "not the same person twice"
    );
    assert_eq!(
        max.post(&place, &order, &order, &[("act", "approve")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let done = max.post(&place, &order, &order, &produce).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

    let told = olga.get(&place, "/desk/orders").await;
    assert!(
        told.text.contains("Landgericht Hamburg"),
        "the customer was told"
    );
    let register = olga.get(&place, "/desk/disclosures").await;
    assert!(
        register.text.contains("ZPO 142") && register.text.contains("delivered"),
        "{}",
        register.text
    );
    assert_eq!(olga.get(&place, &order).await.status, StatusCode::FORBIDDEN);
    for path in [
        format!("/interactions/{id}"),
        "/interactions".to_owned(),
        "/desk/holds".to_owned(),
        "/desk/disclosures".to_owned(),
    ] {
        let seen = max.get(&place, &path).await;
        assert!(seen.status.is_client_error(), "{path}: {}", seen.status);
        assert!(!seen.text.contains("refund"), "{path}");
    }
    assert_eq!(
        max.get(&place, "/").await.status,
        StatusCode::SEE_OTHER,
        "the desk is their start"
    );
}

#[tokio::test]
async fn somebody_of_the_operator_is_let_in_by_the_tenant_for_a_time() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    let mut ida = desk_person(&place).await;
    let ask = [
        ("tenant", "acme"),
        ("reason", "a stuck job"),
        ("hours", "2"),
    ];
    let asked = ida
        .post(&place, "/desk/openings", "/desk/openings", &ask)
        .await;
    let number = between(&asked, "class=\"secret\">", "<").to_owned();
    let open = [
        ("act", "open"),
        ("tenant", "acme"),
        ("opening", number.as_str()),
        ("about", id.as_str()),
    ];
    let named = "/desk/openings/named";
    let early = ida.post(&place, "/desk/openings", named, &open).await;
    assert_eq!(early.status, StatusCode::FORBIDDEN, "nobody let them in");
    let own = format!("/desk/openings/{number}");
    let tried = ida
        .post(
            &place,
            "/desk/openings",
            &own,
            &[("act", "approve"), ("opening", &number)],
        )
        .await;
    assert!(tried.status.is_client_error(), "not by themselves");
    let let_in = olga
        .post(&place, "/desk/openings", &own, &[("act", "approve")])
        .await;
    assert_eq!(let_in.status, StatusCode::SEE_OTHER, "{}", let_in.text);
    let second = [
        ("act", "second"),
        ("tenant", "acme"),
        ("opening", number.as_str()),
    ];
    let alone = ida.post(&place, "/desk/openings", named, &second).await;
    assert_eq!(
        alone.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a second person"
    );
    place
        .app
        .second_opening(place.tenant.id, number.parse().unwrap(), "dora")
        .await
        .unwrap();
    let opened = ida.post(&place, "/desk/openings", named, &open).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    assert!(
        opened.text.contains("[CARD]") && !opened.text.contains("4111"),
        "{}",
        opened.text
    );
    let end = olga
        .post(&place, "/desk/openings", &own, &[("act", "refuse")])
        .await;
    assert_eq!(end.status, StatusCode::SEE_OTHER);
    let after = ida.post(&place, "/desk/openings", named, &open).await;
    assert_eq!(after.status, StatusCode::FORBIDDEN, "ended");
}

#[tokio::test]
async fn a_leaf_is_shown_with_a_proof_that_verifies_elsewhere_and_is_nobody_elses() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let id = chat(&place).await;
    let list = ada.get(&place, "/ledger").await;
    let leaf = between(&list, "href=\"/ledger/", "\"")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let page = ada.get(&place, &format!("/ledger/{leaf}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("c2sp.org/tlog-proof@v1"),
        "{}",
        page.text
    );
    let proof = ada.get(&place, &format!("/ledger/{leaf}/proof")).await;
    assert!(
        proof.headers["content-disposition"]
            .to_str()
            .unwrap()
            .contains("leaf-")
    );
    let bundle = ada
        .get(&place, &format!("/interactions/{id}/evidence"))
        .await;
    let keys = place.app.ledger_keys().await.unwrap();
    let checked = app::bundle::verify(&bundle.text, &keys).unwrap();
    assert!(checked.pinned && checked.leaves.len() > 3, "{checked:?}");
    let missing = ada.get(&place, "/ledger/99999999").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn signing_in_and_being_changed_are_leaves_by_id_and_never_by_name() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let mut olga = officer(&place, &mut ada).await;
    olga.post(&place, "/account", "/account/sign-out-everywhere", &[])
        .await;
    let page = ada.get(&place, "/ledger?kind=account").await;
    assert!(page.text.contains("usr_"), "{}", page.text);
    assert!(
        !page.text.contains("olga@") && !page.text.contains("Officer"),
        "{}",
        page.text
    );
    let officer = place
        .app
        .local_scope(place.tenant.id, TenantRole::Owner, Purpose::Review);
    let lines = place.app.ledger(&officer, None, 100).await.unwrap();
    let accounts = lines.iter().filter(|line| {
        line.what
            .as_ref()
            .is_some_and(|deed| deed.kind == "account")
    });
    assert!(
        accounts.count() >= 6,
        "set-up, invitation, passwords, sign-ins, sign-out"
    );
    assert_eq!(place.app.replay_ledger().await.unwrap().unmatched, []);
}

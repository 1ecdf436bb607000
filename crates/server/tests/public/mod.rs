//! The public pages as people without an account use them.

mod languages;
mod rights;

use axum::http::StatusCode;

use crate::desk::{MAIL, ask, between, chat, prove, with_letters};
use crate::{Browser, place};

#[tokio::test]
async fn a_stranger_asks_proves_and_learns_the_same_whether_or_not_anything_is_held() {
    let (place, post) = with_letters().await;
    chat(&place).await;
    let mut pages = Vec::new();
    for address in [MAIL, "nobody@elsewhere.example"] {
        let mut person = Browser::default();
        let reference = ask(&place, &mut person, "access", address).await;
        let wrong = [("reference", reference.as_str()), ("code", "00000000")];
        let refused = person
            .post(&place, "/requests", "/requests/prove", &wrong)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        prove(&place, &mut person, post.path(), &reference).await;
        let fields = [("reference", reference.as_str())];
        let status = person
            .post(&place, "/requests", "/requests/status", &fields)
            .await;
        assert_eq!(status.status, StatusCode::OK);
        assert!(
            !status.text.contains("Acme") && !status.text.contains(address),
            "{}",
            status.text
        );
        let shown = between(&status, "<section", "</section>").to_owned();
        // The instant of receipt is the only thing that may differ.
        let words: Vec<&str> = shown
            .split(['<', '>'])
            .filter(|part| !part.contains("datetime") && !part.contains(':'))
            .collect();
        pages.push(words.join("|"));
        let guessed = [("reference", "req_00000000000000000000000000000000.guess")];
        let unknown = person
            .post(&place, "/requests", "/requests/status", &guessed)
            .await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(
            !unknown.text.contains("guess"),
            "what was typed is not repeated"
        );
    }
    assert_eq!(pages[0], pages[1]);
    let told = std::fs::read_dir(post.path()).unwrap().count();
    assert_eq!(told, 4, "a code and a letter for each");
}

#[tokio::test]
async fn too_many_tries_from_one_place_are_refused() {
    let (place, _post) = with_letters().await;
    let mut person = Browser::default();
    let csrf = person.token(&place, "/requests/status").await;
    let fields = [("csrf", csrf.as_str()), ("reference", "req_x.y")];
    let mut last = StatusCode::OK;
    for _ in 0..121 {
        last = person.raw(&place, "/requests/status", &fields).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_public_pages_need_no_account_and_hold_the_policy_as_it_is_enforced() {
    let place = place("").await;
    let mut anybody = Browser::default();
    let page = anybody.get(&place, "/policy").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = place.app.policy();
    assert!(page.text.contains(policy.version()));
    for clause in policy.clauses() {
        assert!(
            page.text.contains(&format!("id=\"{}\"", clause.id)),
            "{}",
            clause.id
        );
    }
    let version = format!("/policy/versions/{}", policy.version());
    assert!(
        anybody
            .get(&place, &version)
            .await
            .text
            .contains("in force")
    );
    let same = format!("/policy/compare?from={0}&to={0}", policy.version());
    assert!(
        anybody
            .get(&place, &same)
            .await
            .text
            .contains("Nothing differs")
    );
    let early = anybody.get(&place, "/policy?at=1999-01-01").await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    let source = anybody.get(&place, "/policy/as/source").await;
    assert_eq!(source.text, policy.text());
    for form in ["markdown", "fideslang", "dpv", "cedar"] {
        let text = anybody.get(&place, &format!("/policy/as/{form}")).await;
        assert_eq!(text.status, StatusCode::OK, "{form}");
    }
    let verify = anybody.get(&place, "/verify").await;
    assert!(
        verify.text.contains("privity.local/log+"),
        "{}",
        verify.text
    );
    place.app.checkpoint().await.unwrap();
    let checkpoint = anybody.get(&place, "/log/checkpoint").await;
    assert!(
        checkpoint.text.starts_with("privity.local/log\n"),
        "{}",
        checkpoint.text
    );
    for path in [
        "/log/tile/../checkpoint",
        "/log/tile/0/nothing",
        "/log/tile/%2e%2e/%2e%2e/privity.db",
    ] {
        assert_eq!(
            anybody.get(&place, path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let without = anybody.get(&place, "/requests").await;
    assert!(
        without.text.contains("cannot send codes"),
        "without post it says so"
    );
}

#[tokio::test]
async fn two_versions_are_compared_word_by_word() {
    let place = place("").await;
    let shipped = place.app.policy().text().to_owned();
    let before = place.app.policy().version().to_owned();
    let number = format!("number = \"{}\"", place.app.policy().head().number);
    let day = format!(
        "effective_from = \"{}\"",
        place.app.policy().head().effective_from
    );
    let today: String = app::rfc3339(place.app.now()).chars().take(10).collect();
    let reworded = shipped
        .replacen(&number, "number = \"99\"", 1)
        .replacen(&day, &format!("effective_from = \"{today}\""), 1)
        .replacen(
            "We make no use of our own of",
            "We make no use whatever of",
            1,
        );
    // The hash of the words stands beside them; whoever changes a word reads the predicates again.
    let hash = |text: &str| {
        let policy = policy::Policy::parse(text).unwrap();
        policy
            .clause(&"P103".parse().unwrap())
            .unwrap()
            .hash_of_words()
    };
    let second = reworded.replacen(&hash(&shipped), &hash(&reworded), 1);
    let done = place
        .app
        .publish_policy("test", &second, false)
        .await
        .unwrap();
    let mut anybody = Browser::default();
    let page = anybody
        .get(
            &place,
            &format!("/policy/compare?from={before}&to={}", done.version),
        )
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("<ins>whatever</ins>") || page.text.contains("<ins>whatever of</ins>"),
        "{}",
        between(&page, "The words", "</section>")
    );
    assert!(page.text.contains(">not material</span>"), "{}", page.text);
    let versions = anybody.get(&place, "/policy/versions").await;
    assert!(versions.text.contains(&before) && versions.text.contains(&done.version));
    let old = anybody
        .get(&place, &format!("/policy/versions/{before}"))
        .await;
    assert!(
        old.text.contains("not the version in force"),
        "{}",
        old.text
    );
}

#[tokio::test]
async fn a_cookie_is_for_tls_alone_where_a_proxy_says_so() {
    let place = place("").await;
    let mut anybody = Browser::default();
    for (proto, secure) in [
        ("https", true),
        ("HTTPS", true),
        ("http", false),
        ("", false),
    ] {
        let request = anybody
            .request("GET", "/sign-in")
            .header("x-forwarded-proto", proto)
            .body(axum::body::Body::empty())
            .unwrap();
        anybody.cookies.clear();
        let page = anybody.send(&place, request).await;
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        assert_eq!(cookie.contains("; Secure"), secure, "{proto}: {cookie}");
        anybody.cookies.clear();
    }
}

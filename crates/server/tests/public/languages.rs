//! The pages in the language and on the clock of whoever reads them.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::desk::chat;
use crate::{Answer, Browser, PASSWORD, Place, owner, place};

async fn wished(place: &Place, path: &str, languages: &str) -> Answer {
    let mut browser = Browser::default();
    let request = browser
        .request("GET", path)
        .header(header::ACCEPT_LANGUAGE, languages)
        .body(Body::empty())
        .unwrap();
    browser.send(place, request).await
}

#[tokio::test]
async fn a_stranger_reads_the_public_pages_in_the_browsers_language() {
    let place = place("").await;
    for path in [
        "/requests",
        "/policy",
        "/verify",
        "/transparency",
        "/sign-in",
    ] {
        let english = wished(&place, path, "fr, en;q=0.5").await;
        assert!(english.text.contains("<html lang=\"en\" dir=\"ltr\""));
        assert!(english.text.contains(">Sign in</a>"), "{path}");
        let german = wished(&place, path, "de-AT, en;q=0.5").await;
        assert!(german.text.contains("<html lang=\"de\" dir=\"ltr\""));
        assert!(german.text.contains(">Anmelden</a>"), "{path}");
        assert!(!german.text.contains(">Sign in"), "{path}");
    }
    let counted = wished(&place, "/transparency", "de").await.text;
    assert!(
        counted.contains("Es ist keine Anordnung eingegangen"),
        "{counted}"
    );
    let asking = wished(&place, "/requests", "de").await.text;
    assert!(asking.contains("Nach Ihren Daten fragen") && !asking.contains("Ask about"));
}

#[tokio::test]
async fn an_operator_adds_a_language_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ar")).unwrap();
    std::fs::write(
        folder.path().join("ar/base.ftl"),
        "base-policy = الخصوصية\n",
    )
    .unwrap();
    let place = place(&format!(
        "locales = {:?}\nlanguage = \"ar\"\n",
        folder.path()
    ))
    .await;
    let page = Browser::default().get(&place, "/verify").await.text;
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\""), "{page}");
    assert!(page.contains(">الخصوصية</a>"), "{page}");
    assert!(
        page.contains(">Your data</a>"),
        "what it lacks is in English"
    );
}

#[tokio::test]
async fn a_person_chooses_their_language_and_clock() {
    let place = place("zone = \"America/New_York\"\n").await;
    let mut ada = owner(&place).await;
    chat(&place).await;
    let page = ada.get(&place, "/interactions").await.text;
    assert!(page.contains("Times in America/New_York"), "{page}");
    assert!(page.contains(">2026-10-08 12:20</time>"), "{page}");

    let wish = [("language", "de"), ("zone", "Asia/Tokyo")];
    let kept = ada
        .post(&place, "/account", "/account/reading", &wish)
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let page = ada.get(&place, "/interactions").await.text;
    assert!(page.contains("<html lang=\"de\""), "{page}");
    assert!(page.contains("<h1>Gespräche</h1>"), "{page}");
    assert!(page.contains("datetime=\"2026-10-08T16:20:05"), "{page}");
    assert!(page.contains(">09.10.2026 01:20</time>"), "{page}");

    let mut elsewhere = Browser::default();
    let came = elsewhere
        .sign_in(&place, "ada@acme.example", PASSWORD)
        .await;
    assert_eq!(came, StatusCode::SEE_OTHER);
    let page = elsewhere.get(&place, "/interactions").await.text;
    assert!(page.contains("<html lang=\"de\""), "{page}");
    assert!(page.contains(">09.10.2026 01:20</time>"), "{page}");

    let unknown = [("language", "de"), ("zone", "Mars/Olympus")];
    let refused = ada
        .post(&place, "/account", "/account/reading", &unknown)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("die Zeitzone ist unbekannt"),
        "{}",
        refused.text
    );
    let missing = wished(&place, "/api/v1/policy/versions/none", "de").await;
    assert!(
        missing.text.contains("\"Not found\"") || missing.text.contains("cannot be used"),
        "a program reads English: {}",
        missing.text
    );
    let unknown = [("language", "xx"), ("zone", "")];
    let refused = ada
        .post(&place, "/account", "/account/reading", &unknown)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

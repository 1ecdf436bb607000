//! Watched sources: what arrives in a folder or a mailbox is taken in, redacted as from any other
//! way in, by the tenant whose folder it is.

use std::path::Path;
use std::time::Duration;

use app::{AppError, Until, WatchedKind, WatchedNow, WatchedSource, WatchedState};
use domain::{Purpose, TenantRole};
use policy::Scope;
use store::{ListFilter, Page};
use tokio::sync::watch;

use crate::installation::{Engine, Installation};

const MAIL: &str = "Message-ID: <1@example.org>\r\nDate: Fri, 09 Oct 2026 07:40:00 +0000\r\n\
    From: Ann <ann@example.org>\r\nTo: team@harbor.example\r\nSubject: My card\r\n\r\n\
    It is 4111 1111 1111 1111, thank you.\r\n";
const CHAT: &str = r#"{ "format": "privity.chat/1", "id": "c-1",
    "parties": [{ "role": "agent" }, { "role": "consumer" }],
    "messages": [{ "from": 1, "at": "2026-10-08T16:20:05Z", "text": "it is 4111 1111 1111 1111" }] }"#;

fn officer(place: &Installation) -> Scope {
    let role = TenantRole::PrivacyOfficer;
    place
        .app
        .local_scope(place.tenant, role, Purpose::Governance)
}

fn mailbox(folder: &Path) {
    for name in ["tmp", "new", "cur"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
}

/// Waits until what is watched stands as wanted.
async fn until(place: &Installation, wanted: impl Fn(&[WatchedNow]) -> bool) -> Vec<WatchedNow> {
    for _ in 0..600 {
        let now = place.app.watched_now(place.tenant);
        if wanted(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", place.app.watched_now(place.tenant));
}

fn taken(now: &[WatchedNow]) -> u64 {
    now.iter().map(|one| one.taken).sum()
}

#[tokio::test]
async fn what_arrives_in_a_folder_or_a_mailbox_is_taken_in_and_redacted() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let (files, mail) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        mailbox(mail.path());
        std::fs::write(mail.path().join("new/1.host"), MAIL).unwrap();
        let scope = officer(&place);
        let folder = WatchedSource::new(WatchedKind::Folder, files.path());
        let folder = place.app.add_watched_source(&scope, &folder).await.unwrap();
        let mut box_of_mail = WatchedSource::new(WatchedKind::Mailbox, mail.path());
        box_of_mail.address = Some("calls@example.org".to_owned());
        let post = place.app.add_watched_source(&scope, &box_of_mail).await;
        post.unwrap();

        let (stop, stopped) = watch::channel(false);
        let app = place.app.clone();
        let working = tokio::spawn(async move { app.work(Until::Stopped(stopped), |_| {}).await });
        until(&place, |now| taken(now) == 1).await;
        assert!(mail.path().join("cur/1.host:2,S").is_file(), "it was read");
        std::fs::write(files.path().join("chat.json"), CHAT).unwrap();
        std::fs::write(files.path().join("broken.json"), "{").unwrap();
        let refused = |now: &[WatchedNow]| now.iter().any(|one| one.refused == 1);
        let now = until(&place, |now| taken(now) == 2 && refused(now)).await;
        assert!(now.iter().all(|one| one.last.is_some()));
        let addresses: Vec<&str> = now
            .iter()
            .filter_map(|one| one.address.as_deref())
            .collect();
        assert_eq!(addresses, ["calls@example.org"]);

        // A folder that is gone is said to be, and one that is watched no more is forgotten.
        drop(mail);
        let gone = |one: &WatchedNow| one.state == WatchedState::Unreadable;
        until(&place, |now| now.iter().any(gone)).await;
        place.app.end_watched_source(&scope, folder).await.unwrap();
        until(&place, |now| now.len() == 1).await;
        let again = place.app.end_watched_source(&scope, folder).await;
        assert!(matches!(again, Err(AppError::Input(_))));
        stop.send_replace(true);
        working.await.unwrap().unwrap();
        place.app.work(Until::Drained, |_| {}).await.unwrap();

        let review = place
            .app
            .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        let first = Page {
            after: None,
            limit: 10,
        };
        let all = place
            .app
            .list(&review, &ListFilter::default(), &first)
            .await;
        let all = all.unwrap();
        assert_eq!(all.len(), 2);
        for one in &all {
            let view = place.app.view(&review, one.id).await.unwrap();
            let words = format!("{:?}", view.transcript.unwrap().words());
            assert!(words.contains("[CARD]"), "{words}");
        }
        place
            .assert_unreadable(&["4111 1111", "ann@example.org"])
            .await;
    }
}

#[tokio::test]
async fn a_folder_belongs_to_one_tenant_and_is_no_part_of_the_installation() {
    let place = Installation::new(Engine::Embedded).await;
    let scope = officer(&place);
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("of acme");
    std::fs::create_dir(&inner).unwrap();
    let add = async |kind: WatchedKind, folder: &Path| {
        let wanted = WatchedSource::new(kind, folder);
        place.app.add_watched_source(&scope, &wanted).await
    };
    let refused = async |kind: WatchedKind, folder: &Path| match add(kind, folder).await {
        Err(AppError::Input(why)) => why,
        other => panic!("{other:?}"),
    };
    add(WatchedKind::Folder, &inner).await.unwrap();
    for overlapping in [inner.clone(), folder.path().to_owned()] {
        let why = refused(WatchedKind::Folder, &overlapping).await;
        assert!(why.contains("watched for `acme` already"), "{why}");
    }
    let own = &place.app.config().data;
    let why = refused(WatchedKind::Folder, own).await;
    assert!(why.contains("own data folder"), "{why}");
    let other = tempfile::tempdir().unwrap();
    let why = refused(WatchedKind::Mailbox, other.path()).await;
    assert!(why.contains("no folder `new`"), "{why}");
    let why = refused(WatchedKind::Folder, &other.path().join("nowhere")).await;
    assert!(why.contains("is not a folder"), "{why}");
    // Who only reads may not name folders of the machine.
    let analyst = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Governance);
    let wanted = WatchedSource::new(WatchedKind::Folder, other.path());
    let denied = place.app.add_watched_source(&analyst, &wanted).await;
    assert!(matches!(denied, Err(AppError::Denied(_))));
}

//! Requests of persons, as a stranger with a mailbox would make them.

use std::path::Path;

use app::requests::{Justification, Law, Outcome, RequestKind, RequestOrder, Ticket};
use app::{AppError, TenantOrder, Until};
use domain::{Purpose, Secret, TenantRole};

use crate::desk::{chat, officer, take};
use crate::installation::{Engine, Installation};

pub(crate) fn order(kind: RequestKind, address: &str) -> RequestOrder {
    RequestOrder {
        kind,
        law: Law::Gdpr,
        identifier: address.into(),
        message: "please".into(),
    }
}

/// Letters whose name ends so, newest last.
pub(crate) fn letters(post: &Path, ending: &str) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(post)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    names.sort();
    names
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

pub(crate) fn code(letter: &str) -> Secret {
    let after = letter.split("Your code is ").nth(1).unwrap();
    after.chars().take(8).collect::<String>().as_str().into()
}

pub(crate) async fn proven(
    place: &Installation,
    post: &Path,
    kind: RequestKind,
    address: &str,
) -> Ticket {
    let ticket = place.app.open_request(&order(kind, address)).await.unwrap();
    let sent = letters(post, &format!("{}-code.eml", ticket.id));
    place
        .app
        .prove_request(ticket.id, &ticket.token, &code(&sent[0]))
        .await
        .unwrap();
    ticket
}

async fn other_tenant(place: &Installation) {
    let order = TenantOrder {
        slug: "rival".parse().unwrap(),
        name: "Rival Ltd".to_owned(),
        instruction: "order 2".to_owned(),
        basis: "contract".to_owned(),
        without: Vec::new(),
    };
    place.app.add_tenant(&order).await.unwrap();
}

/// P108, P110: whoever asks learns nothing from the answer; who proves an address is told by
/// letter who holds it; the tenant that does sees the look-up, the operator no match.
async fn located(engine: Engine) {
    let (place, post) = Installation::with_post(engine).await;
    let app = &place.app;
    take(&place, chat(1, "tom@example.org")).await;
    app.work(Until::Drained, |_| {}).await.unwrap();
    other_tenant(&place).await;
    let known = proven(&place, post.path(), RequestKind::Locate, "Tom@Example.org").await;
    let unknown = proven(&place, post.path(), RequestKind::Locate, "eve@example.org").await;
    let a = app.request_status(known.id, &known.token).await.unwrap();
    let b = app.request_status(unknown.id, &unknown.token).await;
    let b = b.unwrap();
    assert_eq!((a.kind, a.state, a.due), (b.kind, b.state, b.due));
    let told = letters(post.path(), "-found.eml").join("\n");
    assert_eq!(told.matches("Acme").count(), 1, "{told}");
    assert!(!told.contains("Rival"), "{told}");
    let desk = app.requests(&app.privacy_desk("desk")).await.unwrap();
    let shown = format!("{desk:?}");
    assert!(
        !shown.contains("tom@") && !shown.contains("ten_"),
        "{shown}"
    );
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
    place
        .assert_unreadable(&["tom@example.org", "eve@example.org"])
        .await;
}

#[tokio::test]
async fn p110_who_holds_a_conversation_is_told_to_whoever_proves_the_address() {
    located(Engine::Embedded).await;
}

#[tokio::test]
async fn p110_who_holds_a_conversation_is_told_to_whoever_proves_the_address_on_postgresql() {
    located(Engine::PostgreSql).await;
}

#[tokio::test]
async fn p108_without_the_code_nothing_happens_and_nothing_is_told() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        let asked = order(RequestKind::Erasure, "tom@example.org");
        let ticket = app.open_request(&asked).await.unwrap();
        let right = code(&letters(post.path(), "-code.eml")[0]);
        let wrong = Secret::from(if right.expose() == "00000000" {
            "1"
        } else {
            "00000000"
        });
        for _ in 0..5 {
            let tried = app.prove_request(ticket.id, &ticket.token, &wrong).await;
            assert!(matches!(tried, Err(AppError::Input(_))), "{tried:?}");
        }
        let late = app.prove_request(ticket.id, &ticket.token, &right).await;
        assert!(late.is_err(), "five wrong ones use it up");
        assert!(app.cases(&officer).await.unwrap().is_empty());
        let stranger = app.request_status(ticket.id, &"guess".into()).await;
        assert!(
            matches!(stranger, Err(AppError::NotFound { .. })),
            "{stranger:?}"
        );
        // The same address gets three letters a day; for whoever asks all stays the same: each
        // request sends one letter the same way, the later ones to the desk itself.
        let folder = post.path();
        for number in 1..=4 {
            app.open_request(&asked).await.unwrap();
            assert_eq!(letters(folder, "-code.eml").len(), 1 + number);
        }
        let sent = letters(folder, "-code.eml");
        let codes = sent.iter().filter(|letter| letter.contains("Your code is"));
        assert_eq!(codes.count(), 3);
        let others = sent
            .iter()
            .filter(|letter| !letter.contains("Your code is"));
        for letter in others {
            let desk = format!("To: {}", app.config().post_from);
            assert!(
                letter.contains(&desk) && !letter.contains("tom@"),
                "{letter}"
            );
        }
        assert!(
            app.open_request(&order(RequestKind::Access, "no address"))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn p87_a_person_gets_what_is_theirs_and_nobody_elses() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        let id = take(&place, chat(1, "tom@example.org")).await;
        take(&place, chat(2, "eve@example.org")).await;
        app.work(Until::Drained, |_| {}).await.unwrap();
        proven(&place, post.path(), RequestKind::Access, "tom@example.org").await;
        let case = app.cases(&officer).await.unwrap().remove(0);
        let analyst = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Governance);
        assert!(app.access_pack(&analyst, case.id).await.is_err());
        let pack = app.access_pack(&officer, case.id).await.unwrap();
        assert_eq!(pack.interactions, 1);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pack.bytes.to_vec())).unwrap();
        let names: Vec<String> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert!(
            names.contains(&format!("{id}.vcon.json"))
                && names.contains(&"manifest.json".to_owned())
        );
        let mut text = String::new();
        let mut file = zip.by_name(&format!("{id}.vcon.json")).unwrap();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        assert!(
            text.contains("Tom Hill") && text.contains("parcel number 1"),
            "{text}"
        );
        assert!(
            !text.contains("Priya") && !text.contains("Nair"),
            "the agent's data: {text}"
        );
        let done = Outcome::Fulfilled {
            what: "the pack was handed over".to_owned(),
        };
        app.end_case(&officer, case.id, &done).await.unwrap();
        assert_eq!(app.cases(&officer).await.unwrap()[0].state, "ended");
    }
}

#[tokio::test]
async fn p111_every_case_ends_in_an_end_that_has_a_name() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        proven(
            &place,
            post.path(),
            RequestKind::Objection,
            "tom@example.org",
        )
        .await;
        let case = app.cases(&officer).await.unwrap().remove(0);
        let blank = Outcome::Refused {
            why: Justification::LegalClaims,
            sentence: " ".to_owned(),
        };
        assert!(app.end_case(&officer, case.id, &blank).await.is_err());
        app.extend_case(&officer, case.id, "many recordings")
            .await
            .unwrap();
        assert!(
            app.extend_case(&officer, case.id, "more").await.is_err(),
            "once"
        );
        let due = app.cases(&officer).await.unwrap()[0].case.due;
        assert_eq!(due, Law::Gdpr.extended(case.case.received, &jiff_zone()));
        app.pause_case(&officer, case.id, "Which order do you mean?")
            .await
            .unwrap();
        app.resume_case(&officer, case.id).await.unwrap();
        assert!(app.cases(&officer).await.unwrap()[0].case.due >= due);
        let refused = Outcome::Refused {
            why: Justification::LegalClaims,
            sentence: "a claim of yours is before a court".to_owned(),
        };
        app.end_case(&officer, case.id, &refused).await.unwrap();
        let sent = letters(post.path(), ".eml").join("\n");
        assert!(sent.contains("needed for legal claims"), "{sent}");
        // Nothing is overdue, so nothing comes back to the operator.
        assert_eq!(app.escalate_overdue().await.unwrap(), 0);
    }
}

fn jiff_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Brussels").unwrap()
}

/// Two consumers in one chat: what the one wrote goes, what the other wrote stays.
const TWO: &str = r#"{ "format": "privity.chat/1", "id": "c-9", "channel": "chat",
  "started": "2026-10-08T16:20:05Z", "direction": "inbound",
  "parties": [{ "role": "agent", "name": "Priya Nair" },
              { "role": "consumer", "name": "Tom Hill", "mailto": "tom@example.org" },
              { "role": "consumer", "name": "Eve Moor", "mailto": "eve@example.org" }],
  "messages": [
    { "from": 1, "at": "2026-10-08T16:20:05Z", "text": "Our greenhouse has not arrived." },
    { "from": 2, "at": "2026-10-08T16:20:31Z", "text": "Neither has the wheelbarrow." },
    { "from": 0, "at": "2026-10-08T16:20:41Z", "text": "Sorry, I will look." } ] }"#;

#[tokio::test]
async fn p87_erasing_one_person_leaves_the_other_in_the_same_conversation() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        let alone = take(&place, chat(1, "tom@example.org")).await;
        let both = take(&place, TWO.to_owned()).await;
        app.work(Until::Drained, |_| {}).await.unwrap();
        proven(&place, post.path(), RequestKind::Erasure, "tom@example.org").await;
        let case = app.cases(&officer).await.unwrap().remove(0);

        let held = std::collections::BTreeSet::from([both]);
        let hold = app
            .place_hold(&officer, "Claim 4", "a claim", &held)
            .await
            .unwrap();
        let refused = app.erase_for(&officer, case.id).await.unwrap_err();
        assert!(refused.to_string().contains("Claim 4"), "{refused}");
        let review = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        assert!(app.view(&review, alone).await.is_ok(), "nothing was begun");
        app.lift_hold(&officer, hold).await.unwrap();

        let receipt = app.erase_for(&officer, case.id).await.unwrap();
        assert_eq!(receipt.taken_out, [both]);
        assert_eq!(receipt.erased.len(), 2);
        assert!(
            receipt.text.contains("c2sp.org/tlog-proof@v1"),
            "{}",
            receipt.text
        );
        assert!(app.view(&review, alone).await.is_err());
        app.work(Until::Drained, |_| {}).await.unwrap();
        let found = |word: &'static str| app.search(&review, word, 0, 10);
        assert_eq!(found("greenhouse").await.unwrap().total, 0);
        assert_eq!(found("wheelbarrow").await.unwrap().total, 1);
        assert_eq!(app.cases(&officer).await.unwrap()[0].state, "ended");
        assert!(
            app.erase_for(&officer, case.id).await.is_err(),
            "it has ended"
        );
        // The other one is still found, the erased one by nobody.
        proven(&place, post.path(), RequestKind::Access, "eve@example.org").await;
        proven(&place, post.path(), RequestKind::Access, "tom@example.org").await;
        let cases = app.cases(&officer).await.unwrap();
        assert_eq!(
            cases
                .iter()
                .filter(|view| view.case.kind == RequestKind::Access)
                .count(),
            1
        );
        assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
    }
}

pub(crate) struct Later(pub(crate) i64);

impl domain::Clock for Later {
    fn now(&self) -> domain::Timestamp {
        domain::Timestamp(self.0)
    }
}

#[tokio::test]
async fn p109_a_customer_that_is_silent_sends_the_matter_back() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        let ticket = proven(
            &place,
            post.path(),
            RequestKind::Objection,
            "tom@example.org",
        )
        .await;
        let due = app.cases(&officer).await.unwrap()[0].case.due;
        let day_before = app.by_clock(std::sync::Arc::new(Later(due.0 - 86_400_000)));
        assert_eq!(day_before.escalate_overdue().await.unwrap(), 0);
        let after = app.by_clock(std::sync::Arc::new(Later(due.0 + 1)));
        assert_eq!(after.escalate_overdue().await.unwrap(), 1);
        assert_eq!(after.escalate_overdue().await.unwrap(), 0, "once");
        assert_eq!(app.cases(&officer).await.unwrap()[0].state, "escalated");
        let desk = app.privacy_desk("anna");
        let back = app.requests(&desk).await.unwrap().remove(0);
        assert_eq!((back.id, back.state), (ticket.id, "escalated"));
        assert!(back.escalated[0].why.contains("did not answer"));
        let end = Outcome::referred_to("DE").unwrap();
        app.end_request(&desk, ticket.id, &end).await.unwrap();
        assert_eq!(app.requests(&desk).await.unwrap()[0].state, "ended");
    }
}

#[tokio::test]
async fn p88_a_complaint_has_its_day_and_its_answer() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let app = &place.app;
        let ticket = proven(
            &place,
            post.path(),
            RequestKind::Complaint,
            "tom@example.org",
        )
        .await;
        let desk = app.privacy_desk("anna");
        let complaint = app.requests(&desk).await.unwrap().remove(0);
        let days = complaint.due.since(complaint.received).0 / 86_400_000;
        assert!((28..=45).contains(&days), "{days}");
        assert!(
            app.cases(&officer(&place)).await.unwrap().is_empty(),
            "it is ours"
        );
        let late = app.by_clock(std::sync::Arc::new(Later(complaint.due.0 + 1)));
        let standing = late.clause_status().await.unwrap();
        let p88 = standing
            .clauses
            .iter()
            .find(|one| one.clause.as_str() == "P88")
            .unwrap();
        assert_eq!(p88.status.key(), "broken", "{}", p88.sentence);
        let answer = Outcome::Fulfilled {
            what: "we looked into it and changed the form".to_owned(),
        };
        app.end_request(&desk, ticket.id, &answer).await.unwrap();
        assert!(letters(post.path(), "-end.eml")[0].contains("changed the form"));
    }
}

#[tokio::test]
async fn p83_what_a_person_restricts_or_objects_to_stops_until_it_is_lifted() {
    for engine in [Engine::Embedded, Engine::PostgreSql] {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        let id = take(&place, chat(1, "tom@example.org")).await;
        let other = take(&place, chat(2, "eve@example.org")).await;
        app.work(Until::Drained, |_| {}).await.unwrap();
        let analyst = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        let case_of = async |kind| {
            let ticket = proven(&place, post.path(), kind, "tom@example.org").await;
            let cases = app.cases(&officer).await.unwrap();
            let case = cases.iter().find(|one| one.case.request == ticket.id);
            case.unwrap().id
        };
        let refuse = async |case, purposes: &[Purpose]| {
            let purposes = purposes.iter().copied().collect();
            app.refuse_for(&officer, case, &purposes).await
        };
        let objection = case_of(RequestKind::Objection).await;
        assert!(refuse(objection, &[]).await.is_err(), "to nothing");
        assert!(refuse(objection, &[Purpose::Erasure]).await.is_err());
        let stopped = refuse(objection, &[Purpose::Export]).await.unwrap();
        assert_eq!(stopped, [id]);
        assert!(refuse(objection, &[Purpose::Export]).await.is_err(), "once");
        assert!(app.view(&analyst, id).await.is_ok(), "only export stops");
        let exported = app.export(&analyst, id, app::ExportFormat::Json).await;
        match exported {
            Err(AppError::Denied(denial)) => {
                assert!(denial.clauses.iter().any(|one| one.as_str() == "P83"));
            }
            other => panic!("{:?}", other.map(|_| ())),
        }
        let restriction = case_of(RequestKind::Restriction).await;
        refuse(restriction, &[]).await.unwrap();
        assert!(app.view(&analyst, id).await.is_err());
        assert!(app.view(&analyst, other).await.is_ok());
        let listed = app
            .list(&analyst, &app::ListFilter::default(), &app::Page::default())
            .await
            .unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [other]);
        // The person can still see what is held, and have it erased.
        let access = case_of(RequestKind::Access).await;
        let pack = app.access_pack(&officer, access).await.unwrap();
        assert_eq!(pack.interactions, 1);
        app.lift_refusals(&officer, &[id].into()).await.unwrap();
        assert!(app.view(&analyst, id).await.is_ok());
        assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
    }
}

#[tokio::test]
async fn p111_a_letter_that_fails_after_the_proof_loses_no_request() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        let asked = order(RequestKind::Access, "tom@example.org");
        let ticket = app.open_request(&asked).await.unwrap();
        let sent = letters(post.path(), &format!("{}-code.eml", ticket.id));
        let (folder, aside) = (post.path(), post.path().with_extension("aside"));
        std::fs::rename(folder, &aside).unwrap();
        std::fs::write(folder, "no folder").unwrap();
        let failed = app
            .prove_request(ticket.id, &ticket.token, &code(&sent[0]))
            .await;
        assert!(failed.is_err(), "no letter can leave");
        std::fs::remove_file(folder).unwrap();
        std::fs::rename(&aside, folder).unwrap();
        app.prove_request(ticket.id, &ticket.token, &code(&sent[0]))
            .await
            .unwrap();
        assert_eq!(app.cases(&officer).await.unwrap().len(), 1, "once");
        let found = letters(folder, &format!("{}-found.eml", ticket.id));
        assert!(found[0].contains("Acme"), "{found:?}");
    }
}

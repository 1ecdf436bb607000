//! Mail to the desk, disputes, and data that was exposed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use app::breaches::Breach;
use app::{AppError, TenantOrder};
use domain::{DataCategory, Secret, Timestamp};

use crate::desk::{chat, officer, standing, take};
use crate::installation::{Engine, Installation};
use crate::requests::{Later, code, letters};

fn mail(number: usize, from: &str, header: &str, text: &str) -> Vec<u8> {
    format!(
        "From: <{from}>\r\nTo: privacy@operator.example\r\nSubject: My data\r\n\
         Message-ID: <{number}@mail.example>\r\n{header}\r\n{text}\r\n"
    )
    .into_bytes()
}

fn count(post: &Path) -> usize {
    std::fs::read_dir(post).unwrap().count()
}

#[tokio::test]
async fn p92_mail_to_the_desk_has_a_number_an_owner_and_a_day() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, post) = (&place.app, post.path());
        let desk = app.privacy_desk("anna");
        let asked = mail(1, "tom@example.org", "", "How long do you keep calls?");
        let first = app.take_desk_mail(&desk, "anna", &asked).await.unwrap();
        assert!(!first.known && first.request.is_none());
        assert_eq!(letters(post, &format!("{}-here.eml", first.id)).len(), 1);
        let again = app.take_desk_mail(&desk, "bert", &asked).await.unwrap();
        assert_eq!(
            (again.id, again.known),
            (first.id, true),
            "it comes in once"
        );
        let one = app.inquiries(&desk).await.unwrap().remove(0);
        assert_eq!(one.inquiry.owner, "anna");
        assert_eq!(one.state, "open");
        assert_ne!(standing(app, "P92").await, "broken");
        let late = app.by_clock(Arc::new(Later(one.inquiry.due.0 + 1)));
        assert_eq!(standing(&late, "P92").await, "broken", "nobody answered");
        app.answer_inquiry(&desk, first.id, "A year, as the page says.")
            .await
            .unwrap();
        assert!(app.answer_inquiry(&desk, first.id, "Again").await.is_err());
        assert!(letters(post, "-answer.eml")[0].contains("A year"));
        assert_ne!(standing(&late, "P92").await, "broken");

        // A program is not answered: two of them would write to each other for ever.
        let before = count(post);
        let robot = mail(
            2,
            "robot@example.org",
            "Auto-Submitted: auto-replied\r\n",
            "Please delete my mail address.",
        );
        let taken = app.take_desk_mail(&desk, "anna", &robot).await.unwrap();
        assert_eq!((taken.request, count(post)), (None, before));
        let nobody = app.take_desk_mail(&desk, "anna", b"no mail at all").await;
        assert!(matches!(nobody, Err(AppError::Format(_))), "{nobody:?}");
    }
}

#[tokio::test]
async fn p92_mail_that_asks_for_a_right_opens_a_request_that_its_sender_proves() {
    for engine in Engine::BOTH {
        let (place, post) = Installation::with_post(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        let desk = app.privacy_desk("anna");
        let asked = mail(
            1,
            "tom@example.org",
            "",
            "Please send me a copy of my chats.",
        );
        let taken = app.take_desk_mail(&desk, "anna", &asked).await.unwrap();
        let request = taken.request.unwrap();
        assert!(app.cases(&officer).await.unwrap().is_empty(), "not proven");
        let here = letters(post.path(), &format!("{}-here.eml", taken.id)).remove(0);
        let ticket = here.split("Its ticket is ").nth(1).unwrap();
        let ticket: String = ticket
            .replace("=\r\n", "")
            .chars()
            .take_while(|c| *c != '.')
            .collect();
        let sent = letters(post.path(), &format!("{request}-code.eml")).remove(0);
        app.prove_request(request, &Secret::new(ticket.trim()), &code(&sent))
            .await
            .unwrap();
        assert_eq!(app.cases(&officer).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn p05_a_dispute_is_judged_by_the_version_of_its_time() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        let desk = app.privacy_desk("anna");
        let now = app.now();
        let from = Secret::from("tom@example.org");
        let id = app
            .open_dispute(&desk, &from, "my call was kept for a second year", now)
            .await
            .unwrap();
        let opened = app.inquiries(&desk).await.unwrap().remove(0);
        assert_eq!(opened.id, id);
        let held = app.policy_at(now).await.unwrap();
        assert_eq!(opened.inquiry.judged_by.as_deref(), Some(held.version()));
        assert_ne!(standing(app, "P05").await, "broken");
        let future = Timestamp(now.0 + 86_400_000);
        assert!(
            app.open_dispute(&desk, &from, "soon", future)
                .await
                .is_err()
        );
        let before = app
            .open_dispute(&desk, &from, "before any version", Timestamp(0))
            .await;
        assert!(before.is_err(), "nothing held then");
    }
}

fn exposure(place: &Installation, known: Timestamp) -> Breach {
    Breach {
        known,
        what: "A backup disk was lost in a taxi; it is encrypted.".into(),
        categories: BTreeSet::from([DataCategory::RedactedContent]),
        concerned: BTreeMap::from([(place.tenant, BTreeSet::new())]),
        consequences: "None is likely: the key was not on it.".into(),
        measures: "The key was changed. Persons need do nothing.".into(),
        drill: false,
        customers_told: None,
        authority_told: None,
        delay: None,
    }
}

#[tokio::test]
async fn p68_a_breach_drill_tells_the_customers_and_writes_form_and_letters() {
    for engine in [Engine::Embedded, Engine::PostgreSql] {
        let place = Installation::new(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        take(&place, chat(1, "tom@example.org")).await;
        take(&place, chat(2, "eve@example.org")).await;
        let desk = app.privacy_desk("anna");
        let known = app.now();
        let empty = Breach {
            measures: " ".into(),
            ..exposure(&place, known)
        };
        assert!(app.report_breach(&desk, &empty).await.is_err());
        let id = app
            .report_breach(&desk, &exposure(&place, known))
            .await
            .unwrap();
        let form = app.breach_form(&desk, id).await.unwrap();
        assert!(
            form.contains("Acme: 2 interactions, about 4 persons"),
            "{form}"
        );
        assert!(form.contains("user.content.redacted"), "{form}");
        assert!(app.breach_notices(&officer).await.unwrap().is_empty());

        let late = app.by_clock(Arc::new(Later(known.0 + 73 * 3_600_000)));
        assert_eq!(standing(&late, "P68").await, "broken", "72 hours are over");
        assert!(late.tell_customers(&desk, id, None).await.is_err());
        assert_eq!(app.tell_customers(&desk, id, None).await.unwrap(), 1);
        assert!(app.tell_customers(&desk, id, None).await.is_err(), "once");
        app.told_authority(&desk, id).await.unwrap();
        assert_ne!(standing(&late, "P68").await, "broken");
        let notice = app.breach_notices(&officer).await.unwrap().remove(0);
        let letter = notice.letter("privacy@operator.example");
        for part in ["lost in a taxi", "None is likely", "need do nothing"] {
            assert!(letter.contains(part), "{letter}");
        }
        assert_eq!(app.breaches(&desk).await.unwrap()[0].state, "told");
    }
}

#[tokio::test]
async fn p68_only_the_customers_concerned_are_told() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        let rival = TenantOrder {
            slug: "rival".parse().unwrap(),
            name: "Rival Ltd".to_owned(),
            instruction: "order 2".to_owned(),
            basis: "contract".to_owned(),
            without: Vec::new(),
        };
        let rival = app.add_tenant(&rival).await.unwrap();
        let desk = app.privacy_desk("anna");
        let drill = Breach {
            drill: true,
            ..exposure(&place, app.now())
        };
        let id = app.report_breach(&desk, &drill).await.unwrap();
        app.tell_customers(&desk, id, None).await.unwrap();
        let theirs = app.local_scope(
            rival.id,
            domain::TenantRole::PrivacyOfficer,
            domain::Purpose::Governance,
        );
        assert!(app.breach_notices(&theirs).await.unwrap().is_empty());
        let ours = app.breach_notices(&officer(&place)).await.unwrap();
        assert!(ours[0].letter("x").starts_with("EXERCISE"));
    }
}

#[tokio::test]
async fn every_promise_is_looked_at_once_a_day() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        assert_eq!(app.tick().await.unwrap().broken, Some(0));
        assert_eq!(app.tick().await.unwrap().broken, None, "not again today");
        let tomorrow = app.by_clock(Arc::new(Later(app.now().0 + 25 * 3_600_000)));
        assert_eq!(tomorrow.tick().await.unwrap().broken, Some(0));
    }
}

//! How long interactions are kept: rules, what they reach, and the run that erases.

use std::sync::Arc;

use app::retention::{Reach, RetentionOrder};
use app::{AppError, IntakeOrder, Until};
use domain::{Purpose, TenantRole};

use crate::desk::{chat, officer, ready, take_as};
use crate::installation::{Engine, Installation};
use crate::requests::Later;

#[tokio::test]
async fn p89_a_run_erases_what_is_overdue_and_nothing_else() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let (app, officer) = (&place.app, officer(&place));
        let id = ready(&place, 1).await;
        let (rule, changed) = app
            .set_retention(&officer, &RetentionOrder::all(Reach::Whole, 30))
            .await
            .unwrap();
        assert_eq!(changed, 1);
        let later = ready(&place, 2).await;
        assert!(app.retention_preview(&officer).await.unwrap().is_empty());
        let run = app.retention_run(&officer).await.unwrap();
        assert!(run.run.erased.is_empty() && run.run.failed.is_empty());
        let analyst = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
        for kept in [id, later] {
            assert!(app.view(&analyst, kept).await.is_ok());
        }
        app.end_retention(&officer, rule).await.unwrap();
        assert!(app.retention_rules(&officer).await.unwrap().is_empty());
        assert!(
            app.set_retention(&officer, &RetentionOrder::all(Reach::Whole, 0))
                .await
                .is_err()
        );
        assert!(
            app.set_retention(&analyst, &RetentionOrder::all(Reach::Whole, 9))
                .await
                .is_err()
        );
        assert_eq!(app.retention_runs(&officer).await.unwrap().len(), 1);
        // The clock's own run is not due on the same day.
        assert!(app.retention_by_the_clock().await.unwrap().is_empty());
    }
}

/// A rule with a query gives an end to what it finds, now and by every run, and to nothing else.
async fn by_query(engine: Engine) {
    let place = Installation::new(engine).await;
    let (app, officer) = (&place.app, officer(&place));
    let in_queue = async |number: usize, queue: &str| {
        let order = IntakeOrder {
            metadata: domain::Metadata::from([("queue".to_owned(), queue.into())]),
            ..IntakeOrder::default()
        };
        let text = chat(number, &format!("p{number}@example.org"));
        let id = take_as(&place, text, &order).await;
        app.work(Until::Drained, |_| {}).await.unwrap();
        id
    };
    let claims = in_queue(1, "claims").await;
    let sales = in_queue(2, "sales").await;
    let mut order = RetentionOrder::all(Reach::Whole, 30);
    order.query = Some("queue:clams OR (".to_owned());
    let wrong = app.set_retention(&officer, &order).await;
    assert!(matches!(wrong, Err(AppError::Query { .. })), "{wrong:?}");
    order.query = Some("queue:claims".to_owned());
    let (_, changed) = app.set_retention(&officer, &order).await.unwrap();
    assert_eq!(changed, 1, "claims only");
    let analyst = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let text = "category = \"Moods.Late\"\n[[component]]\nquery = 'late'\n";
    order.query = Some("CAT:[Moods.Late]".to_owned());
    let unwritten = app.set_retention(&officer, &order).await;
    assert!(unwritten.is_err(), "{unwritten:?}");
    assert_eq!(app.retention_rules(&officer).await.unwrap().len(), 1);
    let late = app
        .import_definition(&analyst, text, "first")
        .await
        .unwrap();
    app.publish_definitions(&analyst, std::slice::from_ref(&late.name))
        .await
        .unwrap();
    app.work(Until::Drained, |_| {}).await.unwrap();
    order.days = 300;
    let (gone, _) = app.set_retention(&officer, &order).await.unwrap();
    let new = in_queue(3, "claims").await;
    let later = app.by_clock(Arc::new(Later(app.now().0 + 31 * 86_400_000)));
    let preview = later.retention_preview(&officer).await.unwrap();
    let mut named: Vec<_> = preview.iter().map(|one| one.interaction).collect();
    named.sort();
    assert_eq!(named, [claims, new], "also what came in since");
    app.retire_definition(&analyst, late.kind, &late.name.to_string())
        .await
        .unwrap();
    match later.retention_preview(&officer).await {
        Err(AppError::Input(said)) => assert!(said.contains(&gone.to_string()), "{said}"),
        other => panic!("{other:?}"),
    }
    let run = later.retention_run(&officer).await.unwrap();
    // The rule whose category is gone is named, and holds up no other.
    let failed: Vec<_> = run
        .run
        .failed
        .iter()
        .map(|(what, _)| what.clone())
        .collect();
    assert_eq!((run.run.erased.len(), failed), (2, vec![gone.to_string()]));
    assert!(app.view(&analyst, sales).await.is_ok());
    assert!(app.view(&analyst, new).await.is_err());
}

#[tokio::test]
async fn p89_a_rule_by_field_erases_what_its_query_finds_and_nothing_else() {
    by_query(Engine::Embedded).await;
}

#[tokio::test]
async fn p89_a_rule_by_field_erases_what_its_query_finds_and_nothing_else_on_postgresql() {
    by_query(Engine::PostgreSql).await;
}

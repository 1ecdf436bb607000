//! Metadata is searched by the names that a tenant declared, and by no other.

use app::{AppError, IntakeOrder, ListFilter, SearchRequest, Until};
use domain::{DefinitionKind, Metadata, Purpose, Secret, TenantRole};

use crate::desk::chat;
use crate::installation::{Engine, Installation};

async fn taken(place: &Installation, number: usize, kind: &str) {
    taken_with(place, number, ("Order_Kind", kind)).await;
}

async fn taken_with(place: &Installation, number: usize, (name, value): (&str, &str)) {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let order = IntakeOrder {
        metadata: Metadata::from([(name.to_owned(), Secret::new(value))]),
        ..IntakeOrder::default()
    };
    let bytes = chat(number, "tom@example.org").into_bytes();
    place.app.take_in(&scope, bytes, &order).await.unwrap();
}

fn analyst(place: &Installation) -> app::Scope {
    place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review)
}

async fn found(place: &Installation, query: &str) -> Result<usize, AppError> {
    let request = SearchRequest::new(query);
    let results = place.app.results(&analyst(place), &request).await?;
    Ok(results.hits.len())
}

fn fault(found: Result<usize, AppError>) -> (usize, String) {
    match found {
        Err(AppError::Query { message, column }) => (column, message),
        other => panic!("{other:?}"),
    }
}

async fn declared(engine: Engine) {
    let place = Installation::new(engine).await;
    taken(&place, 1, "express").await;
    taken(&place, 2, "standard").await;
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let scope = analyst(&place);

    let (column, _) = fault(found(&place, "late AND order_kind:express").await);
    assert_eq!(column, 10, "nobody declared it");
    place
        .app
        .declare_field(&scope, "Order_Kind", "how it was ordered")
        .await
        .unwrap();
    assert_eq!(found(&place, "order_kind:express").await.unwrap(), 1);
    assert_eq!(found(&place, "order_kind!=express").await.unwrap(), 1);
    let (column, message) = fault(found(&place, "order_kin:express").await);
    assert_eq!(column, 1);
    assert!(message.contains("`order_kind:`"), "{message}");

    let fields = place.app.field_set(place.tenant).await.unwrap();
    let offered = app::complete_query("order_", 6, (&fields, &[]));
    assert!(
        offered
            .iter()
            .any(|one| one.text == "order_kind:" && one.about == "how it was ordered"),
        "{offered:?}"
    );

    let text = "category = \"Orders.Express\"\n[[component]]\nquery = 'order_kind:express'\n";
    let wrong = text.replace("order_kind", "order_kine");
    let refused = place.app.import_definition(&scope, &wrong, "first").await;
    match refused {
        Err(AppError::Input(said)) => assert!(said.contains("`order_kind:`"), "{said}"),
        other => panic!("{other:?}"),
    }
    let category = place.app.import_definition(&scope, text, "first").await;
    let name = category.unwrap().name;
    let published = place.app.publish_definitions(&scope, &[name]).await;
    assert_eq!(published.unwrap().len(), 1);
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let page = app::Page {
        limit: 10,
        after: None,
    };
    let hits = place
        .app
        .found_by(&scope, DefinitionKind::Category, "Orders.Express", &page)
        .await
        .unwrap();
    assert_eq!(hits.len(), 1, "history is looked at by the field too");

    let officer = crate::desk::officer(&place);
    let mut order = app::retention::RetentionOrder::all(app::retention::Reach::Whole, 30);
    order.query = Some("order_kind:express".to_owned());
    let (rule, _) = place.app.set_retention(&officer, &order).await.unwrap();
    match place.app.drop_field(&scope, "order_kind").await {
        Err(AppError::Input(said)) => assert!(said.contains(&rule.to_string()), "{said}"),
        other => panic!("{other:?}"),
    }
    place.app.end_retention(&officer, rule).await.unwrap();
    place.app.drop_field(&scope, "order_kind").await.unwrap();
    fault(found(&place, "order_kind:express").await);
    let again = place.app.drop_field(&scope, "order_kind").await;
    assert!(again.is_err(), "{again:?}");
}

#[tokio::test]
async fn a_declared_field_is_searched_and_another_is_refused_embedded() {
    declared(Engine::Embedded).await;
}

#[tokio::test]
async fn a_declared_field_is_searched_and_another_is_refused_postgresql() {
    declared(Engine::PostgreSql).await;
}

#[tokio::test]
async fn no_field_is_declared_over_the_languages_own_words() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let scope = analyst(&place);
        for name in [
            "agent",
            "near",
            "started",
            "first",
            "1st",
            "with space",
            "",
            "speaker2",
            "score.x",
        ] {
            let refused = place.app.declare_field(&scope, name, "").await;
            assert!(
                matches!(refused, Err(AppError::Input(_))),
                "{name}: {refused:?}"
            );
        }
        place.app.declare_field(&scope, "plan", "").await.unwrap();
        place
            .app
            .declare_field(&scope, "plan", "the tariff")
            .await
            .unwrap();
        let all = place.app.declared_fields(&scope).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].name.as_str(), all[0].about.as_str()),
            ("plan", "the tariff")
        );
    }
}

/// What a source says of the agent's team is a tag by which lists and figures are asked for; what
/// something was taken out of is none.
#[tokio::test]
async fn an_interaction_is_of_the_team_that_its_field_names() {
    let place = Installation::new(Engine::Embedded).await;
    taken_with(&place, 1, ("Team", "billing")).await;
    taken_with(&place, 2, ("team", "billing")).await;
    taken_with(&place, 3, ("team", "field")).await;
    taken_with(&place, 4, ("team", "tom@example.org")).await;
    let scope = analyst(&place);
    assert!(place.app.teams(&scope).await.unwrap().is_empty());
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    let teams = place.app.teams(&scope).await.unwrap();
    let named: Vec<_> = teams
        .iter()
        .map(|one| app::team_of(one.label.expose()))
        .collect();
    assert_eq!(named, [Some("billing"), Some("field")]);

    let filter = ListFilter {
        tags: vec![teams[0].key.clone()],
        ..ListFilter::default()
    };
    let counted = place.app.overview(&scope, &filter).await.unwrap();
    assert_eq!(counted.totals.count, 2);
}

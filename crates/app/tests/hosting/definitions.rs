//! Categories and scorecards from their files to what they found, over history and new arrivals.

use app::{AppError, IntakeOrder, Outcome, Page, Scope, Until};
use domain::{Credit, DefinitionKind, DefinitionName, InteractionId, Purpose, TenantRole};

use crate::installation::{Engine, Installation};

const CANCEL: &str = r#"
category = "Retention.Cancel intent"
about = "the consumer wants to leave"
[[component]]
name = "says so"
query = 'consumer:(cancel~ NEAR:30 [order, account])'
"#;

const OFFER: &str = r#"
category = "Retention.Saved"
[[component]]
name = "offer after it"
query = 'CAT:[Retention.Cancel intent] BEFORE:600 agent:discount'
"#;

const CARD: &str = r#"
scorecard = "Service.Quality"
[[indicator]]
name = "Apologises"
weight = 30
query = 'agent:sorry'
[[indicator]]
name = "Offers to stay"
weight = 70
category = "Retention.Saved"
applies = 'CAT:[Retention.Cancel intent]'
"#;

const ALERT: &str = r#"
alert = "Escalation.Leaving"
query = 'CAT:[Retention.Cancel intent]'
quiet = "1h"
"#;

async fn chat(place: &Installation, name: &str, consumer: &str, agent: &str) -> InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let chat = format!(
        r#"{{ "format": "privity.chat/1", "id": "{name}", "channel": "chat",
  "started": "2026-10-08T16:20:05Z", "direction": "inbound",
  "parties": [{{ "role": "agent", "name": "Priya Nair" }}, {{ "role": "consumer" }}],
  "messages": [
    {{ "from": 1, "at": "2026-10-08T16:20:05Z", "text": "{consumer}" }},
    {{ "from": 0, "at": "2026-10-08T16:20:20Z", "text": "{agent}" }}] }}"#
    );
    let order = IntakeOrder::default();
    let taken = place.app.take_in(&scope, chat.into_bytes(), &order).await;
    match taken.unwrap().as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

fn review(place: &Installation) -> Scope {
    place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review)
}

fn names(texts: &[&str]) -> Vec<DefinitionName> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn found(place: &Installation, category: &str) -> Vec<InteractionId> {
    let kind = DefinitionKind::Category;
    let page = Page::default();
    let found = place
        .app
        .found_by(&review(place), kind, category, &page)
        .await;
    found.unwrap().iter().map(|one| one.summary.id).collect()
}

async fn drained(place: &Installation) {
    place.app.work(Until::Drained, |_| {}).await.unwrap();
}

async fn categories_and_scores(engine: Engine) {
    let place = Installation::new(engine).await;
    let scope = review(&place);
    let app = &place.app;
    let old = chat(
        &place,
        "1",
        "please cancel my order",
        "sorry, here is a discount",
    )
    .await;
    drained(&place).await;

    // Drafts find nothing; a publication reaches what was there before.
    for text in [CANCEL, OFFER, CARD, ALERT] {
        app.import_definition(&scope, text, "first").await.unwrap();
    }
    let all = names(&[
        "Retention.Cancel intent",
        "Retention.Saved",
        "Service.Quality",
        "Escalation.Leaving",
    ]);
    let alone = app.publish_definitions(&scope, &all[1..2]).await;
    assert!(
        matches!(alone, Err(AppError::Input(_))),
        "its reference is not published"
    );
    app.publish_definitions(&scope, &all).await.unwrap();
    assert!(
        found(&place, "Retention.Saved").await.is_empty(),
        "history is not evaluated yet"
    );
    drained(&place).await;
    assert_eq!(found(&place, "Retention.Cancel intent").await, [old]);
    assert_eq!(found(&place, "retention.saved").await, [old]);

    // What is new is categorised when it arrives.
    let new = chat(
        &place,
        "2",
        "cancel the account now",
        "all right then, goodbye",
    )
    .await;
    drained(&place).await;
    assert_eq!(found(&place, "Retention.Cancel intent").await.len(), 2);
    let raised = app.alerts(&scope, 9).await.unwrap();
    assert_eq!(raised.len(), 1, "only what is new is told of");
    assert_eq!(raised[0].alert.interaction, new);
    let evidence = app.alert_evidence(&scope, &raised[0].alert).await.unwrap();
    assert!(evidence[0].pieces.iter().any(|piece| piece.hit));
    let of_old = app.findings(&scope, old).await.unwrap();
    assert_eq!(of_old.scores[0].score.unwrap().get(), 100.0);
    assert_eq!(of_old.categories.len(), 2);
    let (component, snippets) = &of_old.categories[0].components[0];
    assert_eq!(component.name, "says so");
    assert!(
        snippets[0]
            .pieces
            .iter()
            .any(|piece| piece.hit && piece.text.contains("cancel"))
    );
    let of_new = app.findings(&scope, new).await.unwrap();
    assert_eq!(of_new.scores[0].score.unwrap().get(), 0.0);

    // A person's value is put beside the computed one.
    let says = (Some(Credit::FULL), "apologised in other words");
    app.override_indicator(&scope, new, "Service.Quality", "Apologises", says)
        .await
        .unwrap();
    let unexplained = app
        .override_indicator(&scope, new, "Service.Quality", "Apologises", (None, " "))
        .await;
    assert!(matches!(unexplained, Err(AppError::Input(_))));
    let score = app.findings(&scope, new).await.unwrap().scores.remove(0);
    assert_eq!(score.computed.unwrap().get(), 0.0);
    assert_eq!(score.score.unwrap().get(), 30.0);
    assert_eq!(score.indicators[0].overrides[0].by, "cli");
    let scored = async |query: &str| app.search(&scope, query, 0, 9).await.unwrap();
    let by_score = scored("score.quality=30").await;
    assert_eq!(by_score.total, 1, "a search asks for the score that counts");
    assert_eq!(by_score.hits[0].summary.id, new);
    assert_eq!(scored("score.quality=0").await.total, 0);

    // References follow in searches, and circles are refused.
    let hits = app
        .search(&scope, "CAT:[Retention.Cancel intent] NOT sorry", 0, 9)
        .await
        .unwrap();
    assert_eq!(
        (hits.total.exact(), hits.hits[0].summary.id),
        (Some(1), new)
    );
    let circle = "category = \"Retention.Cancel intent\"\n[[component]]\n\
                  query = 'CAT:[Retention.Saved]'\n";
    app.import_definition(&scope, circle, "round")
        .await
        .unwrap();
    let refused = app
        .publish_definitions(&scope, &all[..1])
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("circle"), "{refused}");

    edited_and_compared(&place, old, new).await;
    place
        .assert_unreadable(&["Cancel intent", "in other words", "consumer wants"])
        .await;
    assert!(app.verify_ledger().await.unwrap().faults.is_empty());
}

async fn edited_and_compared(place: &Installation, old: InteractionId, new: InteractionId) {
    let (app, scope, name) = (&place.app, review(place), "Retention.Cancel intent");
    app.mark_example(&scope, name, old, true).await.unwrap();
    app.mark_example(&scope, name, new, false).await.unwrap();
    let narrower = CANCEL.replace("[order, account]", "order");
    app.import_definition(&scope, &narrower, "accounts are another team's")
        .await
        .unwrap();
    let bench = app.workbench(&scope, name).await.unwrap();
    let before = bench.before.unwrap().counts.precision().unwrap().value;
    let after = bench.after.counts.precision().unwrap().value;
    assert_eq!((before, after), (0.5, 1.0));
    assert_eq!(bench.changed.len(), 1);
    assert_eq!(
        (bench.changed[0].interaction, bench.changed[0].matches),
        (new, false)
    );

    let touched = app
        .publish_definitions(&scope, &names(&[name]))
        .await
        .unwrap();
    assert_eq!(
        touched.len(),
        4,
        "what refers to it is evaluated anew: {touched:?}"
    );
    assert_eq!(
        found(place, name).await.len(),
        2,
        "the version before is read until then"
    );
    drained(place).await;
    assert_eq!(found(place, name).await, [old]);
    let kind = DefinitionKind::Category;
    let used = app.retire_definition(&scope, kind, name).await;
    assert!(matches!(used, Err(AppError::Input(_))), "{used:?}");
}

#[tokio::test]
async fn categories_and_scores_reach_all_history_embedded() {
    categories_and_scores(Engine::Embedded).await;
}

#[tokio::test]
async fn categories_and_scores_reach_all_history_on_postgresql() {
    categories_and_scores(Engine::PostgreSql).await;
}

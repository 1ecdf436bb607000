//! Categories whose components compare turns with example phrases.

use app::{AppError, IntakeOrder, Outcome, Page, SearchRequest, Until};
use domain::{DefinitionKind, DefinitionName, Finding, InteractionId, Purpose, TenantRole};

use crate::installation::{Engine, Installation, models};

const NAME: &str = "Retention.Wants to leave";
const LEAVING: &str = r#"
category = "Retention.Wants to leave"
about = "the consumer wants to leave, in whatever words"
[[component]]
name = "in whatever words"
similar = ["I want to cancel my contract", "please close my account"]
likeness = 0.5
speaker = "consumer"
"#;
const ALERT: &str = r#"
alert = "Escalation.Leaving"
query = 'CAT:[Retention.Wants to leave] NOT agent:discount'
"#;

async fn chat(place: &Installation, name: &str, consumer: &str, agent: &str) -> InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let chat = format!(
        r#"{{ "format": "privity.chat/1", "id": "{name}", "channel": "chat",
  "started": "2026-10-08T16:20:05Z", "direction": "inbound",
  "parties": [{{ "role": "agent" }}, {{ "role": "consumer" }}],
  "messages": [
    {{ "from": 1, "at": "2026-10-08T16:20:05Z", "text": "good morning" }},
    {{ "from": 1, "at": "2026-10-08T16:20:25Z", "text": "{consumer}" }},
    {{ "from": 0, "at": "2026-10-08T16:20:40Z", "text": "{agent}" }}] }}"#
    );
    let order = IntakeOrder::default();
    let taken = place.app.take_in(&scope, chat.into_bytes(), &order).await;
    match taken.unwrap().as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

fn review(place: &Installation) -> app::Scope {
    place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review)
}

async fn published(place: &Installation, text: &str, name: &str) -> Result<(), AppError> {
    let scope = review(place);
    place.app.import_definition(&scope, text, "first").await?;
    let names: [DefinitionName; 1] = [name.parse().unwrap()];
    place.app.publish_definitions(&scope, &names).await?;
    Ok(())
}

async fn found(place: &Installation) -> Vec<(InteractionId, Finding)> {
    let (kind, page) = (DefinitionKind::Category, Page::default());
    let found = place.app.found_by(&review(place), kind, NAME, &page).await;
    let found = found.unwrap().into_iter();
    found.map(|one| (one.summary.id, one.finding)).collect()
}

async fn drained(place: &Installation) {
    place.app.work(Until::Drained, |_| {}).await.unwrap();
}

async fn turns_are_compared_with_examples(engine: Engine) {
    let place = Installation::new(engine).await;
    let scope = review(&place);
    let leaves = chat(
        &place,
        "1",
        "I would like to terminate my contract with you",
        "I am sorry to hear that",
    )
    .await;
    let other = chat(
        &place,
        "2",
        "the violin sounds rather thin in the second movement",
        "would you like to cancel your contract",
    )
    .await;
    drained(&place).await;
    published(&place, LEAVING, NAME).await.unwrap();
    published(&place, ALERT, "Escalation.Leaving")
        .await
        .unwrap();
    drained(&place).await;

    let all = found(&place).await;
    let [(id, Finding::Category(components))] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(*id, leaves, "an agent's words are not asked for");
    let [evidence] = components[0].evidence.as_slice() else {
        panic!("{components:?}");
    };
    assert_eq!(evidence.span.start().0, 20_000, "the turn is the evidence");
    let likeness = evidence.parts[0].likeness.unwrap();
    assert!((500..900).contains(&likeness.thousandths()), "{likeness}");
    let shown = place.app.findings(&scope, leaves).await.unwrap();
    let (_, snippets) = &shown.categories[0].components[0];
    assert_eq!(snippets[0].likeness, Some(likeness));
    assert!(
        snippets[0]
            .pieces
            .iter()
            .any(|piece| piece.hit && piece.text == "terminate")
    );

    // What is new is compared when it arrives, and a reference goes by it.
    let new = chat(
        &place,
        "3",
        "please shut down my account today",
        "all right",
    )
    .await;
    drained(&place).await;
    assert_eq!(found(&place).await.len(), 2);
    let raised = place.app.alerts(&scope, 9).await.unwrap();
    assert_eq!(raised.len(), 1);
    assert_eq!(raised[0].alert.interaction, new);

    // A search says that it cannot, also where the absence is asked for.
    for text in [format!("CAT:[{NAME}]"), format!("violin NOT CAT:[{NAME}]")] {
        let refused = place.app.results(&scope, &SearchRequest::new(text)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("examples"), "{refused}");
    }

    let app = &place.app;
    app.mark_example(&scope, NAME, leaves, true).await.unwrap();
    app.mark_example(&scope, NAME, other, false).await.unwrap();
    let strict = LEAVING.replace("0.5", "0.99");
    app.import_definition(&scope, &strict, "stricter")
        .await
        .unwrap();
    let changes = (None, None);
    let kind = DefinitionKind::Category;
    let changes = app.definition_changes(&scope, kind, NAME, changes).await;
    let changes = format!("{:?}", changes.unwrap());
    assert!(changes.contains("likeness = 0.99"), "{changes}");
    let bench = app.workbench(&scope, NAME).await.unwrap();
    let recall = |side: app::Side| side.counts.recall().unwrap().value;
    assert_eq!(
        (recall(bench.before.unwrap()), recall(bench.after)),
        (1.0, 0.0)
    );
    assert_eq!((bench.changed.len(), bench.gone), (1, 0));
    place
        .assert_unreadable(&["close my account", "terminate"])
        .await;
}

#[tokio::test]
async fn turns_are_compared_with_examples_embedded() {
    turns_are_compared_with_examples(Engine::Embedded).await;
}

#[tokio::test]
async fn turns_are_compared_with_examples_postgresql() {
    turns_are_compared_with_examples(Engine::PostgreSql).await;
}

#[tokio::test]
async fn without_the_model_nothing_is_published_and_nothing_silently_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let sentences = folder.path().join("all-minilm-l6-v2");
    for entry in std::fs::read_dir(models()).unwrap() {
        let entry = entry.unwrap();
        let link = folder.path().join(entry.file_name());
        if link != sentences {
            std::os::unix::fs::symlink(entry.path(), link).unwrap();
        }
    }
    let place = Installation::with_models(folder.path().to_owned()).await;
    let leaves = chat(&place, "1", "I want to cancel my contract today", "oh").await;
    drained(&place).await;
    let refused = published(&place, LEAVING, NAME)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("privity models pull all-minilm-l6-v2") && refused.contains(NAME),
        "{refused}"
    );
    assert!(found(&place).await.is_empty());

    let real = models().join("all-minilm-l6-v2");
    std::os::unix::fs::symlink(&real, &sentences).unwrap();
    published(&place, LEAVING, NAME).await.unwrap();
    std::fs::remove_file(&sentences).unwrap();
    let failed = place.app.evaluate_behind(place.tenant, 9).await;
    let failed = failed.unwrap_err().to_string();
    assert!(failed.contains("privity models pull"), "{failed}");
    let kind = DefinitionKind::Category;
    let listed = place.app.definitions(&review(&place), kind).await.unwrap();
    assert_eq!(listed[0].lacks, Some("all-minilm-l6-v2"));
    let progress = listed[0].progress.unwrap();
    assert_eq!(
        (progress.done, progress.total),
        (0, 1),
        "it waits, nothing is passed over"
    );

    std::os::unix::fs::symlink(&real, &sentences).unwrap();
    drained(&place).await;
    assert_eq!(found(&place).await[0].0, leaves);
}

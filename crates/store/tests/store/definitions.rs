//! Categories and scorecards at rest: versions, publication over all history, and what was found.

use domain::query::{Evidence, EvidencePart, Place};
use domain::{
    ComponentFinding, Credit, DataCategory, DefinitionId, DefinitionKind, Epoch, Finding,
    InteractionId, Millis, Override, Purpose, Secret, Span, SpeakerLabel, VersionNumber, Weight,
    WordIndex,
};
use policy::{Read, Seal};
use store::{AlertOrder, Behind, Page, StoreError, VersionText};

use crate::on_every_engine;
use crate::world::World;

on_every_engine! {
    a_text_is_kept_in_versions_and_the_same_text_is_none,
    what_was_read_stays_readable_until_all_history_is_evaluated,
    words_made_again_are_evaluated_again,
    an_evaluation_of_words_that_were_replaced_stores_nothing,
    marks_and_overrides_are_kept_with_who_and_when,
    erasing_an_interaction_takes_what_was_found_in_it,
    an_alert_is_raised_once_and_is_quiet_for_a_while,
    another_tenants_definition_does_not_exist,
}

pub(crate) fn says(name: &str, text: &str) -> VersionText {
    VersionText {
        name: name.parse().unwrap(),
        text: Secret::new(text),
        author: "somebody".to_owned(),
        reason: Secret::new("because"),
    }
}

pub(crate) async fn saved(world: &World, name: &str, text: &str) -> (DefinitionId, VersionNumber) {
    let permit = world.find(world.tenant.id);
    world
        .store
        .save_definition(&permit, DefinitionKind::Category, &says(name, text))
        .await
        .unwrap()
}

fn finding(name: &str) -> Finding {
    let span = Span::between(Millis(1_000), Millis(1_900));
    Finding::Category(vec![ComponentFinding {
        name: name.to_owned(),
        weight: Weight::ONE,
        evidence: vec![Evidence {
            first: WordIndex(1),
            last: WordIndex(1),
            span,
            parts: vec![EvidencePart {
                first: WordIndex(1),
                last: WordIndex(1),
                speaker: SpeakerLabel::Consumer,
                span,
                place: Place { start: 1, end: 7 },
                likeness: None,
            }],
        }],
    }])
}

/// Evaluates one interaction as a worker would, finding the same for every definition.
pub(crate) async fn evaluate(world: &World, behind: &Behind, found: &str) -> bool {
    let tenant = world.tenant.id;
    let rm = [
        DataCategory::RedactedContent,
        DataCategory::InteractionMetadata,
    ];
    let read = world.pipeline::<Read>(tenant, Purpose::Analysis, behind.id, &rm);
    let seal = world.pipeline::<Seal>(tenant, Purpose::Analysis, behind.id, &rm);
    let (epoch, published) = world.store.published_definitions(&read).await.unwrap();
    world.store.stream_to_evaluate(&read).await.unwrap();
    let findings: Vec<(DefinitionId, Epoch, Finding)> = published
        .iter()
        .filter(|one| one.edition.epoch > behind.reached)
        .map(|one| (one.id, one.edition.epoch, finding(found)))
        .collect();
    let alerts: Vec<AlertOrder> = published
        .iter()
        .filter(|one| one.kind == DefinitionKind::Alert && !one.next)
        .map(|one| AlertOrder {
            definition: one.id,
            quiet: Millis(60_000),
        })
        .collect();
    world
        .store
        .store_findings(&seal, behind, epoch, (&findings, &alerts))
        .await
        .unwrap()
}

async fn live_components(world: &World, id: InteractionId) -> Vec<String> {
    let permit = world.review(world.tenant.id, id);
    let found = world.store.findings(&permit).await.unwrap();
    let names = found.into_iter().flat_map(|one| match one.finding {
        Finding::Category(parts) => parts.into_iter().map(|part| part.name).collect(),
        Finding::Scorecard(_) | Finding::Alert(_) => Vec::new(),
    });
    names.collect()
}

async fn a_text_is_kept_in_versions_and_the_same_text_is_none(world: World) {
    let (id, first) = saved(&world, "Folder.Name", "one").await;
    assert_eq!(first, VersionNumber(1));
    assert_eq!(saved(&world, "Folder.Name", "one").await, (id, first));
    assert_eq!(
        saved(&world, "folder.name", "two").await,
        (id, VersionNumber(2))
    );
    let permit = world.find(world.tenant.id);
    let versions = world.store.definition_versions(&permit, id).await.unwrap();
    let texts: Vec<&str> = versions.iter().map(|one| one.says.text.expose()).collect();
    assert_eq!(texts, ["two", "one"]);
    let other_kind = world
        .store
        .save_definition(
            &permit,
            DefinitionKind::Scorecard,
            &says("Folder.Name", "x"),
        )
        .await;
    assert!(matches!(other_kind, Err(StoreError::Taken { .. })));
    let absent = world
        .store
        .publish_definitions(&permit, &[(id, VersionNumber(3))])
        .await;
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
}

async fn what_was_read_stays_readable_until_all_history_is_evaluated(world: World) {
    let tenant = world.tenant.id;
    let first = world.ready(tenant, &["x", "parcel"]).await;
    world.clock.forward(Millis(1_000));
    let second = world.ready(tenant, &["x", "letter"]).await;
    let permit = world.find(tenant);
    assert!(world.store.behind(tenant, 10).await.unwrap().is_empty());

    let (id, version) = saved(&world, "Folder.Name", "one").await;
    world
        .store
        .publish_definitions(&permit, &[(id, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    let ids: Vec<InteractionId> = behind.iter().map(|one| one.id).collect();
    assert_eq!(ids, [second, first], "newest first");
    for one in &behind {
        assert!(evaluate(&world, one, "old").await);
    }
    assert_eq!(world.store.promote_definitions(tenant).await.unwrap(), 1);
    assert_eq!(live_components(&world, first).await, ["old"]);

    let (_, version) = saved(&world, "Folder.Name", "two").await;
    world
        .store
        .publish_definitions(&permit, &[(id, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    assert!(evaluate(&world, &behind[0], "new").await);
    assert_eq!(world.store.promote_definitions(tenant).await.unwrap(), 0);
    assert_eq!(live_components(&world, second).await, ["old"]);
    let progress = world
        .store
        .definition_progress(&permit, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((progress.done, progress.total), (1, 2));

    // Another process takes over.
    let reopened = world.reopened().await;
    let left = reopened.behind(tenant, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert!(evaluate(&world, &left[0], "new").await);
    assert_eq!(reopened.promote_definitions(tenant).await.unwrap(), 1);
    assert_eq!(live_components(&world, first).await, ["new"]);
    assert_eq!(live_components(&world, second).await, ["new"]);

    let page = Page {
        limit: 1,
        after: None,
    };
    let found = world.store.found_by(&permit, id, &page).await.unwrap();
    assert_eq!(found[0].summary.id, second);
    let page = Page {
        limit: 9,
        after: Some(second),
    };
    let found = world.store.found_by(&permit, id, &page).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].summary.id, first);
    assert_eq!(found[0].finding, finding("new"));
    assert_eq!(world.store.finding_counts(&permit).await.unwrap()[&id], 2);

    world.store.retire_definition(&permit, id).await.unwrap();
    assert!(live_components(&world, first).await.is_empty());
    assert!(
        world
            .store
            .finding_counts(&permit)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn words_made_again_are_evaluated_again(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let (definition, version) = saved(&world, "Name", "one").await;
    let permit = world.find(tenant);
    world
        .store
        .publish_definitions(&permit, &[(definition, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    evaluate(&world, &behind[0], "first").await;
    world.store.promote_definitions(tenant).await.unwrap();
    assert!(world.store.behind(tenant, 10).await.unwrap().is_empty());

    world
        .store
        .replay_from(tenant, id, domain::Stage::Index)
        .await
        .unwrap();
    world.process_all(&["x", "letter"]).await;
    let behind = world.store.behind(tenant, 10).await.unwrap();
    assert_eq!(behind[0].reached, Epoch(0), "these words never were");
    evaluate(&world, &behind[0], "second").await;
    assert_eq!(live_components(&world, id).await, ["second"]);
}

async fn an_evaluation_of_words_that_were_replaced_stores_nothing(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let (definition, version) = saved(&world, "Name", "one").await;
    let permit = world.find(tenant);
    world
        .store
        .publish_definitions(&permit, &[(definition, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    world
        .store
        .replay_from(tenant, id, domain::Stage::Index)
        .await
        .unwrap();
    world.process_all(&["x", "letter"]).await;
    assert!(!evaluate(&world, &behind[0], "stale").await);
    assert_eq!(world.store.behind(tenant, 10).await.unwrap().len(), 1);
}

async fn marks_and_overrides_are_kept_with_who_and_when(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let (definition, _) = saved(&world, "Name", "one").await;
    let review = world.review(tenant, id);
    world.store.mark(&review, definition, true).await.unwrap();
    world.store.mark(&review, definition, false).await.unwrap();
    let marks = world
        .store
        .marks(&world.find(tenant), definition)
        .await
        .unwrap();
    assert_eq!(marks.len(), 1, "the second word replaces the first");
    assert_eq!((marks[0].interaction, marks[0].belongs), (id, false));
    assert_eq!(marks[0].by, "somebody");

    for credit in [Some(Credit::FULL), None] {
        let says = Override {
            indicator: "greets".to_owned(),
            credit,
            reason: Secret::new("unrepeatable"),
        };
        world
            .store
            .override_indicator(&review, definition, &says)
            .await
            .unwrap();
        world.clock.forward(Millis(1));
    }
    let kept = world.store.overrides(&review).await.unwrap();
    assert_eq!(kept.len(), 2, "an earlier value is not lost");
    assert_eq!(
        (kept[0].says.credit, kept[1].says.credit),
        (Some(Credit::FULL), None)
    );
    assert_eq!(kept[0].says.reason.expose(), "unrepeatable");
    assert!(kept[0].at < kept[1].at);
}

async fn erasing_an_interaction_takes_what_was_found_in_it(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["x", "parcel"]).await;
    let (definition, version) = saved(&world, "Name", "one").await;
    let permit = world.find(tenant);
    world
        .store
        .publish_definitions(&permit, &[(definition, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    evaluate(&world, &behind[0], "found").await;
    world
        .store
        .mark(&world.review(tenant, id), definition, true)
        .await
        .unwrap();
    world.store.promote_definitions(tenant).await.unwrap();
    assert_eq!(world.store.finding_counts(&permit).await.unwrap().len(), 1);
    let erase = world.person(
        tenant,
        domain::TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(world.store.erase(erase).await.unwrap().complete());
    assert!(
        world
            .store
            .finding_counts(&permit)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        world
            .store
            .marks(&permit, definition)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn an_alert_is_raised_once_and_is_quiet_for_a_while(world: World) {
    let tenant = world.tenant.id;
    let permit = world.find(tenant);
    let old = world.ready(tenant, &["x", "parcel"]).await;
    let rule = says("Lawyer", "one");
    let saved = world
        .store
        .save_definition(&permit, DefinitionKind::Alert, &rule)
        .await;
    let (id, version) = saved.unwrap();
    world
        .store
        .publish_definitions(&permit, &[(id, version)])
        .await
        .unwrap();
    let behind = world.store.behind(tenant, 10).await.unwrap();
    evaluate(&world, &behind[0], "old").await;
    world.store.promote_definitions(tenant).await.unwrap();
    let all = async || world.store.alerts(&world.find(tenant), 9).await.unwrap();
    assert!(all().await.is_empty(), "history is no news");

    let mut made = Vec::new();
    for _ in 0..2 {
        let new = world.ready(tenant, &["x", "letter"]).await;
        let behind = world.store.behind(tenant, 10).await.unwrap();
        assert_eq!(behind[0].id, new);
        // Twice, as by two workers of which one died.
        evaluate(&world, &behind[0], "new").await;
        evaluate(&world, &behind[0], "new").await;
        made.push(new);
        world.clock.forward(Millis(1_000));
    }
    let states: Vec<_> = all()
        .await
        .iter()
        .map(|one| (one.interaction, one.quiet))
        .collect();
    assert_eq!(states, [(made[1], true), (made[0], false)], "{old}");
}

async fn another_tenants_definition_does_not_exist(world: World) {
    let (id, version) = saved(&world, "Name", "one").await;
    let other = world
        .store
        .add_tenant(&crate::world::new_tenant("rival"))
        .await
        .unwrap();
    let permit = world.find(other.id);
    let outcomes = [
        world
            .store
            .definition_versions(&permit, id)
            .await
            .map(|_| ()),
        world
            .store
            .publish_definitions(&permit, &[(id, version)])
            .await
            .map(|_| ()),
        world.store.retire_definition(&permit, id).await,
        world.store.marks(&permit, id).await.map(|_| ()),
        world
            .store
            .definition_progress(&permit, id)
            .await
            .map(|_| ()),
    ];
    for outcome in outcomes {
        assert!(
            matches!(outcome, Err(StoreError::NotFound { .. })),
            "{outcome:?}"
        );
    }
    let kind = DefinitionKind::Category;
    assert!(
        world
            .store
            .definitions(&permit, kind)
            .await
            .unwrap()
            .is_empty()
    );
    let made = world
        .store
        .save_definition(&permit, kind, &says("Name", "two"))
        .await
        .unwrap();
    assert_ne!(made.0, id, "the same name is free for another tenant");
}

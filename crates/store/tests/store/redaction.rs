//! What redaction keeps, and that an original which was rewritten cannot be opened as it was.

use domain::{
    Channel, Clock as _, Content, DataCategory, InteractionId, Millis, Purpose, Secret, Stage,
    TenantRole,
};
use policy::{Read, Scope, Seal};
use sea_orm::{ConnectionTrait, Database, Statement};
use store::{Lease, StageOutput, TakeIn};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, call, chat, raw, redacted, wav};

on_every_engine! {
    a_rewritten_original_cannot_be_opened_as_it_was,
    settings_are_sealed_counted_and_each_tenants_own,
    what_was_redacted_under_other_rules_is_told_and_forgotten_with_the_interaction,
    reports_of_audits_are_kept_newest_first,
}

/// Keys, sealed bytes and blob names of an interaction's originals, as the database has them.
async fn originals(world: &World, id: InteractionId) -> Vec<Vec<u8>> {
    let postgres = world.config.database.starts_with("postgres");
    let url = if postgres {
        world.superuser_url()
    } else {
        world.config.database.clone()
    };
    let conn = Database::connect(&url).await.unwrap();
    let hex = id.as_uuid().simple().to_string();
    let same = if postgres {
        format!("interaction = '{}'", id.as_uuid())
    } else {
        format!("hex(interaction) = upper('{hex}')")
    };
    let sql = format!(
        "select wrapped_key, sealed, blob from objects \
         where {same} and kind in ('document', 'raw', 'media')"
    );
    let rows = conn
        .query_all_raw(Statement::from_string(conn.get_database_backend(), sql))
        .await
        .unwrap();
    let mut found = Vec::new();
    for row in &rows {
        found.push(row.try_get_by_index::<Vec<u8>>(0).unwrap());
        found.extend(row.try_get_by_index::<Option<Vec<u8>>>(1).unwrap());
        let blob = row.try_get_by_index::<Option<uuid::Uuid>>(2).unwrap();
        found.extend(blob.map(|blob| blob.as_bytes().to_vec()));
    }
    conn.close().await.unwrap();
    found
}

fn rewriting(world: &World, lease: &Lease) -> policy::Permit<Seal, InteractionId> {
    let all = [
        DataCategory::RedactedContent,
        DataCategory::RedactedAudio,
        DataCategory::RawContent,
        DataCategory::Contact,
        DataCategory::Voice,
    ];
    world.pipeline(lease.tenant, Purpose::Redaction, lease.interaction, &all)
}

/// Runs every stage; the two of redaction rewrite the original.
async fn process(world: &World, without: &domain::Interaction) {
    while let Some(lease) = world.store.lease("worker", Millis(60_000)).await.unwrap() {
        let (permit, outputs) = match lease.stage {
            Stage::Transcribe => (
                world.seal(&lease),
                vec![StageOutput::Raw(raw(&["my", "cvv", "is", "739"]))],
            ),
            Stage::RedactText => (
                rewriting(world, &lease),
                vec![
                    StageOutput::Original(Box::new(without.clone())),
                    StageOutput::OriginalWords(raw(&["my", "cvv", "is", "[CVV]"])),
                    StageOutput::Redacted(redacted(&["my", "cvv", "is", "[CVV]"])),
                    StageOutput::Ruleset("rules 1".to_owned()),
                ],
            ),
            Stage::RedactAudio => (
                rewriting(world, &lease),
                vec![
                    StageOutput::OriginalMedia {
                        part: 1,
                        bytes: b"silenced".to_vec(),
                    },
                    StageOutput::RedactedAudio(wav()),
                ],
            ),
            _ => (
                world.seal(&lease),
                vec![StageOutput::Nothing {
                    reason: "nothing to do".to_owned(),
                }],
            ),
        };
        world
            .store
            .finish_stage(&lease, &permit, outputs)
            .await
            .unwrap();
    }
}

async fn a_rewritten_original_cannot_be_opened_as_it_was(world: World) {
    let tenant = world.tenant.id;
    let mut taken = chat(world.clock.now(), &["my cvv is 739"]);
    taken.channel = Channel::Voice;
    taken
        .dialogs
        .extend(call(world.clock.now(), b"seven three nine").dialogs);
    let TakeIn::Taken(id) = world.take(tenant, &taken).await else {
        panic!("it is new")
    };
    let mut without = taken.clone();
    without.dialogs[0].content = Content::Text {
        body: Secret::new("my cvv is [CVV]"),
        quoted: None,
    };
    let before = originals(&world, id).await;
    assert_eq!(
        before.len(),
        4,
        "a document and a recording, each with its key"
    );
    let files_before = walkdir(world.objects.clone());
    process(&world, &without).await;

    let read = [
        DataCategory::RawContent,
        DataCategory::Contact,
        DataCategory::Voice,
    ];
    let permit = world.pipeline::<Read>(tenant, Purpose::Redaction, id, &read);
    let now = world.store.interaction(&permit).await.unwrap();
    assert_eq!(now.dialogs[0].content, without.dialogs[0].content);
    assert_eq!(world.store.media(&permit, 1).await.unwrap(), b"silenced");
    let words = world.store.raw_transcript(&permit).await.unwrap();
    assert_eq!(words.words[3].text.expose(), "[CVV]");

    // Neither an old key, nor old sealed bytes, nor the name of an old blob is left.
    let after = originals(&world, id).await;
    assert!(before.iter().all(|old| !after.contains(old)));
    let names: Vec<String> = before
        .iter()
        .filter_map(|old| uuid::Uuid::from_slice(old).ok())
        .map(|blob| blob.to_string())
        .collect();
    assert_eq!(names.len(), 1);
    let is_blob = |file: &&String| {
        names
            .iter()
            .any(|name| file.replace('-', "").contains(&name.replace('-', "")))
    };
    assert_eq!(
        files_before.iter().filter(is_blob).count(),
        1,
        "{files_before:?}"
    );
    let files_after = walkdir(world.objects.clone());
    assert_eq!(
        files_after.iter().filter(is_blob).count(),
        0,
        "{files_after:?}"
    );
    if world.config.database.starts_with("sqlite") {
        for file in walkdir(world.folder.path().to_owned()) {
            let bytes = std::fs::read(&file).unwrap();
            for old in before.iter().filter(|old| old.len() > 16) {
                let here = bytes.windows(old.len()).any(|window| window == old);
                assert!(!here, "old bytes are left in {file}");
            }
        }
    }
    let log = world.store.access_log(tenant, id).await.unwrap();
    let destroyed = log.iter().filter(|entry| entry.action == "key_destroyed");
    assert_eq!(destroyed.count(), 2);
    let report = world.store.verify_ledger().await.unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
}

fn officer(world: &World, tenant: domain::TenantId) -> Scope {
    let actor = domain::Actor {
        kind: domain::ActorKind::TenantUser {
            role: TenantRole::PrivacyOfficer,
            own: Vec::new(),
        },
        handle: "somebody".to_owned(),
    };
    Scope::for_test(tenant, actor, Purpose::Storage, world.clock.now())
}

async fn settings_are_sealed_counted_and_each_tenants_own(world: World) {
    let tenant = world.tenant.id;
    assert_eq!(world.store.redaction_settings(tenant).await.unwrap(), None);
    let scope = officer(&world, tenant);
    let text = "never_names = [\"Zaphodine\"]";
    assert_eq!(
        world
            .store
            .set_redaction_settings(&scope, text)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        world
            .store
            .set_redaction_settings(&scope, text)
            .await
            .unwrap(),
        2
    );
    let kept = world
        .reopened()
        .await
        .redaction_settings(tenant)
        .await
        .unwrap();
    let kept = kept.unwrap();
    assert_eq!((kept.version, kept.text.as_str()), (2, text));
    let other = world
        .store
        .add_tenant(&crate::world::new_tenant("other"))
        .await
        .unwrap();
    assert_eq!(
        world.store.redaction_settings(other.id).await.unwrap(),
        None
    );
    for file in walkdir(world.folder.path().to_owned()) {
        let bytes = std::fs::read(&file).unwrap();
        let here = bytes.windows(9).any(|window| window == b"Zaphodine");
        assert!(!here, "a tenant's word is readable in {file}");
    }
}

async fn what_was_redacted_under_other_rules_is_told_and_forgotten_with_the_interaction(
    world: World,
) {
    let tenant = world.tenant.id;
    let id = world.chat(tenant, &["hello there"]).await;
    let plain = chat(world.clock.now(), &["hello there"]);
    process(&world, &plain).await;
    let known = world.store.redacted_under(tenant).await.unwrap();
    assert_eq!(known, [(id, Some("rules 1".to_owned()))]);
    let permit = world.person(
        tenant,
        TenantRole::PrivacyOfficer,
        Purpose::Erasure,
        id,
        &[DataCategory::RawContent],
    );
    assert!(world.store.erase(permit).await.unwrap().complete());
    assert!(world.store.redacted_under(tenant).await.unwrap().is_empty());
}

async fn reports_of_audits_are_kept_newest_first(world: World) {
    assert!(world.store.audits(5).await.unwrap().is_empty());
    world.store.keep_audit("first").await.unwrap();
    world.clock.forward(Millis(1_000));
    world.store.keep_audit("second").await.unwrap();
    let kept = world.store.audits(5).await.unwrap();
    let texts: Vec<&str> = kept.iter().map(|one| one.report.as_str()).collect();
    assert_eq!(texts, ["second", "first"]);
}

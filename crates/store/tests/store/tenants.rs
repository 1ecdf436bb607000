//! Tenants and their machine credentials; one tenant sees nothing of another.

use domain::{DataCategory, Purpose, Secret};
use policy::Read;
use store::{Candidates, ListFilter, NewApiKey, Page, StoreError};

use crate::on_every_engine;
use crate::world::{World, new_tenant};

on_every_engine! {
    a_tenant_is_found_by_name_and_a_name_is_given_once,
    p72_an_api_key_works_until_it_is_revoked_and_its_token_is_not_kept,
    another_tenants_permit_sees_nothing,
    the_engine_itself_hides_other_tenants_rows,
}

async fn a_tenant_is_found_by_name_and_a_name_is_given_once(world: World) {
    let found = world
        .store
        .tenant_by_slug(&world.tenant.slug)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found, world.tenant);
    assert_eq!(world.store.tenant(found.id).await.unwrap(), Some(found));
    let again = world.store.add_tenant(&new_tenant("acme")).await;
    assert!(matches!(again, Err(StoreError::Taken { .. })));
    assert_eq!(
        world.store.tenants().await.unwrap(),
        std::slice::from_ref(&world.tenant)
    );
    assert_eq!(
        world
            .store
            .tenant_by_slug(&"nobody".parse().unwrap())
            .await
            .unwrap(),
        None
    );
}

async fn p72_an_api_key_works_until_it_is_revoked_and_its_token_is_not_kept(world: World) {
    let new = NewApiKey {
        tenant: world.tenant.id,
        label: "Annabel's importer".to_owned(),
        purposes: vec![Purpose::Storage, Purpose::Review],
    };
    let (id, token) = world.store.add_api_key(&new, "test").await.unwrap();
    let found = world.store.api_key_by_token(&token).await.unwrap().unwrap();
    assert_eq!(
        (found.id, found.tenant, &found.label),
        (id, new.tenant, &new.label)
    );
    assert_eq!(found.purposes, new.purposes);
    let guess = Secret::new(format!("{}0", token.expose()));
    assert_eq!(world.store.api_key_by_token(&guess).await.unwrap(), None);

    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    let foreign = world.store.revoke_api_key(other.id, id, "test").await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
    world
        .store
        .revoke_api_key(new.tenant, id, "test")
        .await
        .unwrap();
    assert_eq!(world.store.api_key_by_token(&token).await.unwrap(), None);
    let kept = world.store.api_keys(new.tenant).await.unwrap();
    assert!(kept[0].revoked.is_some());
    assert!(world.store.api_keys(other.id).await.unwrap().is_empty());

    let leaves = world.store.ledger_entries(new.tenant, 10).await.unwrap();
    let acts: Vec<_> = leaves
        .iter()
        .filter_map(|leaf| leaf.entry.as_ref())
        .filter(|entry| entry.resource == Some(id.to_string()))
        .map(|entry| (entry.actor.as_str(), entry.action.as_str()))
        .collect();
    assert_eq!(acts, [("test", "revoke api key"), ("test", "add api key")]);
}

async fn another_tenants_permit_sees_nothing(world: World) {
    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    let id = world
        .ready(world.tenant.id, &["Zaphodine", "parcel", "late"])
        .await;
    assert_eq!(world.store.facts(other.id, id).await.unwrap(), None);
    let foreign = world.review(other.id, id);
    let absent = |outcome: Result<(), StoreError>| {
        assert!(
            matches!(outcome, Err(StoreError::NotFound { .. })),
            "{outcome:?}"
        );
    };
    absent(world.store.summary(&foreign).await.map(drop));
    absent(world.store.redacted_transcript(&foreign).await.map(drop));
    absent(world.store.metrics(&foreign).await.map(drop));
    absent(
        world
            .store
            .interaction(&world.raw(other.id, id))
            .await
            .map(drop),
    );
    let playback = world.pipeline::<Read>(other.id, Purpose::Redaction, id, &[DataCategory::Voice]);
    absent(world.store.media(&playback, 0).await.map(drop));

    let find = world.find(other.id);
    let all = world
        .store
        .list(&find, &ListFilter::default(), &Page::default())
        .await
        .unwrap();
    assert!(all.is_empty());
    assert!(
        world
            .store
            .candidates(&find, &Candidates::All)
            .await
            .unwrap()
            .is_empty()
    );
    let own = world
        .store
        .token_ids(&world.find(world.tenant.id), &["parcel"])
        .await
        .unwrap();
    let theirs = world.store.token_ids(&find, &["parcel"]).await.unwrap();
    assert_ne!(
        own, theirs,
        "the same word has another hash for each tenant"
    );
    let stolen = Candidates::Token(own[0]);
    assert!(
        world
            .store
            .candidates(&find, &stolen)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.store.word_stream(&find, id).await.unwrap(), None);
    assert!(
        world
            .store
            .expand(&find, "", &|_: &str| true)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn the_engine_itself_hides_other_tenants_rows(world: World) {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    world.chat(world.tenant.id, &["hello"]).await;
    let conn = Database::connect(&world.config.database).await.unwrap();
    let backend = conn.get_database_backend();
    if backend == DbBackend::Sqlite {
        // SQLite has no such lock; the queries' own conditions are what this engine has.
        return;
    }
    for table in ["interactions", "sources", "objects"] {
        let all = Statement::from_string(backend, format!("select 1 from {table}"));
        let seen = conn.query_all_raw(all).await.unwrap();
        assert!(
            seen.is_empty(),
            "{table} shows rows to a connection that named no tenant"
        );
    }
}

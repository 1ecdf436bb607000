//! Making and opening an installation: once, complete, and not by a program that is too old.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Database};
use store::{Store, StoreError};

use crate::on_every_engine;
use crate::world::{Dice, World};

on_every_engine! {
    an_installation_is_made_once,
    a_schema_newer_than_the_program_is_refused,
    without_its_key_file_it_does_not_open,
}

async fn an_installation_is_made_once(world: World) {
    let again = Store::create(&world.config, world.clock.clone(), Arc::new(Dice)).await;
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    let found = world.reopened().await.tenants().await.unwrap();
    assert_eq!(found, std::slice::from_ref(&world.tenant));
}

async fn a_schema_newer_than_the_program_is_refused(world: World) {
    let conn = Database::connect(&world.config.database).await.unwrap();
    let newer = "insert into schema_migrations (number, name, checksum, applied) \
                 values (9999, 'from the future', '', 0)";
    conn.execute_unprepared(newer).await.unwrap();
    conn.close().await.unwrap();
    let refused = Store::open(&world.config, world.clock.clone(), Arc::new(Dice)).await;
    assert!(matches!(
        refused,
        Err(StoreError::Newer { found: 9999, .. })
    ));
}

async fn without_its_key_file_it_does_not_open(world: World) {
    std::fs::remove_file(&world.config.key_file).unwrap();
    let refused = Store::open(&world.config, world.clock.clone(), Arc::new(Dice)).await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })));
    let made_over = Store::create(&world.config, world.clock.clone(), Arc::new(Dice)).await;
    assert!(
        matches!(made_over, Err(StoreError::Exists { .. })),
        "a database whose key file is lost is not taken for an empty place"
    );
}

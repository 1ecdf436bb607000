//! What proof costs: 1,000 sealed transcripts opened under a permit each, with a leaf of the ledger
//! committed before each opening, beside the same words in a plain table that are decrypted without
//! either.
//!
//! `price_of_proof [COUNT]`. On SQLite with a local folder and on PostgreSQL with an S3 store; one
//! connection each, one opening after the other. Both sides use AES-256-GCM with a key for each
//! transcript and read one row for each.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the world of the tests, used whole"
)]

#[path = "../tests/store/world.rs"]
mod world;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use domain::{Chance, InteractionId, Token};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use world::{Dice, World, redacted};

const COUNT: usize = 1_000;
const WORDS: usize = 600;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = std::env::args()
        .nth(1)
        .map_or(COUNT, |count| count.parse().expect("a count"));
    println!("{count} transcripts of {WORDS} words, opened one after the other");
    measure("SQLite, folder", World::sqlite().await, count).await;
    measure("PostgreSQL, S3", World::postgres().await, count).await;
}

async fn measure(engine: &str, world: World, count: usize) {
    let words: Vec<String> = (0..WORDS).map(|n| format!("word{}", n * n % 977)).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        ids.push(world.ready(world.tenant.id, &words).await);
    }
    let proved = with_proof(&world, &ids).await;
    let plain = without(&world, &words, count).await;
    let each = |whole: Duration| whole.as_secs_f64() * 1e6 / count as f64;
    let rate = |whole: Duration| count as f64 / whole.as_secs_f64();
    println!(
        "{engine}: with decision, permit and leaf {:.0} per second ({:.0} µs each); without {:.0} per second \
         ({:.0} µs each); the price of proof is {:.0} µs an opening, {:.1} times",
        rate(proved),
        each(proved),
        rate(plain),
        each(plain),
        each(proved) - each(plain),
        proved.as_secs_f64() / plain.as_secs_f64()
    );
}

async fn with_proof(world: &World, ids: &[InteractionId]) -> Duration {
    let begun = Instant::now();
    for id in ids {
        let permit = world.review(world.tenant.id, *id);
        black_box(world.store.redacted_transcript(&permit).await.unwrap());
    }
    begun.elapsed()
}

async fn without(world: &World, words: &[&str], count: usize) -> Duration {
    let db = plain_table(world, words, count).await;
    let backend = db.get_database_backend();
    let begun = Instant::now();
    for number in 0..count {
        let text = format!("select k, bytes from plain where id = {number}");
        let row = db
            .query_one_raw(Statement::from_string(backend, text))
            .await
            .unwrap()
            .unwrap();
        let key: Vec<u8> = row.try_get("", "k").unwrap();
        let bytes: Vec<u8> = row.try_get("", "bytes").unwrap();
        let opened = cipher(&key).decrypt(&Nonce::default(), &*bytes).unwrap();
        let parsed: serde_json::Value = serde_json::from_slice(&opened).unwrap();
        black_box(parsed);
    }
    begun.elapsed()
}

/// The same words, with their times, each sealed under a key of its own that lies beside it.
async fn plain_table(world: &World, words: &[&str], count: usize) -> DatabaseConnection {
    let db = Database::connect(&world.config.database).await.unwrap();
    let bytes = if world.config.database.starts_with("postgres") {
        "bytea"
    } else {
        "blob"
    };
    db.execute_unprepared(&format!(
        "create table plain (id integer primary key, k {bytes} not null, bytes {bytes} not null)"
    ))
    .await
    .unwrap();
    let text = serde_json::to_vec(&shape(words)).unwrap();
    let backend = db.get_database_backend();
    let insert = "insert into plain (id, k, bytes) values ($1, $2, $3)";
    for number in 0..count {
        let mut key = [0u8; 32];
        Dice.fill(&mut key).unwrap();
        let sealed = cipher(&key).encrypt(&Nonce::default(), &*text).unwrap();
        let values = [
            i64::try_from(number).unwrap().into(),
            key.to_vec().into(),
            sealed.into(),
        ];
        db.execute_raw(Statement::from_sql_and_values(backend, insert, values))
            .await
            .unwrap();
    }
    db
}

fn shape(words: &[&str]) -> serde_json::Value {
    redacted(words)
        .words()
        .iter()
        .map(|word| match &word.token {
            Token::Word(text) => {
                serde_json::json!([text.expose(), word.span.start().0, word.span.end().0])
            }
            Token::Redacted(kind) => {
                serde_json::json!([kind.to_string(), word.span.start().0, word.span.end().0])
            }
        })
        .collect()
}

fn cipher(key: &[u8]) -> Aes256Gcm {
    let key = Key::<Aes256Gcm>::try_from(key).unwrap();
    Aes256Gcm::new(&key)
}

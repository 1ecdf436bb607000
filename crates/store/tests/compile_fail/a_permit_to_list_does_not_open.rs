//! A permit is for one thing.

use policy::{Find, Interactions, Permit};
use store::Store;

async fn open(store: Store, permit: Permit<Find, Interactions>) {
    store.redacted_transcript(&permit).await.ok();
}

fn main() {}

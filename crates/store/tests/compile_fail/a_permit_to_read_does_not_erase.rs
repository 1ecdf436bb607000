//! A permit is for one action.

use domain::InteractionId;
use policy::{Permit, Read};
use store::Store;

async fn erase(store: Store, permit: Permit<Read, InteractionId>) {
    store.erase(permit).await.ok();
}

fn main() {}

//! Permission for one deed is none for another.

use domain::InteractionId;
use policy::{Erase, Permit, Read};

fn erase(permit: Permit<Erase, InteractionId>) {
    drop(permit);
}

fn misuse(permit: Permit<Read, InteractionId>) {
    erase(permit);
}

fn main() {}

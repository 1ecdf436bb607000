//! Permission to list is none to open.

use domain::InteractionId;
use policy::{Find, Interactions, Permit, Read};

fn open(permit: &Permit<Read, InteractionId>) {
    drop(permit.clone());
}

fn misuse(permit: &Permit<Find, Interactions>) {
    open(permit);
}

fn main() {}

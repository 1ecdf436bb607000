//! Only `decide` makes a permit: its fields are private.

use std::marker::PhantomData;

use domain::InteractionId;
use policy::{Permit, Read, Scope};

fn forge(scope: Scope, resource: InteractionId) -> Permit<Read, InteractionId> {
    Permit {
        scope,
        resource,
        categories: Vec::new(),
        clauses: Vec::new(),
        version: String::new(),
        action: PhantomData,
    }
}

fn main() {}

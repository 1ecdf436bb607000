//! The constructor that `decide` uses is not public.

use domain::InteractionId;
use policy::{Permit, Read, Scope};

fn forge(scope: Scope, id: InteractionId) -> Permit<Read, InteractionId> {
    Permit::grant(scope, id, Vec::new(), Vec::new(), String::new())
}

fn main() {}

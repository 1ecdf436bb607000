//! Knowing an id gives no right to anything.

use domain::InteractionId;
use policy::Scope;

fn frame(id: InteractionId) -> Scope {
    id.into()
}

fn main() {}

//! The list of what deeds are done to is closed.

use domain::InteractionId;
use policy::Resource;

#[derive(Debug, Clone)]
struct EveryTenant;

impl Resource for EveryTenant {
    fn interaction(&self) -> Option<InteractionId> {
        None
    }
}

fn main() {}

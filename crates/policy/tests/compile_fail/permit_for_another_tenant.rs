//! A permit stays with the tenant that it was decided for.

use domain::{InteractionId, TenantId};
use policy::{Permit, Read};

fn moved(mut permit: Permit<Read, InteractionId>, to: TenantId) -> Permit<Read, InteractionId> {
    permit.tenant = to;
    permit
}

fn main() {
    let _ = moved;
}

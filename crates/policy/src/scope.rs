//! Who asks, for which tenant and purpose.

use domain::{Actor, Plane, Purpose, TenantId, Timestamp};

/// An authenticated question's frame. Minted only where somebody was authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    plane: Plane,
    tenant: TenantId,
    actor: Actor,
    purpose: Purpose,
    at: Timestamp,
}

impl Scope {
    /// A scope of the hosting plane for somebody whose identity was checked. Only the sign-in
    /// of `server`, the command line's scope and the pipeline may call it; a lint guards it.
    #[must_use]
    pub const fn authenticated(
        tenant: TenantId,
        actor: Actor,
        purpose: Purpose,
        at: Timestamp,
    ) -> Self {
        Self {
            plane: Plane::Hosting,
            tenant,
            actor,
            purpose,
            at,
        }
    }

    /// The same for tests.
    #[must_use]
    pub const fn for_test(tenant: TenantId, actor: Actor, purpose: Purpose, at: Timestamp) -> Self {
        Self {
            plane: Plane::Hosting,
            tenant,
            actor,
            purpose,
            at,
        }
    }

    /// The same actor and tenant asking for another purpose.
    #[must_use]
    pub fn for_purpose(&self, purpose: Purpose) -> Self {
        Self {
            purpose,
            ..self.clone()
        }
    }

    /// The same question asked at another instant.
    #[must_use]
    pub fn at_time(&self, at: Timestamp) -> Self {
        Self { at, ..self.clone() }
    }

    /// Which plane.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// Whose data.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who asks.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

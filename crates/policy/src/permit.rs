//! Permission and refusal as values.

use std::fmt;
use std::marker::PhantomData;

use domain::{Actor, ClauseId, DataCategory, Millis, Plane, Purpose, TenantId, Timestamp};

use crate::{Action, Resource, Scope};

/// How long a permit is good for after the decision.
const VALIDITY: Millis = Millis(15 * 60 * 1000);

/// Permission for one action on one resource for one purpose. Private fields; only
/// [`crate::decide`] makes one.
#[must_use]
#[derive(Clone)]
pub struct Permit<A, R> {
    scope: Scope,
    resource: R,
    categories: Vec<DataCategory>,
    clauses: Vec<ClauseId>,
    version: String,
    action: PhantomData<fn() -> A>,
}

impl<A: Action, R: Resource> Permit<A, R> {
    pub(crate) const fn grant(
        scope: Scope,
        resource: R,
        categories: Vec<DataCategory>,
        clauses: Vec<ClauseId>,
        version: String,
    ) -> Self {
        Self {
            scope,
            resource,
            categories,
            clauses,
            version,
            action: PhantomData,
        }
    }

    /// Which plane.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.scope.plane()
    }

    /// Whose data: the only place a store function takes the tenant from.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.scope.tenant()
    }

    /// What it is for: the only place a store function takes the id from.
    #[must_use]
    pub const fn resource(&self) -> &R {
        &self.resource
    }

    /// Who was permitted.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        self.scope.actor()
    }

    /// What for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.scope.purpose()
    }

    /// Which kinds of data may be touched.
    #[must_use]
    pub fn categories(&self) -> &[DataCategory] {
        &self.categories
    }

    /// Clauses that permit it.
    #[must_use]
    pub fn clauses(&self) -> &[ClauseId] {
        &self.clauses
    }

    /// Hash of the policy version that decided.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Key of the action.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        A::KEY
    }

    /// Whether it still holds now and covers a category; asked again beside each act.
    ///
    /// # Errors
    /// [`PermitError`] naming what is missing.
    pub fn check(&self, category: DataCategory, now: Timestamp) -> Result<(), PermitError> {
        if now > self.expires() {
            return Err(PermitError::Expired);
        }
        if self.categories.contains(&category) {
            Ok(())
        } else {
            Err(PermitError::Category(category))
        }
    }

    /// Until when it holds.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.scope.at().plus(VALIDITY)
    }
}

impl<A: Action, R: Resource> fmt::Debug for Permit<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Permit({} {:?} for {})",
            A::KEY,
            self.resource,
            self.scope.purpose()
        )
    }
}

/// Why a permit does not cover an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PermitError {
    /// It is older than its validity.
    #[error("the permit has expired; ask again")]
    Expired,
    /// It was given for other kinds of data.
    #[error("the permit does not cover `{0}`")]
    Category(DataCategory),
}

/// A refusal with its clauses and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Denial {
    /// The clauses that stand against it, most specific first.
    pub clauses: Vec<ClauseId>,
    /// Why, for a person.
    pub sentence: String,
    /// The action asked for.
    pub action: &'static str,
    /// The purpose asked for.
    pub purpose: Purpose,
}

//! The one place that wires concrete parts together, and the one way to a permit.

use std::sync::Arc;

use domain::{Chance, Clock, DataCategory, InteractionId, TenantId, TenantSlug, Timestamp};
use outbound::{Gateway, Post};
use policy::{Action, Facts, Find, Interactions, Permit, Policy, Resource, Scope};
use store::{Store, StoreConfig, Tenant};

use crate::book::Book;
use crate::config::Config;
use crate::error::AppError;
use crate::labels::LabelsRead;
use crate::runtime::{OsChance, SystemClock, new_uuid};
use crate::watching::Watching;

/// An opened installation. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Store,
    pub(crate) book: Arc<Book>,
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    /// One evaluation of definitions at a time in this process: two would do the same.
    pub(crate) evaluating: Arc<tokio::sync::Mutex<()>>,
    /// Turns for hashing passwords.
    pub(crate) hashers: Arc<tokio::sync::Semaphore>,
    /// What runs here, and what its tests showed.
    pub(crate) build: Arc<crate::policy_desk::Build>,
    /// The published counts of orders, with when they were counted.
    pub(crate) transparency: Arc<tokio::sync::Mutex<Option<Counted>>>,
    /// Labels of each tenant as they were last counted.
    pub(crate) labels: Arc<tokio::sync::Mutex<LabelsRead>>,
    /// The folders that this process watches.
    pub(crate) watching: Arc<Watching>,
}

/// Counts of orders with when they were counted.
pub(crate) type Counted = (Timestamp, Vec<crate::orders::ReportRow>);

/// Passwords that are hashed at once.
const HASHERS: usize = 2;

impl App {
    /// Makes a new installation: keys, tables, folders. Refuses where one is.
    ///
    /// # Errors
    /// [`AppError::Store`] naming what is already there or cannot be made.
    pub async fn create(config: &Config) -> Result<Self, AppError> {
        Self::wire(config, true).await
    }

    /// Opens an installation; brings its tables up to this version.
    ///
    /// # Errors
    /// [`AppError::Store`] naming what is missing or cannot be opened.
    pub async fn open(config: &Config) -> Result<Self, AppError> {
        Self::wire(config, false).await
    }

    async fn wire(config: &Config, create: bool) -> Result<Self, AppError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let chance: Arc<dyn Chance> = Arc::new(OsChance);
        let parts = StoreConfig {
            database: config.database.clone(),
            blobs: config.blobs.clone(),
            key_file: config.key_file.clone(),
            passphrase: config.passphrase.clone(),
            index: config.index(),
            search: config.search,
            origin: config.origin.clone(),
        };
        let store = if create {
            Store::create(&parts, Arc::clone(&clock), Arc::clone(&chance)).await?
        } else {
            Store::open(&parts, Arc::clone(&clock), Arc::clone(&chance)).await?
        };
        let post = config.post.as_deref().map(Post::parse).transpose()?;
        let app = Self {
            config: Arc::new(config.clone()),
            store,
            book: Arc::new(Book::new()?),
            gateway: Gateway::new(post, &config.post_from)?,
            clock,
            chance,
            evaluating: Arc::default(),
            hashers: Arc::new(tokio::sync::Semaphore::new(HASHERS)),
            build: Arc::default(),
            transparency: Arc::default(),
            labels: Arc::default(),
            watching: Arc::default(),
        };
        app.begin_history().await?;
        app.reread_policy().await?;
        Ok(app)
    }

    /// The same installation by another clock, for drills of what is due later: decisions, days
    /// and letters go by it, records are stamped by the installation's own.
    #[must_use]
    pub fn by_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            ..self.clone()
        }
    }

    /// What it runs with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        self.book.in_force(self.clock.now())
    }

    /// The present instant by the installation's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The tenant of a public name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where no tenant has it.
    pub async fn tenant(&self, slug: &TenantSlug) -> Result<Tenant, AppError> {
        let found = self.store.tenant_by_slug(slug).await?;
        found.ok_or_else(|| AppError::NotFound {
            what: "tenant",
            name: slug.to_string(),
        })
    }

    /// The tenant of an id.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn tenant_by_id(&self, id: TenantId) -> Result<Tenant, AppError> {
        let found = self.store.tenant(id).await?;
        found.ok_or_else(|| AppError::NotFound {
            what: "tenant",
            name: id.to_string(),
        })
    }

    pub(crate) async fn tenant_of(&self, scope: &Scope) -> Result<Tenant, AppError> {
        self.tenant_by_id(scope.tenant()).await
    }

    pub(crate) fn new_interaction_id(&self) -> Result<InteractionId, AppError> {
        let uuid = new_uuid(&*self.clock, &*self.chance)?;
        Ok(InteractionId::from_uuid(uuid))
    }

    /// Asks for an action on one interaction; a refusal is written to the ledger.
    pub(crate) async fn ask<A: Action>(
        &self,
        scope: &Scope,
        id: InteractionId,
        categories: &[DataCategory],
    ) -> Result<Permit<A, InteractionId>, AppError> {
        let facts = self.store.facts(scope.tenant(), id).await?;
        let facts = facts.ok_or_else(|| AppError::NotFound {
            what: "interaction",
            name: id.to_string(),
        })?;
        self.decide(scope, id, categories, &facts).await
    }

    /// Asks to list or search a tenant's interactions.
    pub(crate) async fn ask_to_find(
        &self,
        scope: &Scope,
        categories: &[DataCategory],
    ) -> Result<Permit<Find, Interactions>, AppError> {
        // What is found was collected under many versions; each one is asked about when it is
        // opened.
        let facts = Facts {
            collected_under: Some(self.policy().version().to_owned()),
            ..standing_facts(&self.tenant_of(scope).await?)
        };
        self.decide(scope, Interactions, categories, &facts).await
    }

    pub(crate) async fn decide<A: Action, R: Resource>(
        &self,
        scope: &Scope,
        resource: R,
        categories: &[DataCategory],
        facts: &Facts,
    ) -> Result<Permit<A, R>, AppError> {
        let now = scope.at_time(self.clock.now());
        let about = resource.interaction();
        if self.book.is_old(now.at()) {
            self.reread_policy().await?;
        }
        match policy::decide(&self.policy(), &now, resource, categories, facts) {
            Ok(permit) => Ok(permit),
            Err(denial) => {
                self.store
                    .record_denied(&now, about, categories, &denial)
                    .await?;
                Err(denial.into())
            }
        }
    }

    /// A scope of the pipeline's worker for a tenant.
    pub(crate) fn pipeline_scope(&self, tenant: TenantId, purpose: domain::Purpose) -> Scope {
        let actor = domain::Actor {
            kind: domain::ActorKind::Pipeline,
            handle: "pipeline".to_owned(),
        };
        pipeline(tenant, actor, purpose, self.clock.now())
    }
}

/// What the tenant's standing instruction says, for questions about all its interactions.
pub(crate) fn standing_facts(tenant: &Tenant) -> Facts {
    Facts {
        instruction: Some(tenant.instruction.id.clone()),
        subjects: 1,
        lawful_bases: vec![tenant.instruction.basis.clone()],
        ..Facts::default()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pipeline acts on a tenant's standing instruction; nobody signs in"
)]
fn pipeline(
    tenant: TenantId,
    actor: domain::Actor,
    purpose: domain::Purpose,
    at: Timestamp,
) -> Scope {
    Scope::authenticated(tenant, actor, purpose, at)
}

//! The way to the registers: every use of one is asked of the policy like any other.

use domain::{Actor, ActorKind, DataCategory, Identifier, Purpose, Secret, TenantId, TenantRole};
use policy::{Action, Desk, Facts, Find, Permit, Scope, Seal, decide};

use crate::app::App;
use crate::error::AppError;

/// Kinds of data that registers hold.
const HELD: &[DataCategory] = &[DataCategory::Contact, DataCategory::InteractionMetadata];

impl App {
    /// The operator's privacy desk: its own registers, nobody else's.
    #[must_use]
    pub fn privacy_desk(&self, handle: &str) -> Scope {
        let actor = Actor {
            kind: ActorKind::PrivacyDesk,
            handle: handle.to_owned(),
        };
        self.mint_scope(TenantId::INSTALLATION, actor, Purpose::Governance)
    }

    /// The scope of an agent, known by a number or address of theirs: their own interactions, by
    /// the tenant's keyed hashes, and no others.
    ///
    /// # Errors
    /// [`AppError::Id`] for what is no number or address.
    pub async fn agent_scope(
        &self,
        tenant: TenantId,
        handle: &str,
        address: &Secret,
    ) -> Result<Scope, AppError> {
        let who: Identifier = address.expose().parse()?;
        let permit = self.keep::<Find>(&self.clockwork(tenant)).await?;
        let kind = ActorKind::TenantUser {
            role: TenantRole::Agent,
            own: self.store.located(&permit, &who).await?,
        };
        let actor = Actor {
            kind,
            handle: handle.to_owned(),
        };
        Ok(self.mint_scope(tenant, actor, Purpose::Review))
    }

    /// Whether whoever asks may look into the registers; a refusal is on the ledger.
    ///
    /// # Errors
    /// [`AppError::Denied`] with the clauses.
    pub async fn enter_desk(&self, scope: &Scope) -> Result<(), AppError> {
        self.keep::<Find>(scope).await.map(|_| ())
    }

    /// Whether whoever asks may change the registers, by the policy's word; for pages that show
    /// or leave out a form. Nothing is recorded: the act itself is asked about again.
    ///
    /// # Errors
    /// [`AppError::Denied`] with the clauses.
    pub fn may_keep_registers(&self, scope: &Scope) -> Result<(), AppError> {
        let scope = scope.for_purpose(Purpose::Governance).at_time(self.now());
        decide::<Seal, _>(&self.policy(), &scope, Desk, HELD, &Facts::default())
            .map(|_| ())
            .map_err(AppError::from)
    }

    /// The scope in which the program itself keeps a tenant's registers: clocks, routing.
    pub(crate) fn clockwork(&self, tenant: TenantId) -> Scope {
        self.pipeline_scope(tenant, Purpose::Governance)
    }

    /// Asks for the registers of the scope's tenant.
    pub(crate) async fn keep<A: Action>(&self, scope: &Scope) -> Result<Permit<A, Desk>, AppError> {
        let scope = scope.for_purpose(Purpose::Governance);
        self.decide(&scope, Desk, HELD, &Facts::default()).await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the desk is at this machine and reads the key file"
    )]
    pub(crate) fn mint_scope(&self, tenant: TenantId, actor: Actor, purpose: Purpose) -> Scope {
        Scope::authenticated(tenant, actor, purpose, self.now())
    }
}

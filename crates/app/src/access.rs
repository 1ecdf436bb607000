//! Who comes in: local operators by the key file, machines by their API key.

use domain::{Actor, ActorKind, InteractionId, Purpose, Secret, TenantId, TenantRole, UserId};
use policy::Scope;
use store::{Account, ApiKeyRecord, NewApiKey};

use crate::app::App;
use crate::error::AppError;

/// A machine credential that was checked, and what it may ask for.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose key it is.
    pub tenant: TenantId,
    actor: Actor,
    purposes: Vec<Purpose>,
    user: Option<UserId>,
}

/// What a person may ask for; whether it is permitted is the policy's to say, by role.
const ASKABLE: &[Purpose] = &[
    Purpose::Review,
    Purpose::Playback,
    Purpose::Export,
    Purpose::Storage,
    Purpose::Erasure,
    Purpose::UnredactedAccess,
    Purpose::Governance,
];

impl Caller {
    /// A person with an account; `own` are the interactions an agent took part in. The ledger
    /// knows them by their account's id.
    pub(crate) fn of_person(account: &Account, own: Vec<InteractionId>) -> Self {
        // Whoever belongs to no tenant keeps the operator's own registers and nothing else.
        let of_operator = account.tenant == TenantId::INSTALLATION;
        let kind = if of_operator {
            ActorKind::PrivacyDesk
        } else {
            ActorKind::TenantUser {
                role: account.role,
                own,
            }
        };
        Self {
            tenant: account.tenant,
            actor: Actor {
                kind,
                handle: account.id.to_string(),
            },
            purposes: if of_operator {
                vec![Purpose::Governance]
            } else {
                ASKABLE.to_vec()
            },
            user: Some(account.id),
        }
    }

    pub(crate) fn of_key(key: ApiKeyRecord) -> Self {
        Self {
            tenant: key.tenant,
            actor: Actor {
                kind: ActorKind::ApiKey(key.id),
                handle: key.id.to_string(),
            },
            purposes: key.purposes,
            user: None,
        }
    }

    /// The account, where it is a person with one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        self.user
    }

    /// What the person is there to do; none for a machine.
    #[must_use]
    pub const fn role(&self) -> Option<TenantRole> {
        match self.actor.kind {
            ActorKind::TenantUser { role, .. } => Some(role),
            ActorKind::ApiKey(_)
            | ActorKind::Pipeline
            | ActorKind::OperatorAdmin
            | ActorKind::PrivacyDesk
            | ActorKind::BreakGlass(_) => None,
        }
    }

    /// Whether it is a person of the operator's privacy desk.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        matches!(self.actor.kind, ActorKind::PrivacyDesk)
    }

    /// What the ledger knows it by.
    #[must_use]
    pub fn handle(&self) -> &str {
        &self.actor.handle
    }

    /// Purposes the key is scoped to.
    #[must_use]
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }
}

impl App {
    /// The scope of somebody at this machine's command line, who can read the key file and so
    /// acts for the tenant as a person in `role`.
    #[must_use]
    pub fn local_scope(&self, tenant: TenantId, role: TenantRole, purpose: Purpose) -> Scope {
        let kind = ActorKind::TenantUser {
            role,
            own: Vec::new(),
        };
        let actor = Actor {
            kind,
            handle: "cli".to_owned(),
        };
        self.mint(tenant, actor, purpose)
    }

    /// Checks an API key.
    ///
    /// # Errors
    /// [`AppError::Store`] where the store fails; an unknown or revoked key is `None`.
    pub async fn caller(&self, token: &Secret) -> Result<Option<Caller>, AppError> {
        let record = self.store.api_key_by_token(token).await?;
        Ok(record.map(Caller::of_key))
    }

    /// A caller's scope for a purpose; `None` where the key is not scoped to it.
    #[must_use]
    pub fn caller_scope(&self, caller: &Caller, purpose: Purpose) -> Option<Scope> {
        caller
            .purposes
            .contains(&purpose)
            .then(|| self.mint(caller.tenant, caller.actor.clone(), purpose))
    }

    /// A person at this machine who was let in as `role` (the demo's sign-in link).
    #[must_use]
    pub fn local_caller(&self, tenant: TenantId, role: TenantRole) -> Caller {
        Caller {
            tenant,
            actor: Actor {
                kind: ActorKind::TenantUser {
                    role,
                    own: Vec::new(),
                },
                handle: "local".to_owned(),
            },
            purposes: ASKABLE.to_vec(),
            user: None,
        }
    }

    /// Makes an API key; the token is shown once and only its hash is kept. `by`: the handle of who
    /// makes it.
    ///
    /// # Errors
    /// [`AppError::Store`] where it cannot be stored.
    pub async fn add_api_key(
        &self,
        key: &NewApiKey,
        by: &str,
    ) -> Result<(domain::ApiKeyId, Secret), AppError> {
        Ok(self.store.add_api_key(key, by).await?)
    }

    /// A tenant's keys, without their tokens.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn api_keys(&self, tenant: TenantId) -> Result<Vec<ApiKeyRecord>, AppError> {
        Ok(self.store.api_keys(tenant).await?)
    }

    /// Revokes a key at once. `by`: the handle of who revokes it.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn revoke_api_key(
        &self,
        tenant: TenantId,
        key: domain::ApiKeyId,
        by: &str,
    ) -> Result<(), AppError> {
        Ok(self.store.revoke_api_key(tenant, key, by).await?)
    }

    /// Random bytes as hex, for session tokens and the like.
    ///
    /// # Errors
    /// [`AppError::Chance`] where the system's randomness fails.
    pub fn token(&self) -> Result<Secret, AppError> {
        let mut bytes = [0u8; 24];
        self.chance.fill(&mut bytes)?;
        Ok(Secret::new(hex::encode(bytes)))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the caller was authenticated by the key file's owner rights or an API key"
    )]
    fn mint(&self, tenant: TenantId, actor: Actor, purpose: Purpose) -> Scope {
        Scope::authenticated(tenant, actor, purpose, self.now())
    }
}

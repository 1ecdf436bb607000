//! People of the tenants and of the operator's privacy desk: who they are is sealed, what opens
//! the door for them is sealed again, and a keyed hash of the mail address finds them. Nothing
//! here decides who may come in.

mod reading;
mod records;
mod sessions;
mod single;

use domain::{MailAddress, Secret, TenantId, TenantRole, Timestamp, UserId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};

use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::{Entry, EntryKind};
use crate::rows::{sign_in, user as row};
use crate::{Store, StoreError};

pub use reading::Reading;
pub use records::Credentials;
pub use sessions::{Holder, Session};
pub use single::{SingleSignOn, SsoFlow};

/// A person to be.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Whose.
    pub tenant: TenantId,
    /// Signs in with it; unique in the installation.
    pub mail: MailAddress,
    /// How colleagues know the person.
    pub name: Secret,
    /// What the person is there to do.
    pub role: TenantRole,
}

/// A one-time code that lets a person choose a password.
#[derive(Debug, Clone)]
pub struct Invite {
    /// The code; only its hash is kept.
    pub code: Secret,
    /// Until when it opens.
    pub until: Timestamp,
}

/// Whether a person can come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Has no password yet and never came by the tenant's identity provider.
    Invited,
    /// Can sign in.
    Active,
    /// Was shut out, by the owner or by the person's own report.
    Locked,
}

/// A person, without what opens the door.
#[derive(Debug, Clone)]
pub struct Account {
    /// Which.
    pub id: UserId,
    /// Whose.
    pub tenant: TenantId,
    /// Signs in with it.
    pub mail: MailAddress,
    /// How colleagues know the person.
    pub name: Secret,
    /// How the pages are written for the person.
    pub reading: Reading,
    /// What the person is there to do.
    pub role: TenantRole,
    /// Whether the person can come in.
    pub standing: Standing,
    /// Wrong attempts since the last right one.
    pub throttle: Throttle,
    /// The newest one-time code's time step that was used.
    pub totp_step: i64,
    /// Until when an open invitation holds.
    pub invited_until: Option<Timestamp>,
    /// When the account was made.
    pub created: Timestamp,
    /// Last right sign-in.
    pub seen: Option<Timestamp>,
    /// Whether a person at the tenant's identity provider stands for it.
    pub linked: bool,
}

/// Wrong attempts, and until when no further one is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Wrong attempts since the last right one.
    pub failures: u32,
    /// Attempts before this instant are refused unseen.
    pub shut_until: Timestamp,
}

impl Throttle {
    /// No wrong attempt.
    pub const NONE: Self = Self {
        failures: 0,
        shut_until: Timestamp(0),
    };
}

/// How an attempt to sign in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Let in.
    Right,
    /// Let in by the tenant's identity provider.
    SingleSignOn,
    /// Wrong password.
    WrongPassword,
    /// Wrong or used one-time code.
    WrongCode,
    /// Not looked at: too many wrong attempts before.
    Throttled,
    /// The person reported an attempt as not theirs.
    Reported,
}

impl SignInOutcome {
    const ALL: &'static [Self] = &[
        Self::Right,
        Self::SingleSignOn,
        Self::WrongPassword,
        Self::WrongCode,
        Self::Throttled,
        Self::Reported,
    ];

    /// Key in its row.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::SingleSignOn => "single_sign_on",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::Throttled => "throttled",
            Self::Reported => "reported",
        }
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: SignInOutcome,
}

impl Store {
    /// Adds a person without a password; the invitation lets them choose one. `by` is the handle
    /// of who invites, for the ledger.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where the address has an account in this installation.
    pub async fn add_account(
        &self,
        new: &NewAccount,
        invite: &Invite,
        by: &str,
    ) -> Result<UserId, StoreError> {
        if self.account_by_mail(&new.mail).await?.is_some() {
            return Err(StoreError::Taken {
                what: "account",
                name: "of this mail address".to_owned(),
            });
        }
        let id = UserId::from_uuid(self.timed_uuid()?);
        let keys = &*self.tenant_keys(new.tenant).await?;
        let entry = &self.account_deed(new.tenant, id, by, "invite");
        let account = &row::ActiveModel {
            id: Set(id.as_uuid()),
            tenant: Set(new.tenant.as_uuid()),
            login: Set(login(keys, &new.mail)),
            profile: Set(records::seal_profile(
                keys,
                id,
                &records::Profile {
                    mail: new.mail.clone(),
                    name: new.name.clone(),
                    reading: Reading::default(),
                },
                &*self.chance,
            )?),
            credentials: Set(None),
            role: Set(new.role.key().to_owned()),
            invite: Set(Some(digest(&invite.code))),
            invite_until: Set(Some(invite.until.0)),
            failures: Set(0),
            shut_until: Set(0),
            locked: Set(false),
            totp_step: Set(0),
            created: Set(self.clock.now().0),
            seen: Set(None),
            sso: Set(None),
        };
        self.db
            .write("add_account", Some(new.tenant), |txn| {
                Box::pin(async move {
                    row::Entity::insert(account.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(id)
    }

    /// The account of an address, whichever tenant's it is, or the operator's desk's.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_mail(&self, mail: &MailAddress) -> Result<Option<Account>, StoreError> {
        let mut logins = Vec::new();
        for tenant in self.tenants().await? {
            logins.push(login(&*self.tenant_keys(tenant.id).await?, mail));
        }
        if self.has_accounts(TenantId::INSTALLATION, &[]).await? {
            let desk = self.tenant_keys(TenantId::INSTALLATION).await?;
            logins.push(login(&desk, mail));
        }
        let logins = &logins;
        let found = self
            .db
            .read("account_by_mail", None, |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .filter(row::Column::Login.is_in(logins.iter().cloned()));
                    Ok(query.one(txn.db()).await?)
                })
            })
            .await?;
        self.account_of(found).await
    }

    /// The account that an open invitation is for.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_invite(&self, code: &Secret) -> Result<Option<Account>, StoreError> {
        // The lookup is by the hash of 120 random bits: its timing tells nothing about the code.
        let (wanted, now) = (&digest(code), self.clock.now().0);
        let found = self
            .db
            .read("account_by_invite", None, |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .filter(row::Column::Invite.eq(wanted.clone()))
                        .filter(row::Column::InviteUntil.gt(now));
                    Ok(query.one(txn.db()).await?)
                })
            })
            .await?;
        self.account_of(found).await
    }

    /// One account of a tenant.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account(
        &self,
        tenant: TenantId,
        id: UserId,
    ) -> Result<Option<Account>, StoreError> {
        let found = self
            .db
            .read("account", Some(tenant), |txn| {
                Box::pin(async move { find(txn.db(), tenant, id).await })
            })
            .await?;
        self.account_of(found).await
    }

    /// A tenant's people, in order of their making.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn accounts(&self, tenant: TenantId) -> Result<Vec<Account>, StoreError> {
        let rows = self
            .db
            .read("accounts", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_asc(row::Column::Created)
                        .order_by_asc(row::Column::Id);
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        let keys = self.tenant_keys(tenant).await?;
        rows.into_iter().map(|row| account_of(&keys, row)).collect()
    }

    /// Whether anybody of a tenant has an account in any of the roles (or at all), invited or not.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_accounts(
        &self,
        tenant: TenantId,
        roles: &[TenantRole],
    ) -> Result<bool, StoreError> {
        self.db
            .read("has_accounts", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut query =
                        row::Entity::find().filter(row::Column::Tenant.eq(tenant.as_uuid()));
                    if !roles.is_empty() {
                        let keys = roles.iter().map(|role| role.key());
                        query = query.filter(row::Column::Role.is_in(keys));
                    }
                    Ok(query.count(txn.db()).await? > 0)
                })
            })
            .await
    }

    /// What opens the door for a person; `None` where no password was chosen yet.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Seal`].
    pub async fn credentials(
        &self,
        tenant: TenantId,
        id: UserId,
    ) -> Result<Option<Credentials>, StoreError> {
        let found = self
            .db
            .read("credentials", Some(tenant), |txn| {
                Box::pin(async move { find(txn.db(), tenant, id).await })
            })
            .await?;
        let row = found.ok_or_else(|| StoreError::not_found("account", id))?;
        let keys = self.tenant_keys(tenant).await?;
        row.credentials
            .map(|sealed| records::open_credentials(&keys, id, &sealed))
            .transpose()
    }

    /// Sets what opens the door; an open invitation is used up and a lock lifted.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_credentials(
        &self,
        tenant: TenantId,
        id: UserId,
        credentials: &Credentials,
    ) -> Result<(), StoreError> {
        let keys = self.tenant_keys(tenant).await?;
        let sealed = records::seal_credentials(&keys, id, credentials, &*self.chance)?;
        let sealed = &sealed;
        let own = self.account_deed(tenant, id, &id.to_string(), "credentials");
        self.change(own, tenant, id, |account| {
            account.credentials = Set(Some(sealed.clone()));
            account.invite = Set(None);
            account.invite_until = Set(None);
            account.failures = Set(0);
            account.shut_until = Set(0);
            account.locked = Set(false);
        })
        .await
    }

    /// Opens an invitation, for a new password; the old one still opens the door until then. A
    /// link to the tenant's identity provider is undone: it is made anew at the next sign-in.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn invite_again(
        &self,
        tenant: TenantId,
        id: UserId,
        invite: &Invite,
        by: &str,
    ) -> Result<(), StoreError> {
        let hash = &digest(&invite.code);
        let deed = self.account_deed(tenant, id, by, "invite_again");
        self.change(deed, tenant, id, |account| {
            account.invite = Set(Some(hash.clone()));
            account.invite_until = Set(Some(invite.until.0));
            account.sso = Set(None);
        })
        .await
    }

    /// Gives a person another role, or shuts them out or lets them in again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_standing(
        &self,
        tenant: TenantId,
        id: UserId,
        role: TenantRole,
        locked: bool,
        by: &str,
    ) -> Result<(), StoreError> {
        let act = if locked { "lock" } else { role.key() };
        let deed = self.account_deed(tenant, id, by, act);
        self.change(deed, tenant, id, |account| {
            account.role = Set(role.key().to_owned());
            account.locked = Set(locked);
        })
        .await
    }

    /// Writes an attempt to the history, and what follows from it. A right one-time code's step
    /// must be newer than the last, so that a code opens once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn note_sign_in(
        &self,
        account: &Account,
        outcome: SignInOutcome,
        throttle: Throttle,
        totp_step: i64,
    ) -> Result<(), StoreError> {
        let now = self.clock.now().0;
        let attempt = &sign_in::ActiveModel {
            id: Set(self.timed_uuid()?),
            tenant: Set(account.tenant.as_uuid()),
            account: Set(account.id.as_uuid()),
            at: Set(now),
            outcome: Set(outcome.key().to_owned()),
        };
        let (tenant, id) = (account.tenant, account.id);
        let keys = &*self.tenant_keys(tenant).await?;
        // Wrong attempts are in the person's history; anybody can make them, and as many leaves.
        let act = match outcome {
            SignInOutcome::Right => Some("sign_in"),
            SignInOutcome::SingleSignOn => Some("single_sign_on"),
            SignInOutcome::Reported => Some("report"),
            SignInOutcome::WrongPassword | SignInOutcome::WrongCode | SignInOutcome::Throttled => {
                None
            }
        };
        let entry = &act.map(|act| self.account_deed(tenant, id, &id.to_string(), act));
        self.db
            .write("note_sign_in", Some(tenant), |txn| {
                Box::pin(async move {
                    sign_in::Entity::insert(attempt.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    let found = find(txn.db(), tenant, id).await?;
                    let found = found.ok_or_else(|| StoreError::not_found("account", id))?;
                    let step = found.totp_step.max(totp_step);
                    let mut row = found.into_active_model();
                    row.failures = Set(i64::from(throttle.failures));
                    row.shut_until = Set(throttle.shut_until.0);
                    row.totp_step = Set(step);
                    if matches!(outcome, SignInOutcome::Right | SignInOutcome::SingleSignOn) {
                        row.seen = Set(Some(now));
                    }
                    row.update(txn.db()).await?;
                    if let Some(entry) = entry {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// A person's attempts, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_ins(
        &self,
        tenant: TenantId,
        id: UserId,
        limit: u64,
    ) -> Result<Vec<SignIn>, StoreError> {
        let rows = self
            .db
            .read("sign_ins", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = sign_in::Entity::find()
                        .filter(sign_in::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(sign_in::Column::Account.eq(id.as_uuid()))
                        .order_by_desc(sign_in::Column::At)
                        .order_by_desc(sign_in::Column::Id)
                        .limit(limit);
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        rows.iter().map(attempt_of).collect()
    }

    async fn change(
        &self,
        deed: Entry,
        tenant: TenantId,
        id: UserId,
        alter: impl Fn(&mut row::ActiveModel) + Sync,
    ) -> Result<(), StoreError> {
        let (alter, deed) = (&alter, &deed);
        let keys = &*self.tenant_keys(tenant).await?;
        self.db
            .write("change_account", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = find(txn.db(), tenant, id).await?;
                    let mut account = found
                        .ok_or_else(|| StoreError::not_found("account", id))?
                        .into_active_model();
                    alter(&mut account);
                    account.update(txn.db()).await?;
                    self.append(txn.db(), keys, deed).await?;
                    Ok(())
                })
            })
            .await
    }

    /// An entry about an account, its sessions or its standing.
    fn account_deed(&self, tenant: TenantId, id: UserId, by: &str, act: &str) -> Entry {
        let mut entry = Entry::new(EntryKind::Account, self.clock.now(), by, act);
        entry.tenant = (tenant != TenantId::INSTALLATION).then_some(tenant);
        entry.resource = Some(id.to_string());
        entry
    }

    async fn account_of(&self, found: Option<row::Model>) -> Result<Option<Account>, StoreError> {
        let Some(row) = found else {
            return Ok(None);
        };
        let keys = self.tenant_keys(TenantId::from_uuid(row.tenant)).await?;
        account_of(&keys, row).map(Some)
    }
}

async fn find(
    txn: &sea_orm::DatabaseTransaction,
    tenant: TenantId,
    id: UserId,
) -> Result<Option<row::Model>, StoreError> {
    let query =
        row::Entity::find_by_id(id.as_uuid()).filter(row::Column::Tenant.eq(tenant.as_uuid()));
    Ok(query.one(txn).await?)
}

fn account_of(keys: &TenantKeys, row: row::Model) -> Result<Account, StoreError> {
    let id = UserId::from_uuid(row.id);
    let profile = records::open_profile(keys, id, &row.profile)?;
    let comes_in = row.credentials.is_some() || row.sso.is_some();
    let standing = match (row.locked, comes_in) {
        (true, _) => Standing::Locked,
        (false, true) => Standing::Active,
        (false, false) => Standing::Invited,
    };
    Ok(Account {
        id,
        tenant: TenantId::from_uuid(row.tenant),
        mail: profile.mail,
        name: profile.name,
        reading: profile.reading,
        role: row.role.parse()?,
        standing,
        throttle: Throttle {
            failures: u32::try_from(row.failures).unwrap_or(u32::MAX),
            shut_until: Timestamp(row.shut_until),
        },
        totp_step: row.totp_step,
        invited_until: row.invite_until.map(Timestamp),
        created: Timestamp(row.created),
        seen: row.seen.map(Timestamp),
        linked: row.sso.is_some(),
    })
}

fn attempt_of(row: &sign_in::Model) -> Result<SignIn, StoreError> {
    let outcome = SignInOutcome::ALL
        .iter()
        .copied()
        .find(|outcome| outcome.key() == row.outcome);
    Ok(SignIn {
        at: Timestamp(row.at),
        outcome: outcome.ok_or_else(|| StoreError::record("sign-in", "its outcome is unknown"))?,
    })
}

/// The prefix keeps these hashes apart from those of sources under the same key.
fn login(keys: &TenantKeys, mail: &MailAddress) -> Vec<u8> {
    let text = format!("account\u{1f}{}", mail.expose());
    KeyedHash::new(keys.dedupe()).hash(text.as_bytes()).to_vec()
}

fn digest(secret: &Secret) -> Vec<u8> {
    Sha256::digest(secret.expose()).to_vec()
}

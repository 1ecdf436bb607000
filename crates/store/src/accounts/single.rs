//! Coming in by a tenant's own identity provider: its settings, sign-ins under way, and which
//! person there stands for which account. What is checked on the way is not decided here.

use domain::{Secret, TenantId, TenantRole, Timestamp, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::{Account, digest};
use crate::keys::{KeyedHash, TenantKeys};
use crate::ledger::{Entry, EntryKind};
use crate::rows::{sso_flow, sso_provider, user};
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError};

/// A tenant's identity provider and what its word is good for.
#[derive(Debug, Clone)]
pub struct SingleSignOn {
    /// Its issuer identifier, as in its discovery document.
    pub issuer: String,
    /// What it knows this installation by.
    pub client: String,
    /// What this installation shows it.
    pub secret: Secret,
    /// What people call it.
    pub label: String,
    /// Whether the sign-in page names it to everybody.
    pub listed: bool,
    /// Whether it is the only way in, for all but owners.
    pub only: bool,
    /// The claim that says a person's role.
    pub claim: Option<String>,
    /// Values of that claim, in order of preference, and the role each stands for.
    pub roles: Vec<(String, TenantRole)>,
    /// Mail domains whose people need no invitation.
    pub domains: Vec<String>,
    /// What those are there to do.
    pub domain_role: Option<TenantRole>,
}

/// A sign-in on its way to the provider and back.
#[derive(Debug, Clone)]
pub struct SsoFlow {
    /// Whose people.
    pub tenant: TenantId,
    /// What the identity token must carry.
    pub nonce: Secret,
    /// What the code was asked for with (PKCE).
    pub verifier: Secret,
    /// The cookie of the browser that began it.
    pub browser: Secret,
    /// When it is too late.
    pub until: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct SingleSignOnV1 {
    v: u16,
    issuer: String,
    client: String,
    secret: String,
    label: String,
    only: bool,
    claim: Option<String>,
    roles: Vec<(String, String)>,
    domains: Vec<String>,
    domain_role: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct FlowV1 {
    v: u16,
    nonce: String,
    verifier: String,
    browser: String,
}

impl Store {
    /// Sets a tenant's identity provider. `by` is the handle of who does, for the ledger.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Chance`].
    pub async fn set_single_sign_on(
        &self,
        tenant: TenantId,
        settings: &SingleSignOn,
        by: &str,
    ) -> Result<(), StoreError> {
        let keys = &*self.tenant_keys(tenant).await?;
        let row = &sso_provider::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            sealed: Set(self.sealed(keys, "sso_providers", "settings", &stored(settings))?),
            listed: Set(settings.listed),
            changed: Set(self.clock.now().0),
        };
        let entry = &self.provider_deed(tenant, by, "set_single_sign_on");
        self.db
            .write("set_single_sign_on", Some(tenant), |txn| {
                Box::pin(async move {
                    let replace = OnConflict::column(sso_provider::Column::Tenant)
                        .update_columns([
                            sso_provider::Column::Sealed,
                            sso_provider::Column::Listed,
                            sso_provider::Column::Changed,
                        ])
                        .to_owned();
                    sso_provider::Entity::insert(row.clone())
                        .on_conflict(replace)
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes a tenant's identity provider away; whose account it opened needs a password again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it has none.
    pub async fn drop_single_sign_on(&self, tenant: TenantId, by: &str) -> Result<(), StoreError> {
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.provider_deed(tenant, by, "drop_single_sign_on");
        self.db
            .write("drop_single_sign_on", Some(tenant), |txn| {
                Box::pin(async move {
                    let gone = sso_provider::Entity::delete_by_id(tenant.as_uuid())
                        .exec(txn.db())
                        .await?;
                    if gone.rows_affected == 0 {
                        return Err(StoreError::not_found("identity provider of", tenant));
                    }
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// A tenant's identity provider, where it has one.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Seal`].
    pub async fn single_sign_on(
        &self,
        tenant: TenantId,
    ) -> Result<Option<SingleSignOn>, StoreError> {
        let found = self
            .db
            .read("single_sign_on", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = sso_provider::Entity::find_by_id(tenant.as_uuid());
                    Ok(query.one(txn.db()).await?)
                })
            })
            .await?;
        match found {
            Some(row) => Ok(Some(self.settings_of(row).await?)),
            None => Ok(None),
        }
    }

    /// The identity providers that the sign-in page names.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Seal`].
    pub async fn listed_single_sign_on(&self) -> Result<Vec<(TenantId, SingleSignOn)>, StoreError> {
        let rows = self
            .db
            .read("listed_single_sign_on", None, |txn| {
                Box::pin(async move {
                    let query = sso_provider::Entity::find()
                        .filter(sso_provider::Column::Listed.eq(true))
                        .order_by_asc(sso_provider::Column::Tenant);
                    Ok(query.all(txn.db()).await?)
                })
            })
            .await?;
        let mut listed = Vec::with_capacity(rows.len());
        for row in rows {
            let tenant = TenantId::from_uuid(row.tenant);
            listed.push((tenant, self.settings_of(row).await?));
        }
        Ok(listed)
    }

    /// Remembers a sign-in under way, and forgets those that are too late.
    ///
    /// # Errors
    /// [`StoreError::Database`], [`StoreError::Chance`].
    pub async fn begin_sso_flow(&self, state: &Secret, flow: &SsoFlow) -> Result<(), StoreError> {
        let keys = self.tenant_keys(flow.tenant).await?;
        let kept = FlowV1 {
            v: 1,
            nonce: flow.nonce.expose().to_owned(),
            verifier: flow.verifier.expose().to_owned(),
            browser: flow.browser.expose().to_owned(),
        };
        let hash = digest(state);
        let row = &sso_flow::ActiveModel {
            sealed: Set(self.sealed(&keys, "sso_flows", &hex::encode(&hash), &kept)?),
            state: Set(hash),
            tenant: Set(flow.tenant.as_uuid()),
            until: Set(flow.until.0),
        };
        let now = self.clock.now().0;
        self.db
            .write("begin_sso_flow", None, |txn| {
                Box::pin(async move {
                    sso_flow::Entity::delete_many()
                        .filter(sso_flow::Column::Until.lt(now))
                        .exec(txn.db())
                        .await?;
                    sso_flow::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Uses a sign-in under way up: the same state a second time is nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Seal`].
    pub async fn take_sso_flow(&self, state: &Secret) -> Result<Option<SsoFlow>, StoreError> {
        // The lookup is by the hash of 256 random bits: its timing tells nothing about the state.
        let hash = &digest(state);
        let found = self
            .db
            .write("take_sso_flow", None, |txn| {
                Box::pin(async move {
                    let query = sso_flow::Entity::find_by_id(hash.clone());
                    let Some(found) = query.one(txn.db()).await? else {
                        return Ok(None);
                    };
                    let gone = sso_flow::Entity::delete_by_id(hash.clone())
                        .exec(txn.db())
                        .await?;
                    Ok((gone.rows_affected == 1).then_some(found))
                })
            })
            .await?;
        let Some(found) = found.filter(|row| row.until > self.clock.now().0) else {
            return Ok(None);
        };
        let tenant = TenantId::from_uuid(found.tenant);
        let keys = self.tenant_keys(tenant).await?;
        let kept: FlowV1 = opened(&keys, "sso_flows", &hex::encode(hash), &found.sealed)?;
        known(kept.v)?;
        Ok(Some(SsoFlow {
            tenant,
            nonce: Secret::new(kept.nonce),
            verifier: Secret::new(kept.verifier),
            browser: Secret::new(kept.browser),
            until: Timestamp(found.until),
        }))
    }

    /// The account that a person at a provider stands for.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_subject(
        &self,
        tenant: TenantId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Account>, StoreError> {
        let wanted = &subject_hash(&*self.tenant_keys(tenant).await?, issuer, subject);
        let found = self
            .db
            .read("account_by_subject", Some(tenant), |txn| {
                Box::pin(async move {
                    let query = user::Entity::find()
                        .filter(user::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(user::Column::Sso.eq(wanted.clone()));
                    Ok(query.one(txn.db()).await?)
                })
            })
            .await?;
        self.account_of(found).await
    }

    /// Lets a person at a provider stand for an account from now on; an open invitation is used up.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn link_subject(
        &self,
        tenant: TenantId,
        id: UserId,
        issuer: &str,
        subject: &str,
    ) -> Result<(), StoreError> {
        let hash = subject_hash(&*self.tenant_keys(tenant).await?, issuer, subject);
        let hash = &hash;
        let deed = self.account_deed(tenant, id, &id.to_string(), "link");
        self.change(deed, tenant, id, |account| {
            account.sso = Set(Some(hash.clone()));
            account.invite = Set(None);
            account.invite_until = Set(None);
        })
        .await
    }

    async fn settings_of(&self, row: sso_provider::Model) -> Result<SingleSignOn, StoreError> {
        let keys = self.tenant_keys(TenantId::from_uuid(row.tenant)).await?;
        let kept: SingleSignOnV1 = opened(&keys, "sso_providers", "settings", &row.sealed)?;
        known(kept.v)?;
        let roles: Result<Vec<_>, StoreError> = kept
            .roles
            .into_iter()
            .map(|(value, role)| Ok((value, role.parse()?)))
            .collect();
        Ok(SingleSignOn {
            issuer: kept.issuer,
            client: kept.client,
            secret: Secret::new(kept.secret),
            label: kept.label,
            listed: row.listed,
            only: kept.only,
            claim: kept.claim,
            roles: roles?,
            domains: kept.domains,
            domain_role: kept.domain_role.map(|role| role.parse()).transpose()?,
        })
    }

    fn sealed(
        &self,
        keys: &TenantKeys,
        table: &str,
        row: &str,
        stored: &impl Serialize,
    ) -> Result<Vec<u8>, StoreError> {
        let plain = serde_json::to_vec(stored)
            .map_err(|_| StoreError::record("single sign-on", "it has no stored form"))?;
        let plain = zeroize::Zeroizing::new(plain);
        let at = address(keys, table, row);
        Ok(seal(keys.records(), &at, &plain, &*self.chance)?)
    }

    /// An entry about a tenant's identity provider.
    fn provider_deed(&self, tenant: TenantId, by: &str, act: &str) -> Entry {
        let mut entry = Entry::new(EntryKind::Account, self.clock.now(), by, act);
        entry.tenant = Some(tenant);
        entry.resource = Some(tenant.to_string());
        entry
    }
}

fn stored(settings: &SingleSignOn) -> SingleSignOnV1 {
    SingleSignOnV1 {
        v: 1,
        issuer: settings.issuer.clone(),
        client: settings.client.clone(),
        secret: settings.secret.expose().to_owned(),
        label: settings.label.clone(),
        only: settings.only,
        claim: settings.claim.clone(),
        roles: settings
            .roles
            .iter()
            .map(|(value, role)| (value.clone(), role.key().to_owned()))
            .collect(),
        domains: settings.domains.clone(),
        domain_role: settings.domain_role.map(|role| role.key().to_owned()),
    }
}

fn opened<T: serde::de::DeserializeOwned>(
    keys: &TenantKeys,
    table: &str,
    row: &str,
    sealed: &[u8],
) -> Result<T, StoreError> {
    let plain = open(keys.records(), &address(keys, table, row), sealed)?;
    serde_json::from_slice(&plain)
        .map_err(|_| StoreError::record("single sign-on", "its stored form cannot be read"))
}

fn known(version: u16) -> Result<(), StoreError> {
    if version == 1 {
        return Ok(());
    }
    let problem = format!("version {version} is not known to this program");
    Err(StoreError::record("single sign-on", problem))
}

fn address<'a>(keys: &TenantKeys, table: &'a str, row: &'a str) -> Address<'a> {
    Address {
        tenant: keys.tenant(),
        table,
        row,
        column: "sealed",
    }
}

/// The prefix keeps these hashes apart from those of addresses and sources under the same key.
fn subject_hash(keys: &TenantKeys, issuer: &str, subject: &str) -> Vec<u8> {
    let text = format!("subject\u{1f}{issuer}\u{1f}{subject}");
    KeyedHash::new(keys.dedupe()).hash(text.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 1 as it was first written: it must stay readable.
    #[test]
    fn version_1_stays_readable() {
        let kept: SingleSignOnV1 = serde_json::from_str(
            r#"{"v":1,"issuer":"https://id.example","client":"c","secret":"s","label":"Acme",
                "only":false,"claim":"groups","roles":[["qa","analyst"]],"domains":["a.example"],
                "domain_role":"agent"}"#,
        )
        .unwrap();
        assert_eq!((kept.v, kept.roles.len()), (1, 1));
        let flow: FlowV1 =
            serde_json::from_str(r#"{"v":1,"nonce":"n","verifier":"p","browser":"b"}"#).unwrap();
        assert!(known(flow.v).is_ok() && known(2).is_err());
    }
}

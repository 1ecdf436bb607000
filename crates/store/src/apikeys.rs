//! Machine credentials: a random token shown once, of which only a hash is kept.

use domain::{ApiKeyId, Purpose, Secret, TenantId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::ledger::{Entry, EntryKind};
use crate::rows::api_key as row;
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError};

/// What a token starts with, so that scanners for leaked secrets can know it.
const PREFIX: &str = "privity_";

/// A machine credential to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// Whose.
    pub tenant: TenantId,
    /// What it is called; sealed at rest.
    pub label: String,
    /// What it may be used for.
    pub purposes: Vec<Purpose>,
}

/// A machine credential without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// Which.
    pub id: ApiKeyId,
    /// Whose.
    pub tenant: TenantId,
    /// What it is called.
    pub label: String,
    /// What it may be used for.
    pub purposes: Vec<Purpose>,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is no longer good.
    pub revoked: Option<Timestamp>,
}

impl Store {
    /// Makes a key; the token is returned once and never again. `by`: the handle of who makes it.
    ///
    /// # Errors
    /// [`StoreError::Chance`], [`StoreError::Database`], [`StoreError::Ledger`].
    pub async fn add_api_key(
        &self,
        new: &NewApiKey,
        by: &str,
    ) -> Result<(ApiKeyId, Secret), StoreError> {
        let id = ApiKeyId::from_uuid(self.timed_uuid()?);
        let mut bytes = Zeroizing::new([0u8; 32]);
        self.chance.fill(&mut *bytes)?;
        let token = Secret::new(format!("{PREFIX}{}", hex::encode(*bytes)));
        let keys = self.tenant_keys(new.tenant).await?;
        let row = id.to_string();
        let label = seal(
            keys.records(),
            &label(new.tenant, &row),
            new.label.as_bytes(),
            &*self.chance,
        )?;
        let purposes: Vec<&str> = new.purposes.iter().map(|purpose| purpose.key()).collect();
        let key = &row::ActiveModel {
            id: Set(id.as_uuid()),
            tenant: Set(new.tenant.as_uuid()),
            label: Set(label),
            purposes: Set(purposes.join(" ")),
            hash: Set(hash(&token)),
            created: Set(self.clock.now().0),
            revoked: Set(None),
        };
        let entry = &self.api_key_deed(new.tenant, id, by, "add api key");
        let keys = &*keys;
        self.db
            .write("add_api_key", Some(new.tenant), |txn| {
                Box::pin(async move {
                    row::Entity::insert(key.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await?;
        Ok((id, token))
    }

    /// The key of a token; `None` where it is unknown or revoked.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn api_key_by_token(
        &self,
        token: &Secret,
    ) -> Result<Option<ApiKeyRecord>, StoreError> {
        // The lookup is by the hash of 256 random bits: its timing tells nothing about the token.
        let wanted = &hash(token);
        let found = self
            .db
            .read("api_key_by_token", None, |txn| {
                Box::pin(async move {
                    let found = row::Entity::find()
                        .filter(row::Column::Hash.eq(wanted.clone()))
                        .filter(row::Column::Revoked.is_null())
                        .one(txn.db())
                        .await?;
                    Ok(found)
                })
            })
            .await?;
        match found {
            Some(row) => Ok(Some(self.api_key_of(row).await?)),
            None => Ok(None),
        }
    }

    /// A tenant's keys, revoked ones too, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn api_keys(&self, tenant: TenantId) -> Result<Vec<ApiKeyRecord>, StoreError> {
        let rows = self
            .db
            .read("api_keys", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .order_by_asc(row::Column::Created)
                        .order_by_asc(row::Column::Id)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            keys.push(self.api_key_of(row).await?);
        }
        Ok(keys)
    }

    /// Makes a key useless from now on. `by`: the handle of who revokes it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the tenant has no such key in use, [`StoreError::Ledger`].
    pub async fn revoke_api_key(
        &self,
        tenant: TenantId,
        id: ApiKeyId,
        by: &str,
    ) -> Result<(), StoreError> {
        let now = self.clock.now().0;
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.api_key_deed(tenant, id, by, "revoke api key");
        let revoked = self
            .db
            .write("revoke_api_key", Some(tenant), |txn| {
                Box::pin(async move {
                    let done = row::Entity::update_many()
                        .col_expr(row::Column::Revoked, Expr::value(now))
                        .filter(row::Column::Id.eq(id.as_uuid()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Revoked.is_null())
                        .exec(txn.db())
                        .await?;
                    if done.rows_affected == 1 {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(done.rows_affected)
                })
            })
            .await?;
        if revoked == 1 {
            Ok(())
        } else {
            Err(StoreError::not_found("api key", id))
        }
    }

    fn api_key_deed(&self, tenant: TenantId, id: ApiKeyId, by: &str, act: &str) -> Entry {
        let mut entry = Entry::new(EntryKind::Account, self.clock.now(), by, act);
        entry.tenant = Some(tenant);
        entry.resource = Some(id.to_string());
        entry
    }

    async fn api_key_of(&self, row: row::Model) -> Result<ApiKeyRecord, StoreError> {
        let (id, tenant) = (ApiKeyId::from_uuid(row.id), TenantId::from_uuid(row.tenant));
        let purposes: Result<_, _> = row.purposes.split_whitespace().map(str::parse).collect();
        let keys = self.tenant_keys(tenant).await?;
        let opened = open(keys.records(), &label(tenant, &id.to_string()), &row.label)?;
        Ok(ApiKeyRecord {
            id,
            tenant,
            label: String::from_utf8_lossy(&opened).into_owned(),
            purposes: purposes?,
            created: Timestamp(row.created),
            revoked: row.revoked.map(Timestamp),
        })
    }
}

const fn label(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "api_keys",
        row,
        column: "label",
    }
}

fn hash(token: &Secret) -> Vec<u8> {
    Sha256::digest(token.expose()).to_vec()
}

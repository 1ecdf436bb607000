//! Who is signed in. A session is found by the hash of its token and names its holder; whether
//! the holder may still come in is asked at each request by whoever reads it.

use std::fmt;
use std::str::FromStr;

use domain::{ApiKeyId, IdError, Millis, Secret, TenantId, TenantRole, Timestamp, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::digest;
use crate::rows::session as row;
use crate::{Store, StoreError};

/// A session's last use is written no oftener than this: reading a page is not a write.
const TOUCH: Millis = Millis(60_000);

/// Who holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person with an account.
    User(UserId),
    /// Somebody who showed an API key.
    Key(ApiKeyId),
    /// Somebody at this machine who was let in as a role (the demo's code).
    Guest(TenantRole),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "{id}"),
            Self::Key(id) => write!(f, "{id}"),
            Self::Guest(role) => write!(f, "guest_{role}"),
        }
    }
}

impl FromStr for Holder {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if let Some(role) = text.strip_prefix("guest_") {
            return Ok(Self::Guest(role.parse()?));
        }
        text.parse()
            .map(Self::User)
            .or_else(|_| text.parse().map(Self::Key))
    }
}

/// A session in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Whose tenant.
    pub tenant: TenantId,
    /// Who.
    pub holder: Holder,
    /// When it began.
    pub created: Timestamp,
}

impl Store {
    /// Begins a session; only the token's hash is kept.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_session(
        &self,
        token: &Secret,
        tenant: TenantId,
        holder: Holder,
    ) -> Result<(), StoreError> {
        let now = self.clock.now().0;
        let session = &row::ActiveModel {
            hash: Set(digest(token)),
            tenant: Set(tenant.as_uuid()),
            holder: Set(holder.to_string()),
            created: Set(now),
            seen: Set(now),
        };
        self.db
            .write("open_session", Some(tenant), |txn| {
                Box::pin(async move {
                    row::Entity::insert(session.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// The session of a token, unless it lay idle or lasted too long; its use is noted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn session(
        &self,
        token: &Secret,
        idle: Millis,
        longest: Millis,
    ) -> Result<Option<Session>, StoreError> {
        let (hash, now) = (&digest(token), self.clock.now());
        let found = self
            .db
            .read("session", None, |txn| {
                Box::pin(
                    async move { Ok(row::Entity::find_by_id(hash.clone()).one(txn.db()).await?) },
                )
            })
            .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let unused = now.since(Timestamp(found.seen));
        if unused >= idle || now.since(Timestamp(found.created)) >= longest {
            self.end_session(token).await?;
            return Ok(None);
        }
        if unused >= TOUCH {
            self.touch(hash, now).await?;
        }
        Ok(Some(Session {
            tenant: TenantId::from_uuid(found.tenant),
            holder: found.holder.parse()?,
            created: Timestamp(found.created),
        }))
    }

    /// Ends one session; of an unknown token nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_session(&self, token: &Secret) -> Result<(), StoreError> {
        let hash = &digest(token);
        self.db
            .write("end_session", None, |txn| {
                Box::pin(async move {
                    row::Entity::delete_by_id(hash.clone())
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Ends every session of a holder and says how many there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_sessions_of(
        &self,
        tenant: TenantId,
        holder: Holder,
    ) -> Result<u64, StoreError> {
        let keys = &*self.tenant_keys(tenant).await?;
        let deed = &match holder {
            Holder::User(id) => {
                Some(self.account_deed(tenant, id, &id.to_string(), "sign_out_everywhere"))
            }
            Holder::Key(_) | Holder::Guest(_) => None,
        };
        let holder = &holder.to_string();
        self.db
            .write("end_sessions_of", Some(tenant), |txn| {
                Box::pin(async move {
                    let ended = row::Entity::delete_many()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Holder.eq(holder.clone()))
                        .exec(txn.db())
                        .await?;
                    if let Some(deed) = deed.as_ref().filter(|_| ended.rows_affected > 0) {
                        self.append(txn.db(), keys, deed).await?;
                    }
                    Ok(ended.rows_affected)
                })
            })
            .await
    }

    async fn touch(&self, hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.db
            .write("touch_session", None, |txn| {
                Box::pin(async move {
                    row::Entity::update_many()
                        .col_expr(row::Column::Seen, Expr::value(now.0))
                        .filter(row::Column::Hash.eq(hash.to_vec()))
                        .exec(txn.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_holder_survives_its_text_form() {
        for holder in [
            Holder::User(UserId::from_uuid(Uuid::from_u128(1))),
            Holder::Key(ApiKeyId::from_uuid(Uuid::from_u128(2))),
            Holder::Guest(TenantRole::Analyst),
        ] {
            assert_eq!(holder.to_string().parse(), Ok(holder));
        }
        assert!("guest_king".parse::<Holder>().is_err());
    }
}

//! The privacy desk's registers: recipients, disclosures, holds, requests, orders, retention.
//!
//! A record is a shape of `app`'s, stored as JSON with its version and sealed under its tenant's
//! key; its state and clock are plain columns, so that what is due is found without opening
//! anything. Each entry and each change writes a leaf in the same transaction. The operator's own
//! registers stand under the nil tenant and a key of their own.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use domain::{
    AlertRouteId, AssignmentId, BreachId, BreakGlassId, CalibrationId, CaseId, CorrectionId,
    DataCategory, DisclosureId, FillingId, HoldId, InquiryId, InteractionId, LeafIndex, MomentId,
    ObligationId, OrderId, Purpose, RecipientId, ReleaseId, RequestId, RetentionRuleId,
    RetentionRunId, RightsAgentId, SamplingId, SavedViewId, SuccessionId, TenantId, Timestamp,
    TopicRunId, WatchedSourceId,
};
use policy::{Action, Desk, Disclose, Find, Permit, Read, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::keys::{Key, KeyContext, KeyKind, TenantKeys, WrappedKey};
use crate::ledger::{Entry, EntryKind};
use crate::rows::{desk_key, register as row};
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError};

/// Kinds of data that registers hold.
const HELD: &[DataCategory] = &[DataCategory::Contact, DataCategory::InteractionMetadata];
/// The version that records are written in.
const VERSION: u16 = 1;

/// An id of a register's records.
pub trait RecordKey: Copy + Display + FromStr + Send + Sync + 'static {
    /// Wraps the raw form.
    fn wrap(uuid: Uuid) -> Self;
    /// The raw form.
    fn raw(&self) -> Uuid;
}

macro_rules! record_keys {
    ($($id:ident),* $(,)?) => {$(
        impl RecordKey for $id {
            fn wrap(uuid: Uuid) -> Self {
                Self::from_uuid(uuid)
            }
            fn raw(&self) -> Uuid {
                self.as_uuid()
            }
        }
    )*};
}

record_keys!(
    AlertRouteId,
    AssignmentId,
    BreachId,
    BreakGlassId,
    CalibrationId,
    CaseId,
    CorrectionId,
    DisclosureId,
    FillingId,
    HoldId,
    InquiryId,
    MomentId,
    ObligationId,
    OrderId,
    RecipientId,
    ReleaseId,
    RequestId,
    RetentionRuleId,
    RetentionRunId,
    RightsAgentId,
    SamplingId,
    SavedViewId,
    SuccessionId,
    TopicRunId,
    WatchedSourceId,
);

/// What a register keeps.
pub trait Registered: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What its records are known by.
    type Id: RecordKey;
    /// The register's name: a stored format.
    const REGISTER: &'static str;
    /// Whether records name persons; then each reading of them is on the ledger.
    const PERSONAL: bool;

    /// Where the record is on its way; a plain word.
    fn state(&self) -> &'static str;

    /// When somebody must act on it.
    fn due(&self) -> Option<Timestamp> {
        None
    }
}

/// A record as it lies in its register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed<R: Registered> {
    /// Which.
    pub id: R::Id,
    /// Whose register.
    pub tenant: TenantId,
    /// When it was entered.
    pub filed: Timestamp,
    /// How often it was changed; a change names the one it saw.
    pub revision: i64,
    /// What it says.
    pub body: R,
}

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    v: u16,
    data: T,
}

impl Store {
    /// Enters a record in a register of the permit's tenant.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where it is not for keeping registers, [`StoreError::Database`].
    pub async fn file<R: Registered>(
        &self,
        permit: &Permit<Seal, Desk>,
        body: &R,
    ) -> Result<R::Id, StoreError> {
        let id = R::Id::wrap(self.timed_uuid()?);
        self.file_as(permit, id, body).await
    }

    /// Enters a record under the number that it had elsewhere.
    ///
    /// # Errors
    /// As [`Store::file`]; [`StoreError::Database`] also where the number is taken.
    pub async fn file_as<R: Registered>(
        &self,
        permit: &Permit<Seal, Desk>,
        id: R::Id,
        body: &R,
    ) -> Result<R::Id, StoreError> {
        self.keeps_registers(permit)?;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let row = &self.register_row(keys, id, body, self.clock.now())?;
        let entry = &self.register_deed::<R, Seal>(permit, EntryKind::Filed, Some(id));
        self.db
            .write("file", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    row::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(id)
                })
            })
            .await
    }

    /// Enters a disclosure under the permit that allows it: the row and the leaf are there before
    /// a byte leaves. Returns the leaf, too.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where it has expired, [`StoreError::Database`].
    pub async fn file_disclosure<R: Registered>(
        &self,
        permit: &Permit<Disclose, InteractionId>,
        body: &R,
    ) -> Result<(R::Id, LeafIndex), StoreError> {
        let now = self.clock.now();
        for category in permit.categories() {
            permit.check(*category, now)?;
        }
        let id = R::Id::wrap(self.timed_uuid()?);
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let row = &self.register_row(keys, id, body, now)?;
        let entry = &self.deed(permit, EntryKind::Disclosed);
        self.db
            .write("file_disclosure", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    row::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok((id, self.append(txn.db(), keys, entry).await?))
                })
            })
            .await
    }

    /// Changes a record that was seen at a revision.
    ///
    /// # Errors
    /// [`StoreError::Changed`] where somebody else changed it meanwhile.
    pub async fn amend<R: Registered>(
        &self,
        permit: &Permit<Seal, Desk>,
        seen: &Filed<R>,
        body: &R,
    ) -> Result<LeafIndex, StoreError> {
        self.keeps_registers(permit)?;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let entry = &self.register_deed::<R, Seal>(permit, EntryKind::Filed, Some(seen.id));
        let change = &Change::new(self, keys, seen, body)?;
        self.db
            .write("amend", Some(permit.tenant()), |txn| {
                Box::pin(async move {
                    change.apply(txn.db()).await?;
                    self.append(txn.db(), keys, entry).await
                })
            })
            .await
    }

    /// One record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Permit`].
    pub async fn filed<R: Registered>(
        &self,
        permit: &Permit<Read, Desk>,
        id: R::Id,
    ) -> Result<Filed<R>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.register_deed::<R, Read>(permit, EntryKind::Opened, Some(id));
        let row = self
            .db
            .write("filed", Some(tenant), |txn| {
                Box::pin(async move {
                    let key = (tenant.as_uuid(), R::REGISTER.to_owned(), id.raw());
                    let found = row::Entity::find_by_id(key).one(txn.db()).await?;
                    let found = found.ok_or_else(|| StoreError::not_found(R::REGISTER, id))?;
                    if R::PERSONAL {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(found)
                })
            })
            .await?;
        read_row(keys, row)
    }

    /// A register's records in any of the states (or all), newest first; with `due`, only those
    /// that are due by then.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn register<R: Registered>(
        &self,
        permit: &Permit<Find, Desk>,
        states: &[&str],
        due: Option<Timestamp>,
        limit: u64,
    ) -> Result<Vec<Filed<R>>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.register_deed::<R, Find>(permit, EntryKind::Found, None);
        let wanted = &Wanted {
            tenant,
            register: R::REGISTER,
            states,
            due,
            limit,
        };
        let rows = if R::PERSONAL {
            self.db
                .write("register", Some(tenant), |txn| {
                    Box::pin(async move {
                        let rows = wanted.rows(txn.db()).await?;
                        if !rows.is_empty() {
                            let counted = Entry {
                                count: u64::try_from(rows.len()).ok(),
                                ..entry.clone()
                            };
                            self.append(txn.db(), keys, &counted).await?;
                        }
                        Ok(rows)
                    })
                })
                .await?
        } else {
            self.db
                .read("register", Some(tenant), |txn| {
                    Box::pin(async move { wanted.rows(txn.db()).await })
                })
                .await?
        };
        rows.into_iter().map(|row| read_row(keys, row)).collect()
    }

    /// How many records a register has in which state. Nothing is opened.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn register_counts<R: Registered>(
        &self,
        tenant: TenantId,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let counted: Vec<(String, i64)> = self
            .db
            .read("register_counts", Some(tenant), |txn| {
                Box::pin(async move {
                    let counted = row::Entity::find()
                        .select_only()
                        .column(row::Column::State)
                        .column_as(row::Column::Id.count(), "n")
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Register.eq(R::REGISTER))
                        .group_by(row::Column::State)
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    Ok(counted)
                })
            })
            .await?;
        let counted = counted.into_iter();
        Ok(counted
            .map(|(state, n)| (state, u64::try_from(n).unwrap_or(0)))
            .collect())
    }

    /// The keys of the operator's own registers; made at first use.
    pub(crate) async fn desk_keys(&self) -> Result<TenantKeys, StoreError> {
        let kept = self.desk_key_row().await?;
        let row = match kept {
            Some(row) => row,
            None => {
                let id = self.random_uuid()?;
                let key = Key::generate(&*self.chance)?;
                let context = KeyContext::installation(KeyKind::Desk, id);
                let wrapped = self.provider.wrap(&key, &context).await?;
                let made = &desk_key::ActiveModel {
                    id: Set(id),
                    wrapped: Set(wrapped.0),
                };
                self.db
                    .write("make_desk_key", None, |txn| {
                        Box::pin(async move {
                            // Another process may have been first; the oldest row counts for all.
                            if desk_key::Entity::find().one(txn.db()).await?.is_none() {
                                desk_key::Entity::insert(made.clone())
                                    .exec_without_returning(txn.db())
                                    .await?;
                            }
                            Ok(())
                        })
                    })
                    .await?;
                let row = self.desk_key_row().await?;
                row.ok_or_else(|| StoreError::not_found("key", "desk"))?
            }
        };
        let context = KeyContext::installation(KeyKind::Desk, row.id);
        let key = self
            .provider
            .unwrap(&WrappedKey(row.wrapped), &context)
            .await?;
        Ok(TenantKeys::derive(TenantId::INSTALLATION, &key)?)
    }

    async fn desk_key_row(&self) -> Result<Option<desk_key::Model>, StoreError> {
        self.db
            .read("desk_key", None, |txn| {
                Box::pin(async move {
                    let first = desk_key::Entity::find().order_by_asc(desk_key::Column::Id);
                    Ok(first.one(txn.db()).await?)
                })
            })
            .await
    }

    /// Whether a permit is for keeping registers and covers what they hold.
    pub(crate) fn keeps_registers<A: Action>(
        &self,
        permit: &Permit<A, Desk>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        for category in HELD {
            permit.check(*category, now)?;
        }
        if permit.purpose() == Purpose::Governance {
            Ok(())
        } else {
            Err(StoreError::WrongPermit {
                name: "the registers".to_owned(),
            })
        }
    }

    /// An entry about a record of a register.
    pub(crate) fn register_deed<R: Registered, A: Action>(
        &self,
        permit: &Permit<A, Desk>,
        kind: EntryKind,
        id: Option<R::Id>,
    ) -> Entry {
        let mut entry = self.deed(permit, kind);
        entry.resource = Some(id.map_or_else(|| R::REGISTER.to_owned(), |id| id.to_string()));
        entry
    }

    pub(crate) fn register_row<R: Registered>(
        &self,
        keys: &TenantKeys,
        id: R::Id,
        body: &R,
        filed: Timestamp,
    ) -> Result<row::ActiveModel, StoreError> {
        Ok(row::ActiveModel {
            tenant: Set(keys.tenant().as_uuid()),
            register: Set(R::REGISTER.to_owned()),
            id: Set(id.raw()),
            state: Set(body.state().to_owned()),
            filed: Set(filed.0),
            due: Set(body.due().map(|at| at.0)),
            revision: Set(0),
            sealed: Set(self.seal_body(keys, id, body)?),
        })
    }

    fn seal_body<R: Registered>(
        &self,
        keys: &TenantKeys,
        id: R::Id,
        body: &R,
    ) -> Result<Vec<u8>, StoreError> {
        let stored = Stored {
            v: VERSION,
            data: body,
        };
        let plain = serde_json::to_vec(&stored)
            .map_err(|_| StoreError::record(R::REGISTER, "it cannot be written"))?;
        let plain = Zeroizing::new(plain);
        let name = id.to_string();
        let place = address(keys.tenant(), R::REGISTER, &name);
        Ok(seal(keys.records(), &place, &plain, &*self.chance)?)
    }
}

/// Which records of a register.
struct Wanted<'a> {
    tenant: TenantId,
    register: &'static str,
    states: &'a [&'a str],
    due: Option<Timestamp>,
    limit: u64,
}

impl Wanted<'_> {
    async fn rows(&self, txn: &DatabaseTransaction) -> Result<Vec<row::Model>, StoreError> {
        let mut query = row::Entity::find()
            .filter(row::Column::Tenant.eq(self.tenant.as_uuid()))
            .filter(row::Column::Register.eq(self.register));
        if !self.states.is_empty() {
            query = query.filter(row::Column::State.is_in(self.states.iter().copied()));
        }
        if let Some(due) = self.due {
            query = query.filter(row::Column::Due.lte(due.0));
        }
        Ok(query
            .order_by_desc(row::Column::Filed)
            .order_by_desc(row::Column::Id)
            .limit(self.limit)
            .all(txn)
            .await?)
    }
}

/// A change of a record that was seen at a revision.
pub(crate) struct Change {
    key: (Uuid, String, Uuid),
    revision: i64,
    name: String,
    state: &'static str,
    due: Option<i64>,
    sealed: Vec<u8>,
}

impl Change {
    pub(crate) fn new<R: Registered>(
        store: &Store,
        keys: &TenantKeys,
        seen: &Filed<R>,
        body: &R,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            key: (
                keys.tenant().as_uuid(),
                R::REGISTER.to_owned(),
                seen.id.raw(),
            ),
            revision: seen.revision,
            name: seen.id.to_string(),
            state: body.state(),
            due: body.due().map(|at| at.0),
            sealed: store.seal_body(keys, seen.id, body)?,
        })
    }

    pub(crate) async fn apply(&self, txn: &DatabaseTransaction) -> Result<(), StoreError> {
        let (tenant, register, id) = self.key.clone();
        let changed = row::Entity::update_many()
            .col_expr(row::Column::State, Expr::value(self.state))
            .col_expr(row::Column::Due, Expr::value(self.due))
            .col_expr(row::Column::Revision, Expr::value(self.revision + 1))
            .col_expr(row::Column::Sealed, Expr::value(self.sealed.clone()))
            .filter(row::Column::Tenant.eq(tenant))
            .filter(row::Column::Register.eq(register))
            .filter(row::Column::Id.eq(id))
            .filter(row::Column::Revision.eq(self.revision))
            .exec(txn)
            .await?;
        if changed.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Changed {
                name: self.name.clone(),
            })
        }
    }
}

fn read_row<R: Registered>(keys: &TenantKeys, row: row::Model) -> Result<Filed<R>, StoreError> {
    let id = R::Id::wrap(row.id);
    let name = id.to_string();
    let place = address(keys.tenant(), R::REGISTER, &name);
    let plain = open(keys.records(), &place, &row.sealed)?;
    let stored: Stored<R> = serde_json::from_slice(&plain).map_err(|error| {
        // The parser's own message may quote content.
        StoreError::record(R::REGISTER, format!("{:?} error", error.classify()))
    })?;
    if stored.v != VERSION {
        return Err(StoreError::record(
            R::REGISTER,
            format!("version {} is not known to this program", stored.v),
        ));
    }
    Ok(Filed {
        id,
        tenant: keys.tenant(),
        filed: Timestamp(row.filed),
        revision: row.revision,
        body: stored.data,
    })
}

const fn address<'a>(tenant: TenantId, register: &'a str, name: &'a str) -> Address<'a> {
    Address {
        tenant,
        table: "registers",
        row: name,
        column: register,
    }
}

//! What a tenant's people write about interactions, and what belongs to no single one: sessions,
//! plans, kept views.
//!
//! A note is a shape of `app`'s, stored as JSON with its version and sealed under a key of its
//! own; its state, its clock and the ids it names are plain columns. One of an interaction is
//! written under a permit for that interaction and goes with it. Agents are shown notes of the
//! interactions that they took part in, whatever they ask for.

use domain::{ActorKind, DataCategory, InteractionId, TenantId, TenantRole, Timestamp, UserId};
use policy::{Action, Find, Interactions, Permit, Read, Resource, Seal};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::{TenantKeys, WrappedKey};
use crate::ledger::{Entry, EntryKind};
use crate::registers::RecordKey;
use crate::rows::{interaction, note as row};
use crate::seal::{Address, open, seal};
use crate::{Store, StoreError, listing, reading};

/// The version that notes are written in.
const VERSION: u16 = 1;

/// What a note keeps.
pub trait Noted: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What such notes are known by.
    type Id: RecordKey;
    /// The kind's name: a stored format.
    const KIND: &'static str;
    /// What a permit to write one must cover.
    const HOLDS: &'static [DataCategory];

    /// Where it is on its way; a plain word.
    fn state(&self) -> &'static str;

    /// When somebody must act on it.
    fn due(&self) -> Option<Timestamp> {
        None
    }

    /// The form, session or plan that it belongs to, by id.
    fn about(&self) -> Option<String> {
        None
    }

    /// Whose turn it is, or whom it is about.
    fn person(&self) -> Option<UserId> {
        None
    }
}

/// A note as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<N: Noted> {
    /// Which.
    pub id: N::Id,
    /// Of which interaction, if of one.
    pub interaction: Option<InteractionId>,
    /// Handle of who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How often it was changed; a change names the one it saw.
    pub revision: i64,
    /// What it says.
    pub body: N,
}

/// Which notes of a kind, newest first.
#[derive(Debug, Clone, Default)]
pub struct NoteFilter<'a> {
    /// In any of these states; empty: in all.
    pub states: &'a [&'a str],
    /// Of this form, session or plan.
    pub about: Option<&'a str>,
    /// Of or for this person.
    pub person: Option<UserId>,
    /// Written by this handle.
    pub by: Option<&'a str>,
    /// Written at or after this instant.
    pub since: Option<Timestamp>,
    /// At most so many; 0: a thousand.
    pub limit: u64,
}

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    v: u16,
    data: T,
}

impl Store {
    /// Keeps a note of the permit's interaction, or of the tenant where the permit is for no
    /// single one.
    ///
    /// # Errors
    /// [`StoreError::Permit`] where it does not cover what such notes hold,
    /// [`StoreError::NotFound`] for an interaction that is gone.
    pub async fn note<R: Resource, N: Noted>(
        &self,
        permit: &Permit<Seal, R>,
        body: &N,
    ) -> Result<N::Id, StoreError> {
        let now = self.clock.now();
        for category in N::HOLDS {
            permit.check(*category, now)?;
        }
        let (tenant, about) = (permit.tenant(), permit.resource().interaction());
        let id = N::Id::wrap(self.timed_uuid()?);
        let keys = &*self.tenant_keys(tenant).await?;
        let (wrapped, sealed) = self.seal_note(keys, (id, about), body)?;
        let made = &row::ActiveModel {
            tenant: Set(tenant.as_uuid()),
            id: Set(id.raw()),
            kind: Set(N::KIND.to_owned()),
            interaction: Set(about.map(|id| id.as_uuid())),
            about: Set(body.about()),
            person: Set(body.person().map(|id| id.as_uuid())),
            actor: Set(permit.actor().handle.clone()),
            state: Set(body.state().to_owned()),
            created: Set(now.0),
            due: Set(body.due().map(|at| at.0)),
            revision: Set(0),
            wrapped_key: Set(wrapped.0),
            sealed: Set(sealed),
        };
        let entry = &self.note_deed(permit, EntryKind::Sealed, &id.to_string());
        self.db
            .write("note", Some(tenant), |txn| {
                Box::pin(async move {
                    if let Some(about) = about {
                        there(txn.db(), tenant, about, now).await?;
                    }
                    row::Entity::insert(made.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await?;
                    Ok(id)
                })
            })
            .await
    }

    /// Changes a note that was seen at a revision. What was sealed before is replaced.
    ///
    /// # Errors
    /// [`StoreError::WrongPermit`] where the permit is for another interaction,
    /// [`StoreError::Changed`] where somebody else changed it meanwhile.
    pub async fn amend_note<R: Resource, N: Noted>(
        &self,
        permit: &Permit<Seal, R>,
        seen: &Note<N>,
        body: &N,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::InteractionMetadata, self.clock.now())?;
        of_its_own(permit, seen)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let (wrapped, sealed) = &self.seal_note(keys, (seen.id, seen.interaction), body)?;
        let entry = &self.note_deed(permit, EntryKind::Sealed, &seen.id.to_string());
        let changed = &body;
        self.db
            .write("amend_note", Some(tenant), |txn| {
                Box::pin(async move {
                    let done = row::Entity::update_many()
                        .col_expr(row::Column::State, Expr::value(changed.state()))
                        .col_expr(row::Column::Due, Expr::value(changed.due().map(|at| at.0)))
                        .col_expr(
                            row::Column::Person,
                            Expr::value(changed.person().map(|id| id.as_uuid())),
                        )
                        .col_expr(row::Column::Revision, Expr::value(seen.revision + 1))
                        .col_expr(row::Column::WrappedKey, Expr::value(wrapped.0.clone()))
                        .col_expr(row::Column::Sealed, Expr::value(sealed.clone()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Id.eq(seen.id.raw()))
                        .filter(row::Column::Revision.eq(seen.revision))
                        .exec(txn.db())
                        .await?;
                    if done.rows_affected != 1 {
                        return Err(StoreError::Changed {
                            name: seen.id.to_string(),
                        });
                    }
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Takes a note away, with its key.
    ///
    /// # Errors
    /// [`StoreError::WrongPermit`], [`StoreError::NotFound`] where it is gone.
    pub async fn drop_note<R: Resource, N: Noted>(
        &self,
        permit: &Permit<Seal, R>,
        seen: &Note<N>,
    ) -> Result<(), StoreError> {
        permit.check(DataCategory::RedactedContent, self.clock.now())?;
        of_its_own(permit, seen)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.note_deed(permit, EntryKind::Purged, &seen.id.to_string());
        self.db
            .write("drop_note", Some(tenant), |txn| {
                Box::pin(async move {
                    let gone = row::Entity::delete_by_id((tenant.as_uuid(), seen.id.raw()))
                        .exec(txn.db())
                        .await?;
                    if gone.rows_affected == 0 {
                        return Err(StoreError::not_found("note", seen.id));
                    }
                    self.append(txn.db(), keys, entry).await?;
                    Ok(())
                })
            })
            .await
    }

    /// The notes of a kind of the permit's interaction, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::NotFound`],
    /// [`StoreError::Withheld`], [`StoreError::Seal`].
    pub async fn notes_of<N: Noted>(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Vec<Note<N>>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let entry = &self.deed(permit, EntryKind::Opened);
        let rows = self
            .db
            .write("notes_of", Some(tenant), |txn| {
                Box::pin(async move {
                    there(txn.db(), tenant, id, now).await?;
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Kind.eq(N::KIND))
                        .filter(row::Column::Interaction.eq(id.as_uuid()))
                        .order_by_asc(row::Column::Created)
                        .order_by_asc(row::Column::Id)
                        .all(txn.db())
                        .await?;
                    if !rows.is_empty() {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(rows)
                })
            })
            .await?;
        rows.into_iter().map(|row| read(keys, row)).collect()
    }

    /// Notes of a kind over all of the permit's tenant's interactions, newest first.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content and metadata; [`StoreError::Seal`].
    pub async fn notes<N: Noted>(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &NoteFilter<'_>,
    ) -> Result<Vec<Note<N>>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        permit.check(DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let base = &self.deed(permit, EntryKind::Found);
        let rows = self
            .db
            .write("notes", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = wanted::<N>(permit, filter, now).all(txn.db()).await?;
                    if !rows.is_empty() {
                        let entry = Entry {
                            count: u64::try_from(rows.len()).ok(),
                            ..base.clone()
                        };
                        self.append(txn.db(), keys, &entry).await?;
                    }
                    Ok(rows)
                })
            })
            .await?;
        rows.into_iter().map(|row| read(keys, row)).collect()
    }

    /// One note.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], for one that an agent has no part in too.
    pub async fn note_by_id<N: Noted>(
        &self,
        permit: &Permit<Find, Interactions>,
        id: N::Id,
    ) -> Result<Note<N>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let base = &self.deed(permit, EntryKind::Opened);
        let row = self
            .db
            .write("note_by_id", Some(tenant), |txn| {
                Box::pin(async move {
                    let all = NoteFilter::default();
                    let found = wanted::<N>(permit, &all, now)
                        .filter(row::Column::Id.eq(id.raw()))
                        .one(txn.db())
                        .await?;
                    let found = found.ok_or_else(|| StoreError::not_found("note", id))?;
                    let mut entry = base.clone();
                    let about = found.interaction.map(InteractionId::from_uuid);
                    entry.resource =
                        Some(about.map_or_else(|| id.to_string(), |id| id.to_string()));
                    self.append(txn.db(), keys, &entry).await?;
                    Ok(found)
                })
            })
            .await?;
        read(keys, row)
    }

    fn seal_note<N: Noted>(
        &self,
        keys: &TenantKeys,
        (id, about): (N::Id, Option<InteractionId>),
        body: &N,
    ) -> Result<(WrappedKey, Vec<u8>), StoreError> {
        let stored = Stored {
            v: VERSION,
            data: body,
        };
        let plain = serde_json::to_vec(&stored)
            .map_err(|_| StoreError::record(N::KIND, "it cannot be written"))?;
        let plain = Zeroizing::new(plain);
        let name = name(N::KIND, &id.to_string(), about);
        let (key, wrapped) = keys.new_object_key(&name, &*self.chance)?;
        let sealed = seal(&key, &address(keys.tenant(), &name), &plain, &*self.chance)?;
        Ok((wrapped, sealed))
    }

    /// An entry about a note: of its interaction, or of itself.
    pub(crate) fn note_deed<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        kind: EntryKind,
        name: &str,
    ) -> Entry {
        let mut entry = self.deed(permit, kind);
        entry.resource.get_or_insert_with(|| name.to_owned());
        entry
    }
}

fn of_its_own<R: Resource, N: Noted>(
    permit: &Permit<Seal, R>,
    seen: &Note<N>,
) -> Result<(), StoreError> {
    if permit.resource().interaction() == seen.interaction {
        Ok(())
    } else {
        Err(StoreError::WrongPermit {
            name: seen.id.to_string(),
        })
    }
}

/// The notes of a kind that a permit shows: of interactions that may still be read, and for an
/// agent only of their own.
fn wanted<N: Noted>(
    permit: &Permit<Find, Interactions>,
    filter: &NoteFilter<'_>,
    now: Timestamp,
) -> sea_orm::Select<row::Entity> {
    let tenant = permit.tenant().as_uuid();
    let alive = interaction::Entity::find()
        .select_only()
        .column(interaction::Column::Id)
        .filter(interaction::Column::Tenant.eq(tenant))
        .filter(interaction::Column::Status.ne(listing::ERASING))
        .filter(listing::alive(now))
        .into_query();
    let readable = row::Column::Interaction.in_subquery(alive);
    let shown = match &permit.actor().kind {
        ActorKind::TenantUser {
            role: TenantRole::Agent,
            own,
        } => Condition::all()
            .add(readable)
            .add(row::Column::Interaction.is_in(own.iter().map(InteractionId::as_uuid))),
        _ => Condition::any()
            .add(row::Column::Interaction.is_null())
            .add(readable),
    };
    let mut query = row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant))
        .filter(row::Column::Kind.eq(N::KIND))
        .filter(shown);
    if !filter.states.is_empty() {
        query = query.filter(row::Column::State.is_in(filter.states.iter().copied()));
    }
    if let Some(about) = filter.about {
        query = query.filter(row::Column::About.eq(about));
    }
    if let Some(person) = filter.person {
        query = query.filter(row::Column::Person.eq(person.as_uuid()));
    }
    if let Some(by) = filter.by {
        query = query.filter(row::Column::Actor.eq(by));
    }
    if let Some(since) = filter.since {
        query = query.filter(row::Column::Created.gte(since.0));
    }
    query
        .order_by_desc(row::Column::Created)
        .order_by_desc(row::Column::Id)
        .limit(if filter.limit == 0 {
            1_000
        } else {
            filter.limit
        })
}

async fn there(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let about = listing::find(txn, tenant, id).await?;
    let about = about.ok_or_else(|| StoreError::not_found("interaction", id))?;
    reading::readable(&about, now)
}

/// Drops every note of an interaction.
pub(crate) async fn forget(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Interaction.eq(id.as_uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

pub(crate) fn read<N: Noted>(keys: &TenantKeys, row: row::Model) -> Result<Note<N>, StoreError> {
    let id = N::Id::wrap(row.id);
    let interaction = row.interaction.map(InteractionId::from_uuid);
    let name = name(N::KIND, &id.to_string(), interaction);
    let key = keys.unwrap_object_key(&name, &WrappedKey(row.wrapped_key))?;
    let plain = open(&key, &address(keys.tenant(), &name), &row.sealed)?;
    let stored: Stored<N> = serde_json::from_slice(&plain).map_err(|error| {
        // The parser's own message may quote content.
        StoreError::record(N::KIND, format!("{:?} error", error.classify()))
    })?;
    if stored.v != VERSION {
        return Err(StoreError::record(
            N::KIND,
            format!("version {} is not known to this program", stored.v),
        ));
    }
    Ok(Note {
        id,
        interaction,
        by: row.actor,
        at: Timestamp(row.created),
        revision: row.revision,
        body: stored.data,
    })
}

/// What a note's key and bytes are bound to.
fn name(kind: &str, id: &str, about: Option<InteractionId>) -> String {
    match about {
        Some(about) => format!("{about}/note/{kind}/{id}"),
        None => format!("note/{kind}/{id}"),
    }
}

const fn address(tenant: TenantId, row: &str) -> Address<'_> {
    Address {
        tenant,
        table: "notes",
        row,
        column: "sealed",
    }
}

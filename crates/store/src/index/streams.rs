//! Word streams of several interactions at once, with the fields that a query may ask for.

use std::collections::HashMap;

use domain::query::{Fields, WordStream};
use domain::{DataCategory, InteractionId, TenantId};
use futures::future::try_join_all;
use policy::{Action, Permit, Resource};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{AT_ONCE, fields};
use crate::keys::TenantKeys;
use crate::objects::{Kind, Place, open_record};
use crate::rows::{interaction, object};
use crate::{Store, StoreError, listing, reading};

/// What is opened beside the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing: the query asks for words only.
    Nothing,
    /// Facts, declared fields, and numbers where the permit covers them.
    Facts,
}

/// Interactions that are worth a connection, and connections that one search reads by at most: what
/// is not in memory is waited for side by side.
const READ: usize = 8;
const READERS: usize = 4;
/// Streams that are worth a thread.
const MANY: usize = 48;
/// Threads that one search takes at most.
const MOST_CORES: usize = 4;

impl Beside {
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Nothing => &[Kind::Stream],
            Self::Facts => &[Kind::Stream, Kind::Fields, Kind::Metrics],
        }
    }
}

impl Store {
    /// The sealed word streams of the permit's tenant's interactions, in the order asked for;
    /// what has none or may not be read is left out.
    ///
    /// # Errors
    /// [`StoreError::Permit`] without redacted content; [`StoreError::Seal`].
    pub async fn word_streams<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        ids: &[InteractionId],
        beside: Beside,
    ) -> Result<Vec<(InteractionId, WordStream)>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let numbers = permit.check(DataCategory::InteractionMetadata, now).is_ok();
        let tenant = permit.tenant();
        let (mut rows, mut objects) = (HashMap::new(), HashMap::new());
        let share = ids.len().div_ceil(READERS).max(READ);
        let parts = ids.chunks(share);
        let parts = parts.map(|some| self.rows_of_streams(tenant, some, beside));
        for (some, sealed) in try_join_all(parts).await? {
            rows.extend(some);
            objects.extend(sealed);
        }
        let keys = self.tenant_keys(tenant).await?;
        let mut sealed = Vec::with_capacity(ids.len());
        for id in ids {
            let uuid = id.as_uuid();
            let (Some(row), Some(objects)) = (rows.remove(&uuid), objects.remove(&uuid)) else {
                continue;
            };
            if reading::readable(&row, now).is_ok() {
                sealed.push((*id, row, objects));
            }
        }
        let open = |some: &[Sealed]| opened(&keys, some, (beside, numbers));
        side_by_side(&sealed, &open)
    }

    async fn rows_of_streams(
        &self,
        tenant: TenantId,
        ids: &[InteractionId],
        beside: Beside,
    ) -> Result<Rows, StoreError> {
        let ids: &Vec<Uuid> = &ids.iter().map(InteractionId::as_uuid).collect();
        self.db
            .read("word_streams", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut rows = HashMap::with_capacity(ids.len());
                    let mut objects = HashMap::with_capacity(ids.len());
                    for some in ids.chunks(AT_ONCE) {
                        let found = interaction::Entity::find()
                            .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(interaction::Column::Id.is_in(some.iter().copied()))
                            .filter(interaction::Column::Status.ne(listing::ERASING))
                            .all(txn.db())
                            .await?;
                        rows.extend(found.into_iter().map(|row| (row.id, row)));
                        sealed(txn.db(), tenant, some, beside.kinds(), &mut objects).await?;
                    }
                    Ok((rows, objects))
                })
            })
            .await
    }
}

/// One interaction's row and sealed objects.
type Sealed = (InteractionId, interaction::Model, Vec<object::Model>);
type Streams = Vec<(InteractionId, WordStream)>;

/// Opens what was read; nothing here waits for anything.
fn opened(
    keys: &TenantKeys,
    some: &[Sealed],
    (beside, numbers): (Beside, bool),
) -> Result<Streams, StoreError> {
    let mut streams = Vec::with_capacity(some.len());
    for (id, row, sealed) in some {
        let of = |kind: Kind| sealed.iter().find(|object| object.kind == kind.key());
        let Some(object) = of(Kind::Stream) else {
            continue;
        };
        let place = |kind| Place::of(keys.tenant(), *id, kind);
        let mut stream: WordStream = open_record(keys, &place(Kind::Stream), object)?;
        if beside == Beside::Facts {
            stream.fields = known_fields(keys, *id, row, of(Kind::Fields))?;
            if let Some(object) = of(Kind::Metrics).filter(|_| numbers) {
                let measured = open_record(keys, &place(Kind::Metrics), object)?;
                fields::of_metrics(&mut stream.fields, &measured);
            }
        }
        streams.push((*id, stream));
    }
    Ok(streams)
}

/// Opens many on every core, in their order; few where they are.
fn side_by_side(
    all: &[Sealed],
    open: &(dyn Fn(&[Sealed]) -> Result<Streams, StoreError> + Sync),
) -> Result<Streams, StoreError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if all.len() < MANY || cores < 2 {
        return open(all);
    }
    let share = all.len().div_ceil(cores.min(MOST_CORES));
    std::thread::scope(|threads| {
        let running: Vec<_> = all
            .chunks(share)
            .map(|some| threads.spawn(move || open(some)))
            .collect();
        let mut streams = Vec::with_capacity(all.len());
        for one in running {
            let opened = one
                .join()
                .map_err(|_| StoreError::record("word stream", "opening it was torn down"))?;
            streams.extend(opened?);
        }
        Ok(streams)
    })
}

/// The facts of a row and the sealed fields beside it.
pub(super) fn known_fields(
    keys: &TenantKeys,
    id: InteractionId,
    row: &interaction::Model,
    object: Option<&object::Model>,
) -> Result<Fields, StoreError> {
    let place = Place::of(keys.tenant(), id, Kind::Fields);
    // An interaction whose keys are being destroyed has its rows for a moment longer.
    let object = object.filter(|object| object.wrapped_key.is_some());
    let mut fields = match object {
        Some(object) => open_record::<Fields>(keys, &place, object)?,
        None => Fields::default(),
    };
    fields::of_row(&mut fields, row)?;
    Ok(fields)
}

/// Some kinds of objects of interactions, by interaction.
pub(super) async fn sealed(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    ids: &[Uuid],
    kinds: &[Kind],
    into: &mut HashMap<Uuid, Vec<object::Model>>,
) -> Result<(), StoreError> {
    let found = object::Entity::find()
        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
        .filter(object::Column::Interaction.is_in(ids.iter().copied()))
        .filter(object::Column::Kind.is_in(kinds.iter().map(|kind| kind.key())))
        .filter(object::Column::Part.eq(0))
        .all(txn)
        .await?;
    for row in found {
        into.entry(row.interaction).or_default().push(row);
    }
    Ok(())
}

/// Interactions and their objects, by id.
type Rows = (
    HashMap<Uuid, interaction::Model>,
    HashMap<Uuid, Vec<object::Model>>,
);

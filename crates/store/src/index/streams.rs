//! Word streams of several interactions at once, with the fields that a query may ask for.

use std::collections::HashMap;

use domain::query::{Fields, WordStream};
use domain::{DataCategory, InteractionId};
use policy::{Action, Permit, Resource};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::fields;
use crate::objects::{Kind, Place, open_record};
use crate::rows::{interaction, object};
use crate::{Store, StoreError, listing, reading};

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
    ) -> Result<Vec<(InteractionId, WordStream)>, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::RedactedContent, now)?;
        let numbers = permit.check(DataCategory::InteractionMetadata, now).is_ok();
        let tenant = permit.tenant();
        let (mut rows, mut objects) = self.rows_of_streams(permit, ids).await?;
        let keys = self.tenant_keys(tenant).await?;
        let mut streams = Vec::with_capacity(ids.len());
        for id in ids {
            let uuid = id.as_uuid();
            let Some(row) = rows.remove(&uuid) else {
                continue;
            };
            if reading::readable(&row, now).is_err() {
                continue;
            }
            let mut take = |kind: Kind| objects.remove(&(uuid, kind.key().to_owned()));
            let Some(object) = take(Kind::Stream) else {
                continue;
            };
            let place = |kind| Place::of(tenant, *id, kind);
            let mut stream: WordStream = open_record(&keys, &place(Kind::Stream), &object)?;
            if let Some(object) = take(Kind::Fields) {
                stream.fields = open_record::<Fields>(&keys, &place(Kind::Fields), &object)?;
            }
            fields::of_row(&mut stream.fields, &row)?;
            if let Some(object) = take(Kind::Metrics).filter(|_| numbers) {
                let measured = open_record(&keys, &place(Kind::Metrics), &object)?;
                fields::of_metrics(&mut stream.fields, &measured);
            }
            streams.push((*id, stream));
        }
        Ok(streams)
    }

    async fn rows_of_streams<A: Action, R: Resource>(
        &self,
        permit: &Permit<A, R>,
        ids: &[InteractionId],
    ) -> Result<Rows, StoreError> {
        let tenant = permit.tenant();
        let ids: &Vec<Uuid> = &ids.iter().map(InteractionId::as_uuid).collect();
        self.db
            .read("word_streams", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = interaction::Entity::find()
                        .filter(interaction::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(interaction::Column::Id.is_in(ids.iter().copied()))
                        .filter(interaction::Column::Status.ne(listing::ERASING))
                        .all(txn.db())
                        .await?;
                    let kinds = [Kind::Stream, Kind::Fields, Kind::Metrics].map(Kind::key);
                    let objects = object::Entity::find()
                        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(object::Column::Interaction.is_in(ids.iter().copied()))
                        .filter(object::Column::Kind.is_in(kinds))
                        .filter(object::Column::Part.eq(0))
                        .all(txn.db())
                        .await?;
                    let rows = rows.into_iter().map(|row| (row.id, row)).collect();
                    let objects = objects
                        .into_iter()
                        .map(|row| ((row.interaction, row.kind.clone()), row))
                        .collect();
                    Ok((rows, objects))
                })
            })
            .await
    }
}

/// Interactions and their objects, by id and kind.
type Rows = (
    HashMap<Uuid, interaction::Model>,
    HashMap<(Uuid, String), object::Model>,
);

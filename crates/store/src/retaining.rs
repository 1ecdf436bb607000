//! How long things are kept: what is overdue, and destroying a part of an interaction whose own
//! time is over while the rest stays.

use domain::{Channel, DataCategory, InteractionId, LeafIndex, Millis, TenantId, Timestamp};
use policy::{Desk, Erase, Find, Permit, Seal};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::ledger::EntryKind;
use crate::objects::Kind;
use crate::rows::{interaction as row, object};
use crate::{ErasedPlace, Receipt, Store, StoreError, listing};

/// Interactions that are named in one statement.
const MANY: usize = 500;

/// What a rule about time reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The interaction as a whole.
    Whole,
    /// Only the recordings as they were taken in.
    Voice,
}

impl Reach {
    /// Key in records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Voice => "voice",
        }
    }
}

/// Something whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// Which interaction.
    pub interaction: InteractionId,
    /// How people met.
    pub channel: Channel,
    /// What of it.
    pub reach: Reach,
    /// When its time was over.
    pub since: Timestamp,
    /// A hold keeps it all the same.
    pub on_hold: bool,
}

impl Store {
    /// Sets an end for interactions that are kept longer than a rule allows: `days` after they
    /// were taken in. An end that is nearer stays. Says how many were changed.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn shorten(
        &self,
        permit: &Permit<Seal, Desk>,
        channel: Option<Channel>,
        keep: Millis,
    ) -> Result<u64, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keep = i64::try_from(keep.0).unwrap_or(i64::MAX);
        self.db
            .write("shorten", Some(tenant), |txn| {
                Box::pin(async move {
                    let end = || Expr::col(row::Column::Received).add(keep);
                    let longer = Condition::any()
                        .add(row::Column::KeepUntil.is_null())
                        .add(Expr::col(row::Column::KeepUntil).gt(end()));
                    let changed = row::Entity::update_many()
                        .col_expr(row::Column::KeepUntil, end())
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(on(channel))
                        .filter(longer)
                        .exec(txn.db())
                        .await?;
                    Ok(changed.rows_affected)
                })
            })
            .await
    }

    /// As [`Self::shorten`], for these interactions only.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn shorten_these(
        &self,
        permit: &Permit<Seal, Desk>,
        these: &[InteractionId],
        keep: Millis,
    ) -> Result<u64, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keep = i64::try_from(keep.0).unwrap_or(i64::MAX);
        let mut changed = 0;
        for some in these.chunks(MANY) {
            let ids: Vec<Uuid> = some.iter().map(InteractionId::as_uuid).collect();
            changed += self
                .db
                .write("shorten_these", Some(tenant), |txn| {
                    let ids = ids.clone();
                    Box::pin(async move {
                        let end = || Expr::col(row::Column::Received).add(keep);
                        let longer = Condition::any()
                            .add(row::Column::KeepUntil.is_null())
                            .add(Expr::col(row::Column::KeepUntil).gt(end()));
                        let changed = row::Entity::update_many()
                            .col_expr(row::Column::KeepUntil, end())
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Id.is_in(ids))
                            .filter(longer)
                            .exec(txn.db())
                            .await?;
                        Ok(changed.rows_affected)
                    })
                })
                .await?;
        }
        Ok(changed)
    }

    /// Which of these were taken in `keep` ago or longer, with when their time was over.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn overdue_among(
        &self,
        permit: &Permit<Find, Desk>,
        these: &[InteractionId],
        keep: Millis,
        now: Timestamp,
    ) -> Result<Vec<Overdue>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keep = i64::try_from(keep.0).unwrap_or(i64::MAX);
        let mut over = Vec::new();
        for some in these.chunks(MANY) {
            let ids: Vec<Uuid> = some.iter().map(InteractionId::as_uuid).collect();
            let rows = self
                .db
                .read("overdue_among", Some(tenant), |txn| {
                    let ids = ids.clone();
                    Box::pin(async move {
                        let rows = row::Entity::find()
                            .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                            .filter(row::Column::Id.is_in(ids))
                            .filter(row::Column::Received.lte(now.0.saturating_sub(keep)))
                            .order_by_asc(row::Column::Id)
                            .all(txn.db())
                            .await?;
                        Ok(rows)
                    })
                })
                .await?;
            for row in rows {
                over.push(Overdue {
                    interaction: InteractionId::from_uuid(row.id),
                    channel: row.channel.parse()?,
                    reach: Reach::Whole,
                    since: Timestamp(row.received.saturating_add(keep)),
                    on_hold: row.on_hold,
                });
            }
        }
        Ok(over)
    }

    /// Interactions whose time is over, the oldest end first.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn overdue(
        &self,
        permit: &Permit<Find, Desk>,
        now: Timestamp,
    ) -> Result<Vec<Overdue>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("overdue", Some(tenant), |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::KeepUntil.lte(now.0))
                        .order_by_asc(row::Column::KeepUntil)
                        .order_by_asc(row::Column::Id)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Overdue {
                    interaction: InteractionId::from_uuid(row.id),
                    channel: row.channel.parse()?,
                    reach: Reach::Whole,
                    since: Timestamp(row.keep_until.unwrap_or(row.received)),
                    on_hold: row.on_hold,
                })
            })
            .collect()
    }

    /// Recordings that are still there `keep` after they were taken in.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::Database`].
    pub async fn overdue_voice(
        &self,
        permit: &Permit<Find, Desk>,
        channel: Option<Channel>,
        keep: Millis,
        now: Timestamp,
    ) -> Result<Vec<Overdue>, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keep = i64::try_from(keep.0).unwrap_or(i64::MAX);
        let rows = self
            .db
            .read("overdue_voice", Some(tenant), |txn| {
                Box::pin(async move {
                    let kept: Vec<Uuid> = object::Entity::find()
                        .select_only()
                        .column(object::Column::Interaction)
                        .distinct()
                        .filter(object::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(object::Column::Kind.eq(Kind::Media.key()))
                        .filter(object::Column::WrappedKey.is_not_null())
                        .filter(object::Column::Created.lte(now.0.saturating_sub(keep)))
                        .into_tuple()
                        .all(txn.db())
                        .await?;
                    let rows = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Id.is_in(kept))
                        .filter(on(channel))
                        .order_by_asc(row::Column::Id)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Overdue {
                    interaction: InteractionId::from_uuid(row.id),
                    channel: row.channel.parse()?,
                    reach: Reach::Voice,
                    since: Timestamp(row.received.saturating_add(keep)),
                    on_hold: row.on_hold,
                })
            })
            .collect()
    }

    /// Destroys the recordings of an interaction as they were taken in: keys, then bytes. What
    /// was made of them stays. The permit is used up.
    ///
    /// # Errors
    /// [`StoreError::OnHold`], [`StoreError::NotFound`], [`StoreError::Permit`] without voice.
    pub async fn erase_voice(
        &self,
        permit: Permit<Erase, InteractionId>,
    ) -> Result<Receipt, StoreError> {
        let now = self.clock.now();
        permit.check(DataCategory::Voice, now)?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let mut begun = self.deed(&permit, EntryKind::Erasing);
        begun.categories = vec![DataCategory::Voice];
        let begun = &begun;
        let blobs = self
            .db
            .write("erase_voice", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = listing::find(txn.db(), tenant, id).await?;
                    let found = found.ok_or_else(|| StoreError::not_found("interaction", id))?;
                    if found.on_hold {
                        return Err(StoreError::OnHold {
                            name: id.to_string(),
                        });
                    }
                    let blobs = blank_voice(txn.db(), tenant, id).await?;
                    self.append(txn.db(), keys, begun).await?;
                    Ok(blobs)
                })
            })
            .await?;
        let mut places = vec![ErasedPlace {
            what: "database: keys of the recordings".to_owned(),
            confirmed: self.db.forget_deleted().await?,
        }];
        for (part, blob) in blobs {
            let gone = match self.blobs.delete(blob).await {
                Ok(()) => self.blobs.exists(blob).await.is_ok_and(|there| !there),
                Err(error) => {
                    tracing::warn!(%blob, %error, "a recording could not be deleted");
                    false
                }
            };
            places.push(ErasedPlace {
                what: format!("blob store: media {part}"),
                confirmed: gone,
            });
        }
        let leaf = if places.iter().all(|place| place.confirmed) {
            Some(self.voice_is_gone(&permit).await?)
        } else {
            None
        };
        Ok(Receipt {
            interaction: id,
            at: now,
            leaf,
            places,
        })
    }

    async fn voice_is_gone(
        &self,
        permit: &Permit<Erase, InteractionId>,
    ) -> Result<LeafIndex, StoreError> {
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let keys = &*self.tenant_keys(tenant).await?;
        let mut entry = self.deed(permit, EntryKind::Purged);
        entry.categories = vec![DataCategory::Voice];
        let entry = &entry;
        self.db
            .write("voice_is_gone", Some(tenant), |txn| {
                Box::pin(async move {
                    object::Entity::update_many()
                        .col_expr(object::Column::Blob, Expr::value(Option::<Uuid>::None))
                        .filter(media(tenant, id))
                        .exec(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await
                })
            })
            .await
    }
}

async fn blank_voice(
    txn: &DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<Vec<(i64, domain::BlobId)>, StoreError> {
    object::Entity::update_many()
        .col_expr(
            object::Column::WrappedKey,
            Expr::value(Option::<Vec<u8>>::None),
        )
        .filter(media(tenant, id))
        .exec(txn)
        .await?;
    let all = crate::objects::blobs_of(txn, tenant, id).await?;
    Ok(all
        .into_iter()
        .filter(|(kind, ..)| kind == Kind::Media.key())
        .map(|(_, part, blob)| (part, blob))
        .collect())
}

fn media(tenant: TenantId, id: InteractionId) -> Condition {
    Condition::all()
        .add(object::Column::Tenant.eq(tenant.as_uuid()))
        .add(object::Column::Interaction.eq(id.as_uuid()))
        .add(object::Column::Kind.eq(Kind::Media.key()))
}

fn on(channel: Option<Channel>) -> Condition {
    Condition::all().add_option(channel.map(|channel| row::Column::Channel.eq(channel.key())))
}

//! What the persons in an interaction refused: a restriction or an objection of one of them counts
//! for the whole interaction, whose words cannot be heard apart.

use std::collections::BTreeSet;

use domain::{InteractionId, LeafIndex, Purpose};
use policy::{Desk, Permit, Seal};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::ledger::EntryKind;
use crate::rows::interaction as row;
use crate::{Store, StoreError, listing};

impl Store {
    /// Writes down which purposes are refused for an interaction; an empty set lifts what was
    /// refused. With a leaf.
    ///
    /// # Errors
    /// [`StoreError::Permit`]; [`StoreError::NotFound`], also for one that is being erased.
    pub async fn refuse(
        &self,
        permit: &Permit<Seal, Desk>,
        id: InteractionId,
        purposes: &BTreeSet<Purpose>,
    ) -> Result<LeafIndex, StoreError> {
        self.keeps_registers(permit)?;
        let tenant = permit.tenant();
        let keys = &*self.tenant_keys(tenant).await?;
        let kind = if purposes.is_empty() {
            EntryKind::Agreed
        } else {
            EntryKind::Objected
        };
        let mut entry = self.deed(permit, kind);
        entry.resource = Some(id.to_string());
        let (entry, text) = (&entry, &to_text(purposes));
        self.db
            .write("refuse", Some(tenant), |txn| {
                Box::pin(async move {
                    let found = listing::find(txn.db(), tenant, id).await?;
                    if found.is_none_or(|row| row.status == listing::ERASING) {
                        return Err(StoreError::not_found("interaction", id));
                    }
                    row::Entity::update_many()
                        .col_expr(row::Column::Refused, Expr::value(text.clone()))
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(row::Column::Id.eq(id.as_uuid()))
                        .exec(txn.db())
                        .await?;
                    self.append(txn.db(), keys, entry).await
                })
            })
            .await
    }
}

/// Nobody refused that it is listed, found and counted.
pub(crate) fn unrefused() -> SimpleExpr {
    let mark = format!("%,{},%", Purpose::Review.key());
    row::Column::Refused.not_like(mark)
}

pub(crate) fn from_text(text: &str) -> Result<BTreeSet<Purpose>, StoreError> {
    text.split(',')
        .filter(|key| !key.is_empty())
        .map(|key| Ok(key.parse()?))
        .collect()
}

fn to_text(purposes: &BTreeSet<Purpose>) -> String {
    if purposes.is_empty() {
        return String::new();
    }
    let keys: Vec<&str> = purposes.iter().map(|one| one.key()).collect();
    format!(",{},", keys.join(","))
}

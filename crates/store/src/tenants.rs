//! The organisations whose interactions are hosted. Their names are not personal data; their
//! keys are made here and live in `keys`.

use domain::{LawfulBasis, MetricSettings, TenantId, TenantSlug, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use crate::keys::{TenantKeys, WrappedKey};
use crate::rows::tenant as row;
use crate::{Store, StoreError, records};

/// The contract or order under which the operator works for a tenant (P99).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its number or name.
    pub id: String,
    /// The lawful basis that the tenant relies on.
    pub basis: LawfulBasis,
}

/// What a tenant can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TenantSettings {
    /// Thresholds of the metrics.
    pub metrics: MetricSettings,
}

/// A tenant to be.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Public short name, unique.
    pub slug: TenantSlug,
    /// Name as shown.
    pub name: String,
    /// Its standing instruction.
    pub instruction: Instruction,
    /// Its settings.
    pub settings: TenantSettings,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Which.
    pub id: TenantId,
    /// Public short name.
    pub slug: TenantSlug,
    /// Name as shown.
    pub name: String,
    /// Its standing instruction.
    pub instruction: Instruction,
    /// Its settings.
    pub settings: TenantSettings,
    /// When it was added.
    pub created: Timestamp,
}

impl Store {
    /// Adds a tenant and makes its key.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where the short name is in use.
    pub async fn add_tenant(&self, new: &NewTenant) -> Result<Tenant, StoreError> {
        let tenant = Tenant {
            id: TenantId::from_uuid(self.timed_uuid()?),
            slug: new.slug.clone(),
            name: new.name.clone(),
            instruction: new.instruction.clone(),
            settings: new.settings,
            created: self.clock.now(),
        };
        let (_, wrapped) = TenantKeys::create(&*self.provider, tenant.id, &*self.chance).await?;
        let row = &to_row(&tenant, wrapped)?;
        let (id, slug) = (tenant.id, new.slug.as_str());
        let added = self
            .db
            .write("add_tenant", Some(id), |txn| {
                Box::pin(async move {
                    if by_slug(txn.db(), slug).await?.is_some() {
                        return Ok(false);
                    }
                    row::Entity::insert(row.clone())
                        .exec_without_returning(txn.db())
                        .await?;
                    Ok(true)
                })
            })
            .await?;
        if added {
            Ok(tenant)
        } else {
            Err(StoreError::Taken {
                what: "tenant",
                name: new.slug.to_string(),
            })
        }
    }

    /// Every tenant, by short name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let rows = self
            .db
            .read("tenants", None, |txn| {
                Box::pin(async move {
                    let all = row::Entity::find().order_by_asc(row::Column::Slug);
                    Ok(all.all(txn.db()).await?)
                })
            })
            .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// The tenant of a short name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tenant_by_slug(&self, slug: &TenantSlug) -> Result<Option<Tenant>, StoreError> {
        let row = self
            .db
            .read("tenant_by_slug", None, |txn| {
                Box::pin(async move { by_slug(txn.db(), slug.as_str()).await })
            })
            .await?;
        row.map(from_row).transpose()
    }

    /// The tenant of an id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        let row = self
            .db
            .read("tenant", None, |txn| {
                Box::pin(
                    async move { Ok(row::Entity::find_by_id(id.as_uuid()).one(txn.db()).await?) },
                )
            })
            .await?;
        row.map(from_row).transpose()
    }
}

async fn by_slug(txn: &DatabaseTransaction, slug: &str) -> Result<Option<row::Model>, StoreError> {
    let query = row::Entity::find().filter(row::Column::Slug.eq(slug));
    Ok(query.one(txn).await?)
}

fn to_row(tenant: &Tenant, wrapped: WrappedKey) -> Result<row::ActiveModel, StoreError> {
    Ok(row::ActiveModel {
        id: Set(tenant.id.as_uuid()),
        slug: Set(tenant.slug.to_string()),
        name: Set(tenant.name.clone()),
        instruction: Set(tenant.instruction.id.clone()),
        basis: Set(records::bases_to_text(std::slice::from_ref(
            &tenant.instruction.basis,
        ))?),
        settings: Set(records::settings_to_text(&tenant.settings)?),
        wrapped_key: Set(wrapped.0),
        created: Set(tenant.created.0),
        word_changes: Set(0),
    })
}

fn from_row(row: row::Model) -> Result<Tenant, StoreError> {
    let mut bases = records::bases_from_text(&row.basis)?;
    let basis = bases.pop();
    Ok(Tenant {
        id: TenantId::from_uuid(row.id),
        slug: row.slug.parse()?,
        name: row.name,
        instruction: Instruction {
            id: row.instruction,
            basis: basis.ok_or_else(|| StoreError::record("lawful basis", "there is none"))?,
        },
        settings: records::settings_from_text(&row.settings)?,
        created: Timestamp(row.created),
    })
}

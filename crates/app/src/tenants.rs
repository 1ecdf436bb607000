//! The organisations whose interactions are hosted, and their standing instructions.

use domain::{LawfulBasis, MetricSettings, Purpose, TenantSlug};
use store::{Instruction, NewTenant, Tenant, TenantSettings};

use crate::app::App;
use crate::error::AppError;

/// The lawful bases of Article 6 GDPR by the vCon draft's names.
const BASES: &[&str] = &[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
];

/// What a tenant instructs the operator to do with every interaction that states no basis of
/// its own.
const INSTRUCTED: &[Purpose] = &[
    Purpose::Storage,
    Purpose::Transcription,
    Purpose::Redaction,
    Purpose::Analysis,
    Purpose::Review,
    Purpose::Playback,
    Purpose::Export,
    Purpose::UnredactedAccess,
    Purpose::Erasure,
];

/// A tenant to be.
#[derive(Debug, Clone)]
pub struct TenantOrder {
    /// Public short name.
    pub slug: TenantSlug,
    /// Name as shown.
    pub name: String,
    /// The contract or order under which the operator works (P99).
    pub instruction: String,
    /// The lawful basis the tenant relies on.
    pub basis: String,
    /// Purposes the tenant does not instruct.
    pub without: Vec<Purpose>,
}

impl App {
    /// Adds a tenant with its own key.
    ///
    /// # Errors
    /// [`AppError::Input`] for an unknown basis; [`AppError::Store`] where the name is taken.
    pub async fn add_tenant(&self, order: &TenantOrder) -> Result<Tenant, AppError> {
        if !BASES.contains(&order.basis.as_str()) {
            return Err(AppError::Input(format!(
                "`{}` is no lawful basis; it is one of {}",
                order.basis,
                BASES.join(", ")
            )));
        }
        if order.instruction.trim().is_empty() {
            return Err(AppError::Input(
                "a tenant needs an instruction: name the contract or order it gives (clause P99)"
                    .to_owned(),
            ));
        }
        let grants = INSTRUCTED
            .iter()
            .map(|purpose| (*purpose, !order.without.contains(purpose)))
            .collect();
        let new = NewTenant {
            slug: order.slug.clone(),
            name: order.name.clone(),
            instruction: Instruction {
                id: order.instruction.clone(),
                basis: LawfulBasis {
                    basis: order.basis.clone(),
                    expires: None,
                    grants,
                },
            },
            settings: TenantSettings {
                metrics: MetricSettings::default(),
            },
        };
        Ok(self.store.add_tenant(&new).await?)
    }

    /// Every tenant.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, AppError> {
        Ok(self.store.tenants().await?)
    }
}

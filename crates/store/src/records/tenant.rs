//! Stored form of a tenant's settings and of lawful bases. They name purposes and dates, never a
//! person, so they are plain text in their rows.

use domain::{LawfulBasis, MetricSettings, Millis, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;
use crate::tenants::TenantSettings;

#[derive(Serialize, Deserialize)]
struct SettingsV1 {
    silence: u64,
    overtalk: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct BasisV1 {
    basis: String,
    expires: Option<i64>,
    grants: Vec<(String, bool)>,
}

struct Bases(Vec<LawfulBasis>);

impl Record for TenantSettings {
    const WHAT: &'static str = "tenant's settings";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(SettingsV1 {
            silence: self.metrics.silence.0,
            overtalk: self.metrics.overtalk.0,
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: SettingsV1 = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self {
            metrics: MetricSettings {
                silence: Millis(stored.silence),
                overtalk: Millis(stored.overtalk),
            },
        })
    }
}

impl Record for Bases {
    const WHAT: &'static str = "lawful basis";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let stored: Vec<BasisV1> = self.0.iter().map(basis_to).collect();
        wrap::<Self>(stored)
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: Vec<BasisV1> = unwrap_v1::<Self, _>(bytes)?;
        let bases: Result<_, StoreError> = stored.into_iter().map(basis_from).collect();
        Ok(Self(bases?))
    }
}

pub(super) fn basis_to(basis: &LawfulBasis) -> BasisV1 {
    let grants = basis.grants.iter();
    BasisV1 {
        basis: basis.basis.clone(),
        expires: basis.expires.map(|at| at.0),
        grants: grants
            .map(|(purpose, granted)| (purpose.key().to_owned(), *granted))
            .collect(),
    }
}

pub(super) fn basis_from(stored: BasisV1) -> Result<LawfulBasis, StoreError> {
    let mut grants = Vec::with_capacity(stored.grants.len());
    for (purpose, granted) in stored.grants {
        grants.push((purpose.parse()?, granted));
    }
    Ok(LawfulBasis {
        basis: stored.basis,
        expires: stored.expires.map(Timestamp),
        grants,
    })
}

fn to_text(record: &impl Record) -> Result<String, StoreError> {
    String::from_utf8(record.encode()?).map_err(|_| StoreError::record("text record", "not UTF-8"))
}

/// Settings for their column.
pub(crate) fn settings_to_text(settings: &TenantSettings) -> Result<String, StoreError> {
    to_text(settings)
}

/// Settings from their column.
pub(crate) fn settings_from_text(text: &str) -> Result<TenantSettings, StoreError> {
    TenantSettings::decode(text.as_bytes())
}

/// Lawful bases for their column.
pub(crate) fn bases_to_text(bases: &[LawfulBasis]) -> Result<String, StoreError> {
    to_text(&Bases(bases.to_vec()))
}

/// Lawful bases from their column.
pub(crate) fn bases_from_text(text: &str) -> Result<Vec<LawfulBasis>, StoreError> {
    Ok(Bases::decode(text.as_bytes())?.0)
}

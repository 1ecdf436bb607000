//! Versions of a policy over time: which was in force when, and what later ones may not widen.

use std::collections::BTreeSet;

use domain::{Purpose, Timestamp};

use crate::Facts;

/// A version that was posted, reduced to what matters to data collected under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedVersion {
    /// SHA-256 of its document, in hex.
    pub version: String,
    /// When it was posted; nothing holds before.
    pub posted: Timestamp,
    /// From when on it holds.
    pub effective_from: Timestamp,
    /// Purposes that some rule of it permits to somebody.
    pub permits: BTreeSet<Purpose>,
}

/// A notice to those whose data was collected under earlier versions (P96).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The version it announced.
    pub version: String,
    /// When it reached them.
    pub given: Timestamp,
    /// Purposes it named.
    pub purposes: BTreeSet<Purpose>,
}

/// Every posted version and every notice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    versions: Vec<PostedVersion>,
    notices: Vec<Notice>,
}

/// Why a version cannot be posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// It would hold before anybody could read it (P95).
    #[error("version `{0}` would hold before it is posted; set a later day")]
    BeforePosting(String),
    /// It would change what was in force in the past.
    #[error("version `{0}` would hold before an earlier posting does; set a later day")]
    OutOfOrder(String),
    /// It is there already.
    #[error("version `{0}` was posted already")]
    Twice(String),
}

impl History {
    /// Adds a version; posting is the only way to put one in force.
    ///
    /// # Errors
    /// [`HistoryError`]; nothing was changed.
    pub fn post(&mut self, version: PostedVersion) -> Result<(), HistoryError> {
        let name = || version.version.clone();
        if version.effective_from < version.posted {
            return Err(HistoryError::BeforePosting(name()));
        }
        if self.versions.iter().any(|v| v.version == version.version) {
            return Err(HistoryError::Twice(name()));
        }
        if let Some(last) = self.versions.last()
            && (version.posted < last.posted || version.effective_from < last.effective_from)
        {
            return Err(HistoryError::OutOfOrder(name()));
        }
        self.versions.push(version);
        Ok(())
    }

    /// Adds a notice.
    pub fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Every posted version, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[PostedVersion] {
        &self.versions
    }

    /// The version in force at an instant; the later posting where two begin together.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> Option<&PostedVersion> {
        self.versions
            .iter()
            .rev()
            .find(|version| version.effective_from <= at)
    }

    /// Whether opening data for a purpose would go beyond what it was collected for: the
    /// version it was collected under did not permit the purpose, and no notice since has named
    /// it. Where nothing was posted yet there is nothing to compare with. Data of a version that
    /// was never posted here (an import, a restored backup) is not opened at all.
    #[must_use]
    pub fn widens(&self, current: &str, purpose: Purpose, facts: &Facts, at: Timestamp) -> bool {
        if self.versions.is_empty() {
            return false;
        }
        let Some(under) = facts.collected_under.as_deref() else {
            return true;
        };
        if under == current {
            return false;
        }
        let Some(origin) = self
            .versions
            .iter()
            .find(|version| version.version == under)
        else {
            return true;
        };
        let since = facts.collected_at.unwrap_or(origin.effective_from);
        let noticed = |notice: &Notice| {
            notice.given >= since && notice.given <= at && notice.purposes.contains(&purpose)
        };
        !origin.permits.contains(&purpose) && !self.notices.iter().any(noticed)
    }
}

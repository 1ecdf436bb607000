//! Watched sources: folders whose files are taken in while the program runs, such as a share that
//! recordings arrive in, or the mailbox of an address that interactions are sent to.
//!
//! Who runs the machine sets them: a folder's path is theirs to name, and a folder belongs to one
//! tenant. What became of what arrived is on the tenant's page.

mod pile;
mod running;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{TenantId, Timestamp, WatchedSourceId};
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;

pub use pile::Pile;
pub(crate) use running::Watching;
pub use running::{WatchedNow, WatchedState};

/// Sources of one tenant.
const MOST: u64 = 200;

/// What kind of folder it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchedKind {
    /// Files that somebody puts there.
    Folder,
    /// Messages that a mail server delivers (Maildir).
    Mailbox,
}

/// A watched source as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedSource {
    /// What kind of folder it is.
    pub kind: WatchedKind,
    /// The folder, as this machine names it.
    pub folder: PathBuf,
    /// Where mail is sent to that arrives there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name or address of the agent, where what arrives does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Name, number or address of the consumer, where what arrives does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer: Option<String>,
    /// Channel on which the agent speaks, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_channel: Option<u16>,
    /// The tenant's own fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Who set it.
    pub by: String,
    /// When it was ended.
    #[serde(with = "keyed::maybe_at")]
    pub ended: Option<Timestamp>,
}

impl WatchedSource {
    /// A folder without labels.
    #[must_use]
    pub fn new(kind: WatchedKind, folder: impl Into<PathBuf>) -> Self {
        Self {
            kind,
            folder: folder.into(),
            address: None,
            agent: None,
            consumer: None,
            agent_channel: None,
            metadata: BTreeMap::new(),
            by: String::new(),
            ended: None,
        }
    }
}

impl Registered for WatchedSource {
    type Id = WatchedSourceId;
    const REGISTER: &'static str = "watched_sources";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        if self.ended.is_some() {
            "ended"
        } else {
            "open"
        }
    }
}

impl App {
    /// Watches a folder from now on, wherever the installation is served.
    ///
    /// # Errors
    /// [`AppError::Input`] where it is no folder or no mailbox, lies in the installation's own, or
    /// is watched already; [`AppError::Denied`].
    pub async fn add_watched_source(
        &self,
        scope: &Scope,
        wanted: &WatchedSource,
    ) -> Result<WatchedSourceId, AppError> {
        let permit = self.keep::<Seal>(scope).await?;
        let shown = wanted.folder.display();
        let folder = wanted
            .folder
            .canonicalize()
            .ok()
            .filter(|folder| folder.is_dir())
            .ok_or_else(|| AppError::Input(format!("`{shown}` is not a folder")))?;
        if wanted.kind == WatchedKind::Mailbox && !pile::is_mailbox(&folder) {
            return Err(AppError::Input(format!(
                "`{shown}` has no folder `new`; name the Maildir that the mail server delivers into"
            )));
        }
        if wanted.kind == WatchedKind::Folder && wanted.address.is_some() {
            return Err(AppError::Input(
                "an address belongs to a mailbox; say that the folder is one".to_owned(),
            ));
        }
        self.is_free(&folder).await?;
        let body = WatchedSource {
            folder,
            by: scope.actor().handle.clone(),
            ended: None,
            ..wanted.clone()
        };
        Ok(self.store.file(&permit, &body).await?)
    }

    /// No longer watches a folder. What was taken in stays.
    ///
    /// # Errors
    /// [`AppError::Input`] where it is ended; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn end_watched_source(
        &self,
        scope: &Scope,
        id: WatchedSourceId,
    ) -> Result<(), AppError> {
        let seen = self.keep::<Read>(scope).await?;
        let seen: Filed<WatchedSource> = self.store.filed(&seen, id).await?;
        if seen.body.ended.is_some() {
            return Err(AppError::Input(format!("`{id}` is not watched any more")));
        }
        let ended = WatchedSource {
            ended: Some(self.now()),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(scope).await?;
        self.store.amend(&permit, &seen, &ended).await?;
        Ok(())
    }

    /// The folders that are watched for the scope's tenant.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn watched_sources(
        &self,
        scope: &Scope,
    ) -> Result<Vec<Filed<WatchedSource>>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        Ok(self.store.register(&permit, &["open"], None, MOST).await?)
    }

    /// Two sources with a folder in common would take everything in twice, for two tenants perhaps;
    /// and what the installation writes itself is nobody's interaction.
    async fn is_free(&self, folder: &Path) -> Result<(), AppError> {
        let overlaps = |other: &Path| folder.starts_with(other) || other.starts_with(folder);
        let own = &self.config.data;
        if own.canonicalize().is_ok_and(|own| overlaps(&own)) {
            return Err(AppError::Input(
                "the folder and the installation's own data folder lie in each other".to_owned(),
            ));
        }
        for tenant in self.store.tenants().await? {
            let watched = self.watched_sources(&self.clockwork(tenant.id)).await?;
            if watched.iter().any(|one| overlaps(&one.body.folder)) {
                return Err(AppError::Input(format!(
                    "the folder, one in it or one around it is watched for `{}` already",
                    tenant.slug
                )));
            }
        }
        Ok(())
    }

    /// What this process watches for a tenant, and what became of what arrived since it started.
    #[must_use]
    pub fn watched_now(&self, tenant: TenantId) -> Vec<WatchedNow> {
        self.watching.of(tenant)
    }
}

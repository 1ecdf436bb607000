//! Where an audit plants: an installation that goes away with it, or this one, under a tenant of
//! its own whose interactions are erased afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use domain::{Purpose, TenantId, TenantRole, Timestamp};
use policy::Scope;
use store::{ListFilter, Page};

use super::look::{Haystack, count};
use crate::app::App;
use crate::config::Config;
use crate::error::AppError;
use crate::redaction::RedactionRules;
use crate::runtime::new_uuid;
use crate::tenants::TenantOrder;

/// The tenant that canaries are planted under.
const CANARIES: &str = "redaction-canaries";
/// What it is called, and by what it is known again.
const CALLED: &str = "Canaries of the audit of redaction";
/// By how much a file's time may be coarser than the clock.
const COARSE: Duration = Duration::from_secs(5);
/// Interactions that are erased at a time.
const BATCH: u32 = 100;

pub(super) struct Ground {
    pub(super) app: App,
    pub(super) scope: Scope,
    officer: Scope,
    /// Goes away with the audit; none where it plants in the installation itself.
    scratch: Option<PathBuf>,
    began: Timestamp,
}

impl Drop for Ground {
    fn drop(&mut self) {
        let Some(folder) = &self.scratch else {
            return;
        };
        if let Err(error) = std::fs::remove_dir_all(folder) {
            tracing::warn!(%error, "the audit's scratch installation could not be removed");
        }
    }
}

impl Ground {
    /// An installation under the data folder with the same settings, models and engine.
    pub(super) async fn scratch(app: &App, settings: &RedactionRules) -> Result<Self, AppError> {
        let name = new_uuid(&*app.clock, &*app.chance)?;
        let folder = app.config.data.join(format!("audit-{name}"));
        std::fs::create_dir_all(&folder).map_err(AppError::io("make the scratch folder"))?;
        let config = Config {
            database: format!("sqlite://{}", folder.join("privity.db").display()),
            blobs: format!("file://{}", folder.join("blobs").display()),
            key_file: folder.join("keys/root.key"),
            passphrase: None,
            data: folder.clone(),
            ..(*app.config).clone()
        };
        let scratch = match App::create(&config).await {
            Ok(scratch) => scratch,
            Err(error) => {
                std::fs::remove_dir_all(&folder)
                    .map_err(AppError::io("remove the scratch folder"))?;
                return Err(error);
            }
        };
        let tenant = scratch.add_tenant(&canaries()?).await?.id;
        Self::of(scratch, tenant, Some(folder), settings).await
    }

    /// This installation: its database, blobs, index and workers. What an earlier audit left
    /// behind, because it was stopped, is erased first.
    pub(super) async fn live(app: &App, settings: &RedactionRules) -> Result<Self, AppError> {
        let wanted = canaries()?;
        let there = app.tenants().await?;
        let tenant = match there.into_iter().find(|one| one.slug == wanted.slug) {
            Some(tenant) if tenant.name == CALLED => tenant.id,
            Some(_) => {
                return Err(AppError::Input(format!(
                    "a tenant of yours is called `{CANARIES}`, which the audit needs for its \
                     canaries; audit without `--live`"
                )));
            }
            None => app.add_tenant(&wanted).await?.id,
        };
        let ground = Self::of(app.clone(), tenant, None, settings).await?;
        ground.clear().await?;
        Ok(ground)
    }

    async fn of(
        app: App,
        tenant: TenantId,
        scratch: Option<PathBuf>,
        settings: &RedactionRules,
    ) -> Result<Self, AppError> {
        let officer = app.local_scope(tenant, TenantRole::PrivacyOfficer, Purpose::Storage);
        let scope = app.local_scope(tenant, TenantRole::Analyst, Purpose::Storage);
        let began = app.now();
        let ground = Self {
            app,
            scope,
            officer,
            scratch,
            began,
        };
        if ground.app.redaction_rules(tenant).await?.text != settings.text {
            let (app, officer) = (&ground.app, &ground.officer);
            app.set_redaction_rules(officer, &settings.text).await?;
        }
        Ok(ground)
    }

    pub(super) const fn is_live(&self) -> bool {
        self.scratch.is_none()
    }

    /// Erases what is planted; says how many interactions that were.
    ///
    /// # Errors
    /// [`AppError::Input`] where a place did not confirm that it has nothing left.
    pub(super) async fn clear(&self) -> Result<u64, AppError> {
        let page = Page {
            limit: BATCH,
            after: None,
        };
        let mut erased = 0;
        loop {
            let filter = ListFilter::default();
            let some = self.app.list(&self.scope, &filter, &page).await?;
            if some.is_empty() {
                return Ok(erased);
            }
            for one in some {
                if !self.app.erase(&self.officer, one.id).await?.complete() {
                    return Err(AppError::Input(format!(
                        "the canary {} is not erased everywhere; `privity erase` says where",
                        one.id
                    )));
                }
                erased += 1;
            }
        }
    }

    /// The forms that stand anywhere before anything is planted.
    pub(super) async fn known(&self, haystack: &Haystack) -> Result<BTreeSet<usize>, AppError> {
        let mut known = BTreeSet::new();
        for (_, path) in self.files(None)? {
            // A blob is written once: the canaries' are new.
            if !self.blobs().is_some_and(|blobs| path.starts_with(blobs)) {
                known.extend(haystack.found_in(&path)?);
            }
        }
        if self.is_live() {
            let rows = Mutex::new(BTreeSet::new());
            let see = |_: &'static str, bytes: &[u8]| {
                if let Ok(mut rows) = rows.lock() {
                    rows.extend(haystack.found(bytes));
                }
            };
            self.app
                .store
                .show_rows(self.officer.tenant(), &see)
                .await?;
            known.extend(rows.into_inner().unwrap_or_default());
        }
        Ok(known)
    }

    /// Every place that may hold what was planted: how many files, rows or blobs were looked at
    /// there, and how many forms were seen.
    pub(super) async fn everywhere(
        &self,
        haystack: &Haystack,
    ) -> Result<BTreeMap<String, (u64, u64)>, AppError> {
        let mut places: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (place, path) in self.files(Some(self.began))? {
            let seen = count(&haystack.found_in(&path)?);
            let counted = places.entry(format!("data folder: {place}")).or_default();
            *counted = (counted.0 + 1, counted.1 + seen);
        }
        if !self.is_live() {
            return Ok(places);
        }
        let found = Mutex::new(&mut places);
        let see = |place: &'static str, bytes: &[u8]| {
            let seen = haystack.seen(bytes);
            if let Ok(mut places) = found.lock() {
                let counted = places.entry(place.to_owned()).or_default();
                *counted = (counted.0 + 1, counted.1 + seen);
            }
        };
        let store = &self.app.store;
        store.show_rows(self.officer.tenant(), &see).await?;
        let blobs = self.blobs();
        if !blobs.is_some_and(|blobs| blobs.starts_with(&self.app.config.data)) {
            store.show_blobs(self.began, &see).await?;
        }
        Ok(places)
    }

    /// The folder of the blobs, where they are in one.
    fn blobs(&self) -> Option<&Path> {
        self.app.config.blobs.strip_prefix("file://").map(Path::new)
    }

    /// The files that were written since, each with the part of the data folder that it lies in.
    fn files(&self, since: Option<Timestamp>) -> Result<Vec<(String, PathBuf)>, AppError> {
        let config = &self.app.config;
        let mut paths = Vec::new();
        collect(&config.data, &config.models, &mut paths)?;
        if let Some(file) = store::sqlite_file(&config.database)
            && !file.starts_with(&config.data)
        {
            let name = file.file_name().unwrap_or_default().to_os_string();
            paths.extend(["", "-wal"].map(|end| {
                let mut name = name.clone();
                name.push(end);
                file.with_file_name(name)
            }));
        }
        let since = since.and_then(|since| {
            let millis = u64::try_from(since.0).ok()?;
            let after = Duration::from_millis(millis).checked_sub(COARSE)?;
            SystemTime::UNIX_EPOCH.checked_add(after)
        });
        let written_since = |path: &Path| {
            let written = std::fs::metadata(path).and_then(|meta| meta.modified());
            // What has no time is looked at.
            since.is_none_or(|since| written.map_or(true, |written| written >= since))
        };
        let named = paths.into_iter().filter(|path| written_since(path));
        Ok(named
            .map(|path| (first_part(&path, &config.data), path))
            .collect())
    }
}

fn canaries() -> Result<TenantOrder, AppError> {
    Ok(TenantOrder {
        slug: CANARIES.parse()?,
        name: CALLED.to_owned(),
        instruction: "audit of redaction".to_owned(),
        basis: "contract".to_owned(),
        without: Vec::new(),
    })
}

fn first_part(path: &Path, folder: &Path) -> String {
    let name = path.strip_prefix(folder).unwrap_or(path);
    let first = if name.is_absolute() {
        name.file_name()
    } else {
        name.components().next().map(|part| part.as_os_str())
    };
    first.map_or_else(String::new, |part| part.to_string_lossy().into_owned())
}

/// Every file below a folder but the models, which hold nobody's words, and keys.
fn collect(folder: &Path, models: &Path, files: &mut Vec<PathBuf>) -> Result<(), AppError> {
    let during = || AppError::io("list the data folder");
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // A folder may go away while its parent is listed.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(during()(error)),
    };
    for entry in entries {
        let path = entry.map_err(during())?.path();
        if path == models {
            continue;
        }
        if path.is_dir() {
            collect(&path, models, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

//! The policy versions of this installation: which is in force, by what was posted.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Actor, ActorKind, Millis, Timestamp};
use policy::{History, Policy, PostedVersion, permitted_purposes};
use store::PublishedVersion;

use crate::app::App;
use crate::error::AppError;

/// How long this process trusts what it read: another one may have posted since.
const TRUST: Millis = Millis(30_000);

/// What was posted, compiled.
pub(crate) struct Book(RwLock<Pages>);

struct Pages {
    /// The one that held when the book was read.
    first: Arc<Policy>,
    /// Those that are posted for later, with their beginning, oldest first.
    later: Vec<(Timestamp, Arc<Policy>)>,
    history: History,
    read: Timestamp,
}

impl Book {
    pub(crate) fn new() -> Result<Self, AppError> {
        let shipped = Arc::new(Policy::shipped()?);
        Ok(Self(RwLock::new(Pages {
            first: shipped,
            later: Vec::new(),
            history: History::default(),
            read: Timestamp(i64::MIN),
        })))
    }

    /// The version in force now. One that ended before the book was read is not in it: deciding
    /// is always about now.
    pub(crate) fn in_force(&self, now: Timestamp) -> Arc<Policy> {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let begun = pages.later.iter().rev().find(|(from, _)| *from <= now);
        Arc::clone(begun.map_or(&pages.first, |(_, policy)| policy))
    }

    pub(crate) fn history(&self) -> History {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        pages.history.clone()
    }

    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        now.since(pages.read) > TRUST
    }

    fn replace(&self, pages: Pages) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = pages;
    }
}

impl App {
    /// Posts the shipped policy where nothing was posted yet: from here on posting is the only
    /// way to put a version in force.
    pub(crate) async fn begin_history(&self) -> Result<(), AppError> {
        if !self.store.published().await?.is_empty() {
            return Ok(());
        }
        let shipped = Policy::shipped()?;
        let now = self.now();
        let first = PublishedVersion {
            version: shipped.version().to_owned(),
            document: shipped.text().to_owned(),
            posted: now,
            effective_from: now,
            permits: permitted_purposes(&shipped).into_iter().collect(),
        };
        let by = Actor {
            kind: ActorKind::OperatorAdmin,
            handle: "installation".to_owned(),
        };
        match self.store.publish(&by, &first, None).await {
            // Another process opened the same new installation at the same time.
            Err(store::StoreError::Taken { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Reads what was posted, also by other processes.
    pub(crate) async fn reread_policy(&self) -> Result<(), AppError> {
        let posted = self.store.published().await?;
        let now = self.now();
        let mut history = History::default();
        for version in &posted {
            let entry = PostedVersion {
                version: version.version.clone(),
                posted: version.posted,
                effective_from: version.effective_from,
                permits: version.permits.iter().copied().collect(),
            };
            history
                .post(entry)
                .map_err(|error| AppError::Unpublishable(vec![error.to_string()]))?;
        }
        for notice in self.store.notices().await? {
            history.notify(notice);
        }
        let compile = |version: &PublishedVersion| -> Result<Arc<Policy>, AppError> {
            Ok(Arc::new(
                Policy::parse(&version.document)?.after(history.clone()),
            ))
        };
        let held = posted.iter().rev().find(|v| v.effective_from <= now);
        let first = match held {
            Some(version) => compile(version)?,
            None => Arc::new(Policy::shipped()?),
        };
        let later = posted.iter().filter(|v| v.effective_from > now);
        let later: Result<_, AppError> = later
            .map(|version| Ok((version.effective_from, compile(version)?)))
            .collect();
        self.book.replace(Pages {
            first,
            later: later?,
            history,
            read: now,
        });
        Ok(())
    }
}

//! Watching while the program runs.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Metadata, Purpose, Secret, TenantId, Timestamp, WatchedSourceId};
use store::Filed;
use tokio::sync::watch;

use super::pile::{Filling, Pile};
use super::{WatchedKind, WatchedSource};
use crate::app::App;
use crate::error::AppError;
use crate::intake::{IntakeOrder, Outcome};
use crate::pipeline::Done;

/// How often a folder is looked at; a file that stood still between two looks is taken.
const LOOK: Duration = Duration::from_millis(1_500);
/// Looks after which it is asked whether other sources are watched now.
const LOOKS: u32 = 8;

/// What this process watches.
#[derive(Default)]
pub(crate) struct Watching(Mutex<HashMap<TenantId, Vec<WatchedNow>>>);

/// A watched source as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedNow {
    /// Its number.
    pub id: WatchedSourceId,
    /// What kind of folder it is.
    pub kind: WatchedKind,
    /// The folder.
    pub folder: PathBuf,
    /// Where mail is sent to that arrives there.
    pub address: Option<String>,
    /// Whether it can be read.
    pub state: WatchedState,
    /// When something arrived last.
    pub last: Option<Timestamp>,
    /// Interactions that were taken in or went on.
    pub taken: u64,
    /// Those that were here already.
    pub known: u64,
    /// Those that were refused.
    pub refused: u64,
}

/// Whether a folder can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchedState {
    /// It is looked at.
    Watched,
    /// It is not there or may not be read; it is tried again.
    Unreadable,
}

impl Watching {
    pub(super) fn of(&self, tenant: TenantId) -> Vec<WatchedNow> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&tenant).cloned().unwrap_or_default()
    }

    fn tell(&self, watched: &Watched) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = all.entry(watched.tenant).or_default();
        match of.iter_mut().find(|one| one.id == watched.now.id) {
            Some(one) => one.clone_from(&watched.now),
            None => of.push(watched.now.clone()),
        }
    }

    fn forget(&self, tenant: TenantId, id: WatchedSourceId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of) = all.get_mut(&tenant) {
            of.retain(|one| one.id != id);
        }
    }
}

/// A source with its files.
struct Watched {
    tenant: TenantId,
    order: IntakeOrder,
    pile: Pile,
    now: WatchedNow,
}

impl Watched {
    fn of(tenant: TenantId, filed: Filed<WatchedSource>) -> Self {
        let source = filed.body;
        let filling = match source.kind {
            WatchedKind::Folder => Filling::Files,
            WatchedKind::Mailbox => Filling::Mail,
        };
        let fields = source.metadata.into_iter();
        let metadata: Metadata = fields
            .map(|(key, value)| (key, Secret::new(value)))
            .collect();
        Self {
            tenant,
            order: IntakeOrder {
                agent: source.agent.map(Secret::new),
                consumer: source.consumer.map(Secret::new),
                agent_channel: source.agent_channel,
                metadata,
                ..IntakeOrder::default()
            },
            pile: Pile::new(&source.folder, filling),
            now: WatchedNow {
                id: filed.id,
                kind: source.kind,
                folder: source.folder,
                address: source.address,
                state: WatchedState::Watched,
                last: None,
                taken: 0,
                known: 0,
                refused: 0,
            },
        }
    }

    /// Looks into the folder without holding up anything else.
    async fn look(&mut self) -> Vec<PathBuf> {
        let empty = Pile::new(&self.now.folder, self.pile.filling());
        let mut pile = std::mem::replace(&mut self.pile, empty);
        let looked = tokio::task::spawn_blocking(move || {
            let ready = pile.ready();
            (pile, ready)
        });
        // Where the look was broken off, the next one begins anew: what was taken in is known.
        let Ok((pile, ready)) = looked.await else {
            return Vec::new();
        };
        self.pile = pile;
        self.now.state = if ready.is_ok() {
            WatchedState::Watched
        } else {
            WatchedState::Unreadable
        };
        ready.unwrap_or_default()
    }

    fn count(&mut self, outcomes: &[Outcome], at: Timestamp) {
        self.now.last = Some(at);
        for outcome in outcomes {
            match outcome {
                Outcome::Taken { .. } | Outcome::Continued { .. } => self.now.taken += 1,
                Outcome::Known { .. } => self.now.known += 1,
                Outcome::Refused { .. } => self.now.refused += 1,
            }
        }
    }
}

/// What the register said when it was read, by tenant.
type Read = HashMap<TenantId, BTreeMap<String, u64>>;

impl App {
    /// Looks at every watched source until stopped. A failure is logged and tried again: a file
    /// that was not taken in stays where it is.
    pub(crate) async fn watching(self, stop: watch::Receiver<bool>) -> Result<Done, AppError> {
        let (mut watched, mut read) = (Vec::new(), Read::new());
        let mut looks = 0u32;
        while !*stop.borrow() {
            if looks.is_multiple_of(LOOKS)
                && let Err(error) = self.reread_sources(&mut watched, &mut read).await
            {
                tracing::error!(%error, "the watched sources could not be read; tried again");
            }
            for one in &mut watched {
                for path in one.look().await {
                    if *stop.borrow() {
                        return Ok(Done::default());
                    }
                    self.take_from(one, &path).await;
                }
                self.watching.tell(one);
            }
            looks = looks.wrapping_add(1);
            tokio::time::sleep(LOOK).await;
        }
        Ok(Done::default())
    }

    /// Takes a file in. Its name may name a person and is told to nobody.
    async fn take_from(&self, watched: &mut Watched, path: &Path) {
        let scope = self.pipeline_scope(watched.tenant, Purpose::Storage);
        let source = watched.now.id;
        match self.take_in_file(&scope, path, &watched.order).await {
            Ok(outcomes) => {
                watched.count(&outcomes, self.now());
                if let Err(error) = watched.pile.done(path) {
                    tracing::warn!(%source, kind = %error.kind(), "a message cannot be moved");
                }
            }
            Err(AppError::Io { source: error, .. }) => {
                tracing::warn!(%source, kind = %error.kind(), "a file cannot be read; tried again");
                watched.pile.put_back(path);
            }
            Err(error) => {
                tracing::error!(%source, %error, "a file was not taken in; tried again");
                watched.pile.put_back(path);
            }
        }
    }

    /// Reads the register again where it has other records than before. Nothing is opened to find
    /// that out.
    async fn reread_sources(
        &self,
        watched: &mut Vec<Watched>,
        read: &mut Read,
    ) -> Result<(), AppError> {
        for tenant in self.store.tenants().await? {
            let counts = self
                .store
                .register_counts::<WatchedSource>(tenant.id)
                .await?;
            if read.get(&tenant.id).unwrap_or(&BTreeMap::new()) == &counts {
                continue;
            }
            let sources = self.watched_sources(&self.clockwork(tenant.id)).await?;
            let open = |id: WatchedSourceId| sources.iter().any(|one| one.id == id);
            watched.retain(|one| {
                let stays = one.tenant != tenant.id || open(one.now.id);
                if !stays {
                    self.watching.forget(tenant.id, one.now.id);
                }
                stays
            });
            for source in sources {
                if !watched.iter().any(|one| one.now.id == source.id) {
                    watched.push(Watched::of(tenant.id, source));
                }
            }
            read.insert(tenant.id, counts);
        }
        Ok(())
    }
}

//! Workers: take a job, keep its lease alive, run its stage, hand the outcome to the store.

use std::time::Duration;

use domain::{InteractionId, Millis, Stage, TenantId};
use store::{Lease, StoreError};
use tokio::sync::watch;

use super::engines::Slot;
use super::{Context, Fault};
use crate::app::App;
use crate::error::AppError;

/// How often a stage is tried before it goes to the poison shelf.
const ATTEMPTS: u32 = 5;
/// Pause between looks at an empty queue.
const IDLE: Duration = Duration::from_millis(400);

/// Interactions categorised and scored after one became searchable.
const AT_ONCE: u64 = 4;
/// Interactions categorised and scored in one go while nothing else waits.
const EVALUATED: u64 = 64;

/// When a worker stops.
#[derive(Debug, Clone)]
pub enum Until {
    /// The queue is empty and nobody works.
    Drained,
    /// The flag turns true.
    Stopped(watch::Receiver<bool>),
}

/// How a stage ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Its outputs are stored.
    Well,
    /// The policy stopped it; the clauses by name.
    Denied(String),
    /// It will be tried again.
    Retried(String),
    /// It lies on the poison shelf.
    Poisoned(String),
    /// Another worker has taken the job over; nothing was stored.
    Lost,
}

/// Something a worker did, for progress displays; nothing personal.
#[derive(Debug, Clone)]
pub struct Event {
    /// Whose interaction.
    pub tenant: TenantId,
    /// Which.
    pub interaction: InteractionId,
    /// Which stage.
    pub stage: Stage,
    /// How it ended; `None` when it began.
    pub ended: Option<Ended>,
}

/// What a run of workers did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Stages that ended well.
    pub stages: u64,
    /// Stages that were stopped by the policy.
    pub denied: u64,
    /// Stages that went to the poison shelf.
    pub poisoned: u64,
}

impl Done {
    fn count(&mut self, ended: &Ended) {
        match ended {
            Ended::Well => self.stages += 1,
            Ended::Denied(_) => self.denied += 1,
            Ended::Poisoned(_) => self.poisoned += 1,
            Ended::Retried(_) | Ended::Lost => {}
        }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            stages: self.stages + other.stages,
            denied: self.denied + other.denied,
            poisoned: self.poisoned + other.poisoned,
        }
    }
}

impl App {
    /// Runs the configured number of workers until the queue is drained or they are stopped.
    ///
    /// # Errors
    /// [`AppError::Store`] where the queue itself cannot be read.
    pub async fn work<F>(&self, until: Until, seen: F) -> Result<Done, AppError>
    where
        F: Fn(Event) + Send + Sync + Clone + 'static,
    {
        let mut workers = tokio::task::JoinSet::new();
        for number in 1..=self.config.workers {
            let (app, until, seen) = (self.clone(), until.clone(), seen.clone());
            workers.spawn(async move { app.one_worker(number, until, seen).await });
        }
        if let Until::Stopped(stopped) = &until {
            let (app, flag) = (self.clone(), stopped.clone());
            workers.spawn(async move { app.by_the_clock(flag).await });
            let (app, flag) = (self.clone(), stopped.clone());
            workers.spawn(async move { app.telling(flag).await });
            let (app, flag) = (self.clone(), stopped.clone());
            workers.spawn(async move { app.discovering(flag).await });
            let (app, flag) = (self.clone(), stopped.clone());
            workers.spawn(async move { app.watching(flag).await });
        }
        let mut done = Done::default();
        while let Some(ended) = workers.join_next().await {
            done = done.and(ended.map_err(|_| AppError::Stopped)??);
        }
        if matches!(until, Until::Drained) {
            self.discover_everyone().await?;
        }
        self.store.checkpoint().await?;
        Ok(done)
    }

    async fn one_worker<F: Fn(Event)>(
        self,
        number: usize,
        until: Until,
        seen: F,
    ) -> Result<Done, AppError> {
        let name = format!("worker-{}-{number}", std::process::id());
        let mut slot = Slot::new(self.config.models.clone(), self.config.engine);
        let mut done = Done::default();
        loop {
            if let Until::Stopped(flag) = &until
                && *flag.borrow()
            {
                return Ok(done);
            }
            let Some(lease) = self.store.lease(&name, self.config.lease).await? else {
                if progressed(self.evaluate_everyone(EVALUATED).await) {
                    continue;
                }
                if matches!(until, Until::Drained) && self.store.queue_is_empty().await? {
                    return Ok(done);
                }
                tokio::time::sleep(IDLE).await;
                continue;
            };
            let event = |ended| Event {
                tenant: lease.tenant,
                interaction: lease.interaction,
                stage: lease.stage,
                ended,
            };
            seen(event(None));
            let ended = self.one_job(&lease, &mut slot).await?;
            done.count(&ended);
            if lease.stage == Stage::Index && ended == Ended::Well {
                // What is new is categorised at once; the rest of history when nothing waits.
                progressed(self.evaluate_behind(lease.tenant, AT_ONCE).await);
            }
            seen(event(Some(ended)));
        }
    }

    /// Runs one stage while its lease is kept alive.
    async fn one_job(&self, lease: &Lease, slot: &mut Slot) -> Result<Ended, AppError> {
        let mut context = Context {
            app: self,
            engines: slot,
            scope: self.pipeline_scope(lease.tenant, lease.stage.purpose()),
            id: lease.interaction,
        };
        let beat = Duration::from_millis((self.config.lease.0 / 3).max(50));
        let outcome = {
            let work = super::run(&mut context, lease.stage);
            tokio::pin!(work);
            loop {
                tokio::select! {
                    outcome = &mut work => break outcome,
                    () = tokio::time::sleep(beat) => {
                        self.store.renew_lease(lease, self.config.lease).await?;
                    }
                }
            }
        };
        self.settle(lease, outcome).await
    }

    async fn settle(
        &self,
        lease: &Lease,
        outcome: Result<super::Outputs, Fault>,
    ) -> Result<Ended, AppError> {
        let settled = match outcome {
            Ok((permit, outputs)) => {
                let stored = self.store.finish_stage(lease, &permit, outputs).await;
                stored.map(|()| Ended::Well)
            }
            Err(Fault::Denied(denial)) => {
                let stopped = self.store.deny_stage(lease, &denial).await;
                let clauses: Vec<String> = denial.clauses.iter().map(ToString::to_string).collect();
                stopped.map(|()| Ended::Denied(clauses.join(", ")))
            }
            Err(Fault::Hopeless(note)) => {
                let shelved = self.store.fail_stage(lease, &note, None).await;
                shelved.map(|()| Ended::Poisoned(note.sentence))
            }
            Err(Fault::Passing(note)) if lease.attempt >= ATTEMPTS => {
                let shelved = self.store.fail_stage(lease, &note, None).await;
                shelved.map(|()| Ended::Poisoned(note.sentence))
            }
            Err(Fault::Passing(note)) => {
                let at = self.clock.now().plus(backoff(lease.attempt));
                let put_back = self.store.fail_stage(lease, &note, Some(at)).await;
                put_back.map(|()| Ended::Retried(note.sentence))
            }
        };
        match settled {
            Err(StoreError::LeaseLost { .. }) => Ok(Ended::Lost),
            other => Ok(other?),
        }
    }
}

/// Whether an evaluation got further. One that failed leaves its interactions behind, to be taken
/// up again; it must not stop what else a worker does.
fn progressed(evaluated: Result<usize, AppError>) -> bool {
    match evaluated {
        Ok(taken) => taken > 0,
        Err(error) => {
            tracing::warn!(error = super::chain(&error), "categories and scores lag");
            false
        }
    }
}

/// 1 s, 4 s, 16 s, 64 s.
fn backoff(attempt: u32) -> Millis {
    Millis(1_000u64.saturating_mul(4u64.saturating_pow(attempt.saturating_sub(1).min(6))))
}

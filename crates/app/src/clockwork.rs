//! What happens by the clock while the program runs: overdue cases go back to the operator,
//! tenants are told of orders after a ban has ended, what is overdue is erased once a day.

use std::time::Duration;

use domain::Millis;
use tokio::sync::watch;

use crate::app::App;
use crate::error::AppError;
use crate::pipeline::{Done, chain};

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How often everything that was promised is looked at.
const A_DAY: Millis = Millis(24 * 60 * 60 * 1000);
/// How often it is looked at whether to stop.
const STEP: Duration = Duration::from_secs(1);

/// What one look at the clock did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Cases that went back to the operator.
    pub sent_back: usize,
    /// Tenants that were told of an order.
    pub told: usize,
    /// Agents that were told how a request of theirs stands.
    pub agents: usize,
    /// Leaves that a quorum of the witnesses vouches for.
    pub vouched: u64,
    /// Tenants whose overdue interactions were erased.
    pub erased: usize,
    /// Uploads whose time was over.
    pub forgotten: usize,
    /// Clauses that do not hold, where it was looked today.
    pub broken: Option<usize>,
}

/// What a chore did; its failure is kept unless there was one before.
fn or_later<T: Default>(outcome: Result<T, AppError>, failed: &mut Option<AppError>) -> T {
    outcome.unwrap_or_else(|error| {
        failed.get_or_insert(error);
        T::default()
    })
}

impl App {
    /// One look at the clock. A chore that fails holds up no other.
    ///
    /// # Errors
    /// The first failure, once every chore had its turn.
    pub async fn tick(&self) -> Result<Ticked, AppError> {
        let mut failed = None;
        let ticked = Ticked {
            sent_back: or_later(self.escalate_overdue().await, &mut failed),
            told: or_later(self.tell_after_gags().await, &mut failed).len(),
            agents: or_later(self.tell_rights_agents().await, &mut failed),
            erased: or_later(self.retention_by_the_clock().await, &mut failed).len(),
            forgotten: or_later(self.forget_uploads().await, &mut failed),
            broken: or_later(self.look_once_a_day().await, &mut failed),
            // Last, so that the newest checkpoint is the one that they cosign.
            vouched: or_later(
                self.ask_witnesses().await.map(|seen| seen.vouched()),
                &mut failed,
            ),
        };
        failed.map_or(Ok(ticked), Err)
    }

    /// Once a day every clause's live check is asked and the ledger replayed; what does not hold is
    /// on the page and in the log of the program.
    async fn look_once_a_day(&self) -> Result<Option<usize>, AppError> {
        let seen = self.store.seen().await?;
        let live = seen.iter().filter(|one| one.kind == "live");
        let last = live.map(|one| one.at).max();
        if last.is_some_and(|at| self.now().since(at) < A_DAY) {
            return Ok(None);
        }
        let standing = self.clause_status().await?;
        let broken: Vec<&str> = standing
            .clauses
            .iter()
            .filter(|one| one.status == policy::ClauseStatus::Broken)
            .map(|one| one.clause.as_str())
            .collect();
        if !broken.is_empty() {
            tracing::error!(clauses = broken.join(", "), "clauses do not hold");
        }
        Ok(Some(broken.len()))
    }

    /// Looks at the clock until stopped. A failure is logged and tried again: nothing that is due
    /// is lost by it.
    pub(crate) async fn by_the_clock(self, stop: watch::Receiver<bool>) -> Result<Done, AppError> {
        let mut waited = EVERY;
        while !*stop.borrow() {
            if waited >= EVERY {
                waited = Duration::ZERO;
                if let Err(error) = self.tick().await {
                    tracing::error!(
                        error = chain(&error),
                        "the clock's work failed; tried again"
                    );
                }
            }
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
        Ok(Done::default())
    }
}

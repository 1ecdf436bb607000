//! Asking the configured witnesses to cosign the log's checkpoint, and how it stands with them.

use domain::Timestamp;
use outbound::WitnessAnswer;
use policy::{Desk, Permit, Seal};

use crate::app::App;
use crate::config::WitnessSetting;
use crate::error::AppError;
use crate::pipeline::chain;

/// A witness that says twice that it is elsewhere is asked again the next time.
const TURNS: usize = 2;

/// How it stands with one witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// What it is called here.
    pub name: String,
    /// The name of its key, as it stands in cosignatures.
    pub key: String,
    /// Leaves of the newest checkpoint that it cosigned; nought for none.
    pub size: u64,
    /// When it was last asked.
    pub tried: Option<Timestamp>,
    /// Why it did not cosign then.
    pub problem: Option<String>,
}

/// How it stands with all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnesses {
    /// Leaves under the newest checkpoint.
    pub covered: u64,
    /// How many must have cosigned.
    pub quorum: usize,
    /// Each of them, as configured.
    pub all: Vec<Witnessed>,
}

impl Witnesses {
    /// Leaves of the newest checkpoint that as many as the quorum have cosigned; what is cosigned
    /// later vouches for all before it.
    #[must_use]
    pub fn vouched(&self) -> u64 {
        let mut sizes: Vec<u64> = self.all.iter().map(|one| one.size).collect();
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        let last = self.quorum.checked_sub(1);
        last.and_then(|at| sizes.get(at).copied()).unwrap_or(0)
    }

    /// Whether fewer than the quorum cosigned the newest checkpoint.
    #[must_use]
    pub fn behind(&self) -> bool {
        self.quorum > 0 && self.vouched() < self.covered
    }
}

impl App {
    /// Asks every witness that has not cosigned the newest checkpoint. One that fails does not
    /// keep the others from being asked; why it did is kept, and it is asked again the next time.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Store`].
    pub async fn ask_witnesses(&self) -> Result<Witnesses, AppError> {
        let asked = self.config.witnesses.as_slice();
        if !asked.is_empty() {
            self.store.checkpoint().await?;
            let permit = self.keep::<Seal>(&self.privacy_desk("witnesses")).await?;
            for witness in asked {
                self.ask_witness(&permit, witness).await?;
            }
        }
        self.witnesses().await
    }

    /// How it stands with the witnesses.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn witnesses(&self) -> Result<Witnesses, AppError> {
        let mut all = Vec::new();
        for witness in &self.config.witnesses {
            let state = self.store.witness_state(&witness.key).await?;
            all.push(Witnessed {
                name: witness.name.clone(),
                key: witness.key.name().to_owned(),
                size: state.as_ref().map_or(0, |state| state.size),
                tried: state.as_ref().map(|state| state.tried),
                problem: state.and_then(|state| state.problem),
            });
        }
        Ok(Witnesses {
            covered: self.store.leaves_covered().await?,
            quorum: self.config.quorum,
            all,
        })
    }

    async fn ask_witness(
        &self,
        permit: &Permit<Seal, Desk>,
        witness: &WitnessSetting,
    ) -> Result<(), AppError> {
        let known = self.store.witness_state(&witness.key).await?;
        let mut old = known.as_ref().map_or(0, |known| known.size);
        let covered = self.store.leaves_covered().await?;
        if old == covered && known.is_some_and(|known| known.problem.is_none()) {
            return Ok(());
        }
        let mut problem = None;
        for _ in 0..TURNS {
            match self.show(permit, witness, old).await? {
                Shown::Kept => return Ok(()),
                Shown::Elsewhere(size) => {
                    problem = Some(elsewhere(old, size));
                    if size == old {
                        break;
                    }
                    old = size;
                }
                Shown::Not(why) => {
                    problem = Some(why);
                    break;
                }
            }
        }
        if let Some(problem) = problem {
            tracing::warn!(
                witness = witness.key.name(),
                problem,
                "a witness did not cosign the log; asked again"
            );
            let noted = self.store.note_witness_problem(&witness.key, &problem);
            noted.await?;
        }
        Ok(())
    }

    async fn show(
        &self,
        permit: &Permit<Seal, Desk>,
        witness: &WitnessSetting,
        old: u64,
    ) -> Result<Shown, AppError> {
        let made = match self.store.submission(old).await {
            Ok(Some(made)) => made,
            Ok(None) => return Ok(Shown::Not("nothing is under a checkpoint yet".to_owned())),
            Err(error) => return against(error),
        };
        let sent = self
            .gateway
            .show_witness(permit, &witness.url, made.body, self.now())
            .await;
        match sent {
            Ok(WitnessAnswer::Cosigned(answer)) => {
                let kept = self
                    .store
                    .keep_cosignature(permit, made.size, &witness.key, &answer)
                    .await;
                kept.map_or_else(against, |()| Ok(Shown::Kept))
            }
            Ok(WitnessAnswer::Elsewhere(size)) => Ok(Shown::Elsewhere(size)),
            Ok(WitnessAnswer::Refused(status)) => Ok(Shown::Not(refused(status))),
            Err(error) => Ok(Shown::Not(chain(&error))),
        }
    }
}

/// How showing it once ended.
enum Shown {
    Kept,
    Elsewhere(u64),
    Not(String),
}

/// What speaks against the witness or the log is told; what fails here is an error.
fn against(error: store::StoreError) -> Result<Shown, AppError> {
    match error.of_witness() {
        Some(told) => Ok(Shown::Not(told.to_string())),
        None => Err(error.into()),
    }
}

fn elsewhere(old: u64, size: u64) -> String {
    if old == size {
        return format!(
            "the witness saw another checkpoint of {size} leaves: the log was forked, or set back and grown anew"
        );
    }
    format!("the witness has seen {size} leaves, not {old}")
}

fn refused(status: u16) -> String {
    let why = match status {
        400 => "it could not read what it was shown",
        403 => "it does not know the log's key; give it the keys that `privity ledger keys` prints",
        404 => "it does not witness this log; give it the log's keys",
        422 => "the log is not what it was when the witness saw it last: it was forked or changed",
        _ => "it has a fault of its own, or something stands between",
    };
    format!("the witness answered {status}: {why}")
}

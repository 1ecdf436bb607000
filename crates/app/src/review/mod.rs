//! What a tenant's people do with interactions beside reading them: moments, forms, calibration,
//! sampling, coaching. Who may write what is the policy's to say: remarks on words are one right,
//! judging how somebody handled them is another, answering to that is the agent's own.

mod calibrating;
mod coaching;
mod filling;
mod moments;
mod numbers;
mod sampling;
mod views;

use domain::{DataCategory, InteractionId, Millis, Purpose, Secret, Timestamp, UserId};
use policy::{Find, Interactions, Permit, Scope, Seal};
use serde::{Deserialize, Serialize};

use crate::app::{App, standing_facts};
use crate::error::AppError;
use crate::keyed;

pub use calibrating::{Calibration, CalibrationView, NewCalibration, Seat};
pub use coaching::{Assignment, AssignmentView, NewAssignment, SeenAssignments, StepOrder};
pub use filling::{AnswerRow, Filling, FillingView, FormToFill, NewFilling, SeenFillings};
pub use moments::{Moment, MomentView, NewMoment};
pub use numbers::{AgentPage, AgentRow, TeamPage, Week, Win};
pub use sampling::{Drawn, Sampling, SamplingView, week_of, week_start};
pub use views::{SavedView, SavedViewRow};

/// What remarks hold.
pub(crate) const REMARK: &[DataCategory] = &[DataCategory::RedactedContent];
/// What judging holds: the words, and how somebody handled them.
pub(crate) const ASSESS: &[DataCategory] = &[
    DataCategory::RedactedContent,
    DataCategory::InteractionMetadata,
];
const ANSWER: &[DataCategory] = &[DataCategory::InteractionMetadata];
/// Characters of a note beside a step.
const LONGEST_NOTE: usize = 2_000;

/// One step of something that goes from hand to hand; none is ever taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    #[serde(with = "keyed::at")]
    pub at: Timestamp,
    /// Who, by handle.
    pub by: String,
    /// What, by key.
    pub what: String,
    /// Why or what to; may be empty.
    #[serde(with = "keyed::secret")]
    pub note: Secret,
}

impl App {
    /// Asks to write a remark on an interaction's words.
    pub(crate) async fn ask_to_remark(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Permit<Seal, InteractionId>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        self.ask::<Seal>(&scope, id, REMARK).await
    }

    /// Asks to judge how somebody handled an interaction.
    pub(crate) async fn ask_to_assess(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Permit<Seal, InteractionId>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        self.ask::<Seal>(&scope, id, ASSESS).await
    }

    /// Asks to answer to what was said of oneself.
    pub(crate) async fn ask_to_answer(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Permit<Seal, InteractionId>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        self.ask::<Seal>(&scope, id, ANSWER).await
    }

    /// Asks to arrange what is of no single interaction: sessions and plans.
    pub(crate) async fn ask_to_arrange(
        &self,
        scope: &Scope,
        categories: &[DataCategory],
    ) -> Result<Permit<Seal, Interactions>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let facts = policy::Facts {
            collected_under: Some(self.policy().version().to_owned()),
            ..standing_facts(&self.tenant_of(&scope).await?)
        };
        self.decide(&scope, Interactions, categories, &facts).await
    }

    /// Asks to see notes over all interactions; an agent is shown those of their own.
    pub(crate) async fn ask_for_notes(
        &self,
        scope: &Scope,
    ) -> Result<Permit<Find, Interactions>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        self.ask_to_find(&scope, ASSESS).await
    }
}

/// A moment of an interaction as people write it: `65`, `1:05`, `1:05.4` or `1:02:03`.
///
/// # Errors
/// [`AppError::Input`] with what would be right.
pub fn moment_of(text: &str) -> Result<Millis, AppError> {
    let wanted = || {
        AppError::Input(format!(
            "expected a moment such as 1:05 or 65, found `{text}`"
        ))
    };
    let mut seconds = 0.0;
    let parts: Vec<&str> = text.trim().split(':').collect();
    let last = parts.len().saturating_sub(1);
    for (place, part) in parts.iter().enumerate() {
        let number: f64 = part.parse().map_err(|_| wanted())?;
        let whole = part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = number.is_finite() && number >= 0.0 && (place == 0 || number < 60.0);
        if !fits || (place < last && !whole) {
            return Err(wanted());
        }
        seconds = seconds * 60.0 + number;
    }
    if last > 2 || seconds > 1e7 {
        return Err(wanted());
    }
    Ok(Millis::from_secs_f64(seconds))
}

/// The account that acts in a scope; none for a machine or somebody at the command line.
pub(crate) fn user_of(scope: &Scope) -> Option<UserId> {
    scope.actor().handle.parse().ok()
}

fn step(scope: &Scope, at: Timestamp, what: &str, note: &str) -> Result<Step, AppError> {
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(AppError::Input(format!(
            "a note has at most {LONGEST_NOTE} characters"
        )));
    }
    Ok(Step {
        at,
        by: scope.actor().handle.clone(),
        what: what.to_owned(),
        note: Secret::new(note),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_a_clock_shows_it() {
        for (text, millis) in [
            ("65", 65_000),
            ("1:05", 65_000),
            ("1:05.4", 65_400),
            (" 1:02:03 ", 3_723_000),
            ("0", 0),
        ] {
            assert_eq!(moment_of(text).unwrap(), Millis(millis), "{text}");
        }
        for bad in ["", "1:", "1:75", "-3", "1.5:10", "1:2:3:4", "nan", "1e9"] {
            assert!(moment_of(bad).is_err(), "{bad}");
        }
    }
}

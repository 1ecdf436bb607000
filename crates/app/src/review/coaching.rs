//! Parts of interactions that somebody is asked to listen to: with a note, a day, and every step
//! that follows.

use domain::{
    AssignmentId, AssignmentStep, DataCategory, InteractionId, Lesson, Millis, Secret, TenantRole,
    Timestamp, UserId,
};
use policy::Scope;
use serde::{Deserialize, Serialize};
use store::{Note, NoteFilter, Noted, Standing};

use super::{ASSESS, LONGEST_NOTE, Step, step, user_of};
use crate::app::App;
use crate::definitions::missing;
use crate::error::AppError;
use crate::keyed;

/// An assignment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Whose turn it is.
    #[serde(with = "keyed::one")]
    pub person: UserId,
    /// From when on, in milliseconds from the interaction's start.
    pub from: u64,
    /// Until when.
    pub until: u64,
    /// Why they are shown it.
    #[serde(with = "keyed::one")]
    pub lesson: Lesson,
    /// What to listen for.
    #[serde(with = "keyed::secret")]
    pub note: Secret,
    /// By when.
    #[serde(with = "keyed::maybe_at")]
    pub due: Option<Timestamp>,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
}

impl Assignment {
    /// Where it is on its way.
    #[must_use]
    pub fn stands(&self) -> AssignmentStep {
        let last = self.steps.last().and_then(|step| step.what.parse().ok());
        last.unwrap_or(AssignmentStep::Assigned)
    }
}

impl Noted for Assignment {
    type Id = AssignmentId;
    const KIND: &'static str = "assignment";
    const HOLDS: &'static [DataCategory] = ASSESS;

    fn state(&self) -> &'static str {
        self.stands().key()
    }

    fn due(&self) -> Option<Timestamp> {
        self.due.filter(|_| self.stands().is_open())
    }

    fn person(&self) -> Option<UserId> {
        Some(self.person)
    }
}

/// An assignment to make.
#[derive(Debug, Clone)]
pub struct NewAssignment {
    /// Who is asked.
    pub person: UserId,
    /// From when on.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Why they are shown it.
    pub lesson: Lesson,
    /// What to listen for.
    pub note: Secret,
    /// By when.
    pub due: Option<Timestamp>,
}

/// A step to take.
#[derive(Debug, Clone)]
pub struct StepOrder {
    /// Which.
    pub step: AssignmentStep,
    /// Why, or what to; a dispute needs it.
    pub note: String,
    /// To whom, where it is forwarded.
    pub to: Option<UserId>,
}

/// Which assignments to see, newest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct SeenAssignments<'a> {
    /// For this person.
    pub person: Option<UserId>,
    /// In any of these states; empty: in all.
    pub states: &'a [&'a str],
    /// At most so many; 0: a thousand.
    pub limit: u64,
}

/// An assignment with where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentView {
    /// Which.
    pub id: AssignmentId,
    /// A part of which interaction.
    pub interaction: InteractionId,
    /// Who asked, by handle.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// As it is kept.
    pub assignment: Assignment,
}

impl AssignmentView {
    /// Whether its day is over and it still waits.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.assignment.due().is_some_and(|due| due < now)
    }
}

impl App {
    /// Asks somebody to listen to a part of an interaction: an agent who took part in it, or
    /// somebody who may judge.
    ///
    /// # Errors
    /// [`AppError::Input`] for a part that is none, a day that is over, or somebody who may not
    /// open the interaction; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn assign(
        &self,
        scope: &Scope,
        id: InteractionId,
        new: &NewAssignment,
    ) -> Result<AssignmentId, AppError> {
        let permit = self.ask_to_assess(scope, id).await?;
        let seen = self.ask_to_review(scope, id).await?;
        let long = self.store.summary(&seen).await?.duration;
        let ends = long.is_none_or(|long| new.until <= long);
        if new.from >= new.until || !ends {
            let long = long.map_or_else(|| "its end".to_owned(), |long| long.to_string());
            return Err(AppError::Input(format!(
                "a part goes from an earlier to a later second, up to {long}; found {} to {}",
                new.from, new.until
            )));
        }
        if new.due.is_some_and(|due| due < self.now()) {
            return Err(AppError::Input("the day it is due is over".to_owned()));
        }
        if new.note.expose().chars().count() > LONGEST_NOTE {
            return Err(AppError::Input(format!(
                "a note has at most {LONGEST_NOTE} characters"
            )));
        }
        self.can_be_asked(scope, id, new.person).await?;
        let assignment = Assignment {
            person: new.person,
            from: new.from.0,
            until: new.until.0,
            lesson: new.lesson,
            note: Secret::new(new.note.expose().trim()),
            due: new.due,
            steps: vec![step(scope, self.now(), AssignmentStep::Assigned.key(), "")?],
        };
        Ok(self.store.note(&permit, &assignment).await?)
    }

    /// Assignments over all interactions; an agent is shown those of their own interactions.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn assignments(
        &self,
        scope: &Scope,
        wanted: &SeenAssignments<'_>,
    ) -> Result<Vec<AssignmentView>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let filter = NoteFilter {
            person: wanted.person,
            states: wanted.states,
            limit: wanted.limit,
            ..NoteFilter::default()
        };
        let notes = self.store.notes::<Assignment>(&find, &filter).await?;
        Ok(notes.into_iter().filter_map(view).collect())
    }

    /// Asks somebody to listen to several interactions, each as a whole, and says how many; those
    /// that they may not be shown, and those without a length, are left out.
    ///
    /// # Errors
    /// [`AppError::Input`] with the reason where none is left; [`AppError::Denied`].
    pub async fn assign_many(
        &self,
        scope: &Scope,
        ids: &[InteractionId],
        new: &NewAssignment,
    ) -> Result<usize, AppError> {
        let (mut assigned, mut why) = (0, "none of them has anything to listen to yet".to_owned());
        for id in ids {
            let seen = self.ask_to_review(scope, *id).await?;
            let Some(long) = self.store.summary(&seen).await?.duration else {
                continue;
            };
            let whole = NewAssignment {
                from: Millis::ZERO,
                until: long,
                ..new.clone()
            };
            match self.assign(scope, *id, &whole).await {
                Ok(_) => assigned += 1,
                Err(AppError::Input(reason)) => why = reason,
                Err(other) => return Err(other),
            }
        }
        if assigned == 0 {
            return Err(AppError::Input(why));
        }
        Ok(assigned)
    }

    /// The assignments of one interaction.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn assignments_of(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<AssignmentView>, AppError> {
        let permit = self.ask_to_review(scope, id).await?;
        let notes = self.store.notes_of::<Assignment>(&permit).await?;
        Ok(notes.into_iter().filter_map(view).collect())
    }

    /// Takes a step: listening, acknowledging and disputing are the asked person's; forwarding and
    /// completing also those of whoever may judge.
    ///
    /// # Errors
    /// [`AppError::Input`] where the step does not follow, is somebody else's, or lacks what it
    /// needs; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn step_assignment(
        &self,
        scope: &Scope,
        id: AssignmentId,
        order: &StepOrder,
    ) -> Result<(), AppError> {
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<Assignment>(&find, id).await?;
        let about = seen.interaction;
        let about = about.ok_or_else(|| missing("assignment", id))?;
        let (now, next) = (seen.body.stands(), order.step);
        if !now.leads_to(next) {
            return Err(AppError::Input(format!(
                "it is {now}; `{next}` does not follow that"
            )));
        }
        let own = user_of(scope) == Some(seen.body.person);
        let shared = matches!(next, AssignmentStep::Forwarded | AssignmentStep::Completed);
        let permit = match (own, shared) {
            (true, _) => self.ask_to_answer(scope, about).await?,
            (false, true) => self.ask_to_assess(scope, about).await?,
            (false, false) => {
                return Err(AppError::Input(format!(
                    "only whoever is asked can say that it is {next}"
                )));
            }
        };
        if next == AssignmentStep::Disputed && order.note.trim().is_empty() {
            return Err(AppError::Input("say why you dispute it".to_owned()));
        }
        let mut body = seen.body.clone();
        if next == AssignmentStep::Forwarded {
            let to = order
                .to
                .ok_or_else(|| AppError::Input("say to whom it is forwarded".to_owned()))?;
            if to == body.person {
                return Err(AppError::Input("it is theirs already".to_owned()));
            }
            self.can_be_asked(scope, about, to).await?;
            body.person = to;
        }
        body.steps
            .push(step(scope, self.now(), next.key(), &order.note)?);
        Ok(self.store.amend_note(&permit, &seen, &body).await?)
    }

    /// Whether the policy would let somebody open what they are to be shown.
    async fn can_be_asked(
        &self,
        scope: &Scope,
        id: InteractionId,
        person: UserId,
    ) -> Result<(), AppError> {
        let account = self.person_of(scope.tenant(), person).await?;
        let may = match account.role {
            TenantRole::Owner | TenantRole::Coach => true,
            TenantRole::Agent => self.agents_of(scope, id).await?.contains(&person),
            TenantRole::Analyst | TenantRole::PrivacyOfficer | TenantRole::Integrator => false,
        };
        if account.standing == Standing::Locked || !may {
            return Err(AppError::Input(
                "only an agent who took part, a coach or an owner can be asked (clause P101)"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

fn view(note: Note<Assignment>) -> Option<AssignmentView> {
    Some(AssignmentView {
        id: note.id,
        interaction: note.interaction?,
        by: note.by,
        at: note.at,
        assignment: note.body,
    })
}

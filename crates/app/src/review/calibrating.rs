//! Sessions in which several people fill in one form about the same interactions, each blind to
//! the others, to see how far they agree.

use analysis::forms::{Agreement, Form, Judgement, agreements};
use domain::{
    CalibrationId, DataCategory, DefinitionId, InteractionId, Judged, Secret, TenantRole,
    Timestamp, UserId, VersionNumber,
};
use policy::{Find, Interactions, Permit, Scope};
use serde::{Deserialize, Serialize};
use store::{Note, NoteFilter, Noted};

use super::{ASSESS, Filling, FillingView, user_of};
use crate::app::App;
use crate::definitions::missing;
use crate::error::AppError;
use crate::keyed;

/// Interactions and judges of one session.
const MOST: usize = 50;

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it is called.
    #[serde(with = "keyed::secret")]
    pub title: Secret,
    /// Which form.
    #[serde(with = "keyed::one")]
    pub form: DefinitionId,
    /// Which of its versions: the one in use when the session was opened.
    pub version: u32,
    /// What is judged.
    #[serde(with = "keyed::many")]
    pub interactions: Vec<InteractionId>,
    /// Who judges.
    #[serde(with = "keyed::many")]
    pub judges: Vec<UserId>,
    /// Whether it is still blind.
    #[serde(with = "keyed::one")]
    pub state: Judged,
}

impl Noted for Calibration {
    type Id = CalibrationId;
    const KIND: &'static str = "calibration";
    const HOLDS: &'static [DataCategory] = ASSESS;

    fn state(&self) -> &'static str {
        self.state.key()
    }

    fn about(&self) -> Option<String> {
        Some(self.form.to_string())
    }
}

/// A session to open.
#[derive(Debug, Clone)]
pub struct NewCalibration {
    /// What it is called.
    pub title: Secret,
    /// The form, by name.
    pub form: String,
    /// What is judged.
    pub interactions: Vec<InteractionId>,
    /// Who judges.
    pub judges: Vec<UserId>,
}

/// How far one judge is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub judge: UserId,
    /// Interactions that they judged.
    pub judged: Vec<InteractionId>,
}

/// A session as somebody may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationView {
    /// Which.
    pub id: CalibrationId,
    /// Who opened it, by handle.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// As it is kept.
    pub session: Calibration,
    /// The form's name.
    pub form: String,
    /// How far each judge is; who judged is no secret, what they said is.
    pub seats: Vec<Seat>,
    /// What was judged: one's own while it is open, everybody's once it is closed.
    pub fillings: Vec<FillingView>,
    /// Agreement by question and on the score, once it is closed.
    pub agreement: Vec<Agreement>,
}

impl App {
    /// Opens a session.
    ///
    /// # Errors
    /// [`AppError::Input`] for fewer than two judges, no interaction, or a judge who may not
    /// judge; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn open_calibration(
        &self,
        scope: &Scope,
        new: &NewCalibration,
    ) -> Result<CalibrationId, AppError> {
        let permit = self.ask_to_arrange(scope, ASSESS).await?;
        let form = self.form_to_fill(scope, &new.form).await?;
        let (interactions, judges) = (once(&new.interactions), once(&new.judges));
        if judges.len() < 2 || interactions.is_empty() {
            return Err(AppError::Input(
                "a session has at least two judges and one interaction".to_owned(),
            ));
        }
        if judges.len() > MOST || interactions.len() > MOST {
            return Err(AppError::Input(format!(
                "a session has at most {MOST} judges and {MOST} interactions"
            )));
        }
        for id in &interactions {
            drop(self.ask_to_assess(scope, *id).await?);
        }
        for judge in &judges {
            let account = self.person_of(scope.tenant(), *judge).await?;
            if !may_judge(account.role) {
                return Err(AppError::Input(format!(
                    "`{judge}` is {}; owners and coaches judge",
                    account.role
                )));
            }
        }
        let title = new.title.expose().trim();
        let session = Calibration {
            title: Secret::new(if title.is_empty() {
                form.name.leaf()
            } else {
                title
            }),
            form: form.id,
            version: form.version.0,
            interactions,
            judges,
            state: Judged::Open,
        };
        Ok(self.store.note(&permit, &session).await?)
    }

    /// Every session, newest first, as far as the caller may see it.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn calibrations(&self, scope: &Scope) -> Result<Vec<CalibrationView>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let all = NoteFilter {
            limit: 100,
            ..NoteFilter::default()
        };
        let notes = self.store.notes::<Calibration>(&find, &all).await?;
        let mut views = Vec::with_capacity(notes.len());
        for note in notes {
            views.push(self.calibration_view(scope, &find, note).await?);
        }
        Ok(views)
    }

    /// One session, as far as the caller may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn calibration(
        &self,
        scope: &Scope,
        id: CalibrationId,
    ) -> Result<CalibrationView, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let note = self.store.note_by_id::<Calibration>(&find, id).await?;
        self.calibration_view(scope, &find, note).await
    }

    /// The form that a session's judges fill in.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn form_of_session(
        &self,
        scope: &Scope,
        id: CalibrationId,
    ) -> Result<Form, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let session = self.store.note_by_id::<Calibration>(&find, id).await?.body;
        let version = VersionNumber(session.version);
        let form = self.form_version(&find, session.form, version).await?;
        form.ok_or_else(|| missing("form of the session", session.form))
    }

    /// Closes a session: from now on everybody sees everything, and nobody judges any more.
    ///
    /// # Errors
    /// [`AppError::Input`] where it is closed; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn close_calibration(
        &self,
        scope: &Scope,
        id: CalibrationId,
    ) -> Result<(), AppError> {
        let permit = self.ask_to_arrange(scope, ASSESS).await?;
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<Calibration>(&find, id).await?;
        if seen.body.state == Judged::Closed {
            return Err(AppError::Input("the session is closed already".to_owned()));
        }
        let closed = Calibration {
            state: Judged::Closed,
            ..seen.body.clone()
        };
        Ok(self.store.amend_note(&permit, &seen, &closed).await?)
    }

    /// The form that a judge fills in about an interaction of a session.
    ///
    /// # Errors
    /// [`AppError::Input`] where the session is closed, the caller is no judge of it, the
    /// interaction is not judged in it, or the caller judged it before.
    pub(super) async fn seat(
        &self,
        scope: &Scope,
        id: CalibrationId,
        about: InteractionId,
    ) -> Result<(Form, VersionNumber, DefinitionId), AppError> {
        let find = self.ask_for_notes(scope).await?;
        let session = self.store.note_by_id::<Calibration>(&find, id).await?.body;
        let refused = |why: &str| Err(AppError::Input(why.to_owned()));
        if session.state == Judged::Closed {
            return refused("the session is closed; nobody judges in it any more");
        }
        if !user_of(scope).is_some_and(|who| session.judges.contains(&who)) {
            return refused("only the judges of the session judge in it");
        }
        if !session.interactions.contains(&about) {
            return refused("the interaction is not among those that the session judges");
        }
        let own = self.judged(&find, id, Some(&scope.actor().handle)).await?;
        if own.iter().any(|note| note.interaction == Some(about)) {
            return refused("you judged this interaction in the session already");
        }
        let version = VersionNumber(session.version);
        let form = self.form_version(&find, session.form, version).await?;
        let form = form.ok_or_else(|| missing("form of the session", session.form))?;
        Ok((form, version, session.form))
    }

    async fn judged(
        &self,
        find: &Permit<Find, Interactions>,
        id: CalibrationId,
        by: Option<&str>,
    ) -> Result<Vec<Note<Filling>>, AppError> {
        let session = id.to_string();
        let filter = NoteFilter {
            about: Some(&session),
            by,
            ..NoteFilter::default()
        };
        Ok(self.store.notes::<Filling>(find, &filter).await?)
    }

    async fn calibration_view(
        &self,
        scope: &Scope,
        find: &Permit<Find, Interactions>,
        note: Note<Calibration>,
    ) -> Result<CalibrationView, AppError> {
        let session = note.body;
        let all = self.judged(find, note.id, None).await?;
        let seats = session.judges.iter().map(|judge| Seat {
            judge: *judge,
            judged: all
                .iter()
                .filter(|one| one.by == judge.to_string())
                .filter_map(|one| one.interaction)
                .collect(),
        });
        let seats: Vec<Seat> = seats.collect();
        let closed = session.state == Judged::Closed;
        let own = &scope.actor().handle;
        let shown: Vec<_> = all
            .into_iter()
            .filter(|one| closed || one.by == *own)
            .collect();
        let version = VersionNumber(session.version);
        let form = self.form_version(find, session.form, version).await?;
        let agreement = match form.as_ref().filter(|_| closed) {
            Some(form) => agreements(form, &judgements(form, &session, &shown)),
            None => Vec::new(),
        };
        Ok(CalibrationView {
            id: note.id,
            by: note.by,
            at: note.at,
            form: form.map_or_else(String::new, |form| form.name.to_string()),
            session,
            seats,
            fillings: self.filling_views(find, shown).await?,
            agreement,
        })
    }
}

/// The judgements of each interaction.
fn judgements(form: &Form, session: &Calibration, notes: &[Note<Filling>]) -> Vec<Vec<Judgement>> {
    let place = |by: &str| {
        let judges = session.judges.iter();
        judges
            .map(ToString::to_string)
            .position(|judge| judge == by)
    };
    let judgement = |note: &Note<Filling>| {
        let given: Vec<(String, String)> = note
            .body
            .answers
            .iter()
            .map(|one| (one.question.clone(), one.answer.expose().to_owned()))
            .collect();
        Some(Judgement {
            judge: place(&note.by)?,
            answers: form.read(&given).ok()?,
        })
    };
    session
        .interactions
        .iter()
        .map(|id| {
            let own = notes.iter().filter(|note| note.interaction == Some(*id));
            own.filter_map(judgement).collect()
        })
        .collect()
}

/// Who may be a judge: those whom the policy lets judge.
pub(crate) const fn may_judge(role: TenantRole) -> bool {
    matches!(role, TenantRole::Owner | TenantRole::Coach)
}

fn once<T: Copy + PartialEq>(all: &[T]) -> Vec<T> {
    let mut each = Vec::with_capacity(all.len());
    for one in all {
        if !each.contains(one) {
            each.push(*one);
        }
    }
    each
}

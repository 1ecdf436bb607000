//! Forms that people fill in beside an interaction, and what the agent says to it.
//!
//! A filling names the version of the form that it answers. A version is never changed: an edit
//! is a new one, so what was answered stays readable by what was asked.

use analysis::forms::{Answer, Form};
use domain::{
    AnswerStep, CalibrationId, Credit, DataCategory, DefinitionId, DefinitionKind, DefinitionName,
    FillingId, InteractionId, Score, Secret, Timestamp, UserId, VersionNumber,
};
use policy::{Find, Interactions, Permit, Read, Scope};
use serde::{Deserialize, Serialize};
use store::{Note, NoteFilter, Noted, Standing};

use super::{ASSESS, Calibration, Step, step, user_of};
use crate::app::App;
use crate::definitions::missing;
use crate::definitions::text::{self, Parsed};
use crate::error::AppError;
use crate::keyed;

/// One answer as it is kept: readable by the form's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Which question.
    pub question: String,
    /// `yes`, `no`, `na`, a number, a choice, or words.
    #[serde(with = "keyed::secret")]
    pub answer: Secret,
}

/// A filled form as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filling {
    /// Which form.
    #[serde(with = "keyed::one")]
    pub form: DefinitionId,
    /// Which of its versions.
    pub version: u32,
    /// The answers, in the form's order.
    pub answers: Vec<Given>,
    /// What they earn, from 0 to 100; none where nothing applies.
    pub score: Option<f64>,
    /// The agent whom it is about, where they have an account.
    #[serde(with = "keyed::maybe")]
    pub agent: Option<UserId>,
    /// The session in which it was filled in blind.
    #[serde(with = "keyed::maybe")]
    pub session: Option<CalibrationId>,
    /// When the interaction began.
    #[serde(with = "keyed::at")]
    pub handled: Timestamp,
    /// What happened to it, oldest first.
    pub steps: Vec<Step>,
}

impl Filling {
    /// Where it is on its way.
    #[must_use]
    pub fn stands(&self) -> AnswerStep {
        let last = self.steps.last().and_then(|step| step.what.parse().ok());
        last.unwrap_or(AnswerStep::Filled)
    }
}

impl Noted for Filling {
    type Id = FillingId;
    const KIND: &'static str = "filling";
    const HOLDS: &'static [DataCategory] = ASSESS;

    fn state(&self) -> &'static str {
        match self.session {
            Some(_) => "calibration",
            None => self.stands().key(),
        }
    }

    fn about(&self) -> Option<String> {
        let session = self.session.map(|id| id.to_string());
        Some(session.unwrap_or_else(|| self.form.to_string()))
    }

    fn person(&self) -> Option<UserId> {
        self.agent.filter(|_| self.session.is_none())
    }
}

/// A form in use.
#[derive(Debug, Clone, PartialEq)]
pub struct FormToFill {
    /// Which.
    pub id: DefinitionId,
    /// Folders and name.
    pub name: DefinitionName,
    /// The version that is in use.
    pub version: VersionNumber,
    /// Its questions.
    pub form: Form,
}

/// Answers to a form about an interaction.
#[derive(Debug, Clone)]
pub struct NewFilling {
    /// The form, by name.
    pub form: String,
    /// Texts by question.
    pub answers: Vec<(String, String)>,
    /// The session that it is judged in, blind.
    pub session: Option<CalibrationId>,
}

/// Which fillings to see, newest first; none of a session that is open.
#[derive(Debug, Clone, Copy, Default)]
pub struct SeenFillings<'a> {
    /// About this agent.
    pub agent: Option<UserId>,
    /// Of this form.
    pub form: Option<DefinitionId>,
    /// In any of these states; empty: in all.
    pub states: &'a [&'a str],
    /// Filled in at or after this instant.
    pub since: Option<Timestamp>,
    /// At most so many; 0: a thousand.
    pub limit: u64,
}

/// One question with what was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerRow {
    /// The question.
    pub question: String,
    /// The answer as it was given.
    pub answer: Secret,
    /// What it earns; none where it does not apply or is words.
    pub credit: Option<Credit>,
    /// It can make the form zero.
    pub critical: bool,
}

/// A filled form, read by its version.
#[derive(Debug, Clone, PartialEq)]
pub struct FillingView {
    /// Which.
    pub id: FillingId,
    /// About which interaction.
    pub interaction: InteractionId,
    /// Who filled it in, by handle.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The form's name; empty where it is gone.
    pub form: String,
    /// The answers.
    pub answers: Vec<AnswerRow>,
    /// As it is kept.
    pub filling: Filling,
}

impl FillingView {
    /// What it earns.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        self.filling.score.map(Score::new)
    }
}

impl App {
    /// The forms in use, by name.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn forms(&self, scope: &Scope) -> Result<Vec<FormToFill>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let mut forms = Vec::new();
        for one in self
            .store
            .definitions(&permit, DefinitionKind::Form)
            .await?
        {
            let Some(live) = one.live else { continue };
            if let Some(form) = self.form_version(&permit, one.id, live.version).await? {
                forms.push(FormToFill {
                    id: one.id,
                    name: one.name,
                    version: live.version,
                    form,
                });
            }
        }
        Ok(forms)
    }

    /// A form in use, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn form_to_fill(&self, scope: &Scope, name: &str) -> Result<FormToFill, AppError> {
        let wanted = name.to_lowercase();
        let all = self.forms(scope).await?.into_iter();
        let mut same = all.filter(|one| one.name.as_str().to_lowercase() == wanted);
        same.next().ok_or_else(|| missing("form in use", name))
    }

    /// Fills a form in about an interaction. In a session it is seen by nobody else until the
    /// session is closed.
    ///
    /// # Errors
    /// [`AppError::Input`] naming the question whose answer does not fit, or why the session does
    /// not take it; [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn fill_form(
        &self,
        scope: &Scope,
        id: InteractionId,
        new: &NewFilling,
    ) -> Result<FillingId, AppError> {
        let permit = self.ask_to_assess(scope, id).await?;
        let seen = self.ask_to_review(scope, id).await?;
        let (form, version, form_id) = match new.session {
            Some(session) => self.seat(scope, session, id).await?,
            None => {
                let found = self.form_to_fill(scope, &new.form).await?;
                (found.form, found.version, found.id)
            }
        };
        let answers = form
            .read(&new.answers)
            .map_err(|error| AppError::Input(error.to_string()))?;
        let filling = Filling {
            form: form_id,
            version: version.0,
            score: form.score(&answers).map(Score::get),
            answers: answers.iter().map(given).collect(),
            agent: self.agents_of(scope, id).await?.first().copied(),
            session: new.session,
            handled: self.store.summary(&seen).await?.started,
            steps: vec![step(scope, self.now(), AnswerStep::Filled.key(), "")?],
        };
        Ok(self.store.note(&permit, &filling).await?)
    }

    /// The forms that were filled in about an interaction, newest first; of a session that is
    /// open only one's own.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn fillings_of(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<FillingView>, AppError> {
        let permit = self.ask_to_review(scope, id).await?;
        let mut notes = self.store.notes_of::<Filling>(&permit).await?;
        notes.reverse();
        let find = self.ask_for_notes(scope).await?;
        let shown = self.unblinded(scope, &find, notes).await?;
        self.filling_views(&find, shown).await
    }

    /// Filled forms over all interactions.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn fillings(
        &self,
        scope: &Scope,
        wanted: &SeenFillings<'_>,
    ) -> Result<Vec<FillingView>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let form = wanted.form.map(|id| id.to_string());
        let filter = NoteFilter {
            person: wanted.agent,
            about: form.as_deref(),
            states: wanted.states,
            since: wanted.since,
            limit: wanted.limit,
            ..NoteFilter::default()
        };
        let notes = self.store.notes::<Filling>(&find, &filter).await?;
        let outside: Vec<_> = notes
            .into_iter()
            .filter(|note| note.body.session.is_none())
            .collect();
        self.filling_views(&find, outside).await
    }

    /// The agent acknowledges or disputes what was filled in about them; whoever may judge upholds
    /// or withdraws it after a dispute.
    ///
    /// # Errors
    /// [`AppError::Input`] where the step does not follow, is somebody else's, or lacks a reason;
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn answer_filling(
        &self,
        scope: &Scope,
        id: FillingId,
        next: AnswerStep,
        note: &str,
    ) -> Result<(), AppError> {
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<Filling>(&find, id).await?;
        let Some(about) = seen.interaction.filter(|_| seen.body.session.is_none()) else {
            return Err(missing("filled form", id));
        };
        let now = seen.body.stands();
        if !now.leads_to(next) {
            return Err(AppError::Input(format!(
                "it is {now}; `{next}` does not follow that"
            )));
        }
        let agents = matches!(next, AnswerStep::Acknowledged | AnswerStep::Disputed);
        let permit = if agents {
            if seen.body.agent.is_none() || seen.body.agent != user_of(scope) {
                return Err(AppError::Input(
                    "only the agent whom it is about answers to it".to_owned(),
                ));
            }
            self.ask_to_answer(scope, about).await?
        } else {
            self.ask_to_assess(scope, about).await?
        };
        if next != AnswerStep::Acknowledged && note.trim().is_empty() {
            return Err(AppError::Input(format!("say why it is {next}")));
        }
        let mut body = seen.body.clone();
        body.steps.push(step(scope, self.now(), next.key(), note)?);
        Ok(self.store.amend_note(&permit, &seen, &body).await?)
    }

    /// The agents with an account who took part in an interaction.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn agents_of(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<UserId>, AppError> {
        let permit: Permit<Read, InteractionId> = self.ask_to_review(scope, id).await?;
        let people: Vec<(UserId, Vec<String>)> = self
            .agents(scope)
            .await?
            .into_iter()
            .map(|(id, known_by, _)| (id, known_by))
            .collect();
        Ok(self.store.who_took_part(&permit, &people).await?)
    }

    /// Agents with an account that is not locked: id, what they are known by, name.
    pub(crate) async fn agents(
        &self,
        scope: &Scope,
    ) -> Result<Vec<(UserId, Vec<String>, Secret)>, AppError> {
        let all = self.store.accounts(scope.tenant()).await?;
        let agents = all.into_iter().filter(|one| {
            one.role == domain::TenantRole::Agent && one.standing != Standing::Locked
        });
        Ok(agents
            .map(|one| {
                let known_by = vec![one.mail.expose().to_owned(), one.name.expose().to_owned()];
                (one.id, known_by, one.name)
            })
            .collect())
    }

    /// A version of a form; none where it is gone.
    pub(crate) async fn form_version(
        &self,
        permit: &Permit<Find, Interactions>,
        id: DefinitionId,
        number: VersionNumber,
    ) -> Result<Option<Form>, AppError> {
        let versions = match self.store.definition_versions(permit, id).await {
            Ok(versions) => versions,
            Err(store::StoreError::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let found = versions.into_iter().find(|one| one.number == number);
        match found
            .map(|one| text::parse(one.says.text.expose()))
            .transpose()?
        {
            Some(Parsed::Form(form)) => Ok(Some(form)),
            _ => Ok(None),
        }
    }

    /// Leaves out what others judged in sessions that are open.
    async fn unblinded(
        &self,
        scope: &Scope,
        find: &Permit<Find, Interactions>,
        notes: Vec<Note<Filling>>,
    ) -> Result<Vec<Note<Filling>>, AppError> {
        if notes.iter().all(|note| note.body.session.is_none()) {
            return Ok(notes);
        }
        // An agent is judged, not a judge: sessions are not shown to them.
        let open = NoteFilter {
            states: &["closed"],
            ..NoteFilter::default()
        };
        let closed = self.store.notes::<Calibration>(find, &open).await?;
        let own = &scope.actor().handle;
        let shown = |note: &Note<Filling>| match note.body.session {
            None => true,
            Some(id) => note.by == *own || closed.iter().any(|one| one.id == id),
        };
        Ok(notes.into_iter().filter(shown).collect())
    }

    pub(crate) async fn filling_views(
        &self,
        find: &Permit<Find, Interactions>,
        notes: Vec<Note<Filling>>,
    ) -> Result<Vec<FillingView>, AppError> {
        let named = self.store.definitions(find, DefinitionKind::Form).await?;
        let mut forms: Vec<((DefinitionId, u32), Option<Form>)> = Vec::new();
        let mut views = Vec::with_capacity(notes.len());
        for note in notes {
            let key = (note.body.form, note.body.version);
            if !forms.iter().any(|(known, _)| *known == key) {
                let form = self.form_version(find, key.0, VersionNumber(key.1)).await?;
                forms.push((key, form));
            }
            let form = forms.iter().find(|(known, _)| *known == key);
            let name = named.iter().find(|one| one.id == key.0);
            let name = name.map_or_else(String::new, |one| one.name.to_string());
            let form = form.and_then(|(_, form)| form.as_ref());
            views.extend(view(note, form, name));
        }
        Ok(views)
    }
}

fn view(note: Note<Filling>, form: Option<&Form>, name: String) -> Option<FillingView> {
    let answers = note.body.answers.iter().map(|given| {
        let question = form.and_then(|form| {
            form.questions
                .iter()
                .find(|question| question.name == given.question)
        });
        let credit = question.and_then(|question| {
            let answer = question.read(given.answer.expose()).ok()?;
            question.credit(&answer)
        });
        AnswerRow {
            question: given.question.clone(),
            answer: given.answer.clone(),
            credit,
            critical: question.is_some_and(|question| question.critical),
        }
    });
    Some(FillingView {
        id: note.id,
        interaction: note.interaction?,
        by: note.by,
        at: note.at,
        form: name,
        answers: answers.collect(),
        filling: note.body,
    })
}

fn given((question, answer): &(String, Answer)) -> Given {
    let text = match answer {
        Answer::Yes => Secret::new("yes"),
        Answer::No => Secret::new("no"),
        Answer::NotApplicable => Secret::new("na"),
        Answer::Points(points) => Secret::new(points.to_string()),
        Answer::Choice(label) => Secret::new(label.as_str()),
        Answer::Text(text) => text.clone(),
    };
    Given {
        question: question.clone(),
        answer: text,
    }
}

//! A form beside the interaction that it is filled in about: the same page, the questions in the
//! place of what stands beside it.

use app::review::NewFilling;
use app::{AppError, Ask, Form};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use domain::{CalibrationId, DefinitionId, Purpose};

use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::{Oops, one, see};
use crate::problem::Problem;
use crate::routes::interactions::parse;
use crate::routes::scope;
use crate::{State, t};

/// A form to be filled in, or one whose answers did not fit.
pub(crate) struct FillForm {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) form: String,
    pub(crate) session: String,
    pub(crate) fault: Option<String>,
    pub(crate) questions: Vec<QuestionRow>,
}

pub(crate) struct QuestionRow {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) weight: String,
    pub(crate) critical: bool,
    /// Nothing for a question that is answered in words.
    pub(crate) options: Vec<OptionRow>,
    pub(crate) given: String,
}

pub(crate) struct OptionRow {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

impl FillForm {
    fn new(form: &Form, (id, session): (&str, &str), given: &dyn Fn(usize) -> String) -> Self {
        let rows = form.questions.iter().enumerate().map(|(place, question)| {
            let given = given(place);
            let mut options: Vec<(String, String)> = match &question.ask {
                Ask::YesNo => vec![
                    pair("yes", &t("fill-yes").to_string()),
                    pair("no", &t("fill-no").to_string()),
                ],
                Ask::Scale(from, to) => (*from..=*to)
                    .map(|points| pair(&points.to_string(), &points.to_string()))
                    .collect(),
                Ask::Choice(choices) => choices
                    .iter()
                    .map(|(label, _)| pair(label, label))
                    .collect(),
                Ask::Text => Vec::new(),
            };
            if question.may_not_apply && question.ask != Ask::Text {
                options.push(pair("na", &t("fill-does-not-apply").to_string()));
            }
            QuestionRow {
                field: format!("q{place}"),
                name: question.name.clone(),
                help: question.help.clone(),
                weight: format!("{}", question.weight.get()),
                critical: question.critical,
                options: options
                    .into_iter()
                    .map(|(value, label)| OptionRow {
                        chosen: value == given,
                        value,
                        label,
                    })
                    .collect(),
                given,
            }
        });
        Self {
            name: form.name.to_string(),
            about: form.about.clone(),
            form: id.to_owned(),
            session: session.to_owned(),
            fault: None,
            questions: rows.collect(),
        }
    }
}

fn pair(value: &str, label: &str) -> (String, String) {
    (value.to_owned(), label.to_owned())
}

/// Which form is meant: one in use, or a session's.
struct Asked {
    form: String,
    session: String,
}

impl Asked {
    fn of(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        Self {
            form: get("form"),
            session: get("session"),
        }
    }

    fn session(&self) -> Result<Option<CalibrationId>, AppError> {
        let session = Some(self.session.as_str()).filter(|text| !text.is_empty());
        Ok(session.map(str::parse).transpose()?)
    }

    async fn form(&self, state: &State, scope: &app::Scope) -> Result<Form, AppError> {
        if let Some(session) = self.session()? {
            return state.app.form_of_session(scope, session).await;
        }
        let id: DefinitionId = self.form.parse()?;
        let all = state.app.forms(scope).await?;
        let found = all.into_iter().find(|one| one.id == id);
        found.map(|one| one.form).ok_or_else(|| AppError::NotFound {
            what: "form in use",
            name: id.to_string(),
        })
    }
}

pub(super) async fn form(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let asked = Asked::of(&pairs);
    let form = asked.form(&state, &scope).await?;
    let fill = FillForm::new(&form, (&asked.form, &asked.session), &|_| String::new());
    one::with(&state, &person, &id, Some(fill)).await
}

pub(super) async fn fill(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let about = parse(&id)?;
    let asked = Asked {
        form: fields.get("form").to_owned(),
        session: fields.get("session").to_owned(),
    };
    let form = asked.form(&state, &scope).await?;
    let given = |place: usize| fields.get(&format!("q{place}")).to_owned();
    let answers = form.questions.iter().enumerate();
    let new = NewFilling {
        form: form.name.to_string(),
        answers: answers
            .map(|(place, question)| (question.name.clone(), given(place)))
            .collect(),
        session: asked.session()?,
    };
    match state.app.fill_form(&scope, about, &new).await {
        Ok(_) if new.session.is_some() => Ok(see(&format!("/calibration/{}", asked.session))),
        Ok(_) => Ok(see(&format!("/interactions/{about}#forms"))),
        Err(AppError::Input(why)) => {
            let mut again = FillForm::new(&form, (&asked.form, &asked.session), &given);
            again.fault = Some(why);
            one::with(&state, &person, &id, Some(again)).await
        }
        Err(other) => Err(Problem::from(other).into()),
    }
}

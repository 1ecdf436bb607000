//! Calibration: the sessions, and one with its judges, what they said, and how far they agree.

use app::review::{CalibrationView, NewCalibration};
use app::{Agreement, AppError};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{CalibrationId, InteractionId, Judged, Purpose, TenantRole, UserId};

use super::names::{Choice, Names};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::routes::scope;
use crate::{State, t};

#[derive(Template)]
#[template(path = "calibrations.html")]
struct CalibrationsPage {
    me: Me,
    sessions: Vec<SessionRow>,
    forms: Vec<String>,
    judges: Vec<Choice>,
}

struct SessionRow {
    id: String,
    title: String,
    form: String,
    at: Moment,
    by: String,
    open: bool,
    judged: usize,
    all: usize,
    alpha: String,
}

#[derive(Template)]
#[template(path = "calibration.html")]
struct CalibrationPage {
    me: Me,
    row: SessionRow,
    seats: Vec<SeatRow>,
    interactions: Vec<JudgedRow>,
    judges: Vec<String>,
    questions: Vec<QuestionRow>,
    agreement: Vec<AgreementRow>,
    is_judge: bool,
}

struct SeatRow {
    name: String,
    judged: usize,
}

/// One interaction with each judge's score, in the judges' order.
struct JudgedRow {
    id: String,
    label: String,
    scores: Vec<String>,
    to_do: bool,
}

/// One question of one interaction with what each judge said.
struct QuestionRow {
    place: String,
    question: String,
    said: Vec<String>,
    differ: bool,
}

struct AgreementRow {
    question: String,
    compared: usize,
    same: String,
    kappa: String,
    alpha: String,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "scoring").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let names = Names::of(&state, &person).await?;
    let sessions = state.app.calibrations(&scope).await?;
    let forms = if me.judges {
        state.app.forms(&scope).await?
    } else {
        Vec::new()
    };
    Ok(page(&CalibrationsPage {
        me,
        sessions: sessions.iter().map(|one| row(one, &names)).collect(),
        forms: forms.iter().map(|form| form.name.to_string()).collect(),
        judges: names.choices(&[TenantRole::Owner, TenantRole::Coach], &[]),
    }))
}

fn row(view: &CalibrationView, names: &Names) -> SessionRow {
    let total = view.agreement.iter().find(|one| one.question.is_none());
    SessionRow {
        id: view.id.to_string(),
        title: view.session.title.expose().to_owned(),
        form: view.form.clone(),
        at: Moment::of(view.at),
        by: names.of_handle(&view.by),
        open: view.session.state == Judged::Open,
        judged: view.seats.iter().map(|seat| seat.judged.len()).sum(),
        all: view.session.judges.len() * view.session.interactions.len(),
        alpha: number(total.and_then(|one| one.alpha)),
    }
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "scoring").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: CalibrationId = id.parse().map_err(AppError::Id)?;
    let view = state.app.calibration(&scope, id).await?;
    let names = Names::of(&state, &person).await?;
    let own = person.caller.user();
    let judge = own.filter(|user| view.session.judges.contains(user));
    let judges: Vec<UserId> = match view.session.state {
        Judged::Closed => view.session.judges.clone(),
        Judged::Open => judge.into_iter().collect(),
    };
    Ok(page(&CalibrationPage {
        me,
        row: row(&view, &names),
        seats: view
            .seats
            .iter()
            .map(|seat| SeatRow {
                name: names.of_user(seat.judge),
                judged: seat.judged.len(),
            })
            .collect(),
        interactions: interactions(&view, &judges),
        questions: questions(&view, &judges),
        judges: judges.iter().map(|judge| names.of_user(*judge)).collect(),
        agreement: view.agreement.iter().map(agreement).collect(),
        is_judge: judge.is_some(),
    }))
}

fn interactions(view: &CalibrationView, judges: &[UserId]) -> Vec<JudgedRow> {
    let all = view.session.interactions.iter().enumerate();
    all.map(|(place, id)| {
        let score = |judge: &UserId| {
            let judge = judge.to_string();
            let found = view
                .fillings
                .iter()
                .find(|one| one.interaction == *id && one.by == judge);
            found.map(|one| {
                one.score()
                    .map_or_else(|| "–".to_owned(), |score| score.to_string())
            })
        };
        let scores: Vec<Option<String>> = judges.iter().map(score).collect();
        JudgedRow {
            id: id.to_string(),
            label: t("calibration-interaction-number")
                .a("place", place + 1)
                .to_string(),
            to_do: view.session.state == Judged::Open && scores.iter().any(Option::is_none),
            scores: scores
                .into_iter()
                .map(|score| score.unwrap_or_else(|| t("calibration-not-judged-yet").to_string()))
                .collect(),
        }
    })
    .collect()
}

/// What each judge said to each question, where they can be compared.
fn questions(view: &CalibrationView, judges: &[UserId]) -> Vec<QuestionRow> {
    if view.session.state == Judged::Open {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for (place, id) in view.session.interactions.iter().enumerate() {
        let own: Vec<_> = view
            .fillings
            .iter()
            .filter(|one| one.interaction == *id)
            .collect();
        let Some(first) = own.first() else { continue };
        for answer in &first.answers {
            let said: Vec<String> = judges
                .iter()
                .map(|judge| {
                    let judge = judge.to_string();
                    let found = own.iter().find(|one| one.by == judge);
                    let said = found.and_then(|one| {
                        one.answers
                            .iter()
                            .find(|other| other.question == answer.question)
                    });
                    said.map_or_else(String::new, |said| said.answer.expose().to_owned())
                })
                .collect();
            let mut given = said.iter().filter(|text| !text.is_empty());
            let first = given.next();
            rows.push(QuestionRow {
                place: format!("{}", place + 1),
                question: answer.question.clone(),
                differ: given.any(|text| Some(text) != first),
                said,
            });
        }
    }
    rows
}

fn agreement(one: &Agreement) -> AgreementRow {
    AgreementRow {
        question: one
            .question
            .clone()
            .unwrap_or_else(|| t("calibration-score-of-the-whole-form").to_string()),
        compared: one.compared,
        same: one
            .same
            .map_or_else(|| "–".to_owned(), |same| format!("{:.0} %", same * 100.0)),
        kappa: number(one.kappa),
        alpha: number(one.alpha),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
}

pub(super) async fn open(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let ids = fields.get("interactions").split_whitespace();
    // Whole addresses are taken too: they are what people copy.
    let ids = ids.map(|text| {
        let id = text.rsplit('/').next().unwrap_or(text);
        id.split('#').next().unwrap_or(id).parse()
    });
    let ids: Result<Vec<InteractionId>, domain::IdError> = ids.collect();
    let judges: Result<Vec<UserId>, domain::IdError> =
        fields.all("judge").map(str::parse).collect();
    let new = NewCalibration {
        title: fields.secret("title"),
        form: fields.get("form").to_owned(),
        interactions: ids.map_err(AppError::Id)?,
        judges: judges.map_err(AppError::Id)?,
    };
    let id = state.app.open_calibration(&scope, &new).await?;
    Ok(see(&format!("/calibration/{id}")))
}

pub(super) async fn close(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: CalibrationId = id
        .parse()
        .map_err(|error| Problem::from(AppError::Id(error)))?;
    state.app.close_calibration(&scope, id).await?;
    Ok(see(&format!("/calibration/{id}")))
}
